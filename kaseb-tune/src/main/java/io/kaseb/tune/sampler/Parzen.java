package io.kaseb.tune.sampler;

import io.kaseb.tune.math.StandardNormal;
import io.kaseb.tune.space.Dimension;
import io.kaseb.tune.space.Domain;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.random.RandomGenerator;

/// A mixture of kernels around observed points and a wide prior, on coordinates in 0..1: the
/// density estimate of TPE (Bergstra et al. 2011, section 4; variants by Watanabe 2023). Numbers
/// have truncated normal kernels, options have categorical ones; a kernel is the product over the
/// dimensions.
final class Parzen {
  private final TpeMode mode;
  private final List<Dimension> dimensions;
  private final int kernels;

  /// Normalised weights, the prior last.
  private final double[] weights;

  /// `[dimension][kernel]`.
  private final double[][] means;

  private final double[][] sigmas;

  /// `[dimension][kernel]`: 1 / width.
  private final double[][] inverses;

  /// `[dimension][kernel]`: what the log density lacks besides -z^2 / 2.
  private final double[][] logScale;

  /// `[dimension][kernel][option]`.
  private final double[][][] options;

  /// For each dimension with steps or options, the kernels' log probabilities of the values asked
  /// for so far: few values are asked for again and again.
  private final List<Map<Double, double[]>> logarithms = new ArrayList<>();

  /// `[dimension]`: the narrowest kernel's width.
  private final double[] narrowest;

  /// Log of the share of the mixture that lies inside the range; 0 where each kernel is truncated.
  private double logInside;

  /// What the kernels have at the point that is asked for: logarithm and factor.
  private final double[] terms;

  private final double[] factors;

  /// Creates the estimate.
  ///
  /// @param mode whose rules
  /// @param jointWidths whether widths follow Optuna 4's rule for several dimensions
  /// @param dimensions the dimensions, all present in every point; exactly one in mode NNI
  /// @param points observed points, full coordinate arrays
  /// @param observed weights of the points; the prior's is 1
  Parzen(
      TpeMode mode,
      boolean jointWidths,
      List<Dimension> dimensions,
      List<double[]> points,
      double[] observed) {
    this.mode = mode;
    this.dimensions = dimensions;
    int n = points.size();
    int d = dimensions.size();
    this.kernels = n + 1;
    this.weights = Arrays.copyOf(observed, kernels);
    this.weights[n] = priorWeight();
    double sum = Arrays.stream(weights).sum();
    for (int k = 0; k < kernels; k++) {
      weights[k] /= sum;
    }
    means = new double[d][kernels];
    sigmas = new double[d][kernels];
    inverses = new double[d][kernels];
    logScale = new double[d][kernels];
    options = new double[d][][];
    narrowest = new double[d];
    terms = new double[kernels];
    factors = new double[kernels];
    double[] sorted = new double[kernels];
    int[] taken = new int[kernels];
    for (int j = 0; j < d; j++) {
      logarithms.add(new HashMap<>());
      int index = dimensions.get(j).index();
      for (int k = 0; k < n; k++) {
        means[j][k] = points.get(k)[index];
      }
      means[j][n] = .5;
      if (dimensions.get(j).options() > 0) {
        options[j] = categorical(means[j], dimensions.get(j).options());
        continue;
      }
      if (jointWidths) {
        double width = .2 * Math.pow(Math.max(1, n), -1. / (d + 4));
        Arrays.fill(sigmas[j], 0, n, clipped(width, n));
      } else {
        widths(means[j], sigmas[j], sorted, taken);
      }
      sigmas[j][n] = 1;
      scale(j);
    }
  }

  /// NNI adds one count to every option; the prior kernel spreads its weight evenly over them.
  private double priorWeight() {
    boolean counts = mode == TpeMode.NNI && dimensions.getFirst().options() > 0;
    return counts ? dimensions.getFirst().options() : 1;
  }

  /// Returns each kernel's probability of each option.
  private double[][] categorical(double[] x, int count) {
    double[][] rows = new double[kernels][count];
    Arrays.fill(rows[kernels - 1], 1. / count);
    double even = mode == TpeMode.NNI ? 0 : 1. / kernels;
    for (int k = 0; k < kernels - 1; k++) {
      for (int c = 0; c < count; c++) {
        rows[k][c] = (even + (c == (int) x[k] ? 1 : 0)) / (even * count + 1);
      }
    }
    return rows;
  }

