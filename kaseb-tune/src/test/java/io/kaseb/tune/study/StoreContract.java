package io.kaseb.tune.study;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.kaseb.tune.math.SeededRandom;
import io.kaseb.tune.space.Space;
import io.kaseb.tune.space.Spaces;
import io.kaseb.tune.trial.Goal;
import io.kaseb.tune.trial.Measurement;
import io.kaseb.tune.trial.Outcome;
import io.kaseb.tune.trial.Segment;
import io.kaseb.tune.trial.Trial;
import io.kaseb.tune.trial.TrialState;
import java.util.List;
import java.util.Map;
import java.util.OptionalDouble;
import java.util.OptionalInt;
import org.junit.jupiter.api.Test;

/// What every store keeps to.
public abstract class StoreContract {
  /// Returns a new, empty store.
  protected abstract Store store() throws Exception;

  /// Returns the same store as another process would see it.
  protected abstract Store again(Store store) throws Exception;

  private static Trial trial(int id) {
    Space space = Spaces.everything();
    return Trial.waiting(id, space.at(space.random(SeededRandom.of(3, id))), Trial.Origin.SAMPLER);
  }

  @Test
  void settingsComeBack() throws Exception {
    Settings settings =
        Settings.of(Spaces.everything(), Goal.maximize("mrr"), Goal.minimize("seconds"))
            .withName("größer \"x\"")
            .withMethod(
                new MethodSpec("TPE", Map.of("mode", "nni", "startup", 5)),
                new MethodSpec("ASHA", Map.of("eta", 4)))
            .withLimits(new Settings.Limits(7200, 60))
            .withSeed(Long.MAX_VALUE)
            .withLag(3);
    try (Store store = store()) {
      assertThat(store.settings()).isEmpty();
      assertThat(store.status()).isEqualTo(StudyStatus.NEW);
      store.settings(settings);
      store.status(new StudyStatus(StudyState.ERROR, "why", 2.5));
      assertThat(again(store).settings()).contains(settings);
      assertThat(again(store).status()).isEqualTo(new StudyStatus(StudyState.ERROR, "why", 2.5));
      store.settings(settings.withLimits(Settings.Limits.NONE));
      assertThat(store.settings()).contains(settings.withLimits(Settings.Limits.NONE));
    }
  }

  @Test
  void trialsComeBack() throws Exception {
    try (Store store = store()) {
      Trial begun = trial(0).started(new Segment(0, 0, 0, 9));
      store.save(trial(0));
      store.save(begun);
      store.report(0, new Measurement(1, List.of(.1, 1e-300)));
      store.report(0, new Measurement(2, List.of(1. / 3, 5.)));
      Trial paused = begun.ended(TrialState.WAITING, Outcome.of(1, 2).within(-.5), "", 1.25);
      store.save(paused);
      Trial on = paused.started(new Segment(3, 2, 9, 27));
      store.save(on);
      for (int i = 1; i < 30; i++) {
        store.save(trial(i).ended(TrialState.FAILED, null, "OutOfMemoryError: heap \"full\"\n", i));
      }
      List<Trial> trials = again(store).trials();
      assertThat(trials).hasSize(30).isEqualTo(store.trials());
      assertThat(trials.getFirst())
          .isEqualTo(
              on.withMeasurements(
                  List.of(
                      new Measurement(1, List.of(.1, 1e-300)),
                      new Measurement(2, List.of(1. / 3, 5.)))));
      for (Trial trial : trials) {
        assertThat(trial.parameters()).isEqualTo(trial(trial.id()).parameters());
      }
    }
  }

  @Test
  void finishedTrialsDoNotChangeAndIdsLeaveNoGap() throws Exception {
    try (Store store = store()) {
      store.save(trial(0).ended(TrialState.SUCCEEDED, Outcome.of(1), "", 0));
      assertThatThrownBy(() -> store.save(trial(0)))
          .isInstanceOf(IllegalStateException.class)
          .hasMessageContaining("trial 0 is SUCCEEDED");
      assertThatThrownBy(() -> store.report(0, new Measurement(1, List.of(1.))))
          .isInstanceOf(IllegalStateException.class);
      assertThatThrownBy(() -> store.save(trial(2)))
          .isInstanceOf(IllegalStateException.class)
          .hasMessageContaining("no gaps");
      assertThat(store.trials()).hasSize(1);
    }
  }

  @Test
  void aReportReplacesThoseAfterIt() throws Exception {
    try (Store store = store()) {
      store.save(trial(0).started(new Segment(0, 0, 0, 9)));
      for (int step = 1; step <= 5; step++) {
        store.report(0, new Measurement(step, List.of((double) step)));
      }
      store.report(0, new Measurement(3, List.of(33.)));
      assertThat(store.trials().getFirst().measurements().stream().map(Measurement::value))
          .containsExactly(1., 2., 33.);
    }
  }

  @Test
  void requestsWaitInOrder() throws Exception {
    try (Store store = store()) {
      Space space = Spaces.everything();
      List<Request> requests =
          List.of(
              new Request.Pause(),
              new Request.Kill(7),
              new Request.Enqueue(space.at(space.random(SeededRandom.of(1, 1)))),
              new Request.Change(
                  OptionalInt.of(3), OptionalInt.empty(), OptionalDouble.of(60), space),
              new Request.Change(
                  OptionalInt.empty(), OptionalInt.of(9), OptionalDouble.empty(), null),
              new Request.Unpause(),
              new Request.Stop());
      requests.forEach(store::request);
      assertThat(again(store).requests()).isEqualTo(requests);
      store.fulfilled(5);
      assertThat(store.requests()).isEqualTo(requests.subList(5, 7));
    }
  }
}
