package io.kaseb.eval;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;

/// What a model's purchase forecasts came to on one view of the test sessions.
///
/// @param name the model's name
/// @param view `challenge` (whole sessions) or `live` (clicks after the first purchase cut)
/// @param sessions sessions measured
/// @param buyers those that bought
/// @param metrics by name: `auc`, `average_precision`, `log_loss`, `brier`, `calibration_error`,
///   `item_auc`, `jaccard`, `score`, `score_max`, `score_reachable`, `auc_after_1` ...; NaN where
///   there is nothing to measure, as with one class only
/// @param intervals 95 % bootstrap intervals over sessions: low, high
/// @param curve the calibration curve
/// @param aucSamples the AUC of each bootstrap resample; resamples are the same for all models
/// @param constant the metrics whose ranking had nothing to go by, every score being the same: .5
///   or the share of buyers by construction, whatever the sessions
/// @param withoutSlope the calibrations that found no slope (`sessions`, `running sessions`,
///   `items`): their probability is the same for all
public record PurchaseEvaluation(
    String name,
    String view,
    int sessions,
    int buyers,
    Map<String, Double> metrics,
    Map<String, double[]> intervals,
    List<Bin> curve,
    double[] aucSamples,
    Set<String> constant,
    List<String> withoutSlope) {
  /// A share of the sessions with neighbouring probabilities.
  ///
  /// @param forecast their mean probability
  /// @param observed the share of them that bought
  /// @param sessions how many
  public record Bin(double forecast, double observed, int sessions) {}

  /// Returns the same figures under another name.
  public PurchaseEvaluation named(String other) {
    return new PurchaseEvaluation(
        other,
        view,
        sessions,
        buyers,
        metrics,
        intervals,
        curve,
        aucSamples,
        constant,
        withoutSlope);
  }

  /// Returns the same figures without the resamples, which are for comparing and not for reading.
  public PurchaseEvaluation withoutSamples() {
    return new PurchaseEvaluation(
        name,
        view,
        sessions,
        buyers,
        metrics,
        intervals,
        curve,
        new double[0],
        constant,
        withoutSlope);
  }

  /// Returns whether there are sessions and buyers enough for intervals and verdicts.
  boolean suffices() {
    return SampleSize.suffices(sessions, buyers);
  }

  /// Returns a metric, NaN where it was not measured.
  public double metric(String name) {
    return metrics.getOrDefault(name, Double.NaN);
  }

  /// Returns the figures for JSON files: counts and metrics in one object, without those that could
  /// not be measured.
  public Map<String, Object> figures() {
    Map<String, Object> figures = new LinkedHashMap<>();
    figures.put("sessions", sessions);
    figures.put("buyers", buyers);
    metrics.forEach(
        (key, value) -> {
          if (!Double.isNaN(value)) {
            figures.put(key, value);
          }
        });
    return figures;
  }

  /// Returns the 95 % interval of how much this model's AUC lies above another's on the same
  /// resamples of sessions.
  public double[] aucAbove(PurchaseEvaluation other) {
    double[] differences = new double[Math.min(aucSamples.length, other.aucSamples.length)];
    for (int i = 0; i < differences.length; i++) {
      differences[i] = aucSamples[i] - other.aucSamples[i];
    }
    return Bootstrap.ends(differences);
  }
}
