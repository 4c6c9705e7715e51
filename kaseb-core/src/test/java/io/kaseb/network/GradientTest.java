package io.kaseb.network;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import io.kaseb.config.Cell;
import io.kaseb.config.FinalAct;
import io.kaseb.config.LossKind;
import io.kaseb.config.OptimizerKind;
import io.kaseb.config.Readout;
import io.kaseb.kernel.Kernels;
import io.kaseb.model.Architecture;
import io.kaseb.model.Embedding;
import io.kaseb.model.Tensor;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.function.DoubleSupplier;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.MethodSource;

/// The engine's gradient of every parameter against central differences of [DoubleReference], for
/// each loss x embedding x cell, and each final activation.
@Tag("kernels")
class GradientTest {
  private static final long[] COUNTS = {9, 4, 7, 1, 3, 8, 2, 5, 6, 1, 4, 3};
  private static final int[] FIRST = {1, 5, 7};
  private static final int[] INPUTS = {2, 5, 3};
  // An input that is a target, a target twice, a negative that is a target, a negative twice.
  private static final int[] TARGETS = {5, 8, 8};
  private static final int[] NEGATIVES = {0, 8, 11, 11, 6};
  private static final float ALPHA = .6f;
  private static final int BATCH = 4;

  static Stream<Arguments> all() {
    return Stream.of(LossKind.values())
        .flatMap(
            kind ->
                Stream.of(Embedding.values())
                    .flatMap(
                        embedding ->
                            Stream.of(Cell.values())
                                .map(cell -> Arguments.of(kind, embedding, cell, "elu-0.7"))));
  }

  static Stream<Arguments> activations() {
    return Stream.of(LossKind.values())
        .flatMap(
            kind ->
                Stream.of("linear", "tanh", "relu", "leaky-0.2", "softmax")
                    .map(act -> Arguments.of(kind, Embedding.CONSTRAINED, Cell.GRU, act)));
  }

  @ParameterizedTest
  @MethodSource({"all", "activations"})
  void everyParameter(LossKind kind, Embedding embedding, Cell cell, String activation) {
    Loss loss = new Loss(kind, kind == LossKind.CROSS_ENTROPY ? .8f : 0, 1.2f);
    FinalActivation act = FinalActivation.of(FinalAct.of(activation));
    int size = embedding == Embedding.SEPARATE ? 6 : embedding == Embedding.CONSTRAINED ? 4 : 0;
    Architecture architecture = new Architecture(cell, embedding, size, List.of(5, 4));
    Map<String, Tensor> start = random(architecture);
    for (int threads : new int[] {1, 2}) {
      Map<String, Tensor> gradient = gradient(architecture, start, loss, act, threads);
      check(architecture, start, gradient, loss, act);
    }
  }

  @ParameterizedTest
  @EnumSource(LossKind.class)
  void aReadoutOfTheItemsOfASession(LossKind kind) {
    Loss loss = new Loss(kind, kind == LossKind.CROSS_ENTROPY ? .8f : 0, 1.2f);
    FinalActivation act = FinalActivation.of(FinalAct.of("elu-0.7"));
    for (Cell cell : Cell.values()) {
      Architecture architecture =
          new Architecture(cell, Embedding.CONSTRAINED, 4, List.of(5, 4), Readout.CORE);
      Map<String, Tensor> start = random(architecture);
      for (int threads : new int[] {1, 2}) {
        for (float clip : new float[] {0, 1e6f}) {
          Team team = new Team(threads);
          Network network = network(architecture, loss, act, team, clip, null);
          step(network, team, start);
          check(architecture, start, changed(network, start), loss, act);
        }
      }
    }
  }

  static Stream<Arguments> tables() {
    return Stream.of(LossKind.CROSS_ENTROPY, LossKind.BPR_MAX)
        .flatMap(
            kind ->
                Stream.of(Embedding.values())
                    .flatMap(e -> Stream.of(0f, 1e6f).map(clip -> Arguments.of(kind, e, clip))));
  }

  /// A target, a negative, an item that is neither; a session with fewer; one without any.
  private static final Lesson LESSON =
      new Lesson(
          3,
          new int[] {5, 0, 7, 2, 8, -1, -1, -1, -1, -1, -1, -1},
          new float[] {.5f, .3f, .2f, .6f, .4f, 0, 0, 0, 0, 0, 0, 0});

