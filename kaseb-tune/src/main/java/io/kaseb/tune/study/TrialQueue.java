package io.kaseb.tune.study;

import io.kaseb.tune.math.SeededRandom;
import io.kaseb.tune.pruner.Decision;
import io.kaseb.tune.sampler.Suggestion;
import io.kaseb.tune.sampler.Terminator;
import io.kaseb.tune.space.Domain;
import io.kaseb.tune.space.Parameters;
import io.kaseb.tune.trial.History;
import io.kaseb.tune.trial.Measurement;
import io.kaseb.tune.trial.Outcome;
import io.kaseb.tune.trial.Segment;
import io.kaseb.tune.trial.SucceededTrials;
import io.kaseb.tune.trial.Trial;
import io.kaseb.tune.trial.TrialState;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.BitSet;
import java.util.Deque;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/// The queue of a study: its trials in memory and in the store, which segments have ended, and what
/// is to be done next. Not thread-safe; [Study] guards it.
final class TrialQueue {
  /// A segment handed to a worker.
  ///
  /// @param trial the trial as it began the segment
  /// @param segment the segment of its trial
  /// @param known what its decisions may see in a deterministic study, else null
  record Assignment(Trial trial, Segment segment, @Nullable History known) {}

  private final Store store;
  private final List<Trial> trials;
  private final SucceededTrials succeeded;
  private final BitSet ended = new BitSet();
  private final Deque<Integer> interrupted = new ArrayDeque<>();
  private volatile Settings settings;
  private Method method;
  private History base;
  private int issued;
  private int knownEnded;
  private boolean exhausted;

  /// Why the terminator ended the study, or empty.
  private String ending = "";

  /// Opens the queue as the store has them: segments that were at work begin again.
  TrialQueue(Store store, Settings settings, Method method) {
    this.store = store;
    this.settings = settings;
    this.method = method;
    this.trials = new ArrayList<>(store.trials());
    this.base = History.of(settings.space(), settings.goals(), settings.budget(), List.of());
    this.succeeded = SucceededTrials.of(settings.goals(), trials);
    for (Trial trial : trials) {
      for (Segment segment : trial.segments()) {
        issued = Math.max(issued, segment.number() + 1);
        knownEnded = Math.max(knownEnded, segment.knownEnded());
        ended.set(segment.number());
      }
      if (trial.state() == TrialState.RUNNING) {
        ended.clear(trial.segments().getLast().number());
      }
    }
    trials.stream()
        .filter(t -> t.state() == TrialState.RUNNING)
        .sorted((a, b) -> Integer.compare(number(a), number(b)))
        .forEach(t -> interrupted.add(t.id()));
  }

  private static int number(Trial trial) {
    return trial.segments().getLast().number();
  }

  /// Changes the settings; trials outside a new space stay but are not learned from.
  ///
  /// @param changedMethod the method of the new settings, or null to keep the present one
  void change(Settings changed, @Nullable Method changedMethod) {
    if (!changed.space().equals(settings.space())) {
      base = History.of(changed.space(), changed.goals(), changed.budget(), List.of());
    }
    exhausted = false;
    ending = "";
    settings = changed;
    method = changedMethod == null ? method : changedMethod;
    store.settings(changed);
  }

  Settings settings() {
    return settings;
  }

  Trial trial(int id) {
    if (id < 0 || id >= trials.size()) {
      throw new IllegalArgumentException("trial " + id + "; must be 0.." + (trials.size() - 1));
    }
    return trials.get(id);
  }

  List<Trial> trials() {
    return List.copyOf(trials);
  }

  /// Returns how many trials before this one have its parameters.
  int repeat(Trial trial) {
    return (int)
        trials.stream()
            .limit(trial.id())
            .filter(t -> t.parameters().equals(trial.parameters()))
            .count();
  }

  /// Returns all that is known now.
  History history() {
    return base.with(trials);
  }

  /// Returns what was known when the first `knownThen` segments had ended and `count` had been
  /// handed out.
  private History historyAt(int knownThen, int count) {
    List<Trial> then = new ArrayList<>();
    for (Trial trial : trials) {
      Trial seen = trial.asOf(knownThen, count);
      if (seen != null) {
        then.add(seen);
      }
    }
    return base.with(then);
  }

  /// Returns whether the pruner stops a trial that has just reported.
  boolean stops(Assignment assignment, Trial trial) {
    // A copy of thousands of trials for each report would cost more than the decision.
    History known = assignment.known() == null ? base.live(trials, succeeded) : assignment.known();
    return method.pruner().stops(known, trial);
  }

  /// Hands out the next segment, or returns null where there is none before another ends.
  ///
  /// @param mayStart whether new trials are allowed at all
  @Nullable Assignment next(boolean mayStart) {
    if (!interrupted.isEmpty()) {
      Trial trial = trials.get(interrupted.remove());
      Segment segment = trial.segments().getLast();
      return new Assignment(
          trial,
          segment,
          settings.lag() == 0 ? null : historyAt(segment.knownEnded(), segment.number()));
    }
    for (Trial trial : trials) {
      if (trial.state() == TrialState.WAITING && trial.segments().isEmpty()) {
        Decision.Start first = firstSegment();
        return begin(trial, first.from(), first.until(), knownEnded, null);
      }
    }
    boolean start = mayStart && !exhausted && counted() < settings.maxTrials();
    if (settings.lag() == 0) {
      return decide(history(), start, knownEnded, null);
    }
    for (int t = Math.max(knownEnded, issued - settings.lag() + 1); t <= issued; t++) {
      if (ended.nextClearBit(0) < t) {
        return null;
      }
      History then = historyAt(t, issued);
      Assignment assignment = decide(then, start, t, then);
      if (assignment != null) {
        return assignment;
      }
    }
    return null;
  }

