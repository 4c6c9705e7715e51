package io.kaseb.tune.trial;

/// What a study optimises.
///
/// @param name as shown to the user
/// @param maximize whether more is better
public record Goal(String name, boolean maximize) {
  /// Creates a goal of which less is better.
  ///
  /// @param name what reports and stores call it, such as `loss`
  /// @return a goal that is minimised
  public static Goal minimize(String name) {
    return new Goal(name, false);
  }

  /// Creates a goal of which more is better.
  ///
  /// @param name what reports and stores call it, such as `recall@20`
  /// @return a goal that is maximised
  public static Goal maximize(String name) {
    return new Goal(name, true);
  }

  /// {@return a value as a loss, of which less is better; applied twice it gives the value again}
  ///
  /// @param value in the goal's own unit
  public double loss(double value) {
    return maximize ? -value : value;
  }
}
