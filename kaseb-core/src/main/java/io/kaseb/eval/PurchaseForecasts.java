package io.kaseb.eval;

import java.util.List;

/// One model's purchase forecasts for the sessions of [Outcomes].
///
/// @param name the model's name, as in `blend`
/// @param probability that each session buys, all its clicks seen
/// @param items that each clicked item is bought, given that its session buys; in the order of
///   [Outcomes#bought()]
/// @param submitted whether each session is named as a buyer
/// @param chosen whether each clicked item is in the set that the model would answer, named or not
/// @param after forecasts after the first clicks
public record PurchaseForecasts(
    String name,
    double[] probability,
    double[] items,
    boolean[] submitted,
    boolean[] chosen,
    List<After> after) {
  /// Forecasts after a number of clicks, made without knowing whether more will come.
  ///
  /// @param clicks how many
  /// @param sessions the sessions that have as many
  /// @param probability that each of them buys
  public record After(int clicks, int[] sessions, double[] probability) {}
}