  private static final Network.Teaching TEACHING = new Network.Teaching(3, 2, .7f, 1.5f);

  /// What each session's softmax is over: the lesson's, and two negatives that it has not.
  private static final int[][] TAUGHT = {{5, 0, 7, 8}, {2, 8, 11, 11}, {}};

  private static double taught(double[][] hidden, Map<String, double[]> weights) {
    double sum = 0;
    for (int j = 0; j < TAUGHT.length; j++) {
      double z = 0;
      double dot = 0;
      for (int k = 0; k < TAUGHT[j].length; k++) {
        double s = weights.get("By.weight")[TAUGHT[j][k]];
        for (int u = 0; u < hidden[j].length; u++) {
          s += hidden[j][u] * weights.get("Wy.weight")[TAUGHT[j][k] * hidden[j].length + u];
        }
        z += Math.exp(s / TEACHING.temperature());
        if (LESSON.items()[j * 3 + Math.min(k, 2)] == TAUGHT[j][k]) {
          dot += LESSON.shares()[j * 3 + k] * s / TEACHING.temperature();
        }
      }
      sum += TAUGHT[j].length == 0 ? 0 : Math.log(z) - dot;
    }
    return TEACHING.weight() * sum / BATCH;
  }

  @ParameterizedTest
  @MethodSource("tables")
  void whatATeacherSays(LossKind kind, Embedding embedding, float clip) {
    Loss loss = new Loss(kind, kind == LossKind.CROSS_ENTROPY ? .8f : 0, 1.2f);
    FinalActivation act = FinalActivation.of(FinalAct.of("elu-0.7"));
    int size = embedding == Embedding.SEPARATE ? 6 : embedding == Embedding.CONSTRAINED ? 4 : 0;
    Architecture architecture = new Architecture(Cell.GRU, embedding, size, List.of(5, 4));
    Map<String, Tensor> start = random(architecture);
    for (int threads : new int[] {1, 2}) {
      Team team = new Team(threads);
      Network network = network(architecture, loss, act, team, clip, null, TEACHING);
      step(network, team, start, LESSON);
      Map<String, double[]> weights = doubles(start);
      DoubleReference reference = new DoubleReference(architecture, weights);
      double[][][][] before = before(reference);
      checkAll(
          weights,
          changed(network, start),
          () -> {
            double[][] hidden = reference.step(before, INPUTS)[1][0];
            return loss(reference, before, loss, act) + taught(hidden, weights);
          });
      assertThat(network.taughtLoss())
          .isCloseTo(taught(reference.step(before, INPUTS)[1][0], weights), within(1e-5));
    }
  }

  /// Part 0 belongs to the even items, part 1 to the first four by half, part 2 to nobody.
  private static ItemParts parts() {
    int[] offsets = new int[COUNTS.length + 1];
    List<Integer> parts = new ArrayList<>();
    List<Float> shares = new ArrayList<>();
    for (int item = 0; item < COUNTS.length; item++) {
      if (item % 2 == 0) {
        parts.add(0);
        shares.add(1f);
      }
      if (item < 4) {
        parts.add(1);
        shares.add(.5f);
      }
      offsets[item + 1] = parts.size();
    }
    float[] all = new float[parts.size()];
    for (int i = 0; i < all.length; i++) {
      all[i] = shares.get(i);
    }
    return new ItemParts(3, offsets, parts.stream().mapToInt(p -> p).toArray(), all);
  }

  @ParameterizedTest
  @MethodSource("tables")
  void whatItemsHaveInCommon(LossKind kind, Embedding embedding, float clip) {
    Loss loss = new Loss(kind, kind == LossKind.CROSS_ENTROPY ? .8f : 0, 1.2f);
    FinalActivation act = FinalActivation.of(FinalAct.of("linear"));
    int size = embedding == Embedding.SEPARATE ? 6 : embedding == Embedding.CONSTRAINED ? 4 : 0;
    Architecture architecture = new Architecture(Cell.GRU, embedding, size, List.of(5, 4));
    Map<String, Tensor> start = random(architecture);
    for (int threads : new int[] {1, 2}) {
      Team team = new Team(threads);
      Network network = network(architecture, loss, act, team, clip, parts());
      step(network, team, start);
      Map<String, Tensor> changed = network.sharedTensors(0);
      assertThat(changed).hasSize(embedding == Embedding.CONSTRAINED ? 2 : 3);
      changed.forEach(
          (name, tensor) ->
              checkPart(
                  architecture, start, loss, act, name, tensor, network.tensors(0).get(name)));
    }
  }

