package io.kaseb.tune.study;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.kaseb.tune.pruner.Pruner;
import io.kaseb.tune.space.Parameters;
import io.kaseb.tune.space.Range;
import io.kaseb.tune.space.Space;
import io.kaseb.tune.space.Spaces;
import io.kaseb.tune.trial.Goal;
import io.kaseb.tune.trial.Outcome;
import io.kaseb.tune.trial.Trial;
import io.kaseb.tune.trial.TrialState;
import java.lang.reflect.Proxy;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.OptionalDouble;
import java.util.OptionalInt;
import java.util.Set;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(60)
class StudyTest {
  private static final Settings SETTINGS =
      Settings.of(Spaces.square(), Goal.minimize("loss"))
          .withMethod(MethodSpec.of("Random"), MethodSpec.of("None"))
          .withMaxTrials(12);

  private final MemoryStore store = new MemoryStore();

  private static double bowl(Parameters p) {
    return Math.pow(p.number("x") - .3, 2) + Math.pow(p.number("y") - .6, 2);
  }

  @Test
  void failuresAreKeptWithTheirReason() {
    Study study = Study.create(store, SETTINGS.withConcurrency(3));
    StudyStatus end =
        study.run(
            trial ->
                switch (trial.id()) {
                  case 1 -> throw new OutOfMemoryError("Java heap space");
                  case 2 -> Outcome.of(Double.NaN);
                  case 3 -> Outcome.of(1, 2);
                  case 4 -> {
                    trial.report(1, Double.POSITIVE_INFINITY);
                    yield Outcome.of(1);
                  }
                  default -> Outcome.of(bowl(trial.parameters()));
                });
    assertThat(end.status()).isEqualTo(StudyState.DONE);
    assertThat(study.trials()).hasSize(12);
    assertThat(study.history().in(TrialState.FAILED).stream().map(Trial::reason))
        .containsExactly(
            "OutOfMemoryError: Java heap space",
            "loss=NaN; must be finite",
            "2 values for 1 goals",
            "IllegalArgumentException: step 1: loss=Infinity; must be finite");
    assertThat(study.history().in(TrialState.SUCCEEDED)).hasSize(8);
  }

  @Test
  void aStudyWithoutASuccessIsAnError() {
    Study study = Study.create(store, SETTINGS);
    StudyStatus end =
        study.run(
            trial -> {
              throw new IllegalStateException("no data");
            });
    assertThat(end.status()).isEqualTo(StudyState.ERROR);
    assertThat(end.reason()).contains("no data");
    assertThat(study.best()).isEmpty();
  }

  @Test
  void aSamplerThatFailsEndsTheStudy() {
    Study study =
        Study.create(
            store,
            SETTINGS,
            new Method(
                (history, random) -> {
                  throw new IllegalStateException("broken sampler");
                },
                Pruner.NONE));
    assertThatThrownBy(() -> study.run(Objective.of(StudyTest::bowl)))
        .hasMessageContaining("broken sampler");
    assertThat(store.status().status()).isEqualTo(StudyState.ERROR);
  }

  @Test
  void workersRunSideBySide() throws Exception {
    CountDownLatch together = new CountDownLatch(4);
    Study study = Study.create(store, SETTINGS.withConcurrency(4));
    study.run(
        trial -> {
          together.countDown();
          together.await();
          return Outcome.of(bowl(trial.parameters()));
        });
    assertThat(study.trials()).hasSize(12);
  }

  @Test
  void aStoppedStudyGoesOnWithTheSameTrials() {
    Study study = Study.create(store, SETTINGS.withConcurrency(2));
    StudyStatus end =
        study.run(
            trial -> {
              if (trial.id() == 5) {
                study.stop();
              }
              while (trial.id() == 5 && !trial.stopped()) {
                Thread.onSpinWait();
              }
              return Outcome.of(bowl(trial.parameters()));
            });
    assertThat(end.status()).isEqualTo(StudyState.STOPPED);
    Trial stopped = store.trials().get(5);
    assertThat(stopped.state()).isEqualTo(TrialState.RUNNING);
    Study resumed = Study.open(store);
    assertThat(resumed.run(Objective.of(StudyTest::bowl)).status()).isEqualTo(StudyState.DONE);
    assertThat(resumed.trials()).hasSize(12);
    assertThat(resumed.trials().get(5).parameters()).isEqualTo(stopped.parameters());
    assertThat(resumed.trials()).allMatch(t -> t.state() == TrialState.SUCCEEDED);
  }

