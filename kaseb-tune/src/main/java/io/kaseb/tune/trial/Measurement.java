package io.kaseb.tune.trial;

import java.util.List;

/// An intermediate result of a trial.
///
/// @param step how far the trial is, 1 or more, in the objective's own unit (epochs)
/// @param values one for each goal of the study
public record Measurement(int step, List<Double> values) {
  /// Checks the step.
  public Measurement {
    values = List.copyOf(values);
    if (step < 1) {
      throw new IllegalArgumentException("report at step " + step + "; must be 1 or more");
    }
  }

  /// {@return the first goal's value}
  public double value() {
    return values.getFirst();
  }
}