  /// Central differences of all rows that have a part, moved together; and that each row has moved
  /// by its own gradient and by its parts.
  private static void checkPart(
      Architecture architecture,
      Map<String, Tensor> start,
      Loss loss,
      FinalActivation act,
      String name,
      Tensor changed,
      Tensor rows) {
    ItemParts parts = parts();
    Map<String, double[]> weights = doubles(start);
    DoubleReference reference = new DoubleReference(architecture, weights);
    double[][][][] before = before(reference);
    double[] w = weights.get(name);
    double[] kept = w.clone();
    int width = changed.shape()[1];
    double step = 1e-5;
    for (int p = 0; p < parts.count(); p++) {
      for (int k = 0; k < width; k++) {
        double[] losses = new double[2];
        for (int side = 0; side < 2; side++) {
          for (int item = 0; item < COUNTS.length; item++) {
            for (int i = parts.start(item); i < parts.end(item); i++) {
              if (parts.part(i) == p) {
                w[item * width + k] += (side == 0 ? step : -step) * parts.share(i);
              }
            }
          }
          losses[side] = loss(reference, before, loss, act);
          System.arraycopy(kept, 0, w, 0, w.length);
        }
        double expected = (losses[0] - losses[1]) / (2 * step);
        assertThat(-changed.data()[p * width + k] / SharedParts.RATE)
            .as("%s part %d[%d]", name, p, k)
            .isCloseTo((float) expected, within((float) (1e-5 + 1e-4 * Math.abs(expected))));
      }
    }
    for (int item = 0; item < COUNTS.length; item++) {
      for (int k = 0; k < width; k++) {
        double up;
        double down;
        w[item * width + k] = kept[item * width + k] + step;
        up = loss(reference, before, loss, act);
        w[item * width + k] = kept[item * width + k] - step;
        down = loss(reference, before, loss, act);
        w[item * width + k] = kept[item * width + k];
        double expected = kept[item * width + k] - (up - down) / (2 * step);
        for (int i = parts.start(item); i < parts.end(item); i++) {
          expected += parts.share(i) * changed.data()[parts.part(i) * width + k];
        }
        assertThat((double) rows.data()[item * width + k])
            .as("%s item %d[%d]", name, item, k)
            .isCloseTo(expected, within(1e-5));
      }
    }
  }

  private static Map<String, Tensor> random(Architecture architecture) {
    Random random = new Random(7);
    Map<String, Tensor> tensors = new LinkedHashMap<>();
    architecture
        .shapes(COUNTS.length)
        .forEach(
            (name, shape) -> {
              float[] data = new float[shape[0] * (shape.length > 1 ? shape[1] : 1)];
              for (int i = 0; i < data.length; i++) {
                data[i] = random.nextFloat() * 1.6f - .8f;
              }
              tensors.put(name, new Tensor(shape, data));
            });
    return tensors;
  }

  /// One step of plain gradient descent with rate 1 shows the gradient.
  private static Map<String, Tensor> gradient(
      Architecture architecture,
      Map<String, Tensor> start,
      Loss loss,
      FinalActivation act,
      int threads) {
    Team team = new Team(threads);
    Network network = network(architecture, loss, act, team, 0, null);
    step(network, team, start);
    return changed(network, start);
  }

  private static Map<String, Tensor> changed(Network network, Map<String, Tensor> start) {
    Map<String, Tensor> gradient = new LinkedHashMap<>();
    network
        .tensors(0)
        .forEach(
            (name, tensor) -> {
              float[] g = new float[tensor.data().length];
              float rate = name.startsWith("R.") ? CoreReadout.RATE : 1;
              for (int i = 0; i < g.length; i++) {
                g[i] = (start.get(name).data()[i] - tensor.data()[i]) / rate;
              }
              gradient.put(name, new Tensor(tensor.shape(), g));
            });
    return gradient;
  }

