package io.kaseb.pipeline;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import io.kaseb.base.Json;
import io.kaseb.base.KasebException;
import io.kaseb.base.Progress;
import io.kaseb.baseline.Ensemble;
import io.kaseb.baseline.ModelKinds;
import io.kaseb.compress.ModelForm;
import io.kaseb.config.TrainConfig;
import io.kaseb.eval.EvalConfig;
import io.kaseb.eval.Ties;
import io.kaseb.forecast.Forecaster;
import io.kaseb.logfile.ClickSource;
import io.kaseb.logfile.Format;
import io.kaseb.logfile.Protocol;
import io.kaseb.model.ModelFile;
import io.kaseb.train.TrainFigures;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.SplittableRandom;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;
import tools.jackson.databind.JsonNode;

/// Models of every kind, trained, written, read and compared.
class TrainModelTest {
  private static final EvalConfig CONFIG =
      new EvalConfig(List.of(1, 5), Ties.CONSERVATIVE, 1, 50, 1);

  @TempDir private static Path folder;
  private static Path dataset;

  @BeforeAll
  static void prepare() throws IOException {
    SplittableRandom random = new SplittableRandom(4);
    List<String> lines = new ArrayList<>();
    for (int s = 0; s < 400; s++) {
      StringBuilder line = new StringBuilder();
      int item = random.nextInt(30);
      for (int e = 0; e < 2 + random.nextInt(4); e++) {
        line.append(e == 0 ? "" : " ").append('i').append(item);
        item = (item + 1 + random.nextInt(2)) % 30;
      }
      lines.add(line.toString());
    }
    Path log = Logs.write(folder.resolve("log.txt"), lines.toArray(String[]::new));
    dataset = folder.resolve("dataset");
    Logs.prepare(
        ClickSource.of(Format.of("sessions"), log),
        Logs.rules(Protocol.NONE, "random:0.1"),
        dataset);
  }

  static List<String> kinds() {
    List<String> kinds = new ArrayList<>(ModelKinds.NETWORKS);
    kinds.addAll(ModelKinds.SIMPLE);
    return kinds;
  }

  @ParameterizedTest
  @MethodSource("kinds")
  void everyKindIsOneFileThatLoads(String kind) throws IOException {
    Path file = train(kind, "one-" + kind);
    assertThat(ModelFile.read(file).kind()).isEqualTo(kind);
    try (var left = Files.list(folder)) {
      assertThat(left.map(p -> p.getFileName().toString()))
          .filteredOn(name -> name.startsWith("one-" + kind + "."))
          .containsExactly("one-" + kind + ".kaseb");
    }
    Forecaster forecaster = Forecaster.load(file);
    assertThat(forecaster.name()).isEqualTo(kind);
    // The same options give the same bytes.
    assertThat(train(kind, "two-" + kind)).hasSameBinaryContentAs(file);
    float[] scores = scores(forecaster);
    assertThat(scores).hasSize(30);
    assertThat(scores[0]).isNotNaN();
    Compare.Result found = Compare.run(List.of(file), dataset, CONFIG, "again", Progress.NONE);
    assertThat(found.figures().rows())
        .extracting(Compare.Row::name)
        .startsWith(kind)
        .containsAll(ModelKinds.SIMPLE)
        .doesNotHaveDuplicates();
  }

  @Test
  void anEnsembleIsTheMeanOfItsNetworks() throws IOException {
    Path ensemble = train(Ensemble.KIND, "ens");
    float[] mean = new float[30];
    for (int seed = 42; seed < 44; seed++) {
      Path one = folder.resolve("seed" + seed + ".kaseb");
      Train.run(
          Train.Options.of(dataset, one, config(seed), 1), epoch -> {}, Progress.NONE, () -> false);
      float[] own = scores(Forecaster.load(one));
      for (int i = 0; i < mean.length; i++) {
        mean[i] += own[i] / 2;
      }
    }
    assertThat(scores(Forecaster.load(ensemble))).containsExactly(mean, within(1e-5f));
  }

