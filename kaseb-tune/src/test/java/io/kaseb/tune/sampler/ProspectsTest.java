package io.kaseb.tune.sampler;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import io.kaseb.tune.space.Parameters;
import io.kaseb.tune.space.Range;
import io.kaseb.tune.space.Space;
import io.kaseb.tune.study.MemoryStore;
import io.kaseb.tune.study.MethodSpec;
import io.kaseb.tune.study.Objective;
import io.kaseb.tune.study.Settings;
import io.kaseb.tune.study.Study;
import io.kaseb.tune.trial.Goal;
import io.kaseb.tune.trial.History;
import io.kaseb.tune.trial.Measurement;
import io.kaseb.tune.trial.Observation;
import io.kaseb.tune.trial.Outcome;
import io.kaseb.tune.trial.Segment;
import io.kaseb.tune.trial.Trial;
import io.kaseb.tune.trial.TrialState;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

class ProspectsTest {
  private static final List<Goal> GOALS = List.of(Goal.maximize("mrr"), Goal.minimize("bytes"));

  /// A trial of a model of 100 bytes that reported these values of the first goal.
  private static Trial reported(int id, double... values) {
    Parameters parameters = new Parameters(Map.of("x", id / 10.));
    Trial trial =
        Trial.waiting(id, parameters, Trial.Origin.SAMPLER).started(new Segment(id, id, 0, 9));
    for (int step = 1; step <= values.length; step++) {
      trial = trial.reported(new Measurement(step, List.of(values[step - 1], 100.)));
    }
    return trial;
  }

  private static Trial paused(int id, double... values) {
    return reported(id, values).ended(TrialState.WAITING, null, "", 1);
  }

  private static Trial done(int id, double best, double... values) {
    return reported(id, values)
        .ended(TrialState.SUCCEEDED, new Outcome(List.of(best, 100.), List.of()), "", 1);
  }

  private static Map<Integer, double[]> losses(List<Trial> trials) {
    Space space = Space.of(Map.of("x", Range.of(0, 1)));
    History history = History.of(space, GOALS, 3, trials);
    List<Observation> some = history.measured();
    List<double[]> losses = Prospects.losses(history, some);
    Map<Integer, double[]> byId = new HashMap<>();
    for (int i = 0; i < some.size(); i++) {
      byId.put(some.get(i).trial().id(), losses.get(i));
    }
    return byId;
  }

  @Test
  void whatWasStoppedGainsWhatOthersGained() {
    Map<Integer, double[]> losses =
        losses(
            List.of(
                done(0, .30, .20, .25, .30),
                paused(1, .22),
                paused(2, .18, .24),
                done(3, .35, .21, .28, .35),
                done(4, .40, .10, .36, .34)));
    assertThat(losses.get(0)).containsExactly(-.30, 100);
    assertThat(losses.get(4)).containsExactly(-.40, 100);
    // From the first to the second step .05, .06, .07 and .26; from there on .05, .07 and .04.
    assertThat(losses.get(1)[0]).isCloseTo(-(.22 + .065 + .05), within(1e-12));
    assertThat(losses.get(2)[0]).isCloseTo(-(.24 + .05), within(1e-12));
    assertThat(losses.get(1)[1]).isEqualTo(100);
  }

  @Test
  void nothingIsCarriedWhereNoneWentFurther() {
    assertThat(losses(List.of(paused(0, .2), paused(1, .3))).get(0)).containsExactly(-.2, 100);
    assertThat(losses(List.of(paused(0, .2), done(1, .3))).get(0)).containsExactly(-.2, 100);
  }

  /// Curves that rise far: by raw losses, what was promoted first looks best for ever.
  private static double found(String sampler) {
    double sum = 0;
    for (int seed = 0; seed < 10; seed++) {
      Settings settings =
          Settings.of(
                  Space.of(Map.of("x", Range.of(0, 1), "y", Range.of(0, 1), "z", Range.of(0, 1))),
                  Goal.minimize("loss"))
              .withMethod(MethodSpec.of(sampler), MethodSpec.of("ASHA"))
              .withBudget(9)
              .withMaxTrials(50)
              .withSeed(seed);
      Study study = Study.create(new MemoryStore(), settings);
      study.run(rising());
      sum += loss(study.best().orElseThrow().parameters());
    }
    return sum / 10;
  }

  private static double loss(Parameters p) {
    return Math.pow(p.number("x") - .3, 2)
        + Math.pow(p.number("y") - .6, 2)
        + Math.pow(p.number("z") - .8, 2);
  }

  private static Objective rising() {
    return trial -> {
      double loss = loss(trial.parameters());
      for (int step = trial.from() + 1; step <= trial.until(); step++) {
        trial.report(step, loss + 2. / step);
      }
      return Outcome.of(loss + 2. / trial.until());
    };
  }

  @Test
  void processesFindTheBestAmongTrialsThatWereStopped() {
    assertThat(found("GP")).isLessThan(5e-5);
    assertThat(found("Auto")).isLessThan(5e-5);
  }
}
