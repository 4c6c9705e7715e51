package io.kaseb.tune.pruner;

import io.kaseb.tune.trial.History;
import io.kaseb.tune.trial.SucceededTrials;
import io.kaseb.tune.trial.Trial;

/// Stops a trial whose best value so far is not among the best share of what the trials that
/// succeeded had at the same step (Optuna's percentile pruner; at 50 its median pruner). With
/// several goals, in none of them.
///
/// @param percentile the share that goes on, in percent, as in 25
/// @param startTrials trials that must have succeeded before anything is stopped
/// @param startStep steps that are never judged
public record PercentilePruner(double percentile, int startTrials, int startStep)
    implements Pruner {
  /// Checks the numbers.
  public PercentilePruner {
    if (!(percentile > 0 && percentile <= 100) || startTrials < 0 || startStep < 0) {
      throw new IllegalArgumentException(
          "percentile=%s, start_trials=%d, start_step=%d; must be above 0 and at most 100, 0 or more"
              .formatted(percentile, startTrials, startStep));
    }
  }

  @Override
  public boolean stops(History history, Trial trial) {
    int step = trial.lastStep();
    SucceededTrials others = history.succeeded().without(trial.id());
    if (step <= startStep || others.count() < Math.max(1, startTrials)) {
      return false;
    }
    for (int goal = 0; goal < history.goals().size(); goal++) {
      double bound = others.quantile(percentile / 100, goal, step);
      if (!(Curves.best(history, trial, goal) > bound)) {
        return false;
      }
    }
    return true;
  }
}
