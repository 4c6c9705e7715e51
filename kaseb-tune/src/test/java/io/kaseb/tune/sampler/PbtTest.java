package io.kaseb.tune.sampler;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import io.kaseb.tune.math.SeededRandom;
import io.kaseb.tune.pruner.Decision;
import io.kaseb.tune.space.Parameters;
import io.kaseb.tune.space.Spaces;
import io.kaseb.tune.trial.Goal;
import io.kaseb.tune.trial.History;
import io.kaseb.tune.trial.Measurement;
import io.kaseb.tune.trial.Segment;
import io.kaseb.tune.trial.Trial;
import io.kaseb.tune.trial.TrialState;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import org.junit.jupiter.api.Test;

/// Populations by hand: four members, generations of two steps, six steps in all; less is better.
class PbtTest {
  private static final int BUDGET = 6;

  /// Replaces one member, and moves every number by a fifth.
  private static final Pbt ONE = new Pbt(4, 2, .2, 0, .25);

  /// Replaces two members.
  private static final Pbt TWO = new Pbt(4, 2, .2, 0, .5);

  private final List<Trial> trials = new ArrayList<>();

  private static Parameters parameters(double x) {
    return new Parameters(Map.of("x", x, "y", .5));
  }

  /// Adds a trial at a place of the population that works from one step to another.
  private Trial begun(int place, int from, int until) {
    int id = trials.size();
    Trial trial =
        Trial.waiting(
                id, parameters(.1 * (id + 1)), new Trial.Origin(Trial.Source.SAMPLER, -1, place))
            .started(new Segment(id, 0, from, until));
    trials.add(trial);
    return trial;
  }

  /// Adds a trial that has done a generation with a loss and waits.
  private void waiting(int place, int from, int until, double loss) {
    Trial trial = begun(place, from, until).reported(new Measurement(until, List.of(loss)));
    trials.set(trial.id(), trial.ended(TrialState.WAITING, null, "", 1));
  }

  private void generation(double... losses) {
    for (int place = 0; place < losses.length; place++) {
      waiting(place, 0, 2, losses[place]);
    }
  }

  private History history() {
    return History.of(Spaces.square(), List.of(Goal.minimize("loss")), BUDGET, trials);
  }

  private void goesOn(int id, int until, double loss) {
    Trial trial =
        trials
            .get(id)
            .started(new Segment(10 + id, 0, until - 2, until))
            .reported(new Measurement(until, List.of(loss)));
    trials.set(id, trial.ended(TrialState.WAITING, null, "", 1));
  }

  @Test
  void thePopulationIsFilledFirst() {
    for (int place = 0; place < 4; place++) {
      assertThat(ONE.next(history(), true)).isEqualTo(new Decision.Start(0, 2, place));
      assertThat(ONE.suggest(history(), SeededRandom.of(1, place)).orElseThrow().parent())
          .isEqualTo(-1);
      begun(place, 0, 2);
    }
    assertThat(ONE.next(history(), true)).isInstanceOf(Decision.Nothing.class);
  }

  @Test
  void aGenerationWaitsForItsLastMember() {
    generation(.4, .1, .3);
    begun(3, 0, 2);
    assertThat(ONE.next(history(), true)).isInstanceOf(Decision.Nothing.class);
  }

  @Test
  void theWorstIsReplacedByAChangedCopyOfTheBest() {
    generation(.4, .1, .9, .3);
    assertThat(ONE.next(history(), true)).isEqualTo(new Decision.Start(2, 4, 2));
    Set<Long> factors = new TreeSet<>();
    for (int seed = 0; seed < 40; seed++) {
      Suggestion copy = ONE.suggest(history(), SeededRandom.of(seed, 4)).orElseThrow();
      assertThat(copy.parent()).isEqualTo(1);
      double factor = copy.parameters().number("x") / .2;
      assertThat(Math.abs(factor - 1)).isCloseTo(.2, within(1e-9));
      assertThat(Math.abs(copy.parameters().number("y") / .5 - 1)).isCloseTo(.2, within(1e-9));
      factors.add(Math.round(10 * factor));
    }
    assertThat(factors).containsExactly(8L, 12L);
  }

