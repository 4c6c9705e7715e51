package io.kaseb.tune.study;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.kaseb.tune.space.Choice;
import io.kaseb.tune.space.Parameters;
import io.kaseb.tune.space.Space;
import io.kaseb.tune.space.Spaces;
import io.kaseb.tune.trial.Goal;
import io.kaseb.tune.trial.Measurement;
import io.kaseb.tune.trial.Outcome;
import io.kaseb.tune.trial.Trial;
import io.kaseb.tune.trial.TrialState;
import java.util.List;
import java.util.Map;
import java.util.OptionalDouble;
import java.util.OptionalInt;
import org.junit.jupiter.api.Test;

/// The queue without workers: segments are taken and ended by hand.
class TrialQueueTest {
  private static final Settings SETTINGS =
      Settings.of(Spaces.square(), Goal.minimize("loss"))
          .withMethod(MethodSpec.of("Random"), MethodSpec.of("None"))
          .withMaxTrials(3);
  private static final Settings RUNGS =
      SETTINGS.withMethod(MethodSpec.of("Random"), MethodSpec.of("ASHA")).withBudget(9);

  private final MemoryStore store = new MemoryStore();

  private TrialQueue queue(Settings settings) {
    return new TrialQueue(store, settings, settings.method());
  }

  private static TrialQueue.Assignment next(TrialQueue queue) {
    TrialQueue.Assignment assignment = queue.next(true);
    assertThat(assignment).isNotNull();
    return assignment;
  }

  private static void succeeds(TrialQueue queue, TrialQueue.Assignment assignment) {
    queue.ended(assignment, TrialState.SUCCEEDED, Outcome.of(assignment.trial().id()), "", 1);
  }

  private static void pauses(TrialQueue queue, TrialQueue.Assignment assignment, double loss) {
    queue.ended(assignment, TrialState.WAITING, Outcome.of(loss), "", 1);
  }

  @Test
  void trialsAreHandedOutUntilThereAreEnough() {
    TrialQueue queue = queue(SETTINGS);
    for (int id = 0; id < 3; id++) {
      TrialQueue.Assignment assignment = next(queue);
      assertThat(assignment.trial().id()).isEqualTo(id);
      assertThat(assignment.segment().number()).isEqualTo(id);
      assertThat(assignment.segment().from()).isZero();
      assertThat(assignment.segment().until()).isEqualTo(1);
      assertThat(store.trials().get(id).state()).isEqualTo(TrialState.RUNNING);
    }
    assertThat(queue.next(true)).isNull();
    assertThat(store.trials()).hasSize(3).isEqualTo(queue.trials());
  }

  @Test
  void noNewTrialBeginsWhereNoneMay() {
    assertThat(queue(SETTINGS).next(false)).isNull();
    assertThat(store.trials()).isEmpty();
  }

  @Test
  void importedTrialsDoNotCount() {
    Parameters parameters = new Parameters(Map.of("x", .1, "y", .2));
    store.save(
        Trial.waiting(0, parameters, Trial.Origin.IMPORT)
            .ended(TrialState.SUCCEEDED, Outcome.of(1), "", 0));
    TrialQueue queue = queue(SETTINGS.withMaxTrials(1));
    assertThat(next(queue).trial().id()).isEqualTo(1);
    assertThat(queue.next(true)).isNull();
  }

  @Test
  void theUsersTrialsComeFirstAndOnce() {
    TrialQueue queue = queue(SETTINGS);
    succeeds(queue, next(queue));
    Parameters own = new Parameters(Map.of("x", .3, "y", .6));
    assertThat(queue.enqueue(own)).isTrue();
    assertThat(queue.enqueue(own)).isFalse();
    assertThatThrownBy(() -> queue.enqueue(new Parameters(Map.of("z", 1))))
        .isInstanceOf(IllegalArgumentException.class);
    Trial mine = next(queue).trial();
    assertThat(mine.id()).isEqualTo(1);
    assertThat(mine.parameters()).isEqualTo(own);
    assertThat(mine.origin()).isEqualTo(Trial.Origin.USER);
    assertThat(next(queue).trial().origin()).isEqualTo(Trial.Origin.SAMPLER);
  }

  @Test
  void aUsersTrialIsAsLongAsTheFirstRung() {
    TrialQueue queue = queue(RUNGS);
    queue.enqueue(new Parameters(Map.of("x", .3, "y", .6)));
    assertThat(next(queue).segment().until()).isEqualTo(1);
  }

  @Test
  void theBestThirdOfARungIsPromoted() {
    TrialQueue queue = queue(RUNGS);
    List<TrialQueue.Assignment> rung = List.of(next(queue), next(queue), next(queue));
    pauses(queue, rung.get(0), .5);
    pauses(queue, rung.get(1), .2);
    pauses(queue, rung.get(2), .9);
    TrialQueue.Assignment promoted = next(queue);
    assertThat(promoted.trial().id()).isEqualTo(1);
    assertThat(promoted.segment().number()).isEqualTo(3);
    assertThat(promoted.segment().from()).isEqualTo(1);
    assertThat(promoted.segment().until()).isEqualTo(3);
    assertThat(promoted.trial().state()).isEqualTo(TrialState.RUNNING);
    assertThat(queue.next(true)).isNull();
    assertThat(queue.trials())
        .extracting(Trial::state)
        .containsExactly(TrialState.WAITING, TrialState.RUNNING, TrialState.WAITING);
  }

  @Test
  void aPausedTrialsOutcomeIsItsReportWhereItMadeNone() {
    TrialQueue queue = queue(RUNGS);
    TrialQueue.Assignment silent = next(queue);
    TrialQueue.Assignment reporting = next(queue);
    pauses(queue, silent, .5);
    assertThat(queue.trial(0).measurements()).containsExactly(new Measurement(1, List.of(.5)));
    queue.reported(1, new Measurement(1, List.of(.25)));
    pauses(queue, reporting, .5);
    assertThat(queue.trial(1).measurements()).containsExactly(new Measurement(1, List.of(.25)));
    assertThat(store.trials()).isEqualTo(queue.trials());
  }

