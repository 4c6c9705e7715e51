package io.kaseb.tune.trial;

import io.kaseb.tune.space.Parameters;
import io.kaseb.tune.space.Space;
import java.util.ArrayList;
import java.util.BitSet;
import java.util.Collections;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import org.jspecify.annotations.Nullable;

/// What a study knows at one moment. Samplers and pruners decide from it alone, and from chance
/// that depends on the study's seed and the trial's id: they keep no state of their own, so a study
/// that was killed goes on as if it had not been.
public final class History {
  private static final double[] MISFIT = {};

  /// What is computed from a trial once and holds in every history of the study.
  private static final class Derived {
    final Map<Integer, double[]> points = new ConcurrentHashMap<>();

    /// The trials of each parameter set.
    final Map<Parameters, List<Integer>> ids = new HashMap<>();

    final BitSet entered = new BitSet();
    private @Nullable Derived ordered;

    /// Returns the same for the space in order.
    synchronized Derived ordered() {
      if (ordered == null) {
        ordered = new Derived();
      }
      return ordered;
    }

    synchronized List<Integer> ids(List<Trial> trials, Parameters parameters) {
      for (Trial trial : trials) {
        if (!entered.get(trial.id())) {
          entered.set(trial.id());
          ids.computeIfAbsent(trial.parameters(), p -> new ArrayList<>()).add(trial.id());
        }
      }
      return List.copyOf(ids.getOrDefault(parameters, List.of()));
    }
  }

  private final Space space;
  private final List<Goal> goals;
  private final int budget;
  private final List<Trial> trials;
  private final Derived derived;
  private @Nullable List<Observation> ranked;
  private @Nullable SucceededTrials succeeded;

  private History(Space space, List<Goal> goals, int budget, List<Trial> trials, Derived derived) {
    this.space = space;
    this.goals = goals;
    this.budget = budget;
    this.trials = trials;
    this.derived = derived;
  }

  /// Creates a history.
  ///
  /// @param space what is searched
  /// @param goals what is optimised, the first one decides where only one can
  /// @param budget steps of a full trial
  /// @param trials all trials by ascending id
  /// @return a history that copies them
  public static History of(Space space, List<Goal> goals, int budget, List<Trial> trials) {
    return new History(space, List.copyOf(goals), budget, List.copyOf(trials), new Derived());
  }

  /// {@return a history of other trials of the same study}
  ///
  /// @param others by ascending id
  public History with(List<Trial> others) {
    return new History(space, goals, budget, List.copyOf(others), derived);
  }

  /// {@return a history that follows the queue of a running study instead of copying them: what it
  /// says holds until they change}
  ///
  /// @param queue all trials by ascending id; changed by the study alone
  /// @param known what of the queue's trials succeeded
  public History live(List<Trial> queue, SucceededTrials known) {
    History history =
        new History(space, goals, budget, Collections.unmodifiableList(queue), derived);
    history.succeeded = known;
    return history;
  }

  /// {@return the same history in [Space#ordered()]}
  public History ordered() {
    Space same = space.ordered();
    if (same.equals(space)) {
      return this;
    }
    History history = new History(same, goals, budget, trials, derived.ordered());
    history.succeeded = succeeded;
    return history;
  }

  /// {@return what is searched}
  public Space space() {
    return space;
  }

  /// {@return what is optimised}
  public List<Goal> goals() {
    return goals;
  }

  /// {@return the steps of a full trial}
  public int budget() {
    return budget;
  }

  /// {@return all trials by ascending id}
  public List<Trial> trials() {
    return trials;
  }

  /// {@return a trial by its id}
  ///
  /// @param id from 0
  public Trial trial(int id) {
    int place = place(id);
    if (place < 0) {
      throw new IllegalArgumentException("no trial " + id + " in this study");
    }
    return trials.get(place);
  }

  /// {@return the trials in a state}
  ///
  /// @param state waiting, at work, paused or one of the ends
  public List<Trial> in(TrialState state) {
    return trials.stream().filter(t -> t.state() == state).toList();
  }

  /// {@return whether some parameters were tried, are being tried or wait to be}
  ///
  /// @param parameters as the space writes them
  public boolean seen(Parameters parameters) {
    return derived.ids(trials, parameters).stream().anyMatch(id -> place(id) >= 0);
  }

