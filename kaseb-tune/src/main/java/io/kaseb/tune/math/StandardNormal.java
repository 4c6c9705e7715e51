package io.kaseb.tune.math;

/// The standard normal distribution in double precision, and its quantiles in nine digits where
/// speed, or the same bits on every machine, count more.
public final class StandardNormal {
  private static final double SQRT_2 = Math.sqrt(2);

  /// Logarithm of the square root of 2 pi, what a density is divided by.
  public static final double LOG_SQRT_2PI = .5 * Math.log(2 * Math.PI);

  private StandardNormal() {}

  /// Returns the density at `z`.
  public static double density(double z) {
    return Math.exp(-.5 * z * z - LOG_SQRT_2PI);
  }

  /// Returns the probability of a value below `z`, to 1e-15.
  public static double below(double z) {
    return z < 0 ? .5 * tail(-z / SQRT_2) : 1 - .5 * tail(z / SQRT_2);
  }

  /// Returns the probability of a value in `low..high`, without cancellation in the tails.
  public static double between(double low, double high) {
    if (low > 0) {
      return between(-high, -low);
    }
    return below(high) - below(low);
  }

  /// Returns the `z` below which a share `p` in (0, 1) lies, to 1e-12.
  public static double quantile(double p) {
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

  /// Returns the `z` below which a share `p` in (0, 1) lies, within 1.2e-9 relative (P. Acklam's
  /// rational approximation, 2003); the ends are clipped to 1e-12. It calls [StrictMath] alone, so
  /// that every machine gets the same bits: simulated logs depend on them.
  public static double quickQuantile(double p) {
    double u = Math.clamp(p, 1e-12, 1 - 1e-12);
    if (u < QUICK_TAIL) {
      return quickTail(StrictMath.sqrt(-2 * StrictMath.log(u)));
    }
    if (u > 1 - QUICK_TAIL) {
      return -quickTail(StrictMath.sqrt(-2 * StrictMath.log(1 - u)));
    }
    double q = u - .5;
    double r = q * q;
    return polynomial(QUICK_A, r) * q / polynomial(QUICK_B, r);
  }

  private static double quickTail(double q) {
    return polynomial(QUICK_C, q) / polynomial(QUICK_D, q);
  }

  private static double polynomial(double[] coefficients, double x) {
    double value = 0;
    for (double c : coefficients) {
      value = value * x + c;
    }
    return value;
  }

  /// Returns erfc(x) for x >= 0 by rational approximations (Cody 1969, "Rational Chebyshev
  /// approximations for the error function"): 1e-16 relative, without a loop whose length depends
  /// on x, as the tuner needs some hundred thousand values for a suggestion.
  private static double tail(double x) {
    if (x <= .46875) {
      double y = x * x;
      double top = ((((A[4] * y + A[0]) * y + A[1]) * y + A[2]) * y) + A[3];
      double bottom = ((((y + B[0]) * y + B[1]) * y + B[2]) * y) + B[3];
      return 1 - x * top / bottom;
    }
    double scaled;
    if (x <= 4) {
      double top = C[8] * x;
      double bottom = x;
      for (int i = 0; i < 7; i++) {
        top = (top + C[i]) * x;
        bottom = (bottom + D[i]) * x;
      }
      scaled = (top + C[7]) / (bottom + D[7]);
    } else {
      double y = 1 / (x * x);
      double top = P[5] * y;
      double bottom = y;
      for (int i = 0; i < 4; i++) {
        top = (top + P[i]) * y;
        bottom = (bottom + Q[i]) * y;
      }
      scaled = (1 / Math.sqrt(Math.PI) - y * (top + P[4]) / (bottom + Q[4])) / x;
    }
    return Math.exp(-x * x) * scaled;
  }

  private static final double[] A = {
    3.16112374387056560E00,
    1.13864154151050156E02,
    3.77485237685302021E02,
    3.20937758913846947E03,
    1.85777706184603153E-1
  };
  private static final double[] B = {
    2.36012909523441209E01, 2.44024637934444173E02, 1.28261652607737228E03, 2.84423683343917062E03
  };
  private static final double[] C = {
    5.64188496988670089E-1, 8.88314979438837594E0, 6.61191906371416295E01,
    2.98635138197400131E02, 8.81952221241769090E02, 1.71204761263407058E03,
    2.05107837782607147E03, 1.23033935479799725E03, 2.15311535474403846E-8
  };
  private static final double[] D = {
    1.57449261107098347E01, 1.17693950891312499E02, 5.37181101862009858E02,
    1.62138957456669019E03, 3.29079923573345963E03, 4.36261909014324716E03,
    3.43936767414372164E03, 1.23033935480374942E03
  };
  private static final double[] P = {
    3.05326634961232344E-1, 3.60344899949804439E-1, 1.25781726111229246E-1,
    1.60837851487422766E-2, 6.58749161529837803E-4, 1.63153871373020978E-2
  };
  private static final double[] Q = {
    2.56852019228982242E00,
    1.87295284992346047E00,
    5.27905102951428412E-1,
    6.05183413124413191E-2,
    2.33520497626869185E-3
  };

  private static final double QUICK_TAIL = .02425;

  private static final double[] QUICK_A = {
    -3.969683028665376e+01,
    2.209460984245205e+02,
    -2.759285104469687e+02,
    1.383577518672690e+02,
    -3.066479806614716e+01,
    2.506628277459239e+00
  };
  private static final double[] QUICK_B = {
    -5.447609879822406e+01,
    1.615858368580409e+02,
    -1.556989798598866e+02,
    6.680131188771972e+01,
    -1.328068155288572e+01,
    1
  };
  private static final double[] QUICK_C = {
    -7.784894002430293e-03,
    -3.223964580411365e-01,
    -2.400758277161838e+00,
    -2.549732539343734e+00,
    4.374664141464968e+00,
    2.938163982698783e+00
  };
  private static final double[] QUICK_D = {
    7.784695709041462e-03, 3.224671290700398e-01, 2.445134137142996e+00, 3.754408661907416e+00, 1
  };
}
