package io.kaseb.tune.trial;

/// What a study optimises.
///
/// @param name as shown to the user
/// @param maximize whether more is better
public record Goal(String name, boolean maximize) {
  /// Creates a goal of which less is better.
  public static Goal minimize(String name) {
    return new Goal(name, false);
  }

  /// Creates a goal of which more is better.
  public static Goal maximize(String name) {
    return new Goal(name, true);
  }

  /// Returns a value as a loss, of which less is better; applied twice it gives the value again.
  public double loss(double value) {
    return maximize ? -value : value;
  }
}