  /// A trial of the user's own is as long as the pruner's first rung.
  private Decision.Start firstSegment() {
    return method.pruner().next(base, true) instanceof Decision.Start start
        ? start
        : new Decision.Start(0, settings.budget(), -1);
  }

  /// Says that there is nothing left to try, or is empty.
  String exhaustion() {
    if (!ending.isEmpty()) {
      return ending;
    }
    long size = settings.space().size();
    History all = history();
    long tried =
        trials.stream().filter(t -> all.point(t) != null).map(Trial::parameters).distinct().count();
    if (size != Domain.UNLIMITED && tried >= size) {
      return "the space has %d configuration%s; all were tried"
          .formatted(size, size == 1 ? "" : "s");
    }
    return exhausted ? "the sampler has nothing more to try" : "";
  }

  private long counted() {
    return trials.stream().filter(t -> !t.origin().equals(Trial.Origin.IMPORT)).count();
  }

  private @Nullable Assignment decide(
      History history, boolean mayStart, int knownThen, @Nullable History known) {
    return switch (method.pruner().next(history, mayStart)) {
      case Decision.Continue on -> {
        Trial trial = trials.get(on.trial());
        yield begin(trial, trial.until(), on.until(), knownThen, known);
      }
      case Decision.Start start -> {
        Terminator terminator = method.terminator();
        if (terminator != null) {
          ending = terminator.reason(history, SeededRandom.of(settings.seed(), trials.size()));
        }
        Optional<Suggestion> suggestion =
            ending.isEmpty()
                ? method.sampler().suggest(history, SeededRandom.of(settings.seed(), trials.size()))
                : Optional.empty();
        if (suggestion.isEmpty()) {
          exhausted = true;
          yield decide(history, false, knownThen, known);
        }
        Trial.Origin origin =
            new Trial.Origin(Trial.Source.SAMPLER, suggestion.get().parent(), start.bracket());
        Trial trial = Trial.waiting(trials.size(), suggestion.get().parameters(), origin);
        yield begin(trial, start.from(), start.until(), knownThen, known);
      }
      case Decision.Nothing nothing -> null;
    };
  }

  private Assignment begin(
      Trial trial, int from, int until, int knownThen, @Nullable History known) {
    Segment segment = new Segment(issued++, knownThen, from, until);
    knownEnded = settings.lag() == 0 ? knownEnded : Math.max(knownEnded, knownThen);
    Trial started = trial.started(segment);
    save(started);
    return new Assignment(started, segment, known);
  }

  private void save(Trial trial) {
    store.save(trial);
    if (trial.state() == TrialState.SUCCEEDED) {
      succeeded.add(trial);
    }
    if (trial.id() == trials.size()) {
      trials.add(trial);
    } else {
      trials.set(trial.id(), trial);
    }
  }

  /// Adds a trial of the user's own; false where its parameters stand in the queue already.
  boolean enqueue(Parameters parameters) {
    Parameters checked = settings.space().checked(parameters);
    if (history().seen(checked)) {
      return false;
    }
    save(Trial.waiting(trials.size(), checked, Trial.Origin.USER));
    return true;
  }

  /// Notes a report and returns the trial with it.
  Trial reported(int id, Measurement report) {
    Trial trial = trials.get(id).reported(report);
    store.report(id, report);
    trials.set(id, trial);
    return trial;
  }

  /// Notes that a segment ended and how its trial stands now.
  void ended(
      Assignment assignment,
      TrialState state,
      @Nullable Outcome outcome,
      String reason,
      double seconds) {
    Trial trial = trials.get(assignment.trial().id());
    if (state == TrialState.WAITING && outcome != null && trial.lastStep() < trial.until()) {
      trial = reported(trial.id(), new Measurement(trial.until(), outcome.values()));
    }
    save(trial.ended(state, outcome, reason, trial.seconds() + seconds));
    ended.set(assignment.segment().number());
    for (int id : method.pruner().dropped(history())) {
      Trial paused = trials.get(id);
      save(
          paused.ended(
              TrialState.EARLY_STOPPED, paused.outcome(), Trial.NOT_PROMOTED, paused.seconds()));
    }
  }

  /// Cancels a trial that no worker has: one that waits, or that an ended process left behind;
  /// false for others.
  boolean cancel(int id) {
    Trial trial = trial(id);
    boolean left = interrupted.remove(id);
    if (trial.state() != TrialState.WAITING && !left) {
      return false;
    }
    if (left) {
      ended.set(number(trial));
    }
    save(trial.ended(TrialState.USER_CANCELED, trial.outcome(), "killed", trial.seconds()));
    return true;
  }

  /// Ends the trials that still wait to be promoted when the study is over.
  void closeWaiting() {
    for (Trial trial : trials()) {
      if (trial.state() == TrialState.WAITING) {
        save(
            trial.ended(
                TrialState.EARLY_STOPPED,
                trial.outcome(),
                "the study ended before it was promoted",
                trial.seconds()));
      }
    }
  }
}
