package io.kaseb.eval;

import java.util.List;
import java.util.Map;

/// What an evaluation found. With no event there is nothing to average: the maps are empty.
///
/// @param events predictions made
/// @param sessions sessions with at least one prediction
/// @param unknownItems test clicks dropped because train does not know their item
/// @param ties how equal scores counted
/// @param metrics by name, as in `recall@20`: recall, mrr, ndcg (means over events), coverage
///   (share of the catalogue in any list), popularity (of the listed items, in units of the
///   targets')
/// @param intervals 95 % bootstrap intervals over sessions of recall, mrr and ndcg: low, high
/// @param positions recall by the number of clicks seen, at the deepest cut-off
/// @param perSession each session's sums, for paired comparisons
/// @param fifths recall by the target's popularity, at the deepest cut-off, the most popular first
public record Evaluation(
    long events,
    long sessions,
    long unknownItems,
    Ties ties,
    Map<String, Double> metrics,
    Map<String, double[]> intervals,
    List<Position> positions,
    SessionSums perSession,
    List<Fifth> fifths) {
  /// Recall after a number of clicks.
  ///
  /// @param clicks clicks seen before the prediction; the last position takes all later ones
  /// @param events predictions made there
  /// @param recall recall at the deepest cut-off
  public record Position(int clicks, long events, double recall) {}

  /// Recall of the targets that belong to one fifth of train's clicks.
  ///
  /// @param items items that make up the fifth, the most popular ones in the first
  /// @param leastClicks clicks in train of the least popular of them
  /// @param events predictions whose target is one of them
  /// @param recall recall at the deepest cut-off, NaN without any
  public record Fifth(int items, long leastClicks, long events, double recall) {}

  /// The part that goes into JSON files.
  public record Figures(
      long events,
      long sessions,
      long unknownItems,
      String ties,
      Map<String, Double> metrics,
      Map<String, double[]> intervals) {}

  /// Returns a metric, NaN where nothing was measured.
  public double metric(String name) {
    return metrics.getOrDefault(name, Double.NaN);
  }

  /// Returns a metric's interval, low and high, NaN where there is none.
  public double[] interval(String name) {
    return intervals.getOrDefault(name, new double[] {Double.NaN, Double.NaN});
  }

  /// Returns the part that goes into JSON files.
  public Figures figures() {
    return new Figures(events, sessions, unknownItems, ties.toString(), metrics, intervals);
  }
}
