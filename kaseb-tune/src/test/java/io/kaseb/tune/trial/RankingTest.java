package io.kaseb.tune.trial;

import static org.assertj.core.api.Assertions.assertThat;

import io.kaseb.tune.space.Parameters;
import io.kaseb.tune.space.Spaces;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

class RankingTest {
  private static final Goal LESS = Goal.minimize("loss");
  private static final Goal MORE = Goal.maximize("score");

  private final List<Trial> trials = new ArrayList<>();

  private void add(TrialState state, int steps, double... values) {
    add(state, steps, 0, values);
  }

  private void add(TrialState state, int steps, double violation, double[] values) {
    int id = trials.size();
    Trial trial =
        Trial.waiting(id, new Parameters(Map.of("x", .01 * id, "y", .5)), Trial.Origin.SAMPLER)
            .started(new Segment(id, 0, 0, 9));
    List<Double> list = Arrays.stream(values).boxed().toList();
    for (int step = 1; step <= steps; step++) {
      trial = trial.reported(new Measurement(step, list));
    }
    boolean result = state == TrialState.SUCCEEDED || violation > 0;
    trials.add(
        state == TrialState.RUNNING
            ? trial
            : trial.ended(state, result ? Outcome.of(values).within(violation - .5) : null, "", 0));
  }

  private static List<Integer> ids(List<Trial> ranked) {
    return ranked.stream().map(Trial::id).toList();
  }

  /// Every kind of trial, none in its place.
  private void everyKind() {
    add(TrialState.FAILED, 2, .01);
    add(TrialState.SUCCEEDED, 9, 2, new double[] {.02});
    add(TrialState.EARLY_STOPPED, 3, .2);
    add(TrialState.RUNNING, 5, .03);
    add(TrialState.SUCCEEDED, 9, .8);
    add(TrialState.WAITING, 6, .9);
    add(TrialState.SUCCEEDED, 9, .7);
    add(TrialState.SUCCEEDED, 9, 1, new double[] {.04});
    add(TrialState.WAITING, 0);
    add(TrialState.EARLY_STOPPED, 3, .1);
    add(TrialState.USER_CANCELED, 4, .95);
    add(TrialState.SUCCEEDED, 9, .7);
  }

  @Test
  void completedThenPrunedThenInfeasibleThenFailed() {
    everyKind();
    assertThat(ids(Ranking.of(List.of(LESS), trials)))
        .containsExactly(6, 11, 4, 5, 10, 9, 2, 7, 1, 0);
  }

  @Test
  void moreIsBetterTurnsCompletedOnesRound() {
    everyKind();
    assertThat(ids(Ranking.of(List.of(MORE), trials)))
        .containsExactly(4, 6, 11, 5, 10, 2, 9, 7, 1, 0);
  }

  @Test
  void everybodyUsesThisOrder() {
    everyKind();
    History history = History.of(Spaces.square(), List.of(LESS), 9, trials);
    List<Integer> order = ids(Ranking.of(List.of(LESS), trials));
    assertThat(history.ranked()).extracting(o -> o.trial().id()).isEqualTo(order);
    assertThat(history.measured())
        .extracting(o -> o.trial().id())
        .isEqualTo(order.subList(0, order.size() - 1));
    assertThat(ids(history.best())).isEqualTo(order.subList(0, order.size() - 3));
  }

  @Test
  void trialsOutsideTheSpaceAreNotLearnedFrom() {
    add(TrialState.SUCCEEDED, 9, .8);
    trials.add(
        Trial.waiting(1, new Parameters(Map.of("x", 7.)), Trial.Origin.IMPORT)
            .ended(TrialState.SUCCEEDED, Outcome.of(0), "", 0));
    History history = History.of(Spaces.square(), List.of(LESS), 9, trials);
    assertThat(ids(history.best())).containsExactly(0);
    assertThat(history.ranked()).hasSize(1);
  }

  @Test
  void severalGoalsRankByFronts() {
    add(TrialState.SUCCEEDED, 9, 3, 3);
    add(TrialState.SUCCEEDED, 9, 2, 1.5);
    add(TrialState.SUCCEEDED, 9, 4, 9);
    add(TrialState.SUCCEEDED, 9, 1, 1);
    add(TrialState.SUCCEEDED, 9, 5, 8);
    List<Goal> goals = List.of(LESS, MORE);
    // 3 and 2 are the ends of the first front, 0 and 1 lie within; 2 dominates 4.
    assertThat(ids(Ranking.of(goals, trials)).subList(0, 2)).containsExactly(2, 3);
    assertThat(ids(Ranking.of(goals, trials)).getLast()).isEqualTo(4);
    assertThat(ids(Ranking.of(goals.subList(0, 1), trials))).containsExactly(3, 1, 0, 2, 4);
    assertThat(ids(Ranking.front(goals, trials))).containsExactly(3, 1, 0, 2);
    History history = History.of(Spaces.square(), goals, 9, trials);
    assertThat(ids(history.best())).containsExactly(3, 1, 0, 2, 4);
    assertThat(ids(history.front())).containsExactly(3, 1, 0, 2);
  }

  @Test
  void onlyFeasibleCompletedTrialsAreOnTheFront() {
    add(TrialState.SUCCEEDED, 9, 2, new double[] {0, 9});
    add(TrialState.EARLY_STOPPED, 3, 0, 9);
    add(TrialState.SUCCEEDED, 9, 1, 1);
    assertThat(ids(Ranking.front(List.of(LESS, MORE), trials))).containsExactly(2);
  }

  @Test
  void atARungTheFirstReportThereCounts() {
    for (double[] curve :
        List.of(new double[] {5, 4, 3}, new double[] {4, 6}, new double[] {1}, new double[] {})) {
      Trial trial =
          Trial.waiting(
                  trials.size(), new Parameters(Map.of("x", .1, "y", .1)), Trial.Origin.SAMPLER)
              .started(new Segment(trials.size(), 0, 0, 9));
      for (int i = 0; i < curve.length; i++) {
        trial = trial.reported(new Measurement(2 * i + 1, List.of(curve[i])));
      }
      trials.add(trial);
    }
    assertThat(ids(Ranking.at(1, List.of(LESS), trials))).containsExactly(2, 1, 0);
    // Reports at steps 1, 3 and 5: at 2, those of step 3 count.
    assertThat(ids(Ranking.at(2, List.of(LESS), trials))).containsExactly(0, 1);
    assertThat(ids(Ranking.at(5, List.of(LESS), trials))).containsExactly(0);
    trials.set(0, trials.getFirst().ended(TrialState.FAILED, null, "diverged", 0));
    assertThat(ids(Ranking.at(1, List.of(LESS), trials))).containsExactly(2, 1);
  }
}
