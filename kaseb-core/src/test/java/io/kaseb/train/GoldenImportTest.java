package io.kaseb.train;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import io.kaseb.export.NetworkFile;
import io.kaseb.export.StateDict;
import io.kaseb.forecast.Forecaster;
import io.kaseb.model.ModelFile;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import tools.jackson.databind.JsonNode;

/// Parameters recorded from the official PyTorch version, imported as a state dict, score as they
/// did there.
class GoldenImportTest {
  @TempDir private Path folder;

  static Stream<Path> fixtures() throws IOException {
    return Golden.fixtures().filter(p -> !p.getFileName().toString().startsWith("sampler"));
  }

  @ParameterizedTest
  @MethodSource("fixtures")
  void scoresAsTheOfficialVersionDoes(Path fixture) throws IOException {
    JsonNode golden = Golden.read(fixture);
    Path saved = folder.resolve("official.safetensors");
    new StateDict(Map.of(), Golden.tensors(golden.get("final"))).write(saved);
    List<String> ids = new ArrayList<>();
    golden.get("item_ids").forEach(id -> ids.add(id.asString()));
    Path file = folder.resolve("model.kaseb");
    ModelFile imported = NetworkFile.read(saved, ids);
    assertThat(imported.shape()).isEqualTo(GoldenTest.architecture(golden.get("config")));
    imported.write(file);
    Forecaster forecaster = Forecaster.load(file);
    for (JsonNode run : golden.get("inference")) {
      Forecaster.State[] states = {forecaster.newState()};
      int[] sequence = Golden.ints(run.get("sequence"));
      for (int i = 0; i < sequence.length; i++) {
        states[0].click(sequence[i]);
        float[][] scores = new float[1][ids.size()];
        forecaster.scores(states, 1, scores);
        assertThat(scores[0])
            .containsExactly(Golden.floats(run.get("scores").get(i)), within(1e-4f));
      }
    }
  }
}