  /// Widths by the larger gap to a neighbour; the prior, of width 1, is a neighbour except in
  /// Optuna 5's rule.
  ///
  /// @param x means, the prior's last
  /// @param sigma where the widths go
  /// @param sorted as long, for what is sorted
  /// @param taken as long, for how many of the equal ones have their place
  private void widths(double[] x, double[] sigma, double[] sorted, int[] taken) {
    int n = kernels - 1;
    int count = mode == TpeMode.OPTUNA5 ? n : n + 1;
    System.arraycopy(x, 0, sorted, 0, count);
    Arrays.sort(sorted, 0, count);
    Arrays.fill(taken, 0);
    for (int i = 0; i < count; i++) {
      int first = first(sorted, count, x[i]);
      int at = first + taken[first]++;
      double left = at > 0 ? sorted[at] - sorted[at - 1] : 0;
      double right = at + 1 < count ? sorted[at + 1] - sorted[at] : 0;
      sigma[i] = clipped(Math.max(left, right), n);
    }
    if (n == 1 && mode != TpeMode.OPTUNA4) {
      // No neighbour at all: half the range in NNI, the farther bound in Optuna.
      sigma[0] = mode == TpeMode.NNI ? .5 : Math.max(x[0], 1 - x[0]);
    }
  }

  /// Returns the place of the first of several equal values.
  private static int first(double[] sorted, int count, double value) {
    int low = 0;
    int high = count;
    while (low < high) {
      int middle = (low + high) >>> 1;
      if (sorted[middle] < value) {
        low = middle + 1;
      } else {
        high = middle;
      }
    }
    return low;
  }

  private static double clipped(double sigma, int n) {
    return Math.clamp(sigma, 1. / Math.min(100, n + 2), 1);
  }

  private void scale(int j) {
    double inside = 0;
    narrowest[j] = 1;
    for (int k = 0; k < kernels; k++) {
      double sigma = sigmas[j][k];
      inverses[j][k] = 1 / sigma;
      narrowest[j] = Math.min(narrowest[j], sigma);
      logScale[j][k] = -Math.log(sigma) - StandardNormal.LOG_SQRT_2PI;
      double mass = inside(means[j][k], sigma);
      if (mode == TpeMode.NNI) {
        inside += weights[k] * mass;
      } else if (mass < 1) {
        logScale[j][k] -= Math.log(mass);
      }
    }
    logInside = mode == TpeMode.NNI ? Math.log(inside) : 0;
  }

  /// Returns how much of a kernel lies in 0..1; all of it, in double precision, where both ends are
  /// nine widths away.
  private static double inside(double mean, double sigma) {
    boolean isWhole = Math.min(mean, 1 - mean) > 9 * sigma;
    return isWhole ? 1 : StandardNormal.between(-mean / sigma, (1 - mean) / sigma);
  }

  /// Returns a dimension's kernel widths, the prior's last.
  double[] sigmas(int dimension) {
    return sigmas[dimension].clone();
  }

  /// Returns the probability of each option of a choice under the whole mixture.
  double[] probabilities(int dimension) {
    double[] p = new double[dimensions.get(dimension).options()];
    for (int k = 0; k < kernels; k++) {
      for (int c = 0; c < p.length; c++) {
        p[c] += weights[k] * options[dimension][k][c];
      }
    }
    return p;
  }

  /// Draws coordinates into the places of this mixture's dimensions.
  void sample(RandomGenerator random, double[] into) {
    int kernel = kernel(random);
    for (int j = 0; j < dimensions.size(); j++) {
      Dimension dimension = dimensions.get(j);
      if (options[j] != null) {
        into[dimension.index()] = pick(options[j][kernel], random);
        continue;
      }
      double x;
      while (true) {
        x = means[j][kernel] + sigmas[j][kernel] * random.nextGaussian();
        if (x >= 0 && x <= 1) {
          break;
        }
        // A mixture that is truncated once is drawn anew as a whole.
        kernel = mode == TpeMode.NNI ? kernel(random) : kernel;
      }
      into[dimension.index()] =
          dimension.domain().size() == Domain.UNLIMITED && dimension.bin(x)[1] == x
              ? x
              : dimension.domain().coordinate(dimension.domain().value(x));
    }
  }

