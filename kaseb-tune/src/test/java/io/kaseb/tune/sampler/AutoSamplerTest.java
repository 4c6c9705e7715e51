package io.kaseb.tune.sampler;

import static org.assertj.core.api.Assertions.assertThat;

import io.kaseb.tune.space.Choice;
import io.kaseb.tune.space.Domain;
import io.kaseb.tune.space.Parameters;
import io.kaseb.tune.space.Range;
import io.kaseb.tune.space.Space;
import io.kaseb.tune.space.Spaces;
import io.kaseb.tune.study.MemoryStore;
import io.kaseb.tune.study.MethodSpec;
import io.kaseb.tune.study.Objective;
import io.kaseb.tune.study.Request;
import io.kaseb.tune.study.Settings;
import io.kaseb.tune.study.Study;
import io.kaseb.tune.trial.Goal;
import io.kaseb.tune.trial.History;
import io.kaseb.tune.trial.Measurement;
import io.kaseb.tune.trial.Outcome;
import io.kaseb.tune.trial.Segment;
import io.kaseb.tune.trial.Trial;
import io.kaseb.tune.trial.TrialState;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.SplittableRandom;
import java.util.concurrent.ConcurrentHashMap;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

class AutoSamplerTest {
  private static final Goal LESS = Goal.minimize("loss");

  private static Settings settings(int trials) {
    return Settings.of(Spaces.square(), LESS)
        .withMethod(MethodSpec.of("Auto"), MethodSpec.of("None"))
        .withMaxTrials(trials);
  }

  private static double bowl(Parameters p) {
    return Math.pow(p.number("x") - .3, 2) + Math.pow(p.number("y") - .6, 2);
  }

  private static Study run(Settings settings, Objective objective) {
    Study study = Study.create(new MemoryStore(), settings);
    study.run(objective);
    return study;
  }

  private static Objective noisy(double deviation) {
    return trial ->
        Outcome.of(
            bowl(trial.parameters())
                + deviation * new SplittableRandom(trial.seed()).nextGaussian());
  }

  private static Map<Parameters, Integer> times(List<Trial> trials) {
    Map<Parameters, Integer> times = new HashMap<>();
    trials.forEach(t -> times.merge(t.parameters(), 1, Integer::sum));
    return times;
  }

  @Test
  void measuresTheBestAgainWhereResultsAreNoisy() {
    Study study = run(settings(50), noisy(.1));
    List<Trial> trials = study.trials();
    assertThat(times(trials.subList(0, 40)).values()).containsOnly(1);
    Map<Parameters, Integer> times = times(trials);
    assertThat(times.size()).isLessThan(48);
    assertThat(times.values()).allMatch(n -> n <= AutoSampler.ENOUGH);
    Trial best = study.best().orElseThrow();
    double mean =
        trials.stream()
            .filter(t -> t.parameters().equals(best.parameters()))
            .mapToDouble(t -> t.values().getFirst())
            .average()
            .orElseThrow();
    assertThat(times.get(best.parameters())).isGreaterThan(1);
    assertThat(best.values().getFirst()).isEqualTo(mean);
    assertThat(best.outcome().valueError(0)).isBetween(.01, .2);
    assertThat(best.reason()).startsWith("mean of trials " + best.id() + ", ");
    assertThat(study.history().best()).hasSameSizeAs(times.entrySet());
  }

  @Test
  void findsBetterOnesThanTheLuckiestSingleResult() {
    double found = 0;
    double luckiest = 0;
    for (int seed = 0; seed < 10; seed++) {
      Study study = run(settings(40).withSeed(seed), noisy(.2));
      found += bowl(study.best().orElseThrow().parameters());
      Trial single =
          study.trials().stream()
              .min((a, b) -> Double.compare(a.values().getFirst(), b.values().getFirst()))
              .orElseThrow();
      luckiest += bowl(single.parameters());
    }
    assertThat(found).isLessThan(luckiest);
  }

