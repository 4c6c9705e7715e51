package io.kaseb.tune.pruner;

import io.kaseb.tune.trial.History;
import io.kaseb.tune.trial.Trial;

/// Stops a trial whose latest value of the first goal lies outside bounds, or is no number: what
/// has diverged, or can come to nothing.
///
/// @param lower least value that may be reported
/// @param upper largest value that may be reported
/// @param startStep steps that are never judged
public record ThresholdPruner(double lower, double upper, int startStep) implements Pruner {
  /// Checks the numbers.
  public ThresholdPruner {
    if (!(lower < upper) || startStep < 0) {
      throw new IllegalArgumentException(
          "lower=%s, upper=%s, start_step=%d; the first must be below the second, 0 or more"
              .formatted(lower, upper, startStep));
    }
    if (Double.isInfinite(lower) && Double.isInfinite(upper)) {
      throw new IllegalArgumentException("no bound; give lower or upper");
    }
  }

  @Override
  public boolean stops(History history, Trial trial) {
    if (trial.lastStep() <= startStep) {
      return false;
    }
    double value = trial.measurements().getLast().values().getFirst();
    return !(value >= lower && value <= upper);
  }
}
