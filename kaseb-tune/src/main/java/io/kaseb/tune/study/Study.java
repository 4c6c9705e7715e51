package io.kaseb.tune.study;

import io.kaseb.tune.trial.History;
import io.kaseb.tune.trial.Measurement;
import io.kaseb.tune.trial.Outcome;
import io.kaseb.tune.trial.Trial;
import io.kaseb.tune.trial.TrialState;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/// A search for the best parameters of an objective: asks its sampler, runs trials side by side,
/// lets its pruner cut them short and keeps everything in its store. A study whose process was
/// killed goes on from its store; trials that were at work run again under their own ids.
public final class Study {
  private static final long POLL_MILLIS = 100;

  /// What a trial kept to go on from a step.
  private record Kept(int step, Object state) {}

  private final Store store;
  private final ReentrantLock lock = new ReentrantLock();
  private final Condition changed = lock.newCondition();
  private final TrialQueue queue;
  private final Map<Integer, TrialRun> running = new LinkedHashMap<>();
  private final Map<Integer, Kept> kept = new HashMap<>();
  private final boolean ownMethod;
  private Consumer<Trial> listener = trial -> {};
  private boolean paused;
  private boolean stopping;
  private @Nullable RuntimeException broken;

  private Study(Store store, Settings settings, @Nullable Method method) {
    this.store = store;
    this.ownMethod = method != null;
    this.queue = new TrialQueue(store, settings, method == null ? settings.method() : method);
  }

  /// Begins a study in an empty store.
  ///
  /// @param store without settings; the study does not close it
  /// @param settings with the names of its sampler and pruner
  /// @return a study that has not run
  /// @throws IllegalArgumentException where the store holds a study already
  public static Study create(Store store, Settings settings) {
    return create(store, settings, null);
  }

  /// Begins a study in an empty store with a sampler and pruner of the caller's own, which are not
  /// stored.
  ///
  /// @param store without settings; the study does not close it
  /// @param settings their sampler and pruner are not used where `method` is given
  /// @param method null for the settings' own
  /// @return a study that has not run
  /// @throws IllegalArgumentException where the store holds a study already
  public static Study create(Store store, Settings settings, @Nullable Method method) {
    if (store.settings().isPresent()) {
      throw new IllegalArgumentException(
          "the store holds study "
              + store.settings().get().name()
              + " already; resume it or take"
              + " another");
    }
    store.settings(settings);
    store.status(StudyStatus.NEW);
    return new Study(store, settings, method);
  }

  /// Opens the study of a store, to look at it or to go on.
  ///
  /// @param store with settings; the study does not close it
  /// @return a study in which segments that were at work begin again
  /// @throws IllegalArgumentException where the store holds no study
  public static Study open(Store store) {
    return open(store, null);
  }

  /// Opens the study of a store that was begun with a sampler and pruner of the caller's own.
  ///
  /// @param store with settings; the study does not close it
  /// @param method null for the settings' own
  /// @return a study in which segments that were at work begin again
  /// @throws IllegalArgumentException where the store holds no study
  public static Study open(Store store, @Nullable Method method) {
    Settings settings =
        store
            .settings()
            .orElseThrow(() -> new IllegalArgumentException("the store holds no study"));
    return new Study(store, settings, method);
  }

  /// {@return the settings}
  public Settings settings() {
    return queue.settings();
  }

  /// {@return all trials by ascending id}
  public List<Trial> trials() {
    lock.lock();
    try {
      return queue.trials();
    } finally {
      lock.unlock();
    }
  }

  /// {@return all that is known}
  public History history() {
    return History.of(settings().space(), settings().goals(), settings().budget(), trials());
  }

  /// {@return the best trial by the first goal among those that succeeded and kept all constraints;
  /// where none did, the best that was stopped early}
  public Optional<Trial> best() {
    return history().best().stream().findFirst();
  }

  /// {@return the trials that succeeded, kept all constraints and are not worse than another one in
  /// every goal (the Pareto front), by the first goal}
  public List<Trial> front() {
    return history().front();
  }

  /// Asks a running study to stop; trials at work begin again at the next run.
  public void stop() {
    lock.lock();
    try {
      stopping = true;
      running.values().forEach(run -> run.stop(TrialRun.Stop.STUDY_STOPPED));
      changed.signalAll();
    } finally {
      lock.unlock();
    }
  }

  /// Runs until the study is done, stopped or out of time.
  ///
  /// @param objective called from as many threads as there are workers
  /// @return how it stands then
  public StudyStatus run(Objective objective) {
    return run(objective, trial -> {});
  }