  @Test
  void exactResultsAreMeasuredAgainOnce() {
    Study study = run(settings(40), trial -> Outcome.of(bowl(trial.parameters())));
    assertThat(times(study.trials()).values()).containsOnlyOnce(2).containsOnly(1, 2);
    assertThat(study.best().orElseThrow().reason()).isNotEmpty();
  }

  @Test
  void sideBySideToo() {
    Map<Integer, Integer> repeats = new ConcurrentHashMap<>();
    Study study =
        run(
            settings(40).withConcurrency(4),
            trial -> {
              repeats.put(trial.id(), trial.repeat());
              return noisy(.1).run(trial);
            });
    assertThat(times(study.trials()).values()).allMatch(n -> n <= AutoSampler.ENOUGH);
    for (Trial trial : study.trials()) {
      long before =
          study.trials().stream()
              .filter(t -> t.id() < trial.id() && t.parameters().equals(trial.parameters()))
              .count();
      assertThat(repeats.get(trial.id())).isEqualTo((int) before);
    }
  }

  @Test
  void failuresOfTheBestEndItsRepeats() {
    Study study =
        run(
            settings(40),
            trial -> {
              if (trial.repeat() > 0) {
                throw new IllegalStateException("no luck twice");
              }
              return noisy(.1).run(trial);
            });
    assertThat(times(study.trials()).values()).allMatch(n -> n <= AutoSampler.ENOUGH);
    assertThat(study.best().orElseThrow().reason()).isEmpty();
  }

  @Test
  void nothingIsMeasuredAgainWhereTrialsAreStoppedEarly() {
    Settings settings =
        settings(40).withMethod(MethodSpec.of("Auto"), MethodSpec.of("ASHA")).withBudget(9);
    Study study =
        run(
            settings,
            trial -> {
              Outcome outcome = noisy(.1).run(trial);
              for (int step = trial.from() + 1; step <= trial.until(); step++) {
                trial.report(step, outcome.values().getFirst() + 1. / step);
              }
              return outcome;
            });
    assertThat(study.trials()).hasSize(40);
    assertThat(times(study.trials()).values()).containsOnly(1);
  }

  /// A trial that succeeded, every third one with a report.
  private static Trial timed(int id, double x, String kind, double seconds) {
    Parameters parameters = new Parameters(Map.of("x", x, "kind", kind));
    double loss = Math.pow(x - .4, 2);
    Trial trial =
        Trial.waiting(id, parameters, Trial.Origin.SAMPLER).started(new Segment(id, id, 0, 1));
    Trial told = id % 3 == 0 ? trial.reported(new Measurement(1, List.of(loss))) : trial;
    return told.ended(TrialState.SUCCEEDED, Outcome.of(loss), "", seconds);
  }

  /// Two kinds that are equally good, of which one takes twenty times as long.
  private static History oneKindTakesLonger() {
    Space space = Space.of(Map.of("x", Range.of(0, 1), "kind", Choice.of("quick", "slow")));
    List<Trial> trials = new ArrayList<>();
    for (int id = 0; id < 20; id++) {
      boolean isSlow = id % 2 == 0;
      double x = Math.floorDiv(id, 2) / 10. + .05;
      trials.add(timed(id, x, isSlow ? "slow" : "quick", isSlow ? 20 : 1));
    }
    return History.of(space, List.of(LESS), 1, trials);
  }

  private static long slowOnes(double seconds) {
    AutoSampler sampler = AutoSampler.of(1, 100, seconds);
    History history = oneKindTakesLonger();
    return IntStream.range(0, 20)
        .filter(
            seed -> {
              Suggestion one = sampler.suggest(history, new SplittableRandom(seed)).orElseThrow();
              return one.parameters().values().get("kind").equals("slow");
            })
        .count();
  }

  @Test
  void asksWhatTrialsCostWhereTimeIsLimited() {
    assertThat(slowOnes(Double.POSITIVE_INFINITY)).isBetween(4L, 16L);
    assertThat(slowOnes(10_000)).isZero();
  }

