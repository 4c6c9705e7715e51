package io.kaseb.trial;

import java.util.Arrays;
import java.util.function.DoubleSupplier;

/// A value of a trial with its noise.
///
/// @param value in its goal's unit
/// @param error its standard error, 0 for what is no measurement of time
public record Reading(double value, double error) {
  /// How often a time is measured.
  public static final int ROUNDS = 5;

  /// A normal distribution's quartiles are so many standard deviations apart.
  private static final double QUARTILES = 1.349;

  /// The standard error of a normal sample's median, in those of its mean: the root of pi / 2.
  private static final double MEDIAN = Math.sqrt(Math.PI / 2);

  /// Returns a value without noise.
  public static Reading exact(double value) {
    return new Reading(value, 0);
  }

  /// Measures [#ROUNDS] times.
  public static Reading median(DoubleSupplier round) {
    double[] rounds = new double[ROUNDS];
    Arrays.setAll(rounds, i -> round.getAsDouble());
    return median(rounds);
  }

  /// Returns the median of rounds, with the standard error that the distance of their quartiles
  /// gives it: one round that other work of the machine disturbed moves neither.
  public static Reading median(double... rounds) {
    double[] sorted = rounds.clone();
    Arrays.sort(sorted);
    double deviation = (quantile(sorted, .75) - quantile(sorted, .25)) / QUARTILES;
    return new Reading(quantile(sorted, .5), MEDIAN * deviation / Math.sqrt(sorted.length));
  }

  private static double quantile(double[] sorted, double share) {
    double at = share * (sorted.length - 1);
    int below = (int) at;
    int above = Math.min(below + 1, sorted.length - 1);
    return sorted[below] + (at - below) * (sorted[above] - sorted[below]);
  }

  /// Returns the same so many times as large.
  public Reading times(double factor) {
    return new Reading(factor * value, factor * error);
  }
}