  /// Runs until the study is done, stopped or out of time. What the store, the sampler or the
  /// pruner throws, and a [BrokenStudyException], ends the study and is thrown here.
  ///
  /// @param objective called from as many threads as there are workers
  /// @param listener hears of every trial that began or whose segment ended; must be quick
  /// @return how it stands then
  public StudyStatus run(Objective objective, Consumer<Trial> listener) {
    long started = System.nanoTime();
    double before = store.status().seconds();
    lock.lock();
    try {
      this.listener = listener;
      this.broken = null;
      stopping = false;
      paused = false;
      store.status(new StudyStatus(StudyState.RUNNING, "", before));
      loop(objective, started, before);
      double seconds = before + (System.nanoTime() - started) / 1e9;
      if (broken != null) {
        throw unfinished(broken, seconds);
      }
      StudyStatus end = end(seconds);
      store.status(end);
      return end;
    } finally {
      lock.unlock();
    }
  }

  /// Notes that the study broke off, where that can be noted at all.
  private RuntimeException unfinished(RuntimeException why, double seconds) {
    try {
      store.status(new StudyStatus(StudyState.ERROR, String.valueOf(why.getMessage()), seconds));
    } catch (RuntimeException e) {
      why.addSuppressed(e);
    }
    return why;
  }

  private void loop(Objective objective, long started, double before) {
    while (true) {
      double seconds = before + (System.nanoTime() - started) / 1e9;
      if (broken == null) {
        fulfil(seconds);
      }
      boolean over = seconds >= settings().limits().study();
      if (over) {
        running.values().forEach(run -> run.stop(TrialRun.Stop.STUDY_OVER));
      }
      boolean idle = stopping || over || paused || broken != null;
      while (!idle && running.size() < settings().concurrency()) {
        TrialQueue.Assignment next = next();
        if (next == null) {
          break;
        }
        start(next, objective);
      }
      if (running.isEmpty() && (stopping || over || broken != null || !paused)) {
        return;
      }
      await();
    }
  }

  private TrialQueue.@Nullable Assignment next() {
    try {
      return queue.next(true);
    } catch (RuntimeException e) {
      // A sampler or pruner that fails would fail again: the study ends, trials at work finish.
      broken = broken == null ? e : broken;
      return null;
    }
  }

  /// Ends the study because of what no trial can help; trials at work stay as they are stored.
  private void breakOff(RuntimeException why) {
    broken = broken == null ? why : broken;
    running.values().forEach(run -> run.stop(TrialRun.Stop.STUDY_STOPPED));
    changed.signalAll();
  }

  /// Waits a while at most; the caller looks again in any case.
  @SuppressWarnings("WaitNotInLoop")
  private void await() {
    try {
      changed.await(POLL_MILLIS, TimeUnit.MILLISECONDS);
    } catch (InterruptedException e) {
      // An interrupted caller wants the study to stop; the workers are still waited for.
      stop();
    }
  }

  private StudyStatus end(double seconds) {
    if (stopping) {
      return new StudyStatus(StudyState.STOPPED, "stopped by the user", seconds);
    }
    queue.closeWaiting();
    boolean any = queue.trials().stream().anyMatch(t -> !t.values().isEmpty());
    if (!any) {
      String reason =
          queue.trials().stream()
              .map(Trial::reason)
              .filter(r -> !r.isEmpty())
              .findFirst()
              .orElse("no trial ran");
      return new StudyStatus(
          StudyState.ERROR, "no trial succeeded; the first one: " + reason, seconds);
    }
    String reason = seconds >= settings().limits().study() ? "out of time" : queue.exhaustion();
    return new StudyStatus(StudyState.DONE, reason, seconds);
  }

  private void start(TrialQueue.Assignment assignment, Objective objective) {
    TrialRun run =
        new TrialRun(this, assignment, kept(assignment), queue.repeat(assignment.trial()));
    running.put(run.id(), run);
    listener.accept(assignment.trial());
    Thread.ofPlatform().daemon().name("trial-" + run.id()).start(() -> work(run, objective));
  }

  /// Runs in a worker thread. Catches everything: an error of a trial must not end the study.
  private void work(TrialRun run, Objective objective) {
    Outcome outcome = null;
    Throwable failure = null;
    try {
      outcome = objective.run(run);
    } catch (Throwable e) {
      failure = e;
    }
    lock.lock();
    try {
      running.remove(run.id());
      if (failure instanceof BrokenStudyException broke) {
        breakOff(broke);
      } else {
        ended(run, outcome, failure);
        listener.accept(queue.trial(run.id()));
      }
    } catch (RuntimeException e) {
      breakOff(e);
    } finally {
      changed.signalAll();
      lock.unlock();
    }
  }

