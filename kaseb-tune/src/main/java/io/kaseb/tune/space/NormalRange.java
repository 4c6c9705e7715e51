package io.kaseb.tune.space;

import io.kaseb.tune.math.StandardNormal;
import org.jspecify.annotations.Nullable;

/// A number around a mean, without bounds: NNI's `normal`, `qnormal`, `lognormal` and `qlognormal`.
/// Its coordinate is the share of the distribution below the value.
///
/// With a step the values are finite: those within three standard deviations of the mean. Further
/// out nothing is drawn that a search should try before it has tried the others, and a search that
/// looks for the nearest value not tried yet would end there.
///
/// @param mean of the value or, with `log`, of its natural logarithm
/// @param deviation standard deviation of the same, above 0
/// @param step 0 for continuous, else values are `round(x / step) * step`, halves to even
/// @param log whether the logarithm is normal
public record NormalRange(double mean, double deviation, double step, boolean log)
    implements Domain {
  private static final double EDGE = 1e-9;

  /// Standard deviations within which stepped values lie.
  private static final double REACH = 3;

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
    return step > 0 ? bin(Math.clamp(z, -REACH, REACH)) * step + 0. : at(z);
  }

  private double at(double z) {
    double x = mean + deviation * z;
    return log ? Math.exp(x) : x;
  }

  private double bin(double z) {
    return Math.rint(at(z) / step);
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
    double bins = step == 0 ? Double.POSITIVE_INFINITY : bin(REACH) - bin(-REACH) + 1;
    return bins < 1e15 ? (long) bins : UNLIMITED;
  }

  @Override
  public double coordinateAt(long index) {
    return unit((bin(-REACH) + index) * step);
  }

  @Override
  public long indexOf(double coordinate) {
    return Math.round((double) value(coordinate) / step - bin(-REACH));
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
