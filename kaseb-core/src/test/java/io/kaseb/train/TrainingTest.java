package io.kaseb.train;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import io.kaseb.base.Progress;
import io.kaseb.config.TrainConfig;
import io.kaseb.model.Catalogue;
import io.kaseb.model.Sessions;
import io.kaseb.model.Tensor;
import io.kaseb.model.TrainingEpoch;
import io.kaseb.network.ItemParts;
import io.kaseb.network.TrainingDivergedException;
import java.util.Arrays;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Random;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class TrainingTest {
  private static final int ITEMS = 40;
  private static final Catalogue CATALOGUE =
      Catalogue.of(IntStream.range(0, ITEMS).mapToObj(Integer::toString).toList());

  /// Sessions that walk up by one, from anywhere: easy to learn.
  private static Sessions walks(int count) {
    Random random = new Random(3);
    int[] offsets = new int[count + 1];
    int[] items = new int[count * 4];
    for (int s = 0; s < count; s++) {
      int start = random.nextInt(ITEMS);
      for (int k = 0; k < 4; k++) {
        items[4 * s + k] = (start + k) % ITEMS;
      }
      offsets[s + 1] = 4 * s + 4;
    }
    return new Sessions(offsets, items, null);
  }

  private static Training training(Map<String, String> changes, Sessions sessions, int threads) {
    Map<String, String> all =
        new LinkedHashMap<>(
            Map.of("layers", "12", "batch_size", "8", "n_sample", "16", "dropout_p_hidden", "0.1"));
    all.putAll(changes);
    TrainConfig config = TrainConfig.DEFAULT.with(all);
    return Training.create(config, CATALOGUE, sessions.itemCounts(ITEMS), threads);
  }

  /// A part for every ten items, and one for all of them by a quarter.
  private static ItemParts parts() {
    int[] offsets = IntStream.rangeClosed(0, ITEMS).map(i -> 2 * i).toArray();
    int[] parts = IntStream.range(0, 2 * ITEMS).map(i -> i % 2 == 0 ? i / 20 : 4).toArray();
    float[] shares = new float[parts.length];
    for (int i = 0; i < shares.length; i++) {
      shares[i] = i % 2 == 0 ? 1 : .25f;
    }
    return new ItemParts(5, offsets, parts, shares);
  }

  private static Training withParts(Map<String, String> changes, Sessions sessions, int threads) {
    TrainConfig config = training(changes, sessions, 1).config();
    return Training.create(config, CATALOGUE, sessions.itemCounts(ITEMS), threads, parts());
  }

  private static double run(Training training, Sessions sessions, int epochs) {
    double loss = 0;
    for (int e = 0; e < epochs; e++) {
      loss = training.epoch(sessions, Progress.NONE, () -> false).trainLoss();
    }
    return loss;
  }

  private static void same(Map<String, Tensor> a, Map<String, Tensor> b) {
    assertThat(a.keySet()).isEqualTo(b.keySet());
    a.forEach((name, tensor) -> assertThat(tensor.data()).as(name).isEqualTo(b.get(name).data()));
  }

  @ParameterizedTest
  @CsvSource({
    "adagrad, 0.2, 0.2",
    "rmsprop, 0.01, 0",
    "adadelta, 3, 0.1",
    "adam, 0.01, 0",
    "sgd, 0.1, 0.5"
  })
  void everyOptimizerLearns(String optimizer, String rate, String momentum) {
    Sessions sessions = walks(600);
    Map<String, String> changes =
        Map.of("optimizer", optimizer, "learning_rate", rate, "momentum", momentum);
    Training training = training(changes, sessions, 2);
    double first = run(training, sessions, 1);
    double last = run(training, sessions, 7);
    assertThat(last).isLessThan(first * .7);
    assertThat(training.loss(sessions)).isLessThan(first * .7);
  }

  @ParameterizedTest
  @ValueSource(strings = {"cross-entropy", "bpr-max", "top1", "bpr", "top1-max"})
  void everyLossLearns(String loss) {
    Sessions sessions = walks(600);
    Training training =
        training(Map.of("loss", loss, "learning_rate", "0.1", "bpreg", "0.1"), sessions, 2);
    double first = run(training, sessions, 1);
    assertThat(run(training, sessions, 6)).isLessThan(first * .96);
  }

  @Test
  void theSameSeedGivesTheSameBytes() {
    Sessions sessions = walks(100);
    for (int threads : new int[] {1, 2, 3}) {
      Training a = training(Map.of(), sessions, threads);
      Training b = training(Map.of(), sessions, threads);
      run(a, sessions, 2);
      run(b, sessions, 2);
      same(a.weights(), b.weights());
      Training c = training(Map.of("seed", "43"), sessions, threads);
      run(c, sessions, 2);
      assertThat(c.weights().get("Wy.weight").data())
          .isNotEqualTo(a.weights().get("Wy.weight").data());
    }
  }

  @ParameterizedTest
  @ValueSource(strings = {"0", "0.7"})
  void goesOnWhereItWas(String decay) {
    Sessions sessions = walks(100);
    Map<String, String> changes = Map.of("ema_decay", decay);
    Training whole = training(changes, sessions, 2);
    run(whole, sessions, 4);
    Training first = training(changes, sessions, 2);
    run(first, sessions, 2);
    Training second = training(changes, sessions, 2);
    second.load(first.weights());
    second.resume(first.optimizerState(), first.epoch(), first.steps());
    run(second, sessions, 2);
    same(second.weights(), whole.weights());
    same(second.optimizerState(), whole.optimizerState());
    same(second.forecasting(), whole.forecasting());
  }

  @Test
  void forecastsByTheAverageOverEpochs() {
    Sessions sessions = walks(100);
    Training plain = withParts(Map.of(), sessions, 1);
    Training averaged = withParts(Map.of("ema_decay", "0.5"), sessions, 1);
    Map<String, double[]> sums = new HashMap<>();
    for (double weight : new double[] {1 / 7., 2 / 7., 4 / 7.}) {
      run(plain, sessions, 1);
      run(averaged, sessions, 1);
      averaged.loss(sessions);
      Map<String, Tensor> all = new HashMap<>(plain.weights());
      plain.shared().forEach((name, tensor) -> all.put("shared " + name, tensor));
      all.forEach(
          (name, tensor) -> {
            double[] sum = sums.computeIfAbsent(name, n -> new double[tensor.data().length]);
            for (int i = 0; i < sum.length; i++) {
              sum[i] += weight * tensor.data()[i];
            }
          });
    }
    same(averaged.weights(), plain.weights());
    Map<String, Tensor> all = new HashMap<>(averaged.forecasting());
    averaged.shared().forEach((name, tensor) -> all.put("shared " + name, tensor));
    assertThat(all.keySet()).isEqualTo(sums.keySet());
    all.forEach(
        (name, tensor) -> {
          for (int i = 0; i < tensor.data().length; i++) {
            assertThat((double) tensor.data()[i]).isCloseTo(sums.get(name)[i], within(1e-5));
          }
        });
    assertThat(averaged.loss(sessions)).isNotEqualTo(plain.loss(sessions));
  }

  @ParameterizedTest
  @ValueSource(strings = {"true", "false"})
  void goesOnWithWhatItemsHaveInCommon(String constrained) {
    Sessions sessions = walks(100);
    Map<String, String> changes =
        Map.of(
            "constrained_embedding", constrained,
            "embedding", "8",
            "grad_clip", "0.5",
            "ema_decay", "0.6");
    Training whole = withParts(changes, sessions, 2);
    run(whole, sessions, 4);
    Training first = withParts(changes, sessions, 2);
    run(first, sessions, 2);
    Training second = withParts(changes, sessions, 2);
    second.load(first.weights());
    second.resume(first.optimizerState(), first.epoch(), first.steps());
    run(second, sessions, 2);
    same(second.weights(), whole.weights());
    same(second.optimizerState(), whole.optimizerState());
    same(second.shared(), whole.shared());
    assertThat(whole.shared()).hasSize(constrained.equals("true") ? 2 : 3);
  }

  @Test
  void aKeyLeavesOutWhatItemsHaveInCommon() {
    Sessions sessions = walks(100);
    Training without = withParts(Map.of("item_attributes", "false"), sessions, 2);
    Training plain = training(Map.of(), sessions, 2);
    Training with = withParts(Map.of(), sessions, 2);
    for (Training training : new Training[] {without, plain, with}) {
      run(training, sessions, 1);
    }
    same(without.weights(), plain.weights());
    assertThat(without.shared()).isEmpty();
    assertThat(with.weights().get("Wy.weight").data())
        .isNotEqualTo(plain.weights().get("Wy.weight").data());
  }

  /// Sessions of items of one kind, of which each is clicked so seldom that it can learn little by
  /// itself: what the kind has learned tells what comes next.
  @Test
  void seldomClickedItemsLearnFromTheirLike() {
    int kinds = 8;
    int items = 400;
    Random random = new Random(5);
    int[] offsets = IntStream.rangeClosed(0, 300).map(s -> 3 * s).toArray();
    int[] clicks = new int[900];
    for (int e = 0; e < clicks.length; e++) {
      clicks[e] = e / 3 % kinds + kinds * random.nextInt(items / kinds);
    }
    Sessions all = new Sessions(offsets, clicks, null);
    Sessions train = all.slice(0, 200);
    Catalogue catalogue =
        Catalogue.of(IntStream.range(0, items).mapToObj(Integer::toString).toList());
    float[] ones = new float[items];
    Arrays.fill(ones, 1);
    ItemParts parts =
        new ItemParts(
            kinds,
            IntStream.rangeClosed(0, items).toArray(),
            IntStream.range(0, items).map(i -> i % kinds).toArray(),
            ones);
    double[] loss = new double[2];
    for (int with = 0; with < 2; with++) {
      Training training =
          Training.create(
              training(Map.of("n_sample", "64"), walks(9), 1).config(),
              catalogue,
              train.itemCounts(items),
              1,
              with == 0 ? null : parts);
      run(training, train, 8);
      loss[with] = training.loss(all.slice(200, 300));
    }
    assertThat(loss[1]).isLessThan(loss[0] - .5);
  }

  @Test
  void validationChangesNothing() {
    Sessions sessions = walks(100);
    Training a = training(Map.of(), sessions, 2);
    Training b = training(Map.of(), sessions, 2);
    run(a, sessions, 1);
    double loss = a.loss(sessions.slice(0, 3));
    assertThat(a.loss(sessions.slice(0, 3))).isEqualTo(loss);
    run(a, sessions, 1);
    run(b, sessions, 2);
    same(a.weights(), b.weights());
  }

  @Test
  void fewerSessionsThanTheBatchTrain() {
    Sessions sessions = walks(3);
    Training training = training(Map.of("batch_size", "50"), sessions, 2);
    TrainingEpoch epoch = training.epoch(sessions, Progress.NONE, () -> false);
    assertThat(epoch.events()).isEqualTo(9);
    assertThat(epoch.trainLoss()).isPositive();
    Training alone =
        training(Map.of("batch_size", "50", "n_sample", "0", "loss", "bpr"), sessions, 2);
    Sessions one = walks(1);
    assertThat(alone.epoch(one, Progress.NONE, () -> false).trainLoss()).isZero();
  }

  @Test
  void gradientClippingHoldsTheFirstStepsNorm() {
    Sessions sessions = walks(4);
    Map<String, String> sgd =
        Map.of(
            "optimizer",
            "sgd",
            "learning_rate",
            "1",
            "momentum",
            "0",
            "batch_size",
            "4",
            "grad_clip",
            "0.05",
            "dropout_p_hidden",
            "0");
    Sessions firstStep = firstPairs(sessions);
    for (int threads : new int[] {1, 2}) {
      Training training = training(sgd, sessions, threads);
      Map<String, Tensor> before = training.weights();
      training.epoch(firstStep, Progress.NONE, () -> false);
      double squares = 0;
      for (Map.Entry<String, Tensor> e : training.weights().entrySet()) {
        float[] old = before.get(e.getKey()).data();
        for (int i = 0; i < old.length; i++) {
          squares += Math.pow(e.getValue().data()[i] - old[i], 2);
        }
      }
      assertThat(Math.sqrt(squares)).isBetween(.0499, .0501);
    }
  }

  private static Sessions firstPairs(Sessions sessions) {
    int[] items = new int[2 * sessions.count()];
    int[] offsets = new int[sessions.count() + 1];
    for (int s = 0; s < sessions.count(); s++) {
      items[2 * s] = sessions.items()[sessions.start(s)];
      items[2 * s + 1] = sessions.items()[sessions.start(s) + 1];
      offsets[s + 1] = 2 * s + 2;
    }
    return new Sessions(offsets, items, null);
  }

  @Test
  void divergenceIsNamed() {
    Sessions sessions = walks(200);
    Training training =
        training(
            Map.of(
                "optimizer",
                "sgd",
                "learning_rate",
                "100",
                "momentum",
                "0.9",
                "loss",
                "bpr-max",
                "final_act",
                "linear"),
            sessions,
            2);
    assertThatThrownBy(() -> run(training, sessions, 20))
        .isInstanceOf(TrainingDivergedException.class)
        .hasMessageContaining("learning_rate=100");
  }

  @Test
  void aStoppedEpochIsGivenUp() {
    Sessions sessions = walks(3000);
    Training training = training(Map.of(), sessions, 2);
    assertThat(training.epoch(sessions, Progress.NONE, () -> true)).isNull();
  }

  @Test
  void weightDecayShrinksWeights() {
    Sessions sessions = walks(200);
    Training plain = training(Map.of(), sessions, 1);
    Training decayed = training(Map.of("weight_decay", "0.1"), sessions, 1);
    run(plain, sessions, 2);
    run(decayed, sessions, 2);
    assertThat(norm(decayed)).isLessThan(norm(plain) * .9);
  }

  private static double norm(Training training) {
    double sum = 0;
    for (float w : training.weights().get("Wy.weight").data()) {
      sum += w * w;
    }
    return sum;
  }
}