  private void ended(TrialRun run, @Nullable Outcome outcome, @Nullable Throwable failure) {
    TrialRun.Stop stop = run.stop();
    if (stop == TrialRun.Stop.STUDY_STOPPED) {
      return;
    }
    String wrong = failure == null ? wrong(outcome) : described(failure);
    Outcome valid = wrong.isEmpty() ? outcome : null;
    Trial trial = queue.trial(run.id());
    boolean whole = run.until() >= settings().budget();
    TrialState state =
        switch (stop) {
          case KILLED -> TrialState.USER_CANCELED;
          case PRUNED, TOO_LONG, STUDY_OVER -> TrialState.EARLY_STOPPED;
          default -> whole ? TrialState.SUCCEEDED : TrialState.WAITING;
        };
    String reason =
        switch (stop) {
          case KILLED -> "killed";
          case PRUNED -> "pruned at step " + trial.lastStep();
          case TOO_LONG -> "ran longer than " + settings().limits().trial() + " s";
          case STUDY_OVER -> "the study is out of time";
          default -> "";
        };
    boolean failed = !wrong.isEmpty() && stop != TrialRun.Stop.KILLED;
    queue.ended(
        run.assignment(),
        failed ? TrialState.FAILED : state,
        valid,
        failed ? wrong : reason,
        run.seconds());
    kept.keySet().removeIf(id -> queue.trial(id).state().finished());
  }

  /// Returns what is wrong with an outcome, or empty.
  private String wrong(@Nullable Outcome outcome) {
    if (outcome == null) {
      return "returned null";
    }
    return wrong(outcome.values());
  }

  private String wrong(List<Double> values) {
    if (values.size() != settings().goals().size()) {
      return values.size() + " values for " + settings().goals().size() + " goals";
    }
    for (int i = 0; i < values.size(); i++) {
      if (!Double.isFinite(values.get(i))) {
        return settings().goals().get(i).name() + "=" + values.get(i) + "; must be finite";
      }
    }
    return "";
  }

  private static String described(Throwable failure) {
    String name = failure.getClass().getSimpleName();
    return failure.getMessage() == null ? name : name + ": " + failure.getMessage();
  }

  void reported(TrialRun run, Measurement report) {
    lock.lock();
    try {
      String wrong = wrong(report.values());
      if (!wrong.isEmpty()) {
        throw new IllegalArgumentException("step " + report.step() + ": " + wrong);
      }
      if (report.step() <= run.from() || running.get(run.id()) != run) {
        return;
      }
      Trial trial;
      try {
        trial = queue.reported(run.id(), report);
      } catch (RuntimeException e) {
        run.stop(TrialRun.Stop.STUDY_STOPPED);
        breakOff(e);
        throw e;
      }
      if (queue.stops(run.assignment(), trial)) {
        run.stop(TrialRun.Stop.PRUNED);
      }
    } finally {
      lock.unlock();
    }
  }

  /// Returns what a segment goes on from, if this process has it: taken when the segment begins,
  /// before the trial that it copies goes on itself.
  private @Nullable Object kept(TrialQueue.Assignment assignment) {
    boolean first = assignment.trial().segments().size() == 1;
    Trial trial = assignment.trial();
    Kept state = kept.get(first ? trial.origin().parent() : trial.id());
    return state == null || state.step() != assignment.segment().from() ? null : state.state();
  }

  void keep(TrialRun run, Object state) {
    lock.lock();
    try {
      kept.put(run.id(), new Kept(run.until(), state));
    } finally {
      lock.unlock();
    }
  }

  /// Does what the user asked for.
  private void fulfil(double seconds) {
    List<Request> requests = store.requests();
    String refused = "";
    for (Request request : requests) {
      try {
        fulfil(request);
      } catch (IllegalArgumentException e) {
        // A request that cannot be done must not end the study, now or at every start.
        refused = "refused: " + e.getMessage();
      }
    }
    if (!requests.isEmpty()) {
      store.fulfilled(requests.size());
      StudyState status =
          stopping ? StudyState.STOPPING : paused ? StudyState.PAUSED : StudyState.RUNNING;
      store.status(new StudyStatus(status, refused, seconds));
    }
  }

  private void fulfil(Request request) {
    switch (request) {
      case Request.Stop s -> stop();
      case Request.Pause p -> paused = true;
      case Request.Unpause u -> paused = false;
      case Request.Kill kill -> kill(kill.trial());
      case Request.Enqueue enqueue -> queue.enqueue(enqueue.parameters());
      case Request.Change change -> {
        Settings next = change.applied(settings());
        queue.change(next, ownMethod ? null : next.method());
      }
    }
  }

  private void kill(int id) {
    TrialRun run = running.get(id);
    if (run != null) {
      run.stop(TrialRun.Stop.KILLED);
    } else if (id < queue.trials().size()) {
      queue.cancel(id);
    }
  }
}
