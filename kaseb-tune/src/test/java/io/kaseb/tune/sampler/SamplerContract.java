package io.kaseb.tune.sampler;

import static org.assertj.core.api.Assertions.assertThat;

import io.kaseb.tune.math.SeededRandom;
import io.kaseb.tune.space.Parameters;
import io.kaseb.tune.space.Space;
import io.kaseb.tune.space.Spaces;
import io.kaseb.tune.trial.Goal;
import io.kaseb.tune.trial.History;
import io.kaseb.tune.trial.Measurement;
import io.kaseb.tune.trial.Outcome;
import io.kaseb.tune.trial.Segment;
import io.kaseb.tune.trial.Trial;
import io.kaseb.tune.trial.TrialState;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.junit.jupiter.api.Test;

/// What every sampler keeps to.
abstract class SamplerContract {
  private static final List<Goal> GOAL = List.of(Goal.maximize("score"));

  /// Returns a new sampler.
  abstract Sampler sampler();

  /// Returns whether its suggestions depend on chance.
  boolean random() {
    return true;
  }

  static double score(Parameters parameters) {
    double sum = 0;
    for (Object value : parameters.flat().values()) {
      sum += value instanceof Number n ? Math.sin(n.doubleValue()) : value.toString().length();
    }
    return sum;
  }

  private static Trial ended(int id, Parameters parameters) {
    Trial trial =
        Trial.waiting(id, parameters, Trial.Origin.SAMPLER).started(new Segment(id, id, 0, 9));
    double score = score(parameters);
    return switch (id % 5) {
      case 1 -> trial.ended(TrialState.FAILED, null, "diverged", 1);
      case 2 ->
          trial
              .reported(new Measurement(1 + id % 3, List.of(score)))
              .ended(TrialState.EARLY_STOPPED, null, "pruned", 1);
      case 3 -> trial.ended(TrialState.SUCCEEDED, Outcome.of(score).within(score), "", 1);
      default -> trial.ended(TrialState.SUCCEEDED, Outcome.of(score), "", 1);
    };
  }

  /// Asks for trials one after the other, the last `workers - 1` of them still running.
  private List<Parameters> list(Space space, long seed, int count, int workers, boolean fresh) {
    Sampler used = sampler();
    List<Trial> trials = new ArrayList<>();
    List<Parameters> list = new ArrayList<>();
    for (int i = 0; i < count; i++) {
      if (i >= workers) {
        trials.set(i - workers, ended(i - workers, list.get(i - workers)));
      }
      Sampler next = fresh ? sampler() : used;
      Optional<Suggestion> suggestion =
          next.suggest(History.of(space, GOAL, 9, trials), SeededRandom.of(seed, i));
      if (suggestion.isEmpty()) {
        break;
      }
      list.add(suggestion.get().parameters());
      trials.add(
          Trial.waiting(i, suggestion.get().parameters(), Trial.Origin.SAMPLER)
              .started(new Segment(i, 0, 0, 9)));
    }
    return list;
  }

  @Test
  void valuesFitTheSpace() {
    Space space = Spaces.everything();
    List<Parameters> list = list(space, 1, 60, 1, false);
    assertThat(list).hasSize(60).doesNotHaveDuplicates();
    for (Parameters parameters : list) {
      assertThat(space.checked(parameters)).isEqualTo(parameters);
    }
  }

  @Test
  void theSameSeedGivesTheSameList() {
    Space space = Spaces.everything();
    List<Parameters> list = list(space, 3, 50, 1, false);
    assertThat(list(space, 3, 50, 1, false)).isEqualTo(list);
    if (random()) {
      assertThat(list(space, 4, 50, 1, false)).isNotEqualTo(list);
    }
  }

  @Test
  void aRestoredSamplerGoesOnTheSame() {
    Space space = Spaces.everything();
    assertThat(list(space, 3, 50, 3, true)).isEqualTo(list(space, 3, 50, 3, false));
  }

  @Test
  void nothingIsSuggestedTwiceUntilAllIsTried() {
    for (int workers : new int[] {1, 4}) {
      List<Parameters> list = list(Spaces.twelve(), 5, 20, workers, false);
      assertThat(list).hasSize(12).doesNotHaveDuplicates();
    }
  }

  @Test
  void manyTrialsRunAtTheSameTime() {
    List<Parameters> list = list(Spaces.square(), 6, 40, 8, false);
    Set<Parameters> different = new HashSet<>(list);
    assertThat(different).hasSize(40);
  }

  @Test
  void nothingButFailuresIsNoObstacle() {
    Space space = Spaces.square();
    List<Trial> trials = new ArrayList<>();
    for (int i = 0; i < 40; i++) {
      Parameters parameters =
          sampler()
              .suggest(History.of(space, GOAL, 9, trials), SeededRandom.of(1, i))
              .orElseThrow()
              .parameters();
      trials.add(
          Trial.waiting(i, parameters, Trial.Origin.SAMPLER)
              .ended(TrialState.FAILED, null, "diverged", 0));
    }
    assertThat(trials).hasSize(40);
  }

  @Test
  void trialsOutsideTheSpaceAndSeveralGoalsAreNoObstacle() {
    Space space = Spaces.square();
    List<Goal> goals = List.of(Goal.maximize("a"), Goal.minimize("b"));
    List<Trial> trials = new ArrayList<>();
    Parameters outside = Spaces.twelve().at(new double[] {0, Double.NaN, .5});
    for (int i = 0; i < 40; i++) {
      Parameters parameters =
          i % 4 == 0
              ? outside
              : sampler()
                  .suggest(History.of(space, goals, 9, trials), SeededRandom.of(1, i))
                  .orElseThrow()
                  .parameters();
      trials.add(
          Trial.waiting(i, parameters, Trial.Origin.SAMPLER)
              .ended(TrialState.SUCCEEDED, Outcome.of(i % 7, i % 3), "", 0));
    }
    assertThat(trials.stream().map(Trial::parameters).filter(p -> p != outside).distinct())
        .hasSize(30);
  }
}
