package io.kaseb.tune.pruner;

import io.kaseb.tune.trial.History;
import io.kaseb.tune.trial.Measurement;
import io.kaseb.tune.trial.Trial;
import java.util.List;

/// A trial's reports as losses.
final class Curves {
  private Curves() {}

  /// Returns the loss of a goal in a report.
  static double loss(History history, Measurement report, int goal) {
    return history.goals().get(goal).loss(report.values().get(goal));
  }

  /// Returns a trial's least loss of a goal so far; NaN where it has not reported.
  static double best(History history, Trial trial, int goal) {
    return best(history, trial.measurements(), goal);
  }

  /// Returns the least loss of a goal among some reports; NaN where there are none.
  static double best(History history, List<Measurement> reports, int goal) {
    return reports.stream()
        .mapToDouble(report -> loss(history, report, goal))
        .min()
        .orElse(Double.NaN);
  }
}
