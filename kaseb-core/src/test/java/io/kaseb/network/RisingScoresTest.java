package io.kaseb.network;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import io.kaseb.config.Cell;
import io.kaseb.config.LossKind;
import io.kaseb.config.OptimizerKind;
import io.kaseb.kernel.Kernels;
import io.kaseb.model.Architecture;
import io.kaseb.model.Embedding;
import io.kaseb.model.Tensor;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/// Cross-entropy where each block of columns scores far above the one before it, so that the
/// running maximum must rise, and what was kept of the blocks before must be scaled down.
class RisingScoresTest {
  private static final Loss LOSS = new Loss(LossKind.CROSS_ENTROPY, 0, 0);
  private static final int ITEMS = 300;
  private static final int[] INPUTS = {2, 5, 3};
  private static final int[] TARGETS = {297, 298, 296};
  private static final int[] NEGATIVES = IntStream.range(0, ITEMS).toArray();

  @ParameterizedTest
  @ValueSource(ints = {1, 2, 3})
  void theGradientIsTheSoftmax(int threads) {
    Architecture architecture = new Architecture(Cell.GRU, Embedding.CONSTRAINED, 4, List.of(4));
    long[] counts = new long[ITEMS];
    Arrays.fill(counts, 3);
    Team team = new Team(threads);
    Network network =
        new Network(
            Kernels.BEST,
            team,
            architecture,
            counts,
            new Network.StepConfig(
                3,
                ITEMS,
                .5f,
                LOSS,
                FinalActivation.LINEAR,
                0,
                0,
                new Optimizer(OptimizerKind.SGD, 1, 0, 1e-6f, 0),
                0));
    Map<String, Tensor> start = weights(architecture);
    network.load(start, 0);
    team.run(
        t -> {
          network.prepare(t, INPUTS, TARGETS, 3, NEGATIVES, ITEMS, Dropout.NONE);
          team.barrier();
          network.step(t, aside -> {});
        });
    double[] expected = new double[ITEMS];
    double loss = softmax(NetworkProbe.hidden(network, 0, 3), start, expected);
    assertThat(network.loss()).isCloseTo(loss, within(1e-4));
    float[] before = start.get("By.weight").data();
    float[] after = network.tensors(0).get("By.weight").data();
    for (int i = 0; i < ITEMS; i++) {
      assertThat((double) before[i] - after[i])
          .as("item %d", i)
          .isCloseTo(expected[i], within(5e-5));
    }
    layer(architecture, counts, start, network);
    // Rows change by the same gradient times the hidden state: far below in score, not at all.
    float[] rows = network.tensors(0).get("Wy.weight").data();
    float[] startRows = start.get("Wy.weight").data();
    for (int k = 10 * 4; k < 200 * 4; k++) {
      assertThat(rows[k]).as("weight %d", k).isCloseTo(startRows[k], within(1e-6f));
    }
  }

  /// The layer's gradient, which comes from the hidden state's, against central differences.
  private static void layer(
      Architecture architecture, long[] counts, Map<String, Tensor> start, Network network) {
    Map<String, double[]> weights = new LinkedHashMap<>();
    start.forEach(
        (name, tensor) -> {
          double[] data = new double[tensor.data().length];
          Arrays.setAll(data, i -> tensor.data()[i]);
          weights.put(name, data);
        });
    DoubleReference reference = new DoubleReference(architecture, weights);
    Map<String, Tensor> after = network.tensors(0);
    double largest = 0;
    for (String name : start.keySet()) {
      double[] w = weights.get(name);
      for (int i = 0; i < w.length && !name.startsWith("Wy") && !name.startsWith("By"); i++) {
        double kept = w[i];
        w[i] = kept + 1e-5;
        double up = loss(reference, counts);
        w[i] = kept - 1e-5;
        double down = loss(reference, counts);
        w[i] = kept;
        double expected = (up - down) / 2e-5;
        largest = Math.max(largest, Math.abs(expected));
        assertThat((double) start.get(name).data()[i] - after.get(name).data()[i])
            .as("%s[%d]", name, i)
            .isCloseTo(expected, within(1e-5));
      }
    }
    assertThat(largest).isGreaterThan(1e-3);
  }

  private static double loss(DoubleReference reference, long[] counts) {
    double[][][][] state = reference.step(reference.start(3), INPUTS);
    return reference.loss(
        state[0][0], TARGETS, NEGATIVES, LOSS, FinalActivation.LINEAR, counts, .5, 3);
  }

  /// Sets the gradient by each item's bias and returns the loss.
  private static double softmax(float[] hidden, Map<String, Tensor> weights, double[] gradient) {
    float[] rows = weights.get("Wy.weight").data();
    float[] bias = weights.get("By.weight").data();
    double loss = 0;
    for (int j = 0; j < 3; j++) {
      double[] e = new double[ITEMS];
      double z = 0;
      for (int i = 0; i < ITEMS; i++) {
        double s = bias[i];
        for (int f = 0; f < 4; f++) {
          s += (double) hidden[j * 4 + f] * rows[i * 4 + f];
        }
        boolean target = Arrays.stream(TARGETS).anyMatch(Integer.valueOf(i)::equals);
        e[i] = Math.exp(s - bias[ITEMS - 1]) * (target ? 2 : 1);
        z += e[i];
      }
      for (int i = 0; i < ITEMS; i++) {
        gradient[i] += (e[i] / z - (i == TARGETS[j] ? 1 : 0)) / 3;
      }
      loss -= Math.log(e[TARGETS[j]] / 2 / z) / 3;
    }
    return loss;
  }

  /// Rises to 270, which items of every thread reach; the targets, whose columns come first, lie
  /// more than the kernel's headroom below.
  private static float bias(int item) {
    boolean target = Arrays.stream(TARGETS).anyMatch(Integer.valueOf(item)::equals);
    return target ? 235 : Math.min(item, 270);
  }

  private static Map<String, Tensor> weights(Architecture architecture) {
    Random random = new Random(3);
    return architecture.shapes(ITEMS).entrySet().stream()
        .collect(
            Collectors.toMap(
                Map.Entry::getKey,
                entry -> {
                  int[] shape = entry.getValue();
                  float[] data = new float[shape[0] * (shape.length > 1 ? shape[1] : 1)];
                  for (int i = 0; i < data.length; i++) {
                    boolean bias = entry.getKey().equals("By.weight");
                    data[i] = bias ? bias(i) : random.nextFloat() - .5f;
                  }
                  return new Tensor(shape, data);
                }));
  }
}