  private static Network network(
      Architecture architecture,
      Loss loss,
      FinalActivation act,
      Team team,
      float clip,
      @Nullable ItemParts parts) {
    return network(architecture, loss, act, team, clip, parts, null);
  }

  private static Network network(
      Architecture architecture,
      Loss loss,
      FinalActivation act,
      Team team,
      float clip,
      @Nullable ItemParts parts,
      Network.@Nullable Teaching teaching) {
    Optimizer sgd = new Optimizer(OptimizerKind.SGD, 1, 0, 1e-6f, 0);
    return new Network(
        Kernels.BEST,
        team,
        architecture,
        COUNTS,
        new Network.StepConfig(BATCH, NEGATIVES.length, ALPHA, loss, act, 0, 0, sgd, clip),
        parts,
        teaching);
  }

  /// Makes one step from these weights, with all that it has learned brought into the rows.
  private static void step(Network network, Team team, Map<String, Tensor> start) {
    step(network, team, start, null);
  }

  private static void step(
      Network network, Team team, Map<String, Tensor> start, @Nullable Lesson lesson) {
    network.load(start, 0);
    team.run(
        t -> {
          prepare(network, t, FIRST);
          team.barrier();
          network.forward(t);
          network.carry(t, new int[] {0, 1, 2}, new boolean[] {false, false, true}, 3);
          team.barrier();
          prepare(network, t, INPUTS, lesson);
          team.barrier();
          network.step(t, aside -> {});
          team.barrier();
          network.settle(t);
        });
  }

  private static void prepare(Network network, int t, int[] inputs) {
    prepare(network, t, inputs, null);
  }

  private static void prepare(Network network, int t, int[] inputs, @Nullable Lesson lesson) {
    network.prepare(t, inputs, TARGETS, 3, NEGATIVES, NEGATIVES.length, Dropout.NONE, lesson);
  }

  private static void check(
      Architecture architecture,
      Map<String, Tensor> start,
      Map<String, Tensor> gradient,
      Loss loss,
      FinalActivation act) {
    Map<String, double[]> weights = doubles(start);
    DoubleReference reference = new DoubleReference(architecture, weights);
    double[][][][] before = before(reference);
    checkAll(weights, gradient, () -> loss(reference, before, loss, act));
  }

  /// Compares gradients with central differences.
  private static void checkAll(
      Map<String, double[]> weights, Map<String, Tensor> gradient, DoubleSupplier loss) {
    double step = 1e-5;
    double largest = 0;
    for (Map.Entry<String, double[]> entry : weights.entrySet()) {
      double[] w = entry.getValue();
      for (int i = 0; i < w.length; i++) {
        double kept = w[i];
        w[i] = kept + step;
        double up = loss.getAsDouble();
        w[i] = kept - step;
        double down = loss.getAsDouble();
        w[i] = kept;
        double expected = (up - down) / (2 * step);
        largest = Math.max(largest, Math.abs(expected));
        assertThat((double) gradient.get(entry.getKey()).data()[i])
            .as("%s[%d]", entry.getKey(), i)
            .isCloseTo(expected, within(1e-6 + 1e-5 * Math.abs(expected)));
      }
    }
    assertThat(largest).isGreaterThan(1e-3);
  }

  private static Map<String, double[]> doubles(Map<String, Tensor> tensors) {
    Map<String, double[]> weights = new LinkedHashMap<>();
    tensors.forEach(
        (name, tensor) -> {
          double[] data = new double[tensor.data().length];
          for (int i = 0; i < data.length; i++) {
            data[i] = tensor.data()[i];
          }
          weights.put(name, data);
        });
    return weights;
  }

  /// Returns the states before the step: after one event of each session, the third's forgotten.
  private static double[][][][] before(DoubleReference reference) {
    double[][][][] before = reference.step(reference.start(3), FIRST);
    for (double[][][] layer : before) {
      for (double[][] part : layer) {
        part[2] = new double[part[2].length];
      }
    }
    return before;
  }

  private static double loss(
      DoubleReference reference, double[][][][] before, Loss loss, FinalActivation act) {
    double[][][][] after = reference.step(before, INPUTS);
    return reference.loss(
        after[after.length - 1][0], TARGETS, NEGATIVES, loss, act, COUNTS, ALPHA, BATCH);
  }
}
