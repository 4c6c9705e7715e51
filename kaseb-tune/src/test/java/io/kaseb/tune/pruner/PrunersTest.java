package io.kaseb.tune.pruner;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import io.kaseb.tune.space.Spaces;
import io.kaseb.tune.study.MemoryStore;
import io.kaseb.tune.study.Method;
import io.kaseb.tune.study.MethodSpec;
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
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;

class PrunersTest {
  private static final Goal UP = Goal.maximize("recall");

  private static Trial curve(int id, TrialState state, double... values) {
    Trial trial =
        Trial.waiting(id, Spaces.square().at(new double[] {.1 * id, 0}), Trial.Origin.SAMPLER)
            .started(new Segment(id, 0, 0, 100));
    for (int i = 0; i < values.length; i++) {
      trial = trial.reported(new Measurement(i + 1, List.of(values[i])));
    }
    double last = values[values.length - 1];
    return state == TrialState.RUNNING ? trial : trial.ended(state, Outcome.of(last), "", 0);
  }

  private static boolean stops(Pruner pruner, int budget, Goal goal, Trial running, Trial... done) {
    List<Trial> all = new ArrayList<>(List.of(done));
    all.add(running);
    return pruner.stops(History.of(Spaces.square(), List.of(goal), budget, all), running);
  }

  @Test
  void threeKindsOfMedian() {
    Trial a = curve(0, TrialState.SUCCEEDED, .1, .2, .3);
    Trial b = curve(1, TrialState.SUCCEEDED, .2, .4, .6);
    Trial trial = curve(2, TrialState.RUNNING, .05, .16);
    assertThat(stops(new MedianPruner(MedianPruner.Variant.NNI, 0, 0), 3, UP, trial, a, b))
        .isFalse();
    assertThat(stops(new MedianPruner(MedianPruner.Variant.AVERAGED, 0, 0), 3, UP, trial, a, b))
        .isTrue();
    assertThat(stops(new MedianPruner(MedianPruner.Variant.RAW, 0, 0), 3, UP, trial, a, b))
        .isTrue();
    // NNI's threshold is .15 itself: strictly worse only.
    MedianPruner nni = new MedianPruner(MedianPruner.Variant.NNI, 0, 0);
    assertThat(stops(nni, 3, UP, curve(2, TrialState.RUNNING, .05, .1501), a, b)).isFalse();
    assertThat(stops(nni, 3, UP, curve(2, TrialState.RUNNING, .05, .1499), a, b)).isTrue();
    // Raw: .3; averaged: .225.
    MedianPruner raw = new MedianPruner(MedianPruner.Variant.RAW, 0, 0);
    assertThat(stops(raw, 3, UP, curve(2, TrialState.RUNNING, .05, .301), a, b)).isFalse();
    MedianPruner averaged = new MedianPruner(MedianPruner.Variant.AVERAGED, 0, 0);
    assertThat(stops(averaged, 3, UP, curve(2, TrialState.RUNNING, .05, .2251), a, b)).isFalse();
    assertThat(stops(averaged, 3, UP, curve(2, TrialState.RUNNING, .05, .2249), a, b)).isTrue();
  }

  @Test
  void medianMinimisesToTheUpperMiddleAndUsesOnlySuccesses() {
    Goal down = Goal.minimize("loss");
    MedianPruner nni = new MedianPruner(MedianPruner.Variant.NNI, 0, 0);
    Trial a = curve(0, TrialState.SUCCEEDED, .1);
    Trial b = curve(1, TrialState.SUCCEEDED, .2);
    // sorted[n / 2] = .2
    assertThat(stops(nni, 3, down, curve(2, TrialState.RUNNING, .19), a, b)).isFalse();
    assertThat(stops(nni, 3, down, curve(2, TrialState.RUNNING, .21), a, b)).isTrue();
    Trial stopped = curve(1, TrialState.EARLY_STOPPED, .0);
    assertThat(stops(nni, 3, down, curve(2, TrialState.RUNNING, .21), stopped)).isFalse();
    MedianPruner late = new MedianPruner(MedianPruner.Variant.NNI, 3, 0);
    assertThat(stops(late, 3, down, curve(2, TrialState.RUNNING, .21), a, b)).isFalse();
  }

