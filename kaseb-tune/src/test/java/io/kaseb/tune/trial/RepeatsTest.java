package io.kaseb.tune.trial;

import static org.assertj.core.api.Assertions.assertThat;

import io.kaseb.tune.space.Parameters;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

class RepeatsTest {
  private static final Goal MORE = Goal.maximize("score");

  private final List<Trial> trials = new ArrayList<>();

  private Trial add(double x, TrialState state, double... values) {
    Trial trial =
        Trial.waiting(trials.size(), new Parameters(Map.of("x", x)), Trial.Origin.SAMPLER)
            .started(new Segment(trials.size(), 0, 0, 9))
            .ended(state, values.length == 0 ? null : Outcome.of(values), "", 2);
    trials.add(trial);
    return trial;
  }

  private List<Trial> together() {
    List<Trial> ranked =
        trials.stream()
            .sorted(Comparator.comparingDouble((Trial t) -> -t.values().getFirst()))
            .toList();
    return Repeats.together(MORE, ranked);
  }

  @Test
  void singleResultsStayAsTheyAre() {
    Trial worse = add(.1, TrialState.SUCCEEDED, .5);
    Trial better = add(.2, TrialState.SUCCEEDED, .7);
    assertThat(together()).containsExactly(better, worse);
  }

  @Test
  void theMeanOfAConfigurationStandsForIt() {
    add(.1, TrialState.SUCCEEDED, .5, 10);
    add(.2, TrialState.SUCCEEDED, .55, 20);
    add(.1, TrialState.SUCCEEDED, .7, 40);
    List<Trial> together = together();
    assertThat(together).hasSize(2);
    Trial first = together.getFirst();
    assertThat(first.id()).isZero();
    assertThat(first.reason()).isEqualTo("mean of trials 0, 2");
    assertThat(first.values()).containsExactly(.6, 25.);
    assertThat(first.outcome().valueError(0)).isBetween(.0999, .1001);
    assertThat(first.outcome().valueError(1)).isEqualTo(15);
    assertThat(together.get(1)).isEqualTo(trials.get(1));
  }

  @Test
  void whatWasMeasuredLessThanHalfAsOftenStandsBehind() {
    for (double value : new double[] {.6, .5, .55, .65, .6}) {
      add(.1, TrialState.SUCCEEDED, value);
    }
    add(.2, TrialState.SUCCEEDED, .9);
    for (double value : new double[] {.8, .4, .3}) {
      add(.3, TrialState.SUCCEEDED, value);
    }
    add(.4, TrialState.SUCCEEDED, .7);
    add(.4, TrialState.SUCCEEDED, .7);
    assertThat(together()).extracting(Trial::id).containsExactly(0, 6, 5, 9);
  }

  @Test
  void trialsThatWereStoppedFollowWhereTheirParametersNeverSucceeded() {
    add(.1, TrialState.SUCCEEDED, .5);
    add(.1, TrialState.SUCCEEDED, .6);
    add(.1, TrialState.EARLY_STOPPED, .9);
    add(.2, TrialState.EARLY_STOPPED, .4);
    assertThat(together()).extracting(Trial::id).containsExactly(0, 3);
  }
}
