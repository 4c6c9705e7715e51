package io.kaseb.network;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import io.kaseb.config.Cell;
import io.kaseb.config.FinalAct;
import io.kaseb.config.LossKind;
import io.kaseb.config.OptimizerKind;
import io.kaseb.kernel.Kernels;
import io.kaseb.model.Architecture;
import io.kaseb.model.Catalogue;
import io.kaseb.model.Embedding;
import io.kaseb.model.Gru4Rec;
import io.kaseb.model.SessionState;
import io.kaseb.model.Tensor;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/// What a network in training remembers of each slot's session, over more clicks than any layer
/// remembers, is what a forecast remembers of that session alone: sessions begin in the midst, and
/// move up where slots close.
class CarriedStatesTest {
  private static final int ITEMS = 12;
  private static final int STEPS = 24;
  private static final int FRESH_AT = 4;
  private static final int CLOSED_AT = 19;

  static Stream<Arguments> all() {
    return Stream.of(Cell.values())
        .flatMap(
            cell ->
                Stream.of(Embedding.values())
                    .flatMap(
                        e ->
                            IntStream.of(1, 2, 3)
                                .mapToObj(threads -> Arguments.of(cell, e, threads))));
  }

  @ParameterizedTest
  @MethodSource("all")
  void areThoseOfAForecast(Cell cell, Embedding embedding, int threads) {
    int size = embedding == Embedding.SEPARATE ? 6 : embedding == Embedding.CONSTRAINED ? 4 : 0;
    Architecture shape = new Architecture(cell, embedding, size, List.of(5, 4));
    Random random = new Random(5);
    Map<String, Tensor> tensors = tensors(shape, random);
    Gru4Rec model = Gru4Rec.of(shape, catalogue(), tensors);
    Team team = new Team(threads);
    Network network = network(shape, team);
    network.load(tensors, 0);
    team.run(network::clear);
    SessionState[] states = new SessionState[3];
    Arrays.setAll(states, b -> model.newSession());
    float[][] scores = new float[3][ITEMS];
    for (int s = 0; s < STEPS; s++) {
      int active = s < CLOSED_AT ? 3 : 2;
      int[] items = random.ints(3, 0, ITEMS).toArray();
      team.run(
          t -> {
            network.prepare(t, items, items, active, new int[] {1, 2}, 2, Dropout.NONE);
            team.barrier();
            network.forward(t);
          });
      float[] hidden = NetworkProbe.hidden(network, 1, active);
      for (int b = 0; b < active; b++) {
        model.click(states[b], items[b]);
      }
      model.scores(states, active, scores);
      for (int b = 0; b < active; b++) {
        check(tensors, hidden, b, scores[b]);
      }
      int step = s + 1;
      team.run(t -> carry(network, t, step));
      if (step == FRESH_AT) {
        states[2] = model.newSession();
      } else if (step == CLOSED_AT) {
        states[1] = states[2];
      }
    }
  }

  /// Carries states on to a step: in one a session begins, before another the second slot closes.
  private static void carry(Network network, int t, int step) {
    int[] from = {0, step == CLOSED_AT ? 2 : 1, 2};
    boolean[] fresh = {false, false, step == FRESH_AT};
    network.carry(t, from, fresh, step < CLOSED_AT ? 3 : 2);
  }

  private static void check(Map<String, Tensor> tensors, float[] hidden, int b, float[] scores) {
    float[] rows = tensors.get("Wy.weight").data();
    for (int i = 0; i < ITEMS; i++) {
      double sum = tensors.get("By.weight").data()[i];
      for (int u = 0; u < 4; u++) {
        sum += hidden[b * 4 + u] * rows[i * 4 + u];
      }
      assertThat((double) scores[i]).isCloseTo(sum, within(1e-4));
    }
  }

  private static Network network(Architecture shape, Team team) {
    long[] counts = new long[ITEMS];
    Arrays.fill(counts, 3);
    return new Network(
        Kernels.BEST,
        team,
        shape,
        counts,
        new Network.StepConfig(
            3,
            2,
            .5f,
            new Loss(LossKind.CROSS_ENTROPY, 0, 0),
            FinalActivation.of(FinalAct.of("linear")),
            0,
            0,
            new Optimizer(OptimizerKind.ADAGRAD, .1f, 0, 1e-6f, 0),
            0));
  }

  private static Catalogue catalogue() {
    return Catalogue.of(IntStream.range(0, ITEMS).mapToObj(Integer::toString).toList());
  }

  private static Map<String, Tensor> tensors(Architecture shape, Random random) {
    Map<String, Tensor> tensors = new LinkedHashMap<>();
    shape
        .shapes(ITEMS)
        .forEach(
            (name, sizes) -> {
              float[] data = new float[Arrays.stream(sizes).reduce(1, (a, b) -> a * b)];
              for (int i = 0; i < data.length; i++) {
                data[i] = random.nextFloat() * 2 - 1;
              }
              tensors.put(name, new Tensor(sizes, data));
            });
    return tensors;
  }
}