  private int kernel(RandomGenerator random) {
    return pick(weights, random);
  }

  static int pick(double[] probabilities, RandomGenerator random) {
    double u = random.nextDouble();
    for (int i = 0; i < probabilities.length - 1; i++) {
      u -= probabilities[i];
      if (u < 0) {
        return i;
      }
    }
    return probabilities.length - 1;
  }

  /// Returns the log density at a point; for numbers with steps, the log probability of the value.
  double logDensity(double[] point) {
    Arrays.fill(terms, 0);
    Arrays.fill(factors, 1);
    for (int j = 0; j < dimensions.size(); j++) {
      addTerms(j, point[dimensions.get(j).index()]);
    }
    double max = Double.NEGATIVE_INFINITY;
    for (int k = 0; k < kernels; k++) {
      max = Math.max(max, terms[k]);
    }
    double sum = 0;
    for (int k = 0; k < kernels; k++) {
      sum += weights[k] * factors[k] * Math.exp(terms[k] - max);
    }
    return Math.log(Math.max(sum, Double.MIN_NORMAL)) + max - logInside;
  }

  private void addTerms(int j, double x) {
    if (options[j] == null) {
      double[] bin = dimensions.get(j).bin(x);
      double width = bin[1] - bin[0];
      if (width <= narrowest[j]) {
        addNarrow(j, (bin[0] + bin[1]) / 2, width);
        return;
      }
    }
    double[] known = logarithms.get(j).computeIfAbsent(x, v -> logs(j, v));
    for (int k = 0; k < kernels; k++) {
      terms[k] += known[k];
    }
  }

  /// Adds a bin that no kernel is narrower than, and a point where `width` is 0: the density at the
  /// middle times what the bin's integral exceeds it by. With `z` the middle and `h` the width in
  /// units of the kernel's, that is 1 + He2(z) h^2 / 24 + He4(z) h^4 / 1920 + ..., Taylor's series
  /// of the normal distribution, whose derivatives are Hermite polynomials (Abramowitz and Stegun,
  /// 26.2.31). Up to h^8 it is within 1e-6 where it matters, and a loop without calls.
  private void addNarrow(int j, double middle, double width) {
    double[] mean = means[j];
    double[] inverse = inverses[j];
    double[] scale = logScale[j];
    if (width == 0) {
      for (int k = 0; k < kernels; k++) {
        double z = (middle - mean[k]) * inverse[k];
        terms[k] += scale[k] - .5 * z * z;
      }
      return;
    }
    double logWidth = Math.log(width);
    for (int k = 0; k < kernels; k++) {
      double z = (middle - mean[k]) * inverse[k];
      double h = width * inverse[k];
      double square = z * z;
      // Far from a kernel, where it has nothing to say, powers would overflow.
      double s = Math.min(square, 100);
      double a = h * h;
      double eighth = (((s - 28) * s + 210) * s - 420) * s + 105;
      double sixth = ((s - 15) * s + 45) * s - 15;
      double fourth = (s - 6) * s + 3;
      double sum = sixth * (1. / 322_560) + a * eighth * (1. / 92_897_280);
      factors[k] *= 1 + a * ((s - 1) * (1. / 24) + a * (fourth * (1. / 1920) + a * sum));
      terms[k] += scale[k] - .5 * square + logWidth;
    }
  }

  /// Returns each kernel's log probability of a value with steps, or of an option.
  private double[] logs(int j, double x) {
    double[] logs = new double[kernels];
    if (options[j] != null) {
      for (int k = 0; k < kernels; k++) {
        logs[k] = Math.log(Math.max(options[j][k][(int) x], Double.MIN_NORMAL));
      }
      return logs;
    }
    double[] bin = dimensions.get(j).bin(x);
    for (int k = 0; k < kernels; k++) {
      double sigma = sigmas[j][k];
      double mean = means[j][k];
      double mass = StandardNormal.between((bin[0] - mean) / sigma, (bin[1] - mean) / sigma);
      double beyond = logScale[j][k] + Math.log(sigma) + StandardNormal.LOG_SQRT_2PI;
      logs[k] = Math.log(Math.max(mass, Double.MIN_NORMAL)) + beyond;
    }
    return logs;
  }
}
