package io.kaseb.tune;

import java.util.Arrays;

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
    if (step <= startStep) {
      return false;
    }
    int succeeded = 0;
    double[][] others = new double[history.goals().size()][history.trials().size()];
    int[] counts = new int[others.length];
    for (Trial other : history.trials()) {
      if (other.state() != TrialState.SUCCEEDED || other.id() == trial.id()) {
        continue;
      }
      succeeded++;
      for (int goal = 0; goal < others.length && other.lastStep() >= step; goal++) {
        double value = standing(history, other, step, goal);
        if (!Double.isNaN(value)) {
          others[goal][counts[goal]++] = value;
        }
      }
    }
    if (succeeded < startTrials) {
      return false;
    }
    for (int goal = 0; goal < others.length; goal++) {
      double[] losses = Arrays.copyOf(others[goal], counts[goal]);
      if (losses.length == 0 || !(best(history, trial, goal) > median(losses))) {
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
    return history.average(other, goal, step);
  }

  /// NNI takes sorted[(n - 1) / 2] when more is better and sorted[n / 2] when less is: as losses,
  /// both are the upper of the two in the middle.
  private double median(double[] losses) {
    Arrays.sort(losses);
    int n = losses.length;
    double upper = losses[n / 2];
    return variant == Variant.NNI ? upper : (losses[(n - 1) / 2] + upper) / 2;
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