  @Test
  void measuresTheBestAgainInTheLastFifthOfTheTime() {
    History history = oneKindTakesLonger();
    Parameters best = history.best().getFirst().parameters();
    assertThat(AutoSampler.of(1, 100, 260).suggest(history, new SplittableRandom(1)))
        .contains(new Suggestion(best, -1));
    assertThat(AutoSampler.of(1, 100, 270).suggest(history, new SplittableRandom(1)))
        .isNotEqualTo(Optional.of(new Suggestion(best, -1)));
  }

  @Test
  void nothingIsMeasuredAgainInShortStudiesOrForSeveralGoals() {
    assertThat(times(run(settings(19), noisy(.1)).trials()).values()).containsOnly(1);
    Settings several =
        Settings.of(Spaces.square(), LESS, Goal.minimize("other"))
            .withMethod(MethodSpec.of("Auto"), MethodSpec.of("None"))
            .withMaxTrials(30);
    Study study =
        run(
            several,
            trial -> {
              double noise = new SplittableRandom(trial.seed()).nextDouble();
              return Outcome.of(noise, 1 - noise);
            });
    assertThat(times(study.trials()).values()).containsOnly(1);
  }

  /// A space of one choice and so many numbers.
  private static Space space(int parameters) {
    Map<String, Domain> all = new LinkedHashMap<>();
    all.put("kind", Choice.of("usual", "better"));
    for (int i = 1; i < parameters; i++) {
      all.put("x" + i, Range.of(0, 1));
    }
    return Space.of(all);
  }

  private static History random(int parameters, int results) {
    Space space = space(parameters);
    List<Trial> trials = new ArrayList<>();
    for (int id = 0; id < results; id++) {
      Parameters drawn = space.at(space.random(new SplittableRandom(id)));
      trials.add(
          Trial.waiting(id, drawn, Trial.Origin.SAMPLER)
              .started(new Segment(id, id, 0, 1))
              .ended(TrialState.SUCCEEDED, Outcome.of(far(drawn)), "", 1));
    }
    return History.of(space, List.of(LESS), 1, trials);
  }

  private static double far(Parameters p) {
    double sum = p.values().get("kind").equals("better") ? 0 : 1;
    for (int i = 1; i < p.values().size(); i++) {
      sum += Math.pow(p.number("x" + i) - .5, 2);
    }
    return sum;
  }

  private static Optional<Suggestion> next(Sampler sampler, History history) {
    return sampler.suggest(history, new SplittableRandom(3));
  }

  @Test
  void manyParametersAreLookedAtWidelyAndThenByAForest() {
    AutoSampler auto = AutoSampler.of(1, 1000, Double.POSITIVE_INFINITY);
    int few = AutoSampler.MOST_DIMENSIONS;
    int wide = AutoSampler.WIDE;
    History near = random(few, wide);
    assertThat(next(auto, near)).isEqualTo(next(auto.gp(), near));
    History first = random(few + 1, wide - 1);
    assertThat(next(auto, first)).isEqualTo(next(auto.tpe(), first));
    History then = random(few + 1, wide);
    assertThat(next(auto, then)).isEqualTo(next(ForestSampler.of(1), then));
    History last = random(few + 1, AutoSampler.FEW + 1);
    assertThat(next(auto, last)).isEqualTo(next(auto.tpe(), last));
  }

  @Test
  void aGoodFirstTrialDoesNotKeepItFromTheOtherOption() {
    Map<String, Object> good = new LinkedHashMap<>();
    good.put("kind", "usual");
    IntStream.range(1, 20).forEach(i -> good.put("x" + i, .6));
    for (int seed = 0; seed < 5; seed++) {
      Settings settings =
          Settings.of(space(20), LESS)
              .withMethod(MethodSpec.of("Auto"), MethodSpec.of("None"))
              .withMaxTrials(40)
              .withSeed(seed);
      MemoryStore store = new MemoryStore();
      Study study = Study.create(store, settings);
      store.request(new Request.Enqueue(new Parameters(good)));
      study.run(trial -> Outcome.of(far(trial.parameters())));
      assertThat(study.best().orElseThrow().parameters().values()).containsEntry("kind", "better");
    }
  }
}
