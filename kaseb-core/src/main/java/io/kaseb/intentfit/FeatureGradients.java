package io.kaseb.intentfit;

import java.util.Arrays;

/// Ranks features by a mask that is learned along with the weights: the loss of a logistic
/// regression on masked features, plus a price for every feature that is let through, falls by
/// gradients (after Sheth and Fusi 2019, "Feature Gradients: Scalable Feature Selection via
/// Discrete Relaxation"). The cost is linear in the number of features.
final class FeatureGradients {
  private static final int STEPS = 150;
  private static final double RATE = .05;
  private static final double PRICE = .02;

  private FeatureGradients() {}

  /// Returns the mask of each column, 0 (closed) to 1 (open), times the size of its weight.
  ///
  /// @param free the first columns, which cost nothing
  static double[] of(FeatureRows rows, int free) {
    int k = rows.width;
    float[] x = standardised(rows);
    double[] weights = new double[k + 1];
    double[] gates = new double[k];
    Adam byWeight = new Adam(k + 1);
    Adam byGate = new Adam(k);
    double total = 0;
    for (int r = 0; r < rows.count; r++) {
      total += rows.weights[r];
    }
    weights[k] = Math.log(rows.rate() / (1 - rows.rate()));
    Arrays.fill(weights, 0, k, .01);
    for (int step = 1; step <= STEPS; step++) {
      double[] mask = Arrays.stream(gates).map(g -> 1 / (1 + Math.exp(-g))).toArray();
      Arrays.fill(mask, 0, free, 1);
      double[] slopes = new double[k + 1];
      for (int r = 0; r < rows.count; r++) {
        double z = weights[k];
        for (int f = 0; f < k; f++) {
          z += weights[f] * mask[f] * x[r * k + f];
        }
        double d = rows.weights[r] / total * (1 / (1 + Math.exp(-z)) - rows.labels[r]);
        for (int f = 0; f < k; f++) {
          slopes[f] += d * x[r * k + f];
        }
        slopes[k] += d;
      }
      double[] ofGate = new double[k];
      double price = PRICE * -Math.log(Math.max(1e-3, rows.rate())) * rows.rate();
      for (int f = free; f < k; f++) {
        ofGate[f] = (slopes[f] * weights[f] + price) * mask[f] * (1 - mask[f]);
      }
      for (int f = 0; f < k; f++) {
        slopes[f] *= mask[f];
      }
      byWeight.step(weights, slopes, step);
      byGate.step(gates, ofGate, step);
    }
    double[] scores = new double[k];
    for (int f = 0; f < k; f++) {
      scores[f] = Math.abs(weights[f]) / (1 + Math.exp(-gates[f]));
    }
    return scores;
  }

  private static float[] standardised(FeatureRows rows) {
    int k = rows.width;
    float[] x = new float[rows.count * k];
    for (int f = 0; f < k; f++) {
      double sum = 0;
      double squares = 0;
      for (int r = 0; r < rows.count; r++) {
        double v = rows.values[r * k + f];
        sum += v;
        squares += v * v;
      }
      double mean = sum / Math.max(1, rows.count);
      double spread = Math.sqrt(Math.max(0, squares / Math.max(1, rows.count) - mean * mean));
      for (int r = 0; r < rows.count && spread > 1e-9; r++) {
        x[r * k + f] = (float) Math.clamp((rows.values[r * k + f] - mean) / spread, -8, 8);
      }
    }
    return x;
  }

  /// Adam (Kingma and Ba 2015).
  private static final class Adam {
    private final double[] mean;
    private final double[] square;

    Adam(int n) {
      mean = new double[n];
      square = new double[n];
    }

    void step(double[] values, double[] slopes, int step) {
      for (int i = 0; i < values.length; i++) {
        mean[i] = .9 * mean[i] + .1 * slopes[i];
        square[i] = .999 * square[i] + .001 * slopes[i] * slopes[i];
        double m = mean[i] / (1 - Math.pow(.9, step));
        double v = square[i] / (1 - Math.pow(.999, step));
        values[i] -= RATE * m / (Math.sqrt(v) + 1e-12);
      }
    }
  }
}