  @Test
  void moreTrialsCanBeAskedForLater() {
    Study.create(store, SETTINGS).run(Objective.of(StudyTest::bowl));
    store.request(
        new Request.Change(OptionalInt.of(2), OptionalInt.of(20), OptionalDouble.empty(), null));
    Study more = Study.open(store);
    more.run(Objective.of(StudyTest::bowl));
    assertThat(more.trials()).hasSize(20);
    assertThat(more.settings().concurrency()).isEqualTo(2);
    assertThat(store.requests()).isEmpty();
    assertThatThrownBy(() -> Study.create(store, SETTINGS)).hasMessageContaining("resume it");
  }

  @Test
  void requestsAreDoneWhileItRuns() {
    Settings settings = SETTINGS.withConcurrency(2).withMaxTrials(6);
    Parameters own = new Parameters(Map.of("x", .3, "y", .6));
    SignallingStore requests = new SignallingStore();
    requests.request(new Request.Enqueue(own));
    requests.request(new Request.Enqueue(own));
    AtomicInteger started = new AtomicInteger();
    AtomicInteger killed = new AtomicInteger();
    Study study = Study.create(requests, settings);
    study.run(
        trial -> {
          if (started.incrementAndGet() == 1) {
            assertThat(trial.stopped()).isFalse();
            killed.set(trial.id());
            requests.request(new Request.Kill(trial.id()));
            requests.awaitFulfilled(3);
            assertThat(trial.stopped()).isTrue();
          }
          return Outcome.of(bowl(trial.parameters()));
        });
    assertThat(study.trials()).hasSize(6);
    assertThat(study.history().in(TrialState.USER_CANCELED))
        .extracting(Trial::id)
        .containsExactly(killed.get());
    List<Trial> mine =
        study.trials().stream().filter(t -> t.origin().equals(Trial.Origin.USER)).toList();
    assertThat(mine).hasSize(1);
    assertThat(mine.getFirst().parameters()).isEqualTo(own);
  }

  @Test
  void aPausedStudyBeginsNothing() throws Exception {
    SignallingStore requests = new SignallingStore();
    requests.request(new Request.Pause());
    Study study = Study.create(requests, SETTINGS.withMaxTrials(3));
    Thread runner = Thread.ofPlatform().start(() -> study.run(Objective.of(StudyTest::bowl)));
    requests.awaitFulfilled(1);
    requests.awaitStatus(StudyState.PAUSED);
    assertThat(study.trials()).isEmpty();
    requests.request(new Request.Unpause());
    runner.join();
    assertThat(study.trials()).hasSize(3);
  }

  @Test
  void requestsThatCannotBeDoneAreRefused() {
    store.request(new Request.Enqueue(new Parameters(Map.of("z", 1))));
    store.request(
        new Request.Change(OptionalInt.of(0), OptionalInt.empty(), OptionalDouble.empty(), null));
    store.request(new Request.Kill(77));
    Study study = Study.create(store, SETTINGS);
    assertThat(study.run(Objective.of(StudyTest::bowl)).status()).isEqualTo(StudyState.DONE);
    assertThat(study.trials()).hasSize(12);
    assertThat(store.requests()).isEmpty();
  }

  @Test
  void aTrialLeftBehindCanBeKilledBeforeItRunsAgain() {
    Study study = Study.create(store, SETTINGS);
    study.run(
        trial -> {
          if (trial.id() == 3) {
            study.stop();
          }
          return Outcome.of(bowl(trial.parameters()));
        });
    assertThat(store.trials().get(3).state()).isEqualTo(TrialState.RUNNING);
    store.request(new Request.Kill(3));
    Study resumed = Study.open(store);
    resumed.run(Objective.of(StudyTest::bowl));
    assertThat(resumed.trials().get(3).state()).isEqualTo(TrialState.USER_CANCELED);
    assertThat(resumed.trials()).hasSize(12).allMatch(t -> t.state().finished());
  }

  @Test
  void aChangedSpaceIsSearchedFromThenOn() {
    Study.create(store, SETTINGS).run(Objective.of(StudyTest::bowl));
    Space narrow = Space.of(Map.of("x", Range.of(.25, .35), "y", Range.of(.5, .7)));
    store.request(
        new Request.Change(
            OptionalInt.empty(), OptionalInt.of(24), OptionalDouble.empty(), narrow));
    Study study = Study.open(store);
    study.run(Objective.of(StudyTest::bowl));
    assertThat(study.trials()).hasSize(24);
    for (Trial trial : study.trials().subList(12, 24)) {
      assertThat(trial.parameters().number("x")).isBetween(.25, .35);
    }
  }

