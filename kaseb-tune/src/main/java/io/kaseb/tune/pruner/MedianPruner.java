package io.kaseb.tune.pruner;

import io.kaseb.tune.trial.History;
import io.kaseb.tune.trial.SucceededTrials;
import io.kaseb.tune.trial.Trial;

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
    SucceededTrials others = history.succeeded().without(trial.id());
    if (others.count() < startTrials) {
      return false;
    }
    for (int goal = 0; goal < history.goals().size(); goal++) {
      // NNI takes sorted[(n - 1) / 2] when more is better and sorted[n / 2] when less is: as
      // losses, both are the upper of the two in the middle.
      double median = others.median(variant == Variant.RAW, variant == Variant.NNI, goal, step);
      if (!(Curves.best(history, trial, goal) > median)) {
        return false;
      }
    }
    return true;
  }
}
