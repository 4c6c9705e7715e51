package io.kaseb.tune;

/// The standard normal distribution in double precision.
final class Gauss {
  private static final double SQRT_2 = Math.sqrt(2);
  static final double LOG_SQRT_2PI = .5 * Math.log(2 * Math.PI);

  private Gauss() {}

  /// Returns the density at `z`.
  static double density(double z) {
    return Math.exp(-.5 * z * z - LOG_SQRT_2PI);
  }

  /// Returns the probability of a value below `z`, to 1e-15.
  static double below(double z) {
    return z < 0 ? .5 * tail(-z / SQRT_2) : 1 - .5 * tail(z / SQRT_2);
  }

  /// Returns the probability of a value in `low..high`, without cancellation in the tails.
  static double between(double low, double high) {
    if (low > 0) {
      return between(-high, -low);
    }
    return below(high) - below(low);
  }

  /// Returns the `z` below which a share `p` in (0, 1) lies.
  static double quantile(double p) {
    if (p > .5) {
      return -quantile(1 - p);
    }
    // Start: Abramowitz and Stegun, Handbook of Mathematical Functions, 26.2.23.
    double t = Math.sqrt(-2 * Math.log(Math.max(p, Double.MIN_NORMAL)));
    double z =
        -(t
            - (2.515517 + t * (.802853 + t * .010328))
                / (1 + t * (1.432788 + t * (.189269 + t * .001308))));
    for (int i = 0; i < 3; i++) {
      double density = density(z);
      if (density == 0) {
        break;
      }
      double step = (below(z) - p) / density;
      z -= step / (1 + .5 * z * step);
    }
    return z;
  }

  /// Returns erfc(x) for x >= 0: below 3 by its series of positive terms (7.1.6 of the handbook),
  /// above by its continued fraction (7.1.14).
  private static double tail(double x) {
    if (x < 3) {
      double term = x;
      double sum = x;
      for (int n = 1; term > 1e-17 * sum; n++) {
        term *= 2 * x * x / (2 * n + 1);
        sum += term;
      }
      return 1 - 2 / Math.sqrt(Math.PI) * Math.exp(-x * x) * sum;
    }
    double fraction = x;
    for (int k = 60; k > 0; k--) {
      fraction = x + .5 * k / fraction;
    }
    return Math.exp(-x * x) / (Math.sqrt(Math.PI) * fraction);
  }
}
