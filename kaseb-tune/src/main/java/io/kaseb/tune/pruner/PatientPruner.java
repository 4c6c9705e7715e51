package io.kaseb.tune.pruner;

import io.kaseb.tune.trial.History;
import io.kaseb.tune.trial.Measurement;
import io.kaseb.tune.trial.Trial;
import java.util.List;

/// Stops a trial that has not become better for some reports, and that another pruner, where there
/// is one, would stop too. With several goals, better in none.
///
/// @param inner what must want to stop it too; [Pruner#NONE] for nothing
/// @param patience reports without a better one that are borne
/// @param leastGain by how much a report must be better to count
public record PatientPruner(Pruner inner, int patience, double leastGain) implements Pruner {
  /// Checks the numbers.
  public PatientPruner {
    if (patience < 1 || !(leastGain >= 0)) {
      throw new IllegalArgumentException(
          "patience=%d, min_delta=%s; must be 1 or more, 0 or more".formatted(patience, leastGain));
    }
  }

  @Override
  public boolean stops(History history, Trial trial) {
    List<Measurement> reports = trial.measurements();
    int before = reports.size() - patience;
    if (before < 1) {
      return false;
    }
    for (int goal = 0; goal < history.goals().size(); goal++) {
      double then = Curves.best(history, reports.subList(0, before), goal);
      double since = Curves.best(history, reports.subList(before, reports.size()), goal);
      if (since < then - leastGain) {
        return false;
      }
    }
    return inner == Pruner.NONE || inner.stops(history, trial);
  }
}