  @Test
  void hybridScoresAreSharesOfOnePlusRepeats() throws IOException {
    float[] scores = scores(Forecaster.load(train("hybrid", "shares")));
    double sum = 0;
    for (float score : scores) {
      assertThat(score).isNotNegative();
      sum += score;
    }
    assertThat(sum).isBetween(.99, 2.7);
  }

  /// Shoppers who go from an item back to the one before, which a hybrid's repeats do not tell from
  /// those who stay.
  @Test
  void aRankerWhoseTreesAreBetterHasTheirOrder() throws IOException {
    SplittableRandom random = new SplittableRandom(6);
    List<String> lines = new ArrayList<>();
    for (int s = 0; s < 1_500; s++) {
      List<String> clicks = new ArrayList<>();
      for (int e = 0; e < 8; e++) {
        clicks.add(e > 1 && random.nextInt(4) > 0 ? clicks.get(e - 2) : "i" + random.nextInt(200));
      }
      lines.add(String.join(" ", clicks));
    }
    Path log = Logs.write(folder.resolve("back.txt"), lines.toArray(String[]::new));
    Path back = folder.resolve("back");
    Logs.prepare(
        ClickSource.of(Format.of("sessions"), log), Logs.rules(Protocol.NONE, "random:0.1"), back);
    Path file = folder.resolve("back.kaseb");
    TrainModel.run(
        new TrainModel.Options(
            "ranker", Train.Options.of(back, file, config(1), 1).withValid(.4), Map.of(), 2),
        epoch -> {},
        Progress.NONE,
        () -> false);
    assertThat(ModelFile.read(file).metrics().hybrid())
        .startsWith("candidates hold ")
        .doesNotContain("stays");
    float[] scores = scores(Forecaster.load(file));
    Arrays.sort(scores);
    assertThat(scores[0]).isLessThan(2.7f);
    assertThat(scores[scores.length - 1]).isBetween(4f, 5f);
  }

  /// In walks around a circle there is nothing that a hybrid does not find.
  @Test
  void aRankerWhoseTreesAreNoBetterKeepsTheHybridsOrder() throws IOException {
    Path file = train("ranker", "above");
    assertThat(ModelFile.read(file).metrics().hybrid())
        .startsWith("candidates hold ")
        .contains("the hybrid's order stays");
    assertThat(scores(Forecaster.load(file)))
        .containsExactly(scores(Forecaster.load(train("hybrid", "beside"))));
    assertThatThrownBy(() -> Export.safetensors(file, folder.resolve("above.safetensors")))
        .isInstanceOf(KasebException.class)
        .hasMessageContaining("a model of kind ranker; must be gru4rec or hybrid");
  }

  @Test
  void aHybridWithSessionsHeldBackNeedsOneNetwork() throws IOException {
    Path out = folder.resolve("held.kaseb");
    Train.Options how = Train.Options.of(dataset, out, config(42), 1).withValid(.2);
    List<Integer> epochs = new ArrayList<>();
    TrainModel.run(
        new TrainModel.Options("hybrid", how, Map.of("knn_k", "5"), 2),
        epoch -> epochs.add(epoch.epoch()),
        Progress.NONE,
        () -> false);
    assertThat(epochs).containsExactly(1, 2);
    assertThat(ModelFile.read(out).config().knn().k()).isEqualTo(5);
  }

  @Test
  void aStoppedRunGoesOnWithWhatIsDone() throws IOException {
    Path out = folder.resolve("stopped.kaseb");
    int[] epochs = {0};
    Train.Options how = Train.Options.of(dataset, out, config(42), 1).withResume(true);
    TrainModel.Options options = new TrainModel.Options(Ensemble.KIND, how, Map.of(), 2);
    TrainFigures none =
        TrainModel.run(options, epoch -> epochs[0]++, Progress.NONE, () -> epochs[0] == 3);
    assertThat(none).isNull();
    assertThat(out).doesNotExist();
    List<Integer> later = new ArrayList<>();
    TrainModel.run(options, epoch -> later.add(epoch.epoch()), Progress.NONE, () -> false);
    // The first network was whole; of the second one epoch was done, and is told again.
    assertThat(later).containsExactly(1, 2);
    assertThat(out).hasSameBinaryContentAs(train(Ensemble.KIND, "at-once"));
  }

