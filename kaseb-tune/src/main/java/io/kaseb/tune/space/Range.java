package io.kaseb.tune.space;

import org.jspecify.annotations.Nullable;

/// A number between two bounds, evenly likely itself or by its logarithm. Covers NNI's `randint`,
/// `uniform`, `quniform`, `loguniform` and `qloguniform` and the stepped ranges of GRU4Rec's
/// spaces.
///
/// @param low smallest value
/// @param high largest value
/// @param step 0 for continuous; for whole numbers, values are `low + k step`; otherwise NNI's
///   quantum: values are `clip(round(x / step) * step, low, high)`, halves to even
/// @param log whether the logarithm is evenly likely
/// @param whole whether values are integers
public record Range(double low, double high, double step, boolean log, boolean whole)
    implements Domain {
  /// Checks the bounds.
  public Range {
    if (!(low <= high) || Double.isInfinite(low) || Double.isInfinite(high)) {
      throw new IllegalArgumentException(
          "bounds " + low + ", " + high + "; the first must not be above the second");
    }
    if (log && low <= 0) {
      throw new IllegalArgumentException(
          "lower bound " + low + " of a logarithmic range; must be above 0");
    }
    if (!(step >= 0) || Double.isInfinite(step)) {
      throw new IllegalArgumentException("step " + step + "; must be 0 or more");
    }
    if (whole && (low != Math.rint(low) || high != Math.rint(high))) {
      throw new IllegalArgumentException("bounds " + low + ", " + high + "; must be integers");
    }
    if (whole && Math.max(Math.abs(low), Math.abs(high)) > 1L << 53) {
      throw new IllegalArgumentException("bounds " + low + ", " + high + "; must be within 2^53");
    }
    if (whole && (step < 1 || step != Math.rint(step))) {
      throw new IllegalArgumentException("step " + step + " of integers; must be 1, 2, 3 ...");
    }
    if (whole && log && step != 1) {
      throw new IllegalArgumentException("step " + step + " of logarithmic integers; must be 1");
    }
  }

  /// Creates a continuous range.
  ///
  /// @param low least value
  /// @param high greatest value, `low` or above
  /// @return a range whose values are evenly likely
  public static Range of(double low, double high) {
    return new Range(low, high, 0, false, false);
  }

  /// Creates a continuous range whose logarithm is evenly likely.
  ///
  /// @param low least value, above 0
  /// @param high greatest value, `low` or above
  /// @return a range in which .001 to .01 is as likely as .01 to .1
  public static Range log(double low, double high) {
    return new Range(low, high, 0, true, false);
  }

  /// Creates a range of integers, both bounds included.
  ///
  /// @param low least value, -2^53 or above
  /// @param high greatest value, `low` or above, 2^53 or below
  /// @return a range of whole numbers, evenly likely
  public static Range integers(long low, long high) {
    return new Range(low, high, 1, false, true);
  }

  @Override
  public Object value(double coordinate) {
    double u = Math.clamp(coordinate, 0, 1);
    if (whole && !log) {
      return ((long) low) + ((long) step) * Math.min(size() - 1, (long) (u * size()));
    }
    double x = log ? Math.exp(start() + u * (end() - start())) : low + u * (high - low);
    if (whole) {
      return Math.clamp((long) Math.rint(x), (long) low, (long) high);
    }
    return step > 0 ? quantised(Math.rint(x / step)) : Math.clamp(x, low, high);
  }

  @Override
  public @Nullable Object canonical(Object value) {
    if (!(value instanceof Number number)) {
      return null;
    }
    double x = number.doubleValue();
    if (!(x >= low && x <= high)) {
      return null;
    }
    if (whole) {
      return x == Math.rint(x) && (x - low) % step == 0 ? (Object) (long) x : null;
    }
    if (step > 0 && Math.abs(quantised(Math.rint(x / step)) - x) > 1e-9 * Math.max(step, 1)) {
      return null;
    }
    return x;
  }

  @Override
  public double coordinate(Object value) {
    double x = ((Number) value).doubleValue();
    if (whole && !log) {
      return ((x - low) / step + .5) / size();
    }
    return unit(x);
  }

  @Override
  public long size() {
    if (step == 0) {
      return low == high ? 1 : UNLIMITED;
    }
    return whole
        ? (long) ((high - low) / step) + 1
        : (long) (Math.rint(high / step) - Math.rint(low / step)) + 1;
  }

  @Override
  public double coordinateAt(long index) {
    if (step == 0) {
      return .5;
    }
    return coordinate(whole ? low + index * step : quantised(Math.rint(low / step) + index));
  }

  @Override
  public long indexOf(double coordinate) {
    if (step == 0) {
      return 0;
    }
    double x = ((Number) value(coordinate)).doubleValue();
    return (long) (whole ? (x - low) / step : Math.rint(x / step) - Math.rint(low / step));
  }

  @Override
  public String describe() {
    String bounds = whole ? (long) low + ".." + (long) high : low + ".." + high;
    String steps = step == 0 || (whole && step == 1) ? "" : " in steps of " + step;
    return (whole ? "an integer of " : "a number of ") + bounds + steps;
  }

  private double quantised(double k) {
    return Math.clamp(k * step, low, high);
  }

  private double unit(double x) {
    double length = end() - start();
    return length == 0 ? .5 : Math.clamp(((log ? Math.log(x) : x) - start()) / length, 0, 1);
  }

  /// Logarithmic integers reach half a step beyond their bounds, so that the bounds are drawn as
  /// often as their neighbours.
  private double start() {
    return log ? Math.log(whole ? low - .5 : low) : low;
  }

  private double end() {
    return log ? Math.log(whole ? high + .5 : high) : high;
  }

  /// Returns how much of the unit interval has the same value as a coordinate: the half width to
  /// each side; 0 for continuous ranges.
  double halfBin(double coordinate, boolean upper) {
    if (step == 0) {
      return 0;
    }
    if (whole && !log) {
      return .5 / size();
    }
    double x = ((Number) value(coordinate)).doubleValue();
    double half = upper ? .5 : -.5;
    double edge = whole ? x + half : (Math.rint(x / step) + half) * step;
    double lowest = log ? Math.exp(start()) : low;
    double there = unit(Math.clamp(edge, lowest, log ? Math.exp(end()) : high));
    return Math.abs(there - unit(x));
  }
}
