package io.kaseb.tune;

import java.util.ArrayList;
import java.util.Collections;
import java.util.List;

/// Stops a trial whose best value so far is strictly worse than the median of the trials that
/// succeeded (Golovin et al. 2017, section 3.2.1). With several goals, worse in every one.
///
/// @param variant what the median is taken of
/// @param startTrials trials that must have succeeded before anything is stopped
/// @param startStep steps that are never judged
public record MedianPruner(Variant variant, int startTrials, int startStep) implements Pruner {
  /// What the median is taken of.
  public enum Variant {
    /// NNI's: running averages up to the step; of an even number, the lower of the two in the
    /// middle counts as the worse one.
    NNI,
    /// Running averages up to the step; of an even number, the mean of the two in the middle.
    AVERAGED,
    /// Optuna's: the values at the step themselves.
    RAW
  }

  /// Checks the numbers.
  public MedianPruner {
    if (startTrials < 0 || startStep < 0) {
      throw new IllegalArgumentException(
          "start_trials=%d, start_step=%d; must be 0 or more".formatted(startTrials, startStep));
    }
  }

  @Override
  public boolean stops(History history, Trial trial) {
    int step = trial.lastStep();
    List<Trial> succeeded = history.in(TrialState.SUCCEEDED);
    if (step <= startStep || succeeded.size() < startTrials) {
      return false;
    }
    for (int goal = 0; goal < history.goals().size(); goal++) {
      List<Double> others = new ArrayList<>();
      for (Trial other : succeeded) {
        if (other.id() != trial.id() && other.lastStep() >= step) {
          double value = standing(history, other, step, goal);
          if (!Double.isNaN(value)) {
            others.add(value);
          }
        }
      }
      if (others.isEmpty() || !(best(history, trial, goal) > median(others))) {
        return false;
      }
    }
    return true;
  }

  private double standing(History history, Trial other, int step, int goal) {
    if (variant == Variant.RAW) {
      Report report = other.at(step);
      return report == null ? Double.NaN : loss(history, report, goal);
    }
    return other.reports().stream()
        .filter(r -> r.step() <= step)
        .mapToDouble(r -> loss(history, r, goal))
        .average()
        .orElse(Double.NaN);
  }

  /// NNI takes sorted[(n - 1) / 2] when more is better and sorted[n / 2] when less is: as losses,
  /// both are the upper of the two in the middle.
  private double median(List<Double> losses) {
    Collections.sort(losses);
    int n = losses.size();
    double upper = losses.get(n / 2);
    return variant == Variant.NNI ? upper : (losses.get((n - 1) / 2) + upper) / 2;
  }

  private static double best(History history, Trial trial, int goal) {
    return trial.reports().stream()
        .mapToDouble(r -> loss(history, r, goal))
        .min()
        .orElse(Double.NaN);
  }

  private static double loss(History history, Report report, int goal) {
    return history.goals().get(goal).loss(report.values().get(goal));
  }
}
