package io.kaseb.network;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import io.kaseb.config.Cell;
import io.kaseb.config.FinalAct;
import io.kaseb.config.LossKind;
import io.kaseb.config.OptimizerKind;
import io.kaseb.kernel.Kernels;
import io.kaseb.model.Architecture;
import io.kaseb.model.Embedding;
import io.kaseb.model.Tensor;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/// A network within another trains as it would by itself, and leaves the rest alone.
class PathTest {
  private static final long[] COUNTS = {9, 4, 7, 1, 3, 8, 2, 5, 6, 1, 4, 3};
  private static final int[][] INPUTS = {{2, 5, 3}, {5, 8, 8}, {1, 0, 4}};
  private static final int[][] TARGETS = {{5, 8, 8}, {1, 0, 4}, {2, 2, 7}};
  private static final int[] NEGATIVES = {0, 8, 11, 11, 6};
  private static final int BATCH = 4;

  static Stream<Arguments> all() {
    return Stream.of(Embedding.CONSTRAINED, Embedding.SEPARATE)
        .flatMap(
            embedding ->
                Stream.of(Cell.values())
                    .flatMap(
                        cell ->
                            Stream.of(List.of(5), List.of(6, 7), List.of(9, 3))
                                .flatMap(
                                    layers ->
                                        Stream.of(1, 2, 3)
                                            .map(
                                                threads ->
                                                    Arguments.of(
                                                        embedding, cell, layers, threads)))));
  }

  @ParameterizedTest
  @MethodSource("all")
  void aPartTrainsAsItWouldByItself(
      Embedding embedding, Cell cell, List<Integer> layers, int threads) {
    Cell other = cell == Cell.GRU ? Cell.LSTM : cell;
    int size = embedding == Embedding.SEPARATE ? 10 : 9;
    Architecture widest = new Architecture(Cell.GRU, embedding, size, List.of(9, 9));
    int own = embedding == Embedding.SEPARATE ? 6 : layers.getLast();
    Architecture part = new Architecture(cell, embedding, own, layers);
    for (float clip : new float[] {0, 1e-3f}) {
      Team team = new Team(threads);
      Network holding = Network.holding(Kernels.BEST, team, widest, COUNTS, config(clip), other);
      Map<String, Tensor> start = random(holding.tensors(0));
      holding.load(start, 0);
      Network alone = new Network(Kernels.BEST, team, part, COUNTS, config(clip));
      alone.load(part(start, widest, part), 0);
      steps(team, holding, part);
      steps(team, alone, null);
      Map<String, Tensor> after = holding.tensors(0);
      Map<String, Tensor> expected = alone.tensors(0);
      part(after, widest, part)
          .forEach(
              (name, tensor) -> {
                float[] wanted = expected.get(name).data();
                for (int i = 0; i < wanted.length; i++) {
                  assertThat(tensor.data()[i])
                      .as(name + " " + i)
                      .isCloseTo(wanted[i], within(2e-5f));
                }
              });
      assertThat(holding.loss()).isCloseTo(alone.loss(), within(1e-5));
      untouched(start, after, widest, part);
    }
  }

  /// What is no part of the network stays bit for bit as it was.
  private static void untouched(
      Map<String, Tensor> before,
      Map<String, Tensor> after,
      Architecture widest,
      Architecture part) {
    int changed = 0;
    int inside = 0;
    for (Map.Entry<String, Tensor> e : before.entrySet()) {
      float[] old = e.getValue().data();
      float[] now = after.get(e.getKey()).data();
      for (int i = 0; i < old.length; i++) {
        changed += old[i] == now[i] ? 0 : 1;
      }
    }
    for (Tensor tensor : part(before, widest, part).values()) {
      inside += tensor.data().length;
    }
    assertThat(changed).isPositive().isLessThanOrEqualTo(inside);
  }

  private static Network.StepConfig config(float clip) {
    return new Network.StepConfig(
        BATCH,
        NEGATIVES.length,
        .5f,
        new Loss(LossKind.CROSS_ENTROPY, .8f, 0),
        FinalActivation.of(FinalAct.of("linear")),
        0,
        0,
        new Optimizer(OptimizerKind.ADAGRAD, .1f, 0, 1e-6f, 0),
        clip);
  }

  private static void steps(Team team, Network network, @Nullable Architecture part) {
    boolean[] fresh = {false, true, false, false};
    int[] stays = {0, 1, 2, 3};
    team.run(
        t -> {
          network.clear(t);
          for (int s = 0; s < INPUTS.length; s++) {
            team.barrier();
            if (t == 0 && part != null) {
              network.path(part);
            }
            network.prepare(t, INPUTS[s], TARGETS[s], 3, NEGATIVES, NEGATIVES.length, Dropout.NONE);
            team.barrier();
            network.step(t, u -> {});
            team.barrier();
            network.carry(t, stays, fresh, 3);
          }
        });
  }

  private static Map<String, Tensor> random(Map<String, Tensor> like) {
    Random random = new Random(5);
    Map<String, Tensor> tensors = new LinkedHashMap<>();
    like.forEach(
        (name, tensor) -> {
          float[] data = new float[tensor.data().length];
          for (int i = 0; i < data.length; i++) {
            data[i] = (float) (.5 * random.nextGaussian());
          }
          tensors.put(name, new Tensor(tensor.shape(), data));
        });
    return tensors;
  }

  /// Takes a part out, by indices alone.
  private static Map<String, Tensor> part(
      Map<String, Tensor> whole, Architecture widest, Architecture part) {
    Map<String, Tensor> own = new LinkedHashMap<>();
    part.shapes(COUNTS.length)
        .forEach(
            (name, shape) -> {
              boolean layer = name.startsWith("G.");
              String source = layer && part.cell() != widest.cell() ? Network.BESIDE + name : name;
              Tensor from = whole.get(source);
              int blocks = layer ? part.cell().gates() : 1;
              int columns = shape.length > 1 ? shape[1] : 1;
              int wide = from.shape().length > 1 ? from.shape()[1] : 1;
              float[] data = new float[shape[0] * columns];
              for (int i = 0; i < data.length; i++) {
                int row = i / columns;
                int block = row / (shape[0] / blocks);
                int place = block * (from.shape()[0] / blocks) + row % (shape[0] / blocks);
                data[i] = from.data()[place * wide + i % columns];
              }
              own.put(name, new Tensor(shape, data));
            });
    return own;
  }

  @ParameterizedTest
  @MethodSource("strangers")
  void whatItDoesNotHoldIsRefused(Architecture stranger) {
    Architecture widest = new Architecture(Cell.GRU, Embedding.CONSTRAINED, 9, List.of(9, 9));
    Network holding = Network.holding(Kernels.BEST, new Team(1), widest, COUNTS, config(0), null);
    assertThatThrownBy(() -> holding.path(stranger))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("is no part of");
  }

  static Stream<Architecture> strangers() {
    return Stream.of(
        new Architecture(Cell.LSTM, Embedding.CONSTRAINED, 9, List.of(9)),
        new Architecture(Cell.GRU, Embedding.CONSTRAINED, 10, List.of(10)),
        new Architecture(Cell.GRU, Embedding.CONSTRAINED, 9, List.of(9, 9, 9)),
        new Architecture(Cell.GRU, Embedding.SEPARATE, 9, List.of(9)));
  }
}
