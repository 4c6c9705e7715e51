package io.kaseb.tune.trial;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/// The order of trials, from best to worst: what samplers learn from, what a study's best trial is,
/// which trials are shown first and which are promoted.
public final class Ranking {
  private Ranking() {}

  /// {@return what a trial's result is worth, or null where it has none yet: it is at work, or
  /// waits and has not reported}
  ///
  /// @param trial in any state
  public static Observation.@Nullable Kind kind(Trial trial) {
    if (trial.state() == TrialState.FAILED) {
      return Observation.Kind.FAILED;
    }
    if (trial.state() == TrialState.RUNNING || trial.values().isEmpty()) {
      return null;
    }
    if (violation(trial) > 0) {
      return Observation.Kind.INFEASIBLE;
    }
    return trial.state() == TrialState.SUCCEEDED
        ? Observation.Kind.COMPLETED
        : Observation.Kind.PRUNED;
  }

  private static double violation(Trial trial) {
    return trial.outcome() == null ? 0 : trial.outcome().violation();
  }

  /// {@return the trials that have a [#kind], best first: completed ones by their values, then
  /// pruned ones (those that went further first, then by the first goal), then those that broke a
  /// constraint (the least first), then those that failed} Where equal, in the given order.
  ///
  /// @param goals what decides between completed trials: one goal ranks by its values, several rank
  ///   by domination ([Pareto]). To rank by the first goal of several, give that one alone
  /// @param trials of one study, in any order
  public static List<Trial> of(List<Goal> goals, List<Trial> trials) {
    Map<Observation.Kind, List<Trial>> kinds = new EnumMap<>(Observation.Kind.class);
    for (Trial trial : trials) {
      Observation.Kind kind = kind(trial);
      if (kind != null) {
        kinds.computeIfAbsent(kind, k -> new ArrayList<>()).add(trial);
      }
    }
    List<Trial> ranked = new ArrayList<>();
    kinds.forEach((kind, some) -> ranked.addAll(sorted(kind, goals, some)));
    return ranked;
  }

  private static List<Trial> sorted(Observation.Kind kind, List<Goal> goals, List<Trial> trials) {
    Goal first = goals.getFirst();
    return switch (kind) {
      case COMPLETED ->
          byLosses(trials, trials.stream().map(t -> losses(goals, t.values())).toList());
      case PRUNED ->
          trials.stream()
              .sorted(
                  Comparator.comparingInt((Trial t) -> -t.lastStep())
                      .thenComparingDouble(t -> first.loss(t.values().getFirst())))
              .toList();
      case INFEASIBLE ->
          trials.stream().sorted(Comparator.comparingDouble(Ranking::violation)).toList();
      case FAILED -> trials;
    };
  }

  /// {@return the trials that reached a step, best there first: by what they first reported at it
  /// or later} Failed trials are left out.
  ///
  /// @param step 1 or more
  /// @param goals as in [#of]
  /// @param trials of one study, in any order
  public static List<Trial> at(int step, List<Goal> goals, List<Trial> trials) {
    List<Trial> there = new ArrayList<>();
    List<double[]> losses = new ArrayList<>();
    for (Trial trial : trials) {
      Measurement report = trial.reached(step);
      if (report != null && trial.state() != TrialState.FAILED) {
        there.add(trial);
        losses.add(losses(goals, report.values()));
      }
    }
    return byLosses(there, losses);
  }

  /// {@return the completed trials that no other one dominates, by the first goal}
  ///
  /// @param goals one or more
  /// @param trials of one study, in any order
  public static List<Trial> front(List<Goal> goals, List<Trial> trials) {
    List<Trial> done =
        of(goals.subList(0, 1), trials).stream()
            .filter(t -> kind(t) == Observation.Kind.COMPLETED)
            .toList();
    int[] fronts = Pareto.fronts(done.stream().map(t -> losses(goals, t.values())).toList());
    List<Trial> front = new ArrayList<>();
    for (int i = 0; i < fronts.length; i++) {
      if (fronts[i] == 0) {
        front.add(done.get(i));
      }
    }
    return front;
  }

  /// {@return anything that has losses, best first ([Pareto#order])}
  ///
  /// @param <T> what is ordered
  /// @param elements in any order
  /// @param losses of each element, one for each goal
  public static <T> List<T> byLosses(List<T> elements, List<double[]> losses) {
    List<T> ranked = new ArrayList<>();
    for (int i : Pareto.order(losses)) {
      ranked.add(elements.get(i));
    }
    return ranked;
  }

  /// Returns values as losses, less is better.
  ///
  /// @param values one for each goal; further ones are left out
  static double[] losses(List<Goal> goals, List<Double> values) {
    double[] losses = new double[goals.size()];
    for (int i = 0; i < losses.length; i++) {
      losses[i] = goals.get(i).loss(values.get(i));
    }
    return losses;
  }
}
