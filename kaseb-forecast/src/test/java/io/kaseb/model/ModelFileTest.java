package io.kaseb.model;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.kaseb.base.Json;
import io.kaseb.base.KasebException;
import io.kaseb.config.Cell;
import io.kaseb.config.TrainConfig;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import tools.jackson.databind.JsonNode;

class ModelFileTest {
  @TempDir Path folder;
  private Path file;
  private ModelFile model;

  @BeforeEach
  void write() throws IOException {
    Architecture architecture = new Architecture(Cell.GRU, Embedding.CONSTRAINED, 3, List.of(3));
    Random random = new Random(1);
    Map<String, Tensor> tensors = new LinkedHashMap<>();
    architecture
        .shapes(4)
        .forEach(
            (name, shape) -> {
              float[] data = new float[shape[0] * (shape.length > 1 ? shape[1] : 1)];
              for (int i = 0; i < data.length; i++) {
                data[i] = random.nextFloat();
              }
              tensors.put(name, new Tensor(shape, data));
            });
    model =
        new ModelFile(
            "gru4rec",
            architecture,
            Catalogue.of(List.of("7", "a,b", "é\n", "\"")),
            tensors,
            ModelConfig.of(TrainConfig.DEFAULT.with(Map.of("seed", "4")), null),
            Provenance.untrained("a test"),
            TrainingMetrics.NONE);
    file = folder.resolve("m.kaseb");
    model.write(file);
  }

  @Test
  void comesBackAsItWas() throws IOException {
    ModelFile read = ModelFile.read(file);
    assertThat(read.catalogue().ids()).isEqualTo(model.catalogue().ids());
    assertThat(read.architecture()).isEqualTo(model.architecture());
    assertThat(read.config()).isEqualTo(model.config());
    assertThat(read.tensors().keySet()).isEqualTo(model.tensors().keySet());
    read.tensors()
        .forEach((name, t) -> assertThat(t.data()).isEqualTo(model.tensors().get(name).data()));
    Path again = folder.resolve("again.kaseb");
    read.write(again);
    assertThat(Files.readAllBytes(again)).isEqualTo(Files.readAllBytes(file));
  }

  /// The format's own rules, read here without Kaseb's reader.
  @Test
  void isAStandardSafetensorsFile() throws IOException {
    byte[] all = Files.readAllBytes(file);
    int length = (int) ByteBuffer.wrap(all).order(ByteOrder.LITTLE_ENDIAN).getLong();
    JsonNode header = Json.MAPPER.readTree(new String(all, 8, length, StandardCharsets.UTF_8));
    assertThat(all[8]).isEqualTo((byte) '{');
    JsonNode wy = header.get("Wy.weight");
    assertThat(wy.get("dtype").asString()).isEqualTo("F32");
    assertThat(wy.get("shape").toString()).isEqualTo("[4,3]");
    int from = 8 + length + wy.get("data_offsets").get(0).asInt();
    float first = ByteBuffer.wrap(all).order(ByteOrder.LITTLE_ENDIAN).getFloat(from);
    assertThat(first).isEqualTo(model.tensors().get("Wy.weight").data()[0]);
    header.get("__metadata__").forEach(value -> assertThat(value.isString()).isTrue());
  }

  @Test
  void everyFlippedBitIsFound() throws IOException {
    byte[] all = Files.readAllBytes(file);
    Random random = new Random(2);
    for (int trial = 0; trial < 300; trial++) {
      byte[] changed = all.clone();
      int at = trial < 16 ? trial : random.nextInt(all.length);
      changed[at] ^= (byte) (1 << random.nextInt(8));
      Path bad = folder.resolve("bad");
      Files.write(bad, changed);
      assertThatThrownBy(() -> ModelFile.read(bad))
          .as("byte %d", at)
          .isInstanceOf(KasebException.class)
          .hasMessageContaining("bad");
    }
  }

  @Test
  void everyCutIsFound() throws IOException {
    byte[] all = Files.readAllBytes(file);
    for (int n = 0; n < all.length; n += 7) {
      Path bad = folder.resolve("bad");
      Files.write(bad, Arrays.copyOf(all, n));
      assertThatThrownBy(() -> ModelFile.read(bad)).isInstanceOf(KasebException.class);
    }
  }

  @Test
  void aNewerVersionIsNamed() throws IOException {
    Map<String, String> metadata = new LinkedHashMap<>(Safetensors.readMetadata(file));
    metadata.put("format_version", "99");
    new Safetensors(metadata, model.tensors(), Map.of()).write(file);
    assertThatThrownBy(() -> ModelFile.read(file))
        .isInstanceOf(KasebException.class)
        .hasMessageContaining("version 99")
        .hasMessageContaining("newer Kaseb");
  }

  private void rewrite(Map<String, String> changes) throws IOException {
    Safetensors content = Safetensors.read(file);
    Map<String, String> metadata = new LinkedHashMap<>(content.metadata());
    metadata.putAll(changes);
    new Safetensors(metadata, content.tensors(), content.ints(), content.bytes()).write(file);
  }

  @Test
  void keysOfLaterVersionsDoNoHarm() throws IOException {
    rewrite(
        Map.of(
            "config",
            "{'layers':[3],'seed':4,'later':{'n':2}}".replace('\'', '"'),
            "provenance",
            "{'seed':4,'moon':'full'}".replace('\'', '"'),
            "metrics",
            """
            {'best_epoch':1,'epochs':[{'epoch':1,'train_loss':2.5,'valid_loss':null,'ratio':null,
            'recall_20':null,'mrr_20':null,'events':7,'mood':3}],'purchase':{'trained':false,
            'reason':'none','epochs':[],'sessions_per_second':0.0,'luck':1},'hybrid':'half',
            'weather':[]}"""
                .replace('\'', '"')));
    ModelFile read = ModelFile.read(file);
    assertThat(read.config().network())
        .isEqualTo(TrainConfig.DEFAULT.with(Map.of("layers", "3", "seed", "4")));
    assertThat(read.config().intent()).isNull();
    assertThat(read.config().json().path("later").path("n").asInt()).isEqualTo(2);
    assertThat(read.provenance().seed()).isEqualTo(4);
    assertThat(read.provenance().datasetHash()).isEmpty();
    assertThat(read.metrics().epochs().getFirst().trainLoss()).isEqualTo(2.5);
    assertThat(read.metrics().epochs().getFirst().seconds()).isNaN();
    assertThat(read.metrics().json().propertyNames())
        .containsExactly("best_epoch", "epochs", "purchase", "hybrid");
  }

  @Test
  void aValueThatThisVersionDoesNotKnowIsNamed() throws IOException {
    rewrite(Map.of("config", "{\"loss\":\"hinge\"}"));
    assertThatThrownBy(() -> ModelFile.read(file))
        .isInstanceOf(KasebException.class)
        .hasMessageContaining("m.kaseb: loss=hinge; must be cross-entropy");
  }

  @Test
  void anotherToolsFileIsNoModel() throws IOException {
    new Safetensors(Map.of(), model.tensors(), Map.of()).write(file);
    assertThatThrownBy(() -> ModelFile.read(file)).hasMessageContaining("no model of Kaseb's");
    Files.writeString(file, "not a model at all, but long enough to have a header");
    assertThatThrownBy(() -> ModelFile.read(file)).hasMessageContaining("no safetensors file");
  }
}