  /// {@return the trials of some parameters, by ascending id, whatever became of them}
  ///
  /// @param parameters as the space writes them
  public List<Trial> trialsOf(Parameters parameters) {
    return derived.ids(trials, parameters).stream()
        .filter(id -> place(id) >= 0)
        .map(this::trial)
        .toList();
  }

  /// Returns where a trial stands among this history's, negative where it does not.
  private int place(int id) {
    int low = 0;
    int high = trials.size() - 1;
    while (low <= high) {
      int middle = (low + high) >>> 1;
      int there = trials.get(middle).id();
      if (there == id) {
        return middle;
      }
      if (there < id) {
        low = middle + 1;
      } else {
        high = middle - 1;
      }
    }
    return -1;
  }

  /// {@return the trials that succeeded}
  public synchronized SucceededTrials succeeded() {
    if (succeeded == null) {
      succeeded = SucceededTrials.of(goals, trials);
    }
    return succeeded;
  }

  /// {@return a trial's values as losses, less is better}
  ///
  /// @param values one for each goal, in the goals' own units
  public double[] losses(List<Double> values) {
    return Ranking.losses(goals, values);
  }

  /// Returns the trials inside the space: after a change of the space, the others are not learned
  /// from.
  private List<Trial> inside() {
    return trials.stream().filter(t -> point(t) != null).toList();
  }

  /// {@return the trials with a result that kept all constraints, best first by the first goal:
  /// those that succeeded, then those that were stopped early or wait to be promoted} Where
  /// configurations were measured again, each stands there once, as its first trial with the mean
  /// of its results and a [Trial#reason] that says so; those that were measured less than half as
  /// often as another follow the others.
  public List<Trial> best() {
    List<Trial> ranked =
        Ranking.of(goals.subList(0, 1), inside()).stream()
            .filter(t -> Ranking.kind(t) != Observation.Kind.INFEASIBLE)
            .filter(t -> Ranking.kind(t) != Observation.Kind.FAILED)
            .toList();
    return Repeats.together(goals.getFirst(), ranked);
  }

  /// {@return the trials that succeeded, kept all constraints and are not worse than another one in
  /// every goal (the Pareto front), by the first goal}
  public List<Trial> front() {
    return Ranking.front(goals, inside());
  }

  /// {@return what was learned, best first ([Ranking#of]), of trials inside the space}
  public synchronized List<Observation> ranked() {
    if (ranked == null) {
      List<Observation> all = new ArrayList<>();
      for (Trial trial : Ranking.of(goals, inside())) {
        Observation.Kind kind = Ranking.kind(trial);
        double[] point = point(trial);
        if (kind != null && point != null) {
          boolean failed = kind == Observation.Kind.FAILED;
          double[] losses = failed ? new double[] {Double.NaN} : losses(trial.values());
          all.add(new Observation(trial, point, losses, kind, trial.lastStep()));
        }
      }
      ranked = List.copyOf(all);
    }
    return ranked;
  }

  /// {@return the observations that have a loss, best first}
  public List<Observation> measured() {
    return ranked().stream().filter(o -> o.kind() != Observation.Kind.FAILED).toList();
  }

  /// {@return the points of the trials at work}
  public List<Observation> running() {
    List<Observation> running = new ArrayList<>();
    for (Trial trial : trials) {
      boolean begun = trial.state() == TrialState.RUNNING;
      boolean queued = trial.state() == TrialState.WAITING && trial.measurements().isEmpty();
      double[] point = begun || queued ? point(trial) : null;
      if (point != null) {
        running.add(
            new Observation(trial, point, new double[] {Double.NaN}, Observation.Kind.FAILED, 0));
      }
    }
    return running;
  }

  /// {@return a trial's coordinates, or null where its parameters are outside the space, as after a
  /// change of the space}
  ///
  /// @param trial of this study, or of the study that was before its space changed
  public double @Nullable [] point(Trial trial) {
    double[] point =
        derived.points.computeIfAbsent(
            trial.id(),
            id -> {
              double[] found = space.point(trial.parameters());
              return found == null ? MISFIT : found;
            });
    return point == MISFIT ? null : point;
  }
}
