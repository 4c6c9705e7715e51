package io.kaseb.pipeline;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import io.kaseb.base.Hashes;
import io.kaseb.base.Progress;
import io.kaseb.config.IntentConfig;
import io.kaseb.config.TrainConfig;
import io.kaseb.duckdb.Resources;
import io.kaseb.kernel.Kernels;
import io.kaseb.logfile.ClickSource;
import io.kaseb.logfile.Format;
import io.kaseb.logfile.Protocol;
import io.kaseb.model.ModelFile;
import io.kaseb.model.Safetensors;
import io.kaseb.simulate.Simulator;
import io.kaseb.simulate.SimulatorConfig;
import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.security.MessageDigest;
import java.util.HashMap;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.Properties;
import java.util.TreeMap;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/// A model of every kind keeps its bytes: for the same seed, threads and vector width a file holds
/// what `model-bytes.properties` says, down to the last bit of each weight. What says where a file
/// was made (commit, JDK) is left out. With `KASEB_RECORD_MODEL_BYTES=FILE` it writes that file
/// anew.
@Tag("kernels")
class ModelBytesTest {
  private static final Path EXPECTED = Path.of("src/test/resources/model-bytes.properties");

  @TempDir private static Path folder;
  private static Path dataset = Path.of("");

  @BeforeAll
  static void prepare() throws IOException {
    Path log = folder.resolve("log");
    Simulator.write(new SimulatorConfig(2_000, 3, 1), log, Progress.NONE);
    ClickSource source =
        new ClickSource(
            Format.of("yoochoose"),
            List.of(log.resolve(Simulator.CLICKS)),
            List.of(log.resolve(Simulator.BUYS)),
            List.of(),
            null);
    dataset = folder.resolve("dataset");
    Prepare.run(
        source,
        Logs.rules(Protocol.NONE, "random:0.1"),
        Resources.DEFAULT,
        dataset,
        true,
        Progress.NONE);
  }

  @ParameterizedTest(name = "{0}")
  @CsvSource(
      delimiter = '|',
      nullValues = "-",
      value = {
        "cross-entropy | gru4rec | off | -",
        "bpr-max | gru4rec | off | loss=bpr-max bpreg=1.5 dropout_p_embed=0.3",
        "top1-max | gru4rec | off | loss=top1-max optimizer=adam momentum=0 learning_rate=0.01",
        "top1 | gru4rec | off | loss=top1 optimizer=rmsprop momentum=0 learning_rate=0.01 weight_decay=0.001",
        "bpr | gru4rec | off | loss=bpr optimizer=adadelta momentum=0 learning_rate=0.5 grad_clip=1",
        "separate | gru4rec | off | constrained_embedding=false embedding=12 layers=16,12",
        "one-hot | gru4rec | off | constrained_embedding=false embedding=0 layers=16,12",
        "lstm | gru4rec | off | cell=lstm layers=16,16",
        "no-negatives | gru4rec | off | n_sample=0 optimizer=sgd momentum=0",
        "hybrid | hybrid | off | -",
        "ensemble | ensemble | off | -",
        "vmis-knn | vmis-knn | off | -",
        "vs-knn | vs-knn | off | -",
        "sequential-rules | sequential-rules | off | -",
        "markov | markov | off | -",
        "item-knn | item-knn | off | -",
        "session-popularity | session-popularity | off | -",
        "popularity | popularity | off | -",
        "purchase-blend | gru4rec | blend | -",
        "purchase-gru | gru4rec | gru | -"
      })
  void aKindKeepsItsBytes(String name, String kind, String intent, String keys) throws IOException {
    Map<String, String> set = new HashMap<>();
    set.putAll(Map.of("layers", "16", "n_epochs", "2", "batch_size", "16", "n_sample", "32"));
    if (keys != null) {
      for (String key : keys.split(" ")) {
        set.put(key.split("=")[0], key.split("=")[1]);
      }
    }
    TrainConfig config = TrainConfig.DEFAULT.with(set);
    IntentConfig purchases =
        IntentConfig.DEFAULT.with(
            Map.of(
                "intent", intent, "intent_units", "8", "intent_epochs", "2", "intent_trees", "15"));
    Path out = folder.resolve(name + ".kaseb");
    boolean counted = !List.of("gru4rec", "hybrid", "ensemble").contains(kind);
    Train.Options network =
        Train.Options.of(dataset, out, config, 2).withValid(counted ? 0 : .1).withIntent(purchases);
    TrainModel.run(
        new TrainModel.Options(kind, network, Map.of(), 2),
        epoch -> {},
        Progress.NONE,
        () -> false);
    String found = digest(out);
    String key = Kernels.BEST.description().replace(' ', '-') + "." + name;
    String record = System.getenv("KASEB_RECORD_MODEL_BYTES");
    if (record != null) {
      Files.writeString(
          Path.of(record),
          key + "=" + found + "\n",
          StandardOpenOption.CREATE,
          StandardOpenOption.APPEND);
    }
    String expected = expected().getProperty(key);
    assumeTrue(expected != null, "no bytes are recorded for " + Kernels.BEST.description());
    assertThat(found).isEqualTo(expected);
  }

  private static Properties expected() throws IOException {
    Properties properties = new Properties();
    try (InputStream in = Files.newInputStream(EXPECTED)) {
      properties.load(in);
    }
    return properties;
  }

  /// The SHA-256 of everything in a model file but its provenance.
  private static String digest(Path file) throws IOException {
    MessageDigest sha = Hashes.newSha256();
    Safetensors content = Safetensors.read(file);
    new TreeMap<>(content.metadata())
        .forEach(
            (key, value) -> {
              if (!key.equals("provenance") && !key.startsWith("sha")) {
                sha.update((key + "=" + value + "\n").getBytes(StandardCharsets.UTF_8));
              }
            });
    new TreeMap<>(content.tensors())
        .forEach((key, value) -> update(sha, key, floats(value.data())));
    new TreeMap<>(content.ints()).forEach((key, value) -> update(sha, key, ints(value)));
    new TreeMap<>(content.bytes()).forEach((key, value) -> update(sha, key, value));
    assertThat(ModelFile.read(file).catalogue().size()).isPositive();
    return HexFormat.of().formatHex(sha.digest());
  }

  private static void update(MessageDigest sha, String name, byte[] content) {
    sha.update((name + ":" + content.length + "\n").getBytes(StandardCharsets.UTF_8));
    sha.update(content);
  }

  private static byte[] floats(float[] values) {
    ByteBuffer bytes = ByteBuffer.allocate(4 * values.length).order(ByteOrder.LITTLE_ENDIAN);
    bytes.asFloatBuffer().put(values);
    return bytes.array();
  }

  private static byte[] ints(int[] values) {
    ByteBuffer bytes = ByteBuffer.allocate(4 * values.length).order(ByteOrder.LITTLE_ENDIAN);
    bytes.asIntBuffer().put(values);
    return bytes.array();
  }
}
