package io.kaseb.eval;

import java.util.List;
import org.jspecify.annotations.Nullable;

/// One model's purchase forecasts for the sessions of [Outcomes].
///
/// @param name the model's name, as in `blend`
/// @param ranks what each session is ranked by, all its clicks seen: its probability, or a score of
///   which the probability was made
/// @param probability that each session buys, all its clicks seen
/// @param itemRanks what each clicked item is ranked by among its like, in the order of
///   [Outcomes#bought()]
/// @param items that each clicked item is bought, given that its session buys; in the order of
///   [Outcomes#bought()]
/// @param submitted whether each session is named as a buyer
/// @param chosen whether each clicked item is in the set that the model would answer, named or not
/// @param after forecasts after the first clicks
/// @param withoutSlope the calibrations that found no slope, as [PurchaseEvaluation#withoutSlope]
/// @param cuts forecasts that have not seen the last events
/// @param running the running scores before the purchase, or null where nothing was followed
public record PurchaseForecasts(
    String name,
    double[] ranks,
    double[] probability,
    double[] itemRanks,
    double[] items,
    boolean[] submitted,
    boolean[] chosen,
    List<After> after,
    List<String> withoutSlope,
    List<Cut> cuts,
    @Nullable Running running) {
  /// Creates forecasts of sessions that were not followed event by event.
  public PurchaseForecasts(
      String name,
      double[] ranks,
      double[] probability,
      double[] itemRanks,
      double[] items,
      boolean[] submitted,
      boolean[] chosen,
      List<After> after,
      List<String> withoutSlope) {
    this(
        name,
        ranks,
        probability,
        itemRanks,
        items,
        submitted,
        chosen,
        after,
        withoutSlope,
        List.of(),
        null);
  }

  /// Creates forecasts that are ranked by their probabilities.
  public PurchaseForecasts(
      String name,
      double[] probability,
      double[] items,
      boolean[] submitted,
      boolean[] chosen,
      List<After> after) {
    this(name, probability, probability, items, items, submitted, chosen, after, List.of());
  }

  /// Forecasts after a number of events, made without knowing whether more will come.
  ///
  /// @param clicks how many
  /// @param sessions the sessions that have as many
  /// @param ranks what each of them is ranked by
  public record After(int clicks, int[] sessions, double[] ranks) {}

  /// Forecasts made before the last events, without knowing whether more will come.
  ///
  /// @param events how many events were cut
  /// @param sessions the sessions that have events left
  /// @param ranks what each of them is ranked by
  public record Cut(int events, int[] sessions, double[] ranks) {}

  /// Scores while sessions ran, up to their first purchase.
  ///
  /// @param highest the highest that each session reached before it bought, negative infinity
  ///   without an event before that
  /// @param rising of each buyer, after each event before its purchase, the highest score so far;
  ///   empty for others
  public record Running(double[] highest, double[][] rising) {}
}