  private static double[] saturating(double top, int steps) {
    double[] curve = new double[steps];
    for (int i = 0; i < steps; i++) {
      curve[i] = top - .3 * Math.pow(i + 1, -.8);
    }
    return curve;
  }

  @Test
  void curvesAreContinued() {
    Trial trial = curve(0, TrialState.RUNNING, saturating(.6, 8));
    assertThat(CurvePruner.predicted(trial, 0, 50))
        .isCloseTo(.6 - .3 * Math.pow(50, -.8), within(.02));
    Trial best = curve(1, TrialState.SUCCEEDED, saturating(.7, 50));
    CurvePruner pruner = CurvePruner.DEFAULT;
    assertThat(stops(pruner, 50, UP, trial, best)).isTrue();
    assertThat(stops(pruner, 50, UP, curve(0, TrialState.RUNNING, saturating(.69, 8)), best))
        .isFalse();
    // Five reports are too few.
    assertThat(stops(pruner, 50, UP, curve(0, TrialState.RUNNING, saturating(.3, 5)), best))
        .isFalse();
    assertThat(stops(pruner, 50, UP, curve(0, TrialState.RUNNING, saturating(.3, 6)), best))
        .isTrue();
    assertThatThrownBy(() -> stops(pruner, 50, Goal.minimize("loss"), trial, best))
        .hasMessageContaining("goals to maximize");
    assertThat(CurveFamily.values()).hasSize(12);
  }

  @Test
  void ashaKeepsTheTopShare() {
    AshaPruner asha = new AshaPruner(AshaPruner.Type.STOP, 1, 3);
    assertThat(List.of(1, 2, 3, 5, 6, 9).stream().map(asha::top)).containsExactly(1, 1, 1, 1, 2, 3);
    assertThat(Rungs.of(1, 3, 81)).containsExactly(1, 3, 9, 27, 81);
    assertThat(Rungs.of(2, 3, 20)).containsExactly(2, 6, 20);
    assertThat(stops(asha, 9, UP, curve(0, TrialState.RUNNING, .5))).isFalse();
    Trial first = curve(0, TrialState.RUNNING, .5, .5);
    assertThat(stops(asha, 9, UP, curve(1, TrialState.RUNNING, .4), first)).isTrue();
    assertThat(stops(asha, 9, UP, curve(1, TrialState.RUNNING, .6), first)).isFalse();
    // Between rungs nothing is judged.
    assertThat(stops(asha, 9, UP, curve(1, TrialState.RUNNING, .6, .1), first)).isFalse();
  }

  @Test
  void hyperbandsBracketsAndSteps() {
    List<HyperbandPruner.Bracket> round = new HyperbandPruner(1, 3).brackets(81);
    assertThat(round.stream().map(b -> b.trials().getFirst())).containsExactly(81, 34, 15, 8, 5);
    assertThat(round.stream().mapToLong(b -> b.steps(false)).sum()).isEqualTo(1902);
    assertThat(round.stream().mapToLong(b -> b.steps(true)).sum()).isEqualTo(1581);
    assertThat(round.getFirst().budgets()).containsExactly(1, 3, 9, 27, 81);
    // log_3 243 is 5, whatever floating point says.
    assertThat(new HyperbandPruner(1, 3).brackets(243)).hasSize(6);
    assertThat(new HyperbandPruner(1, 3).brackets(60)).hasSize(4);
    assertThat(new HyperbandPruner(1, 3).brackets(1)).hasSize(1);
  }