  @Test
  void theOthersGoOnAfterTheCopyHasBegun() {
    generation(.4, .1, .9, .3);
    begun(2, 2, 4);
    for (int id : List.of(0, 1, 3)) {
      assertThat(ONE.next(history(), true)).isEqualTo(new Decision.Continue(id, 4));
      goesOn(id, 4, .1);
    }
    assertThat(ONE.next(history(), true)).isInstanceOf(Decision.Nothing.class);
    assertThat(ONE.dropped(history())).containsExactly(2);
  }

  @Test
  void copiesComeFromAnyOfTheBest() {
    generation(.4, .1, .9, .3);
    assertThat(TWO.next(history(), true)).isEqualTo(new Decision.Start(2, 4, 0));
    Set<Integer> parents = new TreeSet<>();
    for (int seed = 0; seed < 40; seed++) {
      parents.add(TWO.suggest(history(), SeededRandom.of(seed, 4)).orElseThrow().parent());
    }
    assertThat(parents).containsExactly(1, 3);
  }

  @Test
  void aLostMemberIsReplacedInsteadOfTheWorst() {
    generation(.4, .1, .9);
    Trial lost = begun(3, 0, 2);
    trials.set(3, lost.ended(TrialState.FAILED, null, "diverged", 1));
    assertThat(ONE.next(history(), true)).isEqualTo(new Decision.Start(2, 4, 3));
    begun(3, 2, 4);
    // The worst of those that are left goes on.
    goesOn(0, 4, .4);
    goesOn(1, 4, .1);
    assertThat(ONE.next(history(), true)).isEqualTo(new Decision.Continue(2, 4));
    assertThat(ONE.dropped(history())).isEmpty();
  }

  @Test
  void aCopyCompetesWithTheOthersInItsNextGeneration() {
    generation(.4, .1, .9, .3);
    waiting(2, 2, 4, .05);
    goesOn(0, 4, .8);
    goesOn(1, 4, .2);
    goesOn(3, 4, .3);
    assertThat(ONE.next(history(), true)).isEqualTo(new Decision.Start(4, 6, 0));
    assertThat(ONE.suggest(history(), SeededRandom.of(1, 5)).orElseThrow().parent()).isEqualTo(4);
  }

  @Test
  void nothingFollowsTheLastGeneration() {
    for (int place = 0; place < 4; place++) {
      waiting(place, 0, BUDGET, .1 * place);
    }
    assertThat(new Pbt(4, BUDGET, .2, 0, .25).next(history(), true))
        .isInstanceOf(Decision.Nothing.class);
  }

  @Test
  void withoutNewTrialsTheSurvivorsGoOn() {
    generation(.4, .1, .9, .3);
    assertThat(ONE.next(history(), false)).isEqualTo(new Decision.Continue(0, 4));
  }

  @Test
  void aResampledNumberIsAnyOfItsRange() {
    generation(.4, .1, .9, .3);
    Pbt resampling = new Pbt(4, 2, .2, 1, .25);
    List<Double> drawn = new ArrayList<>();
    for (int seed = 0; seed < 200; seed++) {
      Suggestion copy = resampling.suggest(history(), SeededRandom.of(seed, 4)).orElseThrow();
      assertThat(copy.parent()).isEqualTo(1);
      drawn.add(copy.parameters().number("x"));
    }
    assertThat(drawn.stream().mapToDouble(x -> x).average().orElseThrow())
        .isCloseTo(.5, within(.08));
    assertThat(drawn).anyMatch(x -> x < .1).anyMatch(x -> x > .9);
  }

  @Test
  void wrongNumbersAreRefused() {
    assertThatThrownBy(() -> new Pbt(1, 2, .2, 0, .25)).hasMessageContaining("population_size=1");
    assertThatThrownBy(() -> new Pbt(4, 2, .2, 0, .6)).hasMessageContaining("fraction=0.6");
  }
}
