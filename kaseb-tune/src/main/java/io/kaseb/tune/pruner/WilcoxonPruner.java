package io.kaseb.tune.pruner;

import io.kaseb.tune.math.SignedRank;
import io.kaseb.tune.trial.History;
import io.kaseb.tune.trial.Measurement;
import io.kaseb.tune.trial.Trial;
import java.util.List;

/// For objectives whose reports are results on parts of the data (folds, days), each at its own
/// step: stops a trial that is worse than the best one on the same parts, by Wilcoxon's signed-rank
/// test of the first goal.
///
/// @param threshold the one-sided p below which it counts as worse
/// @param startup parts that are never judged
public record WilcoxonPruner(double threshold, int startup) implements Pruner {
  /// Checks the numbers.
  public WilcoxonPruner {
    if (!(threshold > 0 && threshold < 1) || startup < 0) {
      throw new IllegalArgumentException(
          "p_threshold=%s, n_startup_steps=%d; must be above 0 and below 1, 0 or more"
              .formatted(threshold, startup));
    }
  }

  @Override
  public boolean stops(History history, Trial trial) {
    List<Trial> ranked =
        history.best().stream()
            .filter(other -> other.id() != trial.id() && other.outcome() != null)
            .toList();
    if (ranked.isEmpty()) {
      return false;
    }
    Trial best = ranked.getFirst();
    double[] worse =
        trial.measurements().stream()
            .filter(report -> best.at(report.step()) != null)
            .mapToDouble(report -> difference(history, report, best))
            .toArray();
    if (worse.length <= startup) {
      return false;
    }
    double sum = 0;
    for (double one : worse) {
      sum += one;
    }
    return sum > 0 && SignedRank.above(worse) < threshold;
  }

  private static double difference(History history, Measurement report, Trial best) {
    Measurement other = best.at(report.step());
    return other == null
        ? Double.NaN
        : Curves.loss(history, report, 0) - Curves.loss(history, other, 0);
  }
}
