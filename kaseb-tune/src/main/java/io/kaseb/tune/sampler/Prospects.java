package io.kaseb.tune.sampler;

import io.kaseb.tune.trial.History;
import io.kaseb.tune.trial.Measurement;
import io.kaseb.tune.trial.Observation;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;

/// What trials may be expected to reach at their end. A pruner stops most of them early, and a loss
/// after one epoch is not one after nine: taken as they are, the few that were promoted look better
/// than all others by what the further epochs gave. So a trial that was stopped, or waits to be
/// promoted, counts with its loss and the median of what others gained from there on.
final class Prospects {
  /// The step of trials that went to their end.
  private static final int END = Integer.MAX_VALUE;

  private Prospects() {}

  /// Returns the losses of all goals, those of trials that were stopped early carried to the end.
  ///
  /// @param history of the study
  /// @param some of its observations
  /// @return one row for each, as [Observation#losses()] where nothing is carried
  static List<double[]> losses(History history, List<Observation> some) {
    TreeSet<Integer> steps = new TreeSet<>();
    for (Observation one : some) {
      steps.add(step(one));
    }
    steps.remove(0);
    List<double[]> carried = new ArrayList<>(some.stream().map(Observation::losses).toList());
    for (Integer from : steps) {
      Integer to = steps.higher(from);
      double[] gains = to == null ? null : gains(history, some, from, to);
      for (int i = 0; gains != null && i < some.size(); i++) {
        int own = step(some.get(i));
        if (own > 0 && own <= from) {
          carried.set(i, sum(carried.get(i), gains));
        }
      }
    }
    return carried;
  }

  /// Returns how far a trial went, 0 where its losses are not carried anywhere.
  private static int step(Observation one) {
    return switch (one.kind()) {
      case COMPLETED -> END;
      case PRUNED -> one.step();
      case INFEASIBLE, FAILED -> 0;
    };
  }

  /// Returns the median, over the trials that have both, of each goal's loss at a step less that at
  /// an earlier one; null where no trial has both.
  private static double @Nullable [] gains(
      History history, List<Observation> some, int from, int to) {
    List<double[]> found = new ArrayList<>();
    for (Observation one : some) {
      Measurement early = step(one) < to ? null : one.trial().at(from);
      double[] late = early == null ? null : at(history, one, to);
      if (early != null && late != null) {
        double[] before = history.losses(early.values());
        double[] gain = new double[before.length];
        for (int g = 0; g < gain.length; g++) {
          gain[g] = late[g] - before[g];
        }
        found.add(gain);
      }
    }
    if (found.isEmpty()) {
      return null;
    }
    double[] medians = new double[found.getFirst().length];
    for (int g = 0; g < medians.length; g++) {
      int goal = g;
      double[] sorted = found.stream().mapToDouble(gain -> gain[goal]).sorted().toArray();
      medians[g] = (sorted[(sorted.length - 1) / 2] + sorted[sorted.length / 2]) / 2;
    }
    return medians;
  }

  private static double @Nullable [] at(History history, Observation one, int step) {
    if (step == step(one)) {
      return one.losses();
    }
    Measurement report = one.trial().at(step);
    return report == null ? null : history.losses(report.values());
  }

  private static double[] sum(double[] a, double[] b) {
    double[] sum = a.clone();
    Arrays.setAll(sum, g -> a[g] + b[g]);
    return sum;
  }
}
