package io.kaseb.tune.space;

import io.kaseb.tune.math.StandardNormal;
import org.jspecify.annotations.Nullable;

/// A number around a mean, without bounds: NNI's `normal`, `qnormal`, `lognormal` and `qlognormal`.
/// Its coordinate is the share of the distribution below the value.
///
/// @param mean of the value or, with `log`, of its natural logarithm
/// @param deviation standard deviation of the same, above 0
/// @param step 0 for continuous, else values are `round(x / step) * step`, halves to even
/// @param log whether the logarithm is normal
public record NormalRange(double mean, double deviation, double step, boolean log)
    implements Domain {
  private static final double EDGE = 1e-9;

  /// Checks the numbers.
  public NormalRange {
    if (Double.isNaN(mean) || Double.isInfinite(mean)) {
      throw new IllegalArgumentException("mean " + mean + "; must be a number");
    }
    if (!(deviation > 0) || Double.isInfinite(deviation)) {
      throw new IllegalArgumentException("deviation " + deviation + "; must be above 0");
    }
    if (!(step >= 0) || Double.isInfinite(step)) {
      throw new IllegalArgumentException("step " + step + "; must be 0 or more");
    }
  }

  @Override
  public Object value(double coordinate) {
    double z = StandardNormal.quantile(Math.clamp(coordinate, EDGE, 1 - EDGE));
    double x = mean + deviation * z;
    double y = log ? Math.exp(x) : x;
    return step > 0 ? Math.rint(y / step) * step + 0. : y;
  }

  @Override
  public @Nullable Object canonical(Object value) {
    if (!(value instanceof Number number)) {
      return null;
    }
    double x = number.doubleValue();
    boolean inside = Double.isFinite(x) && (!log || x > 0 || (x == 0 && step > 0));
    boolean onGrid =
        step == 0 || Math.abs(Math.rint(x / step) * step - x) <= 1e-9 * Math.max(step, 1);
    return inside && onGrid ? (Object) x : null;
  }

  @Override
  public double coordinate(Object value) {
    return unit(((Number) value).doubleValue());
  }

  @Override
  public long size() {
    return UNLIMITED;
  }

  @Override
  public double coordinateAt(long index) {
    throw new IllegalStateException("an endless domain has no order");
  }

  @Override
  public long indexOf(double coordinate) {
    throw new IllegalStateException("an endless domain has no order");
  }

  @Override
  public String describe() {
    String steps = step == 0 ? "" : ", a multiple of " + step;
    return (log ? "a number above 0" : "a number") + steps;
  }

  private double unit(double x) {
    if (log && x <= 0) {
      return 0;
    }
    return StandardNormal.below(((log ? Math.log(x) : x) - mean) / deviation);
  }

  /// See [Range#halfBin].
  double halfBin(double coordinate, boolean upper) {
    if (step == 0) {
      return 0;
    }
    double x = (double) value(coordinate);
    return Math.abs(unit(x + (upper ? .5 : -.5) * step) - unit(x));
  }
}
