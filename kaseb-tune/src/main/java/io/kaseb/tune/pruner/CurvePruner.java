package io.kaseb.tune.pruner;

import io.kaseb.tune.trial.History;
import io.kaseb.tune.trial.Measurement;
import io.kaseb.tune.trial.Trial;
import io.kaseb.tune.trial.TrialState;
import java.util.ArrayList;
import java.util.List;

/// Stops a trial whose learning curve, continued by [CurveFamily]'s curves, will not come near the
/// best final value so far (after Domhan et al. 2015). For goals of which more is better.
///
/// @param startStep reports that a trial must have
/// @param threshold share of the best final value that the prediction must exceed
public record CurvePruner(int startStep, double threshold) implements Pruner {
  /// NNI's defaults.
  public static final CurvePruner DEFAULT = new CurvePruner(6, .95);

  /// Checks the numbers.
  public CurvePruner {
    if (startStep < 3 || !(threshold > 0 && threshold <= 1)) {
      throw new IllegalArgumentException(
          "start_step=%d, threshold=%s; must be 3 or more, above 0 and at most 1"
              .formatted(startStep, threshold));
    }
  }

  @Override
  public boolean stops(History history, Trial trial) {
    if (history.goals().stream().anyMatch(g -> !g.maximize())) {
      throw new IllegalArgumentException(
          "curve fitting with a goal of which less is better; it needs goals to maximize: take the"
              + " median or asha pruner");
    }
    if (trial.measurements().size() < startStep || trial.lastStep() >= history.budget()) {
      return false;
    }
    List<Trial> succeeded = history.in(TrialState.SUCCEEDED);
    for (int goal = 0; goal < history.goals().size(); goal++) {
      int g = goal;
      double best =
          succeeded.stream()
              .filter(t -> !t.values().isEmpty())
              .mapToDouble(t -> t.values().get(g))
              .max()
              .orElse(Double.NEGATIVE_INFINITY);
      double needed = best - (1 - threshold) * Math.abs(best);
      if (succeeded.isEmpty() || !(predicted(trial, goal, history.budget()) <= needed)) {
        return false;
      }
    }
    return true;
  }

  /// Returns the value that a trial's goal is expected to have at a step: the curves' predictions,
  /// weighed by how well they fit.
  static double predicted(Trial trial, int goal, int end) {
    double[] x = trial.measurements().stream().mapToDouble(Measurement::step).toArray();
    double[] y = trial.measurements().stream().mapToDouble(r -> r.values().get(goal)).toArray();
    double size = 1e-12;
    for (double v : y) {
      size = Math.max(size, Math.abs(v));
    }
    for (int i = 0; i < y.length; i++) {
      y[i] /= size;
    }
    List<CurveFamily.Fit> fits = new ArrayList<>();
    double best = Double.POSITIVE_INFINITY;
    for (CurveFamily family : CurveFamily.values()) {
      CurveFamily.Fit fit = family.fit(x, y, end);
      if (Double.isFinite(fit.end()) && Double.isFinite(fit.score())) {
        fits.add(fit);
        best = Math.min(best, fit.score());
      }
    }
    double sum = 0;
    double weights = 0;
    for (CurveFamily.Fit fit : fits) {
      double weight = Math.exp(.5 * (best - fit.score()));
      sum += weight * fit.end();
      weights += weight;
    }
    return fits.isEmpty() ? Double.NaN : size * sum / weights;
  }
}
