package io.kaseb.eval;

import com.fasterxml.jackson.annotation.JsonIgnore;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;

/// What a model's purchase forecasts came to on one view of the test sessions.
///
/// @param name the model's name
/// @param goal the action that was forecast, `purchase` unless the model has others
/// @param view `challenge` (whole sessions) or `live` (what follows the first purchase cut)
/// @param sessions sessions measured
/// @param buyers those that bought
/// @param metrics by name: `auc`, `average_precision`, `log_loss`, `brier`, `calibration_error`,
///   `item_auc`, `jaccard`, `score`, `score_max`, `score_reachable`, `auc_after_1` ...,
///   `auc_without_last_1`, `average_precision_without_last_1` ..., `early_warning_threshold`,
///   `early_warning_share`, `early_warning_events`; NaN where there is nothing to measure, as with
///   one class only
/// @param counts sessions and buyers that figures of a part of them stand on, as
///   `sessions_without_last_1` and `buyers_without_last_1`
/// @param intervals 95 % bootstrap intervals over sessions: low, high
/// @param curve the calibration curve
/// @param aucSamples the AUC of each bootstrap resample; resamples are the same for all models
/// @param precisionSamples the average precision of each
/// @param constant the metrics whose ranking had nothing to go by, every score being the same: .5
///   or the share of buyers by construction, whatever the sessions
/// @param withoutSlope the calibrations that found no slope (`sessions`, `running sessions`,
///   `items`): their probability is the same for all
public record PurchaseEvaluation(
    String name,
    String goal,
    String view,
    int sessions,
    int buyers,
    Map<String, Double> metrics,
    Map<String, Integer> counts,
    Map<String, double[]> intervals,
    List<Bin> curve,
    double[] aucSamples,
    @JsonIgnore double[] precisionSamples,
    Set<String> constant,
    List<String> withoutSlope) {
  /// The goal that every model with a purchase forecast has.
  public static final String PURCHASE = "purchase";

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
        goal,
        view,
        sessions,
        buyers,
        metrics,
        counts,
        intervals,
        curve,
        aucSamples,
        precisionSamples,
        constant,
        withoutSlope);
  }

  /// Returns the same figures without the resamples, which are for comparing and not for reading.
  public PurchaseEvaluation withoutSamples() {
    return new PurchaseEvaluation(
        name,
        goal,
        view,
        sessions,
        buyers,
        metrics,
        counts,
        intervals,
        curve,
        new double[0],
        new double[0],
        constant,
        withoutSlope);
  }

  /// Returns whether there are sessions and buyers enough for intervals and verdicts.
  public boolean suffices() {
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
    figures.putAll(counts);
    metrics.forEach(
        (key, value) -> {
          if (!Double.isNaN(value)) {
            figures.put(key, value);
          }
        });
    return figures;
  }

  /// Returns a metric of each bootstrap resample, empty where none are kept.
  double[] samples(String metric) {
    return metric.equals("auc") ? aucSamples : precisionSamples;
  }
}
