package io.kaseb.tune.pruner;

import static org.assertj.core.api.Assertions.assertThat;

import io.kaseb.tune.space.Parameters;
import io.kaseb.tune.space.Spaces;
import io.kaseb.tune.study.FreezingStore;
import io.kaseb.tune.study.MemoryStore;
import io.kaseb.tune.study.Method;
import io.kaseb.tune.study.Objective;
import io.kaseb.tune.study.Settings;
import io.kaseb.tune.study.Store;
import io.kaseb.tune.study.Study;
import io.kaseb.tune.study.StudyState;
import io.kaseb.tune.study.TrialRun;
import io.kaseb.tune.trial.Goal;
import io.kaseb.tune.trial.Outcome;
import io.kaseb.tune.trial.Trial;
import io.kaseb.tune.trial.TrialState;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.Test;

/// What every pruner keeps to, in studies of its own.
abstract class PrunerContract {

  /// Returns a new method with the pruner, for a budget of 9 steps.
  abstract Method method();

  /// Returns how many trials a study of at most 40 comes to.
  int trials() {
    return 40;
  }

  private static Settings settings() {
    return Settings.of(Spaces.square(), Goal.maximize("score"))
        .withBudget(9)
        .withMaxTrials(40)
        .withSeed(11);
  }

  /// Trains: the score rises to `x - |y - .5|`; goes on from what an earlier segment kept.
  static Outcome train(TrialRun trial) {
    Double kept = trial.kept(Double.class);
    double weights = kept == null ? 0 : kept;
    double top = trial.parameters().number("x") - Math.abs(trial.parameters().number("y") - .5);
    double score = 0;
    for (int step = kept == null ? 1 : trial.from() + 1; step <= trial.until(); step++) {
      weights++;
      score = top - 1 / (weights + 1);
      trial.report(step, score);
      if (trial.stopped()) {
        break;
      }
    }
    trial.keep(weights);
    return Outcome.of(score);
  }

  private static Outcome trainOrFail(TrialRun trial) {
    if (trial.id() % 5 == 3) {
      throw new IllegalStateException("diverged");
    }
    return train(trial);
  }

  private static List<Trial> timeless(List<Trial> trials) {
    return trials.stream().map(t -> t.ended(t.state(), t.outcome(), t.reason(), 0)).toList();
  }

  private Study run(Store store, Settings settings, Objective objective) {
    Study study = Study.create(store, settings, method());
    assertThat(study.run(objective).status()).isEqualTo(StudyState.DONE);
    return study;
  }

  @Test
  void studiesEndWithEveryTrialFinished() {
    Study study = run(new MemoryStore(), settings(), PrunerContract::train);
    assertThat(study.trials()).hasSize(trials());
    assertThat(study.trials()).allMatch(t -> t.state().finished());
    assertThat(study.trials()).allMatch(t -> t.lastStep() <= 9 && t.lastStep() > 0);
    assertThat(study.trials()).anyMatch(t -> t.state() == TrialState.SUCCEEDED);
    assertThat(study.best().orElseThrow().lastStep()).isEqualTo(9);
    Set<Parameters> different = new HashSet<>();
    study.trials().forEach(t -> different.add(t.parameters()));
    assertThat(different).hasSize(trials());
  }

  @Test
  void reportsOfEveryTrialReachTheSampler() {
    Study study = run(new MemoryStore(), settings(), PrunerContract::train);
    assertThat(study.history().measured()).hasSize(trials());
  }

  @Test
  void failedTrialsAreNoObstacle() {
    Study study = run(new MemoryStore(), settings(), PrunerContract::trainOrFail);
    assertThat(study.trials()).hasSize(trials());
    for (Trial trial : study.trials()) {
      boolean failed = trial.state() == TrialState.FAILED;
      assertThat(failed).as("trial %d", trial.id()).isEqualTo(trial.id() % 5 == 3);
      assertThat(trial.reason().contains("IllegalStateException: diverged")).isEqualTo(failed);
    }
  }

  @Test
  void workersInAnyOrderGiveTheSameTrials() {
    Settings settings = settings().withConcurrency(4).withLag(4);
    List<Trial> expected =
        timeless(run(new MemoryStore(), settings, PrunerContract::trainOrFail).trials());
    for (int i = 0; i < 3; i++) {
      int salt = i;
      List<Trial> again =
          timeless(
              run(
                      new MemoryStore(),
                      settings.withConcurrency(1 + i),
                      trial -> {
                        // Upsets the order in which trials end.
                        Thread.sleep((trial.id() * 7L + salt) % 3);
                        return trainOrFail(trial);
                      })
                  .trials());
      assertThat(again).isEqualTo(expected);
    }
  }

  @Test
  void aKilledStudyGoesOnAsIfItHadNotBeen() {
    Settings settings = settings().withConcurrency(3).withLag(3);
    List<Trial> expected =
        timeless(run(new MemoryStore(), settings, PrunerContract::train).trials());
    for (int writes : new int[] {1, 7, 50, 101}) {
      FreezingStore store = new FreezingStore(writes);
      Study.create(store, settings, method()).run(PrunerContract::train);
      Study resumed = Study.open(store.thawed(), method());
      resumed.run(PrunerContract::train);
      assertThat(timeless(resumed.trials()))
          .as("killed after %d writes", writes)
          .isEqualTo(expected);
    }
  }
}