  @Test
  void comparedModelsMeetTheSamePredictions() throws IOException {
    Path all = train("gru4rec", "all");
    Path fewer = folder.resolve("fewer.kaseb");
    Train.run(
        Train.Options.of(dataset, fewer, config(42), 1).withValid(.9),
        epoch -> {},
        Progress.NONE,
        () -> false);
    assertThat(Forecaster.load(fewer).catalogue().size()).isLessThan(30);
    Compare.Result found =
        Compare.run(List.of(all, fewer), dataset, CONFIG, "again", Progress.NONE);
    Compare.Figures figures = found.figures();
    assertThat(figures.rows().get(1).name()).isEqualTo("gru4rec fewer.kaseb");
    assertThat(figures.differences()).hasSize(2 * (1 + ModelKinds.SIMPLE.size()));
    assertThat(found.report().text()).contains("gru4rec beside every other, paired");
    JsonNode json = Json.MAPPER.valueToTree(figures);
    assertThat(json.path("rows").path(0).path("metrics").path("mrr@5").asDouble()).isPositive();
    assertThat(json.path("rows").path(0).path("intervals").path("mrr@5").size()).isEqualTo(2);
    Path page = folder.resolve("page.html");
    found.report().writeTo(page);
    assertThat(page).content().contains("beside every other", "id=\"fifths\"").doesNotContain("{{");
  }

  @Test
  void int8FilesAreMeasuredAndGated() throws IOException {
    Path model = train("gru4rec", "wide");
    Path out = folder.resolve("small.kaseb");
    Export.Figures figures =
        Export.smaller(
            ModelForm.of(ModelFile.Tables.INT8),
            model,
            dataset,
            out,
            .5,
            CONFIG,
            true,
            Progress.NONE);
    assertThat(figures.bytes()).isLessThan(figures.bytesBefore());
    assertThat(ModelFile.read(out).int8()).isTrue();
    float[] before = scores(Forecaster.load(model));
    assertThat(scores(Forecaster.load(out))).containsExactly(before, within(.05f));
    Path refused = folder.resolve("refused.kaseb");
    assertThatThrownBy(
            () ->
                Export.smaller(
                    ModelForm.of(ModelFile.Tables.INT8),
                    model,
                    dataset,
                    refused,
                    -1,
                    CONFIG,
                    true,
                    Progress.NONE))
        .isInstanceOf(KasebException.class)
        .hasMessageContaining("max_loss=");
    assertThat(refused).doesNotExist();
    assertThatThrownBy(
            () ->
                Export.smaller(
                    ModelForm.of(ModelFile.Tables.INT8),
                    train("markov", "none"),
                    dataset,
                    refused,
                    1,
                    CONFIG,
                    true,
                    Progress.NONE))
        .isInstanceOf(KasebException.class)
        .hasMessageContaining("no tables");
  }

  @Test
  void float16FilesAreMeasuredAndGated() throws IOException {
    Path model = train("hybrid", "wide16");
    Path out = folder.resolve("half.kaseb");
    Export.Figures figures =
        Export.smaller(
            ModelForm.of(ModelFile.Tables.FLOAT16),
            model,
            dataset,
            out,
            .5,
            CONFIG,
            true,
            Progress.NONE);
    assertThat(figures.bytes()).isLessThan(figures.bytesBefore());
    ModelFile half = ModelFile.read(out);
    assertThat(half.tables()).isEqualTo(ModelFile.Tables.FLOAT16);
    assertThat(half.kind()).isEqualTo("hybrid");
    float[] table = ModelFile.read(model).tensors().get("Wy.weight").data();
    float[] read = half.tensors().get("Wy.weight").data();
    for (int i = 0; i < table.length; i++) {
      assertThat(read[i]).isEqualTo(Float.float16ToFloat(Float.floatToFloat16(table[i])));
    }
    // What was read is written again as it was.
    Path again = folder.resolve("half-again.kaseb");
    half.write(again);
    assertThat(again).hasSameBinaryContentAs(out);
    Path refused = folder.resolve("refused16.kaseb");
    assertThatThrownBy(
            () ->
                Export.smaller(
                    ModelForm.of(ModelFile.Tables.FLOAT16),
                    model,
                    dataset,
                    refused,
                    -1,
                    CONFIG,
                    true,
                    Progress.NONE))
        .isInstanceOf(KasebException.class)
        .hasMessageContaining("smaller model (float16) loses");
    assertThat(refused).doesNotExist();
  }