  @Test
  void limitsStopTrialsAndStudies() {
    Study slow =
        Study.create(store, SETTINGS.withMaxTrials(2).withLimits(new Settings.Limits(3600, .02)));
    slow.run(
        trial -> {
          while (!trial.stopped()) {
            Thread.onSpinWait();
          }
          return Outcome.of(1);
        });
    assertThat(slow.trials()).hasSize(2);
    assertThat(slow.trials()).allMatch(t -> t.state() == TrialState.EARLY_STOPPED);
    assertThat(slow.trials().getFirst().reason()).isEqualTo("ran longer than 0.02 s");
    MemoryStore second = new MemoryStore();
    Study endless =
        Study.create(
            second, SETTINGS.withLimits(new Settings.Limits(.05, Double.POSITIVE_INFINITY)));
    StudyStatus end =
        endless.run(
            trial -> {
              while (!trial.stopped()) {
                Thread.onSpinWait();
              }
              return Outcome.of(1);
            });
    assertThat(end.status()).isEqualTo(StudyState.DONE);
    assertThat(end.reason()).isEqualTo("out of time");
    assertThat(endless.trials()).allMatch(t -> t.state().finished());
  }

  @Test
  void anExhaustedSpaceEndsTheStudy() {
    Study study =
        Study.create(store, Settings.of(Spaces.twelve(), Goal.minimize("loss")).withConcurrency(3));
    StudyStatus end = study.run(trial -> Outcome.of(trial.id()));
    assertThat(end.status()).isEqualTo(StudyState.DONE);
    assertThat(study.trials()).hasSize(12);
  }

  @Test
  void promotedTrialsGoOnFromWhatTheyKept() {
    ConcurrentLinkedQueue<String> work = new ConcurrentLinkedQueue<>();
    Settings settings =
        SETTINGS
            .withBudget(9)
            .withMaxTrials(9)
            .withMethod(MethodSpec.of("Random"), new MethodSpec("Hyperband", Map.of()));
    Study study = Study.create(store, settings);
    study.run(
        trial -> {
          Integer steps = trial.kept(Integer.class);
          assertThat(steps == null ? 0 : steps).isEqualTo(trial.from());
          work.add(trial.from() + "-" + trial.until());
          trial.keep(trial.until());
          return Outcome.of(bowl(trial.parameters()));
        });
    assertThat(work.stream().filter("0-1"::equals)).hasSize(9);
    assertThat(work.stream().filter("1-3"::equals)).hasSize(3);
    assertThat(work.stream().filter("3-9"::equals)).hasSize(1);
    assertThat(study.history().in(TrialState.SUCCEEDED)).hasSize(1);
    assertThat(study.history().in(TrialState.EARLY_STOPPED)).hasSize(8);
    assertThat(study.history().in(TrialState.EARLY_STOPPED).getFirst().reason())
        .isEqualTo(Trial.NOT_PROMOTED);
  }

  @Test
  void populationsCopyTheirBest() {
    Settings settings =
        SETTINGS
            .withBudget(8)
            .withMaxTrials(100)
            .withMethod(
                new MethodSpec("PBT", Map.of("interval", 2, "population_size", 5)),
                MethodSpec.of("None"));
    Study study = Study.create(store, settings);
    List<Integer> copied = new ArrayList<>();
    Set<Integer> seen = new HashSet<>();
    study.run(
        trial -> {
          // What a trial keeps names it: a copy goes on from its parent's state.
          String state = trial.kept(String.class);
          assertThat(state)
              .isEqualTo(trial.from() == 0 ? null : trial.origin() + " at " + trial.from());
          if (trial.id() >= 5 && seen.add(trial.id())) {
            copied.add(trial.from());
            assertThat(trial.origin()).isEqualTo(bestAt(study, trial.from()));
          }
          trial.keep(trial.id() + " at " + trial.until());
          return Outcome.of(bowl(trial.parameters()));
        });
    // Three generations end before the last: one member of five is replaced after each.
    assertThat(copied).containsExactly(2, 4, 6);
    assertThat(study.history().in(TrialState.FAILED)).isEmpty();
    assertThat(study.history().in(TrialState.SUCCEEDED)).hasSize(5);
  }

  /// Returns the trial with the least loss of those that reached a step.
  private static int bestAt(Study study, int step) {
    return study.trials().stream()
        .filter(t -> t.lastStep() >= step)
        .min(Comparator.comparingDouble(t -> bowl(t.parameters())))
        .orElseThrow()
        .id();
  }