  @Test
  void hyperbandDoesThoseSteps() {
    Settings settings =
        Settings.of(Spaces.square(), UP)
            .withMethod(MethodSpec.of("Hyperband"), MethodSpec.of("None"))
            .withBudget(81)
            .withMaxTrials(81 + 34 + 15 + 8 + 5);
    Study study = Study.create(new MemoryStore(), settings);
    study.run(PrunerContract::train);
    long steps = 0;
    for (Trial trial : study.trials()) {
      steps += trial.segments().stream().mapToInt(j -> j.until() - j.from()).sum();
    }
    assertThat(steps).isEqualTo(1581);
  }

  @Test
  void theBestShareGoesOn() {
    Trial[] done = new Trial[5];
    for (int i = 0; i < 5; i++) {
      done[i] = curve(i, TrialState.SUCCEEDED, .1 * (i + 1), .1 * (i + 1));
    }
    // Of .1 .. .5 the best quarter begins at .4.
    PercentilePruner quarter = new PercentilePruner(25, 5, 0);
    assertThat(stops(quarter, 3, UP, curve(9, TrialState.RUNNING, .1, .39), done)).isTrue();
    assertThat(stops(quarter, 3, UP, curve(9, TrialState.RUNNING, .1, .41), done)).isFalse();
    assertThat(stops(new PercentilePruner(25, 6, 0), 3, UP, curve(9, TrialState.RUNNING, 0), done))
        .isFalse();
    assertThat(stops(quarter, 3, UP, curve(9, TrialState.RUNNING, .45, .1), done)).isFalse();
  }

  @Test
  void whatLeavesItsBoundsStops() {
    ThresholdPruner bounds = new ThresholdPruner(.1, .9, 1);
    assertThat(stops(bounds, 3, UP, curve(0, TrialState.RUNNING, .05))).isFalse();
    assertThat(stops(bounds, 3, UP, curve(0, TrialState.RUNNING, .5, .05))).isTrue();
    assertThat(stops(bounds, 3, UP, curve(0, TrialState.RUNNING, .5, .95))).isTrue();
    assertThat(stops(bounds, 3, UP, curve(0, TrialState.RUNNING, .5, .5))).isFalse();
    assertThat(stops(bounds, 3, UP, curve(0, TrialState.RUNNING, .5, Double.NaN))).isTrue();
    assertThatThrownBy(() -> method("Threshold", Map.of())).hasMessageContaining("no bound");
  }

  @Test
  void patienceWaitsForAnImprovement() {
    PatientPruner alone = new PatientPruner(Pruner.NONE, 2, 0);
    assertThat(stops(alone, 9, UP, curve(0, TrialState.RUNNING, .3, .2))).isFalse();
    assertThat(stops(alone, 9, UP, curve(0, TrialState.RUNNING, .3, .2, .25))).isTrue();
    assertThat(stops(alone, 9, UP, curve(0, TrialState.RUNNING, .3, .2, .31))).isFalse();
    assertThat(stops(alone, 9, UP, curve(0, TrialState.RUNNING, .3, .3, .3))).isTrue();
    PatientPruner wanting = new PatientPruner(Pruner.NONE, 2, .05);
    assertThat(stops(wanting, 9, UP, curve(0, TrialState.RUNNING, .3, .31, .32))).isTrue();
    MedianPruner median = new MedianPruner(MedianPruner.Variant.RAW, 1, 0);
    Trial weak = curve(1, TrialState.SUCCEEDED, .1, .1, .1);
    Trial strong = curve(1, TrialState.SUCCEEDED, .5, .5, .5);
    Trial stuck = curve(0, TrialState.RUNNING, .3, .2, .25);
    assertThat(stops(new PatientPruner(median, 2, 0), 9, UP, stuck, weak)).isFalse();
    assertThat(stops(new PatientPruner(median, 2, 0), 9, UP, stuck, strong)).isTrue();
    assertThatThrownBy(() -> method("Patient", Map.of("pruner", "ASHA")))
        .hasMessageContaining("pruner=ASHA");
  }

