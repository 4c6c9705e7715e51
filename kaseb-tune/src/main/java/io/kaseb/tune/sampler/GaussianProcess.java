package io.kaseb.tune.sampler;

import io.kaseb.tune.math.NelderMead;
import io.kaseb.tune.math.StandardNormal;
import io.kaseb.tune.space.Dimension;
import java.util.Arrays;
import java.util.List;

/// Gaussian process regression with a Matern 5/2 kernel and one length for each dimension
/// (Rasmussen and Williams 2006, algorithm 2.1 and equation 4.17). Options differ by 1 or by
/// nothing; so do a coordinate that exists and one that does not.
final class GaussianProcess {
  private static final double[] LENGTHS = {.3, .7, 1.5};
  private static final double[] NOISES = {1e-3, .03, .3};
  private static final double USUAL_NOISE = 1e-2;

  private final boolean[] categorical;
  private final double[][] x;
  private final double[] alpha;
  private final double[] lengths;
  private final double noise;
  private final double scale;

  /// Lower triangular Cholesky factor of the kernel matrix, `[row][column]`.
  private final double[][] factor;

  private GaussianProcess(
      boolean[] categorical, double[][] x, double[] y, double[] lengths, double noise) {
    this.categorical = categorical;
    this.x = x;
    this.lengths = lengths;
    this.noise = noise;
    this.factor = factor(x, categorical, lengths, noise);
    double[] white = forward(factor, y);
    double fit = 0;
    for (double v : white) {
      fit += v * v;
    }
    this.scale = Math.max(fit / y.length, 1e-10);
    this.alpha = backward(factor, white);
  }

  /// Fits lengths and noise by their posterior, then conditions on all points.
  ///
  /// @param dimensions of the space
  /// @param points full coordinate arrays
  /// @param y standardised losses
  /// @param evaluations how many settings to try
  static GaussianProcess fit(
      List<Dimension> dimensions, List<double[]> points, double[] y, int evaluations) {
    int d = dimensions.size();
    boolean[] categorical = new boolean[d];
    for (int j = 0; j < d; j++) {
      categorical[j] = dimensions.get(j).options() > 0;
    }
    double[][] x = points.toArray(double[][]::new);
    double[] start = new double[d + 1];
    double least = Double.POSITIVE_INFINITY;
    for (double length : LENGTHS) {
      for (double noise : NOISES) {
        double[] theta = new double[d + 1];
        Arrays.fill(theta, Math.log(length));
        theta[d] = Math.log(noise);
        double bad = badness(x, y, categorical, theta);
        if (bad < least) {
          least = bad;
          start = theta;
        }
      }
    }
    double[] best =
        NelderMead.minimise(theta -> badness(x, y, categorical, theta), start, -.7, evaluations);
    return new GaussianProcess(categorical, x, y, lengths(best), noise(best));
  }

  /// Returns the process with the same lengths and noise, conditioned on other points.
  GaussianProcess with(List<double[]> points, double[] y) {
    return new GaussianProcess(categorical, points.toArray(double[][]::new), y, lengths, noise);
  }

  private static double[] lengths(double[] theta) {
    double[] lengths = new double[theta.length - 1];
    for (int j = 0; j < lengths.length; j++) {
      lengths[j] = Math.exp(Math.clamp(theta[j], -4, 3));
    }
    return lengths;
  }

  private static double noise(double[] theta) {
    return Math.exp(Math.clamp(theta[theta.length - 1], -14, 0));
  }

  /// Minus the log posterior, the kernel's scale maximised out: lengths are log-normal around .5,
  /// noise around [#USUAL_NOISE].
  private static double badness(double[][] x, double[] y, boolean[] categorical, double[] theta) {
    int n = y.length;
    double[][] l = factor(x, categorical, lengths(theta), noise(theta));
    double fit = 0;
    for (double v : forward(l, y)) {
      fit += v * v;
    }
    double sum = .5 * n * Math.log(fit / n + 1e-12);
    for (int i = 0; i < n; i++) {
      sum += Math.log(l[i][i]);
    }
    for (int j = 0; j < theta.length - 1; j++) {
      double off = theta[j] - Math.log(.5);
      sum += .5 * off * off;
    }
    double off = (theta[theta.length - 1] - Math.log(USUAL_NOISE)) / 2.5;
    return sum + .5 * off * off;
  }