  @Test
  void severalGoalsGiveAFrontAndConstraintsCutIt() {
    Settings settings =
        Settings.of(Spaces.square(), Goal.minimize("a"), Goal.maximize("b"))
            .withMaxTrials(60)
            .withConcurrency(2);
    Study study = Study.create(store, settings);
    study.run(
        trial -> {
          double x = trial.parameters().number("x");
          double y = trial.parameters().number("y");
          return Outcome.of(x + y, Math.sqrt(x)).within(.2 - x);
        });
    List<Trial> front = study.front();
    assertThat(front).hasSizeGreaterThan(1);
    List<Trial> kept = study.trials().stream().filter(t -> t.outcome().violation() == 0).toList();
    assertThat(kept).hasSizeLessThan(60);
    for (Trial trial : kept) {
      assertThat(kept.stream().noneMatch(other -> beats(other, trial)))
          .as("trial %d is on the front", trial.id())
          .isEqualTo(front.contains(trial));
    }
    for (int i = 0; i < front.size(); i++) {
      assertThat(front.get(i).outcome().violation()).isZero();
      if (i > 0) {
        assertThat(front.get(i).values().get(0)).isGreaterThan(front.get(i - 1).values().get(0));
        assertThat(front.get(i).values().get(1)).isGreaterThan(front.get(i - 1).values().get(1));
      }
    }
    assertThat(study.best().orElseThrow().parameters().number("x")).isGreaterThanOrEqualTo(.2);
  }

  private static boolean beats(Trial one, Trial other) {
    double a = one.values().get(0) - other.values().get(0);
    double b = one.values().get(1) - other.values().get(1);
    return a <= 0 && b >= 0 && (a < 0 || b > 0);
  }

  @Test
  void whatNoTrialCanHelpEndsTheStudyAndFailsNoTrial() {
    MemoryStore store = new MemoryStore();
    Study study =
        Study.create(
            store,
            Settings.of(Spaces.square(), Goal.minimize("f")).withMaxTrials(4).withConcurrency(2));
    assertThatThrownBy(
            () ->
                study.run(
                    trial -> {
                      if (trial.id() == 1) {
                        throw new BrokenStudyException("disk: no space left", null);
                      }
                      while (trial.id() == 0 && !trial.stopped()) {
                        Thread.onSpinWait();
                      }
                      return Outcome.of(1);
                    }))
        .isInstanceOf(BrokenStudyException.class)
        .hasMessage("disk: no space left");
    assertThat(store.status().status()).isEqualTo(StudyState.ERROR);
    assertThat(store.trials()).noneMatch(t -> t.state().finished());
    Study again = Study.open(store);
    assertThat(again.run(trial -> Outcome.of(trial.id())).status()).isEqualTo(StudyState.DONE);
    assertThat(again.trials()).hasSize(4).allMatch(t -> t.state() == TrialState.SUCCEEDED);
  }

  @Test
  void aStoreThatCannotWriteEndsTheStudyAndFailsNoTrial() {
    AtomicBoolean full = new AtomicBoolean();
    MemoryStore inner = new MemoryStore();
    Store store =
        (Store)
            Proxy.newProxyInstance(
                Store.class.getClassLoader(),
                new Class<?>[] {Store.class},
                (proxy, method, arguments) -> {
                  boolean writes = List.of("save", "report").contains(method.getName());
                  if (full.get() && (writes || method.getReturnType() == void.class)) {
                    throw new IllegalStateException("no space left");
                  }
                  return method.invoke(inner, arguments);
                });
    Study study =
        Study.create(
            store, Settings.of(Spaces.square(), Goal.minimize("f")).withMaxTrials(3).withBudget(2));
    assertThatThrownBy(
            () ->
                study.run(
                    trial -> {
                      full.set(trial.id() == 1);
                      trial.report(1, 1);
                      return Outcome.of(1);
                    }))
        .hasMessage("no space left");
    assertThat(inner.trials()).noneMatch(t -> t.state() == TrialState.FAILED);
    full.set(false);
    Study again = Study.open(store);
    assertThat(again.run(trial -> Outcome.of(1)).status()).isEqualTo(StudyState.DONE);
    assertThat(again.trials()).hasSize(3).allMatch(t -> t.state() == TrialState.SUCCEEDED);
  }

  @Test
  void anExhaustedSpaceIsSaid() {
    Study study =
        Study.create(
            new MemoryStore(),
            Settings.of(Space.of(Map.of("x", Range.integers(1, 4))), Goal.minimize("f")));
    assertThat(study.run(trial -> Outcome.of(trial.parameters().number("x"))))
        .extracting(StudyStatus::status, StudyStatus::reason)
        .containsExactly(StudyState.DONE, "the space has 4 configurations; all were tried");
  }
}
