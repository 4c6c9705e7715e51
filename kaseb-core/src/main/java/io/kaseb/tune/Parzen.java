package io.kaseb.tune;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.random.RandomGenerator;
import java.util.stream.IntStream;

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

  /// `[dimension][kernel]`: what the log density lacks besides -z^2 / 2.
  private final double[][] logScale;

  /// `[dimension][kernel][option]`.
  private final double[][][] options;

  /// For each dimension with steps or options, the kernels' log probabilities of the values asked
  /// for so far: few values are asked for again and again.
  private final List<Map<Double, double[]>> asked = new ArrayList<>();

  /// Log of the share of the mixture that lies inside the range; 0 where each kernel is truncated.
  private double logInside;

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
    logScale = new double[d][kernels];
    options = new double[d][][];
    for (int j = 0; j < d; j++) {
      asked.add(new HashMap<>());
      int index = dimensions.get(j).index();
      double[] x = points.stream().mapToDouble(p -> p[index]).toArray();
      if (dimensions.get(j).options() > 0) {
        options[j] = categorical(x, dimensions.get(j).options());
      } else {
        means[j] = Arrays.copyOf(x, kernels);
        means[j][n] = .5;
        sigmas[j] = jointWidths ? jointWidths(n) : widths(x);
        scale(j);
      }
    }
  }

  /// NNI adds one count to every option; the prior kernel spreads its weight evenly over them.
  private double priorWeight() {
    boolean counts = mode == TpeMode.NNI && dimensions.getFirst().options() > 0;
    return counts ? dimensions.getFirst().options() : 1;
  }

  private double[][] categorical(double[] x, int count) {
    double[][] rows = new double[kernels][count];
    Arrays.fill(rows[x.length], 1. / count);
    double even = mode == TpeMode.NNI ? 0 : 1. / kernels;
    for (int k = 0; k < x.length; k++) {
      for (int c = 0; c < count; c++) {
        rows[k][c] = (even + (c == (int) x[k] ? 1 : 0)) / (even * count + 1);
      }
    }
    return rows;
  }

  /// Widths by the larger gap to a neighbour; the prior, of width 1, is a neighbour except in
  /// Optuna 5's rule.
  private double[] widths(double[] x) {
    int n = x.length;
    boolean priorIsNeighbour = mode != TpeMode.OPTUNA5;
    double[] all = Arrays.copyOf(x, priorIsNeighbour ? n + 1 : n);
    if (priorIsNeighbour) {
      all[n] = .5;
    }
    Integer[] order = IntStream.range(0, all.length).boxed().toArray(Integer[]::new);
    Arrays.sort(order, Comparator.comparingDouble(i -> all[i]));
    double[] sigma = new double[n + 1];
    for (int i = 0; i < order.length; i++) {
      double left = i > 0 ? all[order[i]] - all[order[i - 1]] : 0;
      double right = i + 1 < order.length ? all[order[i + 1]] - all[order[i]] : 0;
      sigma[order[i]] = clipped(Math.max(left, right), n);
    }
    if (n == 1 && mode != TpeMode.OPTUNA4) {
      // No neighbour at all: half the range in NNI, the farther bound in Optuna.
      sigma[0] = mode == TpeMode.NNI ? .5 : Math.max(x[0], 1 - x[0]);
    }
    sigma[n] = 1;
    return sigma;
  }

  private double[] jointWidths(int n) {
    double[] sigma = new double[n + 1];
    double width = .2 * Math.pow(Math.max(1, n), -1. / (dimensions.size() + 4));
    Arrays.fill(sigma, clipped(width, n));
    sigma[n] = 1;
    return sigma;
  }

  private static double clipped(double sigma, int n) {
    return Math.clamp(sigma, 1. / Math.min(100, n + 2), 1);
  }

  private void scale(int j) {
    double inside = 0;
    for (int k = 0; k < kernels; k++) {
      double sigma = sigmas[j][k];
      double mass = Gauss.between(-means[j][k] / sigma, (1 - means[j][k]) / sigma);
      logScale[j][k] = -Math.log(sigma) - Gauss.LOG_SQRT_2PI;
      if (mode == TpeMode.NNI) {
        inside += weights[k] * mass;
      } else {
        logScale[j][k] -= Math.log(mass);
      }
    }
    logInside = mode == TpeMode.NNI ? Math.log(inside) : 0;
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
    double[] terms = new double[kernels];
    for (int j = 0; j < dimensions.size(); j++) {
      addTerms(j, point[dimensions.get(j).index()], terms);
    }
    double max = Double.NEGATIVE_INFINITY;
    for (int k = 0; k < kernels; k++) {
      max = Math.max(max, terms[k]);
    }
    double sum = 0;
    for (int k = 0; k < kernels; k++) {
      sum += weights[k] * Math.exp(terms[k] - max);
    }
    return Math.log(Math.max(sum, Double.MIN_NORMAL)) + max - logInside;
  }

  private void addTerms(int j, double x, double[] terms) {
    Dimension dimension = dimensions.get(j);
    double[] mean = means[j];
    double[] sigma = sigmas[j];
    double[] scale = logScale[j];
    if (options[j] == null && dimension.domain().size() == Domain.UNLIMITED) {
      double[] bin = dimension.bin(x);
      if (bin[0] == bin[1]) {
        for (int k = 0; k < kernels; k++) {
          double z = (x - mean[k]) / sigma[k];
          terms[k] += scale[k] - .5 * z * z;
        }
        return;
      }
    }
    double[] known = asked.get(j).computeIfAbsent(x, v -> logs(j, v));
    for (int k = 0; k < kernels; k++) {
      terms[k] += known[k];
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
    double width = bin[1] - bin[0];
    double logWidth = width > 0 ? Math.log(width) : 0;
    for (int k = 0; k < kernels; k++) {
      double sigma = sigmas[j][k];
      double mean = means[j][k];
      if (width > .2 * sigma) {
        double mass = Gauss.between((bin[0] - mean) / sigma, (bin[1] - mean) / sigma);
        double beyond = logScale[j][k] + Math.log(sigma) + Gauss.LOG_SQRT_2PI;
        logs[k] = Math.log(Math.max(mass, Double.MIN_NORMAL)) + beyond;
      } else {
        double z = (x - mean) / sigma;
        logs[k] = logScale[j][k] - .5 * z * z + logWidth;
      }
    }
    return logs;
  }
}
