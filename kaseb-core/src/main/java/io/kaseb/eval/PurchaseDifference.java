package io.kaseb.eval;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;

/// How far a model's purchase forecast lies above another's, on the same resamples of sessions.
///
/// @param goal the action that both forecast
/// @param view `challenge` or `live`
/// @param model the model
/// @param other the one it is compared with
/// @param metric `auc` or `average_precision`
/// @param difference the model's value less the other's
/// @param low 2.5th percentile of the difference over the resamples
/// @param high 97.5th percentile
public record PurchaseDifference(
    String goal,
    String view,
    String model,
    String other,
    String metric,
    double difference,
    double low,
    double high) {
  /// Compares, for each goal and view, the first model with each other; nothing where too few
  /// sessions or buyers tell.
  public static List<PurchaseDifference> all(List<PurchaseEvaluation> purchases) {
    List<PurchaseDifference> all = new ArrayList<>();
    PurchaseBlock.of(purchases).forEach(block -> all.addAll(of(block)));
    return all;
  }

  /// Compares a block's first model with each other that ranks anything: what gives every session
  /// the same score is no better or worse than another.
  public static List<PurchaseDifference> of(PurchaseBlock block) {
    List<PurchaseDifference> all = new ArrayList<>();
    PurchaseEvaluation first = block.first();
    for (String metric : List.of("auc", "average_precision")) {
      for (PurchaseEvaluation other : block.rows().subList(1, block.rows().size())) {
        if (first.constant().contains(metric) || other.constant().contains(metric)) {
          continue;
        }
        double[] ends = ends(first.samples(metric), other.samples(metric));
        if (!Double.isNaN(ends[0])) {
          all.add(
              new PurchaseDifference(
                  first.goal(),
                  first.view(),
                  first.name(),
                  other.name(),
                  metric,
                  first.metric(metric) - other.metric(metric),
                  ends[0],
                  ends[1]));
        }
      }
    }
    return all;
  }

  private static double[] ends(double[] a, double[] b) {
    double[] differences = new double[Math.min(a.length, b.length)];
    for (int i = 0; i < differences.length; i++) {
      differences[i] = a[i] - b[i];
    }
    return Bootstrap.ends(differences);
  }

  /// Returns the comparison as a line of a report.
  public String line() {
    return String.format(
        Locale.ROOT,
        "%s of %s above %s: %+.4f [%+.4f, %+.4f], paired",
        metric.replace('_', ' '),
        model,
        other,
        difference,
        low,
        high);
  }
}
