package io.kaseb.network;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import io.kaseb.config.Cell;
import io.kaseb.config.Readout;
import io.kaseb.model.Architecture;
import io.kaseb.model.Catalogue;
import io.kaseb.model.Embedding;
import io.kaseb.model.Gru4Rec;
import io.kaseb.model.SessionState;
import io.kaseb.model.Tensor;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.stream.IntStream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/// A session that is followed click by click has the scores of the formulas, in double precision.
class CoreReadoutTest {
  private static final int ITEMS = 9;
  private static final int[] CLICKS = {3, 3, 0, 8, 3, 5, 1, 1, 7};

  @ParameterizedTest
  @EnumSource(Cell.class)
  void scoresAreThoseOfTheFormulas(Cell cell) {
    Architecture shape =
        new Architecture(cell, Embedding.CONSTRAINED, 6, List.of(4, 6), Readout.CORE);
    Random random = new Random(3);
    Map<String, Tensor> tensors = new HashMap<>();
    Map<String, double[]> weights = new HashMap<>();
    shape
        .shapes(ITEMS)
        .forEach(
            (name, size) -> {
              float[] data = new float[Arrays.stream(size).reduce(1, (a, b) -> a * b)];
              for (int i = 0; i < data.length; i++) {
                data[i] = random.nextFloat() * 2 - 1;
              }
              tensors.put(name, new Tensor(size, data));
              weights.put(
                  name, IntStream.range(0, data.length).mapToDouble(i -> data[i]).toArray());
            });
    Catalogue catalogue =
        Catalogue.of(IntStream.range(0, ITEMS).mapToObj(Integer::toString).toList());
    Gru4Rec network = Gru4Rec.of(shape, catalogue, tensors);
    DoubleReference reference = new DoubleReference(shape, weights);
    double[][][][] expected = reference.start(1);
    SessionState state = network.newSession();
    float[][] scores = new float[1][ITEMS];
    for (int item : CLICKS) {
      network.click(state, item);
      network.scores(new SessionState[] {state}, 1, scores);
      expected = reference.step(expected, new int[] {item});
      double[] out = expected[expected.length - 1][0][0];
      for (int i = 0; i < ITEMS; i++) {
        double score = weights.get("By.weight")[i];
        for (int u = 0; u < out.length; u++) {
          score += out[u] * weights.get("Wy.weight")[i * out.length + u];
        }
        assertThat((double) scores[0][i]).isCloseTo(score, within(1e-5));
      }
    }
  }
}
