package io.kaseb.tune.trial;

/// A trial as samplers see it.
///
/// @param trial the trial
/// @param point its coordinates
/// @param losses one for each goal, less is better; NaN for trials that failed
/// @param kind what its losses are worth
/// @param step how far it went
public record Observation(Trial trial, double[] point, double[] losses, Kind kind, int step) {
  /// What an observation is worth, best first.
  public enum Kind {
    /// It went to its end.
    COMPLETED,
    /// It was stopped early, at a loss that is known.
    PRUNED,
    /// It broke a constraint.
    INFEASIBLE,
    /// It gave no loss.
    FAILED
  }

  /// {@return the first goal's loss}
  public double loss() {
    return losses[0];
  }
}