  @Test
  void partsAreComparedWithTheBestTrialsOwn() {
    double[] good = {.50, .62, .44, .71, .55, .60, .58, .49};
    double[] bad = new double[8];
    double[] mixed = new double[8];
    for (int i = 0; i < 8; i++) {
      bad[i] = good[i] - .03 - .001 * i;
      mixed[i] = good[i] + (i % 2 == 0 ? .02 : -.021);
    }
    Trial best = curve(0, TrialState.SUCCEEDED, good);
    WilcoxonPruner pruner = new WilcoxonPruner(.1, 2);
    assertThat(stops(pruner, 8, UP, curve(1, TrialState.RUNNING, bad), best)).isTrue();
    assertThat(stops(pruner, 8, UP, curve(1, TrialState.RUNNING, mixed), best)).isFalse();
    assertThat(stops(pruner, 8, UP, curve(1, TrialState.RUNNING, .1, .1), best)).isFalse();
    assertThat(stops(pruner, 8, UP, curve(1, TrialState.RUNNING, bad))).isFalse();
  }

  private static Method method(String pruner, Map<String, Object> args) {
    return Method.of(MethodSpec.of("TPE"), new MethodSpec(pruner, args), 9);
  }

  @Nested
  class NoneTest extends PrunerContract {
    @Override
    Method method() {
      return Method.of(MethodSpec.of("Random"), MethodSpec.of("None"), 9);
    }
  }

  @Nested
  class MedianNniTest extends PrunerContract {
    @Override
    Method method() {
      return PrunersTest.method("Medianstop", Map.of());
    }
  }

  @Nested
  class MedianAveragedTest extends PrunerContract {
    @Override
    Method method() {
      return PrunersTest.method("Medianstop", Map.of("variant", "averaged"));
    }
  }

  @Nested
  class MedianRawTest extends PrunerContract {
    @Override
    Method method() {
      return PrunersTest.method("Medianstop", Map.of("variant", "raw"));
    }
  }

  @Nested
  class PercentileTest extends PrunerContract {
    @Override
    Method method() {
      return PrunersTest.method("Percentile", Map.of("start_trials", 2));
    }
  }

  @Nested
  class PatientTest extends PrunerContract {
    @Override
    Method method() {
      return PrunersTest.method("Patient", Map.of("pruner", "Medianstop"));
    }
  }

  @Nested
  class ThresholdTest extends PrunerContract {
    @Override
    Method method() {
      return PrunersTest.method("Threshold", Map.of("lower", -1e9));
    }
  }

  @Nested
  class WilcoxonTest extends PrunerContract {
    @Override
    Method method() {
      return PrunersTest.method("Wilcoxon", Map.of());
    }
  }

  @Nested
  class CurveTest extends PrunerContract {
    @Override
    Method method() {
      return PrunersTest.method("Curvefitting", Map.of());
    }
  }

  @Nested
  class AshaStopTest extends PrunerContract {
    @Override
    Method method() {
      return PrunersTest.method("ASHA", Map.of("type", "stop"));
    }
  }

  @Nested
  class AshaPromoteTest extends PrunerContract {
    @Override
    Method method() {
      return PrunersTest.method("ASHA", Map.of("type", "promote"));
    }
  }

  @Nested
  class HyperbandTest extends PrunerContract {
    @Override
    Method method() {
      return PrunersTest.method("Hyperband", Map.of());
    }
  }

  @Nested
  class BohbTest extends PrunerContract {
    @Override
    Method method() {
      return Method.of(MethodSpec.of("BOHB"), MethodSpec.of("None"), 9);
    }
  }

  @Nested
  class PbtTest extends PrunerContract {
    @Override
    Method method() {
      return Method.of(new MethodSpec("PBT", Map.of("interval", 3)), MethodSpec.of("None"), 9);
    }

    /// Ten members, two of them replaced after each of two generations.
    @Override
    int trials() {
      return 14;
    }
  }
}