  @Test
  void segmentsAtWorkBeginAgainAfterAKill() {
    TrialQueue killed = queue(RUNGS.withMaxTrials(5));
    TrialQueue.Assignment first = next(killed);
    List<TrialQueue.Assignment> rung = List.of(next(killed), next(killed), next(killed));
    pauses(killed, rung.get(0), .4);
    pauses(killed, rung.get(1), .1);
    pauses(killed, rung.get(2), .6);
    TrialQueue.Assignment promoted = next(killed);
    assertThat(promoted.trial().id()).isEqualTo(2);
    killed.reported(2, new Measurement(2, List.of(.05)));
    TrialQueue again = queue(RUNGS.withMaxTrials(5));
    TrialQueue.Assignment begun = next(again);
    assertThat(begun.trial().id()).isZero();
    assertThat(begun.segment()).isEqualTo(first.segment());
    TrialQueue.Assignment onwards = next(again);
    assertThat(onwards.trial().id()).isEqualTo(2);
    assertThat(onwards.segment()).isEqualTo(promoted.segment());
    // What came after them has ids and segments of its own.
    TrialQueue.Assignment fresh = next(again);
    assertThat(fresh.trial().id()).isEqualTo(4);
    assertThat(fresh.segment().number()).isEqualTo(5);
    assertThat(again.next(true)).isNull();
  }

  @Test
  void onlyTrialsThatNoWorkerHasAreCancelled() {
    TrialQueue queue = queue(RUNGS);
    TrialQueue.Assignment paused = next(queue);
    next(queue);
    pauses(queue, paused, .5);
    assertThat(queue.cancel(1)).as("at work").isFalse();
    assertThat(queue.cancel(0)).as("waits").isTrue();
    assertThat(queue.cancel(0)).as("is finished").isFalse();
    assertThat(queue.trial(0).state()).isEqualTo(TrialState.USER_CANCELED);
    assertThat(queue.trial(0).reason()).isEqualTo("killed");
    assertThatThrownBy(() -> queue.cancel(9)).hasMessageContaining("trial 9; must be 0..1");
  }

  @Test
  void aTrialLeftBehindByAKillIsCancelledAndHoldsNobodyUp() {
    Settings settings = SETTINGS.withLag(1);
    next(queue(settings));
    TrialQueue again = queue(settings);
    assertThat(again.cancel(0)).isTrue();
    assertThat(store.trials().getFirst().state()).isEqualTo(TrialState.USER_CANCELED);
    assertThat(next(again).trial().id()).isEqualTo(1);
  }

  @Test
  void aDeterministicStudySeesAllButTheLastSegments() {
    TrialQueue queue = queue(SETTINGS.withLag(2));
    TrialQueue.Assignment first = next(queue);
    TrialQueue.Assignment second = next(queue);
    assertThat(first.known().trials()).isEmpty();
    assertThat(second.known().trials()).extracting(Trial::state).containsOnly(TrialState.RUNNING);
    // The third needs the first, however long the second has ended.
    succeeds(queue, second);
    assertThat(queue.next(true)).isNull();
    succeeds(queue, first);
    TrialQueue.Assignment third = next(queue);
    assertThat(third.known().trials())
        .extracting(Trial::state)
        .containsExactly(TrialState.SUCCEEDED, TrialState.RUNNING);
    assertThat(third.segment().knownEnded()).isEqualTo(1);
  }

  @Test
  void aDeterministicSegmentKnowsTheSameWhenItBeginsAgain() {
    Settings settings = SETTINGS.withLag(2);
    TrialQueue queue = queue(settings);
    TrialQueue.Assignment first = next(queue);
    TrialQueue.Assignment second = next(queue);
    succeeds(queue, first);
    TrialQueue.Assignment third = next(queue);
    succeeds(queue, second);
    TrialQueue.Assignment again = next(queue(settings));
    assertThat(again.segment()).isEqualTo(third.segment());
    assertThat(again.known().trials()).isEqualTo(third.known().trials());
  }

  @Test
  void anExhaustedSpaceIsTriedAgainAfterAChange() {
    Settings one =
        SETTINGS
            .withSpace(Space.of(Map.of("x", Choice.of(1))))
            .withMethod(MethodSpec.of("GridSearch"), MethodSpec.of("None"));
    TrialQueue queue = queue(one);
    succeeds(queue, next(queue));
    assertThat(queue.next(true)).isNull();
    Request.Change wider =
        new Request.Change(
            OptionalInt.empty(),
            OptionalInt.empty(),
            OptionalDouble.empty(),
            Space.of(Map.of("x", Choice.of(1, 2))));
    queue.change(wider.applied(one), null);
    assertThat(next(queue).trial().parameters().number("x")).isEqualTo(2);
    assertThat(store.settings()).contains(wider.applied(one));
  }

  @Test
  void trialsThatStillWaitEndWithTheStudy() {
    TrialQueue queue = queue(RUNGS);
    TrialQueue.Assignment paused = next(queue);
    TrialQueue.Assignment whole = next(queue);
    pauses(queue, paused, .5);
    succeeds(queue, whole);
    queue.closeWaiting();
    assertThat(store.trials())
        .extracting(Trial::state)
        .containsExactly(TrialState.EARLY_STOPPED, TrialState.SUCCEEDED);
    assertThat(store.trials().getFirst().reason()).contains("before it was promoted");
    assertThat(store.trials().getFirst().values()).containsExactly(.5);
  }
}