  @Test
  void wrongOptionsAreNamed() {
    Train.Options how = Train.Options.of(dataset, folder.resolve("x"), config(42), 1).withValid(.1);
    assertThatThrownBy(() -> new TrainModel.Options("markow", how, Map.of(), 2))
        .isInstanceOf(KasebException.class)
        .hasMessageContaining("model=markow: must be one of gru4rec, hybrid, ranker, ensemble");
    assertThatThrownBy(() -> new TrainModel.Options("markov", how, Map.of(), 2))
        .isInstanceOf(KasebException.class)
        .hasMessageContaining("leave out valid");
  }

  @ParameterizedTest
  @ValueSource(strings = {"gru4rec", "hybrid", "ranker", "ensemble"})
  void aReadoutOfItemsComesOutOfItsFileAsItWasTrained(String kind) throws IOException {
    TrainConfig core = config(42).with(Map.of("readout", "core"));
    Path file = train(kind, "core-" + kind, core);
    assertThat(train(kind, "core-again-" + kind, core)).hasSameBinaryContentAs(file);
    assertThat(train(kind, "last-" + kind, config(42))).satisfies(last -> differ(last, file));
    ModelFile read = ModelFile.read(file);
    Path again = folder.resolve("core-written-" + kind + ".kaseb");
    read.write(again);
    assertThat(scores(Forecaster.load(again))).containsExactly(scores(Forecaster.load(file)));
  }

  private static void differ(Path one, Path other) throws IOException {
    assertThat(scores(Forecaster.load(one))).isNotEqualTo(scores(Forecaster.load(other)));
  }

  @Test
  void pyTorchHasNoReadoutOfItems() throws IOException {
    Path file = train("gru4rec", "core-pytorch", config(42).with(Map.of("readout", "core")));
    Path out = folder.resolve("core.safetensors");
    assertThatThrownBy(() -> Export.safetensors(file, out))
        .isInstanceOf(KasebException.class)
        .hasMessageContaining("a network with readout core");
    assertThat(out).doesNotExist();
    assertThatThrownBy(
            () -> config(42).with(Map.of("readout", "core", "constrained_embedding", "false")))
        .isInstanceOf(KasebException.class)
        .hasMessageContaining("readout=core with constrained_embedding=false");
  }

  private static Path train(String kind, String name) throws IOException {
    return train(kind, name, config(42));
  }

  private static Path train(String kind, String name, TrainConfig config) throws IOException {
    Path out = folder.resolve(name + ".kaseb");
    TrainModel.run(
        new TrainModel.Options(kind, Train.Options.of(dataset, out, config, 1), Map.of(), 2),
        epoch -> {},
        Progress.NONE,
        () -> false);
    return out;
  }

  private static TrainConfig config(int seed) {
    return TrainConfig.DEFAULT.with(
        Map.of(
            "layers", "16",
            "n_epochs", "2",
            "batch_size", "8",
            "n_sample", "16",
            "seed", Integer.toString(seed)));
  }

  private static float[] scores(Forecaster forecaster) {
    Forecaster.State session = forecaster.newState();
    session.click(3);
    session.click(5);
    float[][] scores = new float[1][forecaster.catalogue().size()];
    forecaster.scores(new Forecaster.State[] {session}, 1, scores);
    return scores[0];
  }
}