  private static double kernel(double[] a, double[] b, boolean[] categorical, double[] lengths) {
    double square = 0;
    for (int j = 0; j < a.length; j++) {
      boolean here = !Double.isNaN(a[j]);
      boolean there = !Double.isNaN(b[j]);
      double difference = here != there ? 1 : here ? a[j] - b[j] : 0;
      if (categorical[j] && difference != 0) {
        difference = 1;
      }
      square += difference * difference / (lengths[j] * lengths[j]);
    }
    double r = Math.sqrt(5 * square);
    return (1 + r + r * r / 3) * Math.exp(-r);
  }

  private static double[][] factor(
      double[][] x, boolean[] categorical, double[] lengths, double noise) {
    int n = x.length;
    double[][] l = new double[n][];
    for (int i = 0; i < n; i++) {
      double[] row = new double[i + 1];
      for (int j = 0; j <= i; j++) {
        double sum = i == j ? 1 + noise + 1e-9 : kernel(x[i], x[j], categorical, lengths);
        double[] other = j == i ? row : l[j];
        for (int k = 0; k < j; k++) {
          sum -= row[k] * other[k];
        }
        row[j] = i == j ? Math.sqrt(Math.max(sum, 1e-12)) : sum / other[j];
      }
      l[i] = row;
    }
    return l;
  }

  private static double[] forward(double[][] l, double[] b) {
    double[] x = new double[b.length];
    for (int i = 0; i < b.length; i++) {
      double sum = b[i];
      for (int k = 0; k < i; k++) {
        sum -= l[i][k] * x[k];
      }
      x[i] = sum / l[i][i];
    }
    return x;
  }

  private static double[] backward(double[][] l, double[] b) {
    double[] x = b.clone();
    for (int i = b.length - 1; i >= 0; i--) {
      x[i] /= l[i][i];
      for (int k = 0; k < i; k++) {
        x[k] -= l[i][k] * x[i];
      }
    }
    return x;
  }

  /// Returns the expected improvement over a loss at a point (Jones et al. 1998, equation 15).
  double expectedImprovement(double[] point, double best) {
    double[] at = meanAndDeviation(point);
    return improvement(at[0], at[1], best);
  }

  /// Returns by how much a normal loss is expected to lie below the best one.
  static double improvement(double mean, double deviation, double best) {
    double z = (best - mean) / deviation;
    return deviation * (z * StandardNormal.below(z) + StandardNormal.density(z));
  }

  /// Returns the probability that the value at a point lies below a bound.
  double below(double[] point, double bound) {
    double[] at = meanAndDeviation(point);
    return StandardNormal.below((bound - at[0]) / at[1]);
  }

  private double[] meanAndDeviation(double[] point) {
    double[] k = new double[x.length];
    double mean = 0;
    for (int i = 0; i < x.length; i++) {
      k[i] = kernel(point, x[i], categorical, lengths);
      mean += k[i] * alpha[i];
    }
    double explained = 0;
    for (double v : forward(factor, k)) {
      explained += v * v;
    }
    return new double[] {mean, Math.sqrt(scale * Math.max(1 - explained, 1e-12))};
  }

  /// Returns the standard deviation of results at one point.
  double noiseDeviation() {
    return Math.sqrt(scale * noise);
  }

  /// Returns the expected loss at a point.
  double mean(double[] point) {
    double mean = 0;
    for (int i = 0; i < x.length; i++) {
      mean += kernel(point, x[i], categorical, lengths) * alpha[i];
    }
    return mean;
  }
}
