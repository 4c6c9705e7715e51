package io.kaseb.export;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import ai.onnxruntime.NodeInfo;
import ai.onnxruntime.OnnxTensor;
import ai.onnxruntime.OrtEnvironment;
import ai.onnxruntime.OrtException;
import ai.onnxruntime.OrtSession;
import ai.onnxruntime.TensorInfo;
import io.kaseb.base.Json;
import io.kaseb.config.Cell;
import io.kaseb.config.Readout;
import io.kaseb.model.Architecture;
import io.kaseb.model.Embedding;
import io.kaseb.model.Gru4Rec;
import io.kaseb.model.ModelFile;
import io.kaseb.model.SessionState;
import io.kaseb.model.TopItems;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/// Graphs of random networks, run by ONNX Runtime beside our own scoring.
class OnnxModelTest {
  private static final int TOP = 5;
  private static final int CLICKS = 9;

  @TempDir private Path folder;

  static List<Architecture> shapes() {
    // The last eight have tables stored as products.
    List<Architecture> all = new ArrayList<>(RandomNetworks.shapes());
    RandomNetworks.shapes().stream()
        .filter(shape -> shape.layers().size() == 1)
        .forEach(shape -> all.add(shape.withRank(5)));
    return all;
  }

  @ParameterizedTest
  @MethodSource("shapes")
  void scoresAsTheModelDoes(Architecture shape) throws IOException, OrtException {
    ModelFile file = RandomNetworks.of(shape);
    Path path = folder.resolve("network.onnx");
    OnnxModel.write(file, TOP, path);
    try (OrtSession session = OrtEnvironment.getEnvironment().createSession(path.toString())) {
      for (int batch : new int[] {1, 3, 8}) {
        follow(session, file.model(), batch);
      }
    }
  }

  /// Follows some random sessions side by side, click by click.
  private static void follow(OrtSession session, Gru4Rec model, int batch) throws OrtException {
    OrtEnvironment environment = OrtEnvironment.getEnvironment();
    SplittableRandom random = new SplittableRandom(batch);
    SessionState[] states = new SessionState[batch];
    for (int b = 0; b < batch; b++) {
      states[b] = model.newSession();
    }
    // Behind what a graph remembers stands a readout's output.
    boolean core = model.architecture().readout() == Readout.CORE;
    int behind = (core ? model.architecture().outputSize() : 0) + model.architecture().rank();
    int width = states[0].hidden().length - behind;
    float[][] state = new float[batch][width];
    for (int click = 0; click < CLICKS; click++) {
      long[] items = new long[batch];
      for (int b = 0; b < batch; b++) {
        items[b] = random.nextInt(RandomNetworks.ITEMS);
        model.click(states[b], (int) items[b]);
      }
      float[][] expected = new float[batch][RandomNetworks.ITEMS];
      model.scores(states, batch, expected);
      try (OnnxTensor item = OnnxTensor.createTensor(environment, items);
          OnnxTensor before = OnnxTensor.createTensor(environment, state);
          OrtSession.Result result = session.run(Map.of("item", item, "state", before))) {
        state = (float[][]) result.get("next_state").orElseThrow().getValue();
        float[][] scores = (float[][]) result.get("scores").orElseThrow().getValue();
        long[][] top = (long[][]) result.get("top_items").orElseThrow().getValue();
        float[][] best = (float[][]) result.get("top_scores").orElseThrow().getValue();
        for (int b = 0; b < batch; b++) {
          assertThat(scores[b]).containsExactly(expected[b], within(1e-5f));
          assertThat(state[b])
              .containsExactly(Arrays.copyOf(states[b].hidden(), width), within(1e-5f));
          TopItems own = TopItems.of(TOP);
          model.top(states[b], own);
          for (int k = 0; k < TOP; k++) {
            assertThat(best[b][k]).isEqualTo(scores[b][(int) top[b][k]]);
            assertThat(best[b][k]).isCloseTo(own.score(k), within(1e-5f));
          }
        }
      }
    }
  }

  @Test
  void saysWhatItIs() throws IOException, OrtException {
    ModelFile file =
        RandomNetworks.of(new Architecture(Cell.GRU, Embedding.CONSTRAINED, 12, List.of(12)));
    Path path = folder.resolve("network.onnx");
    OnnxModel.write(file, 1_000, path);
    try (OrtSession session = OrtEnvironment.getEnvironment().createSession(path.toString())) {
      assertThat(session.getInputNames()).containsExactlyInAnyOrder("item", "state");
      assertThat(shape(session.getInputInfo().get("item"))).containsExactly(-1);
      assertThat(shape(session.getInputInfo().get("state"))).containsExactly(-1, 12);
      // There are no more to be the best.
      assertThat(shape(session.getOutputInfo().get("top_items")))
          .containsExactly(-1, RandomNetworks.ITEMS);
      Map<String, String> metadata = session.getMetadata().getCustomMetadata();
      assertThat(Json.MAPPER.readValue(metadata.get("items"), String[].class))
          .containsExactly(file.catalogue().ids().toArray(String[]::new));
      assertThat(session.getMetadata().getProducerName()).isEqualTo("kaseb");
    }
  }

  private static long[] shape(NodeInfo node) {
    return ((TensorInfo) node.getInfo()).getShape();
  }
}
