package io.kaseb.intentfit;

import io.kaseb.intent.Calibration;
import io.kaseb.intent.Logistic;
import java.util.SplittableRandom;

/// Fits [Logistic] on standardised features with a small L2 penalty, by Newton's method
/// (iteratively reweighted least squares).
final class LogisticFit {
  private static final int ROUNDS = 12;
  private static final double PENALTY = 1;
  private static final double[] PENALTIES = {1, 10, 50, 200};
  private static final int FOLDS = 4;
  private static final int MOST_COMPARED = 10_000;
  private static final int MOST_ROWS = 200_000;

  private LogisticFit() {}

  /// Fits the rows; of very many, a random part.
  static Logistic fit(FeatureRows rows, long seed) {
    return fit(rows, seed, PENALTY);
  }

  /// Fits the rows with the penalty of the least log loss on rows that were left out; very many
  /// need none but the least.
  static Logistic fitPenalty(FeatureRows rows, long seed) {
    double best = PENALTY;
    double least = Double.POSITIVE_INFINITY;
    for (double penalty : PENALTIES) {
      double loss = rows.count > MOST_COMPARED ? penalty : leftOut(rows, seed, penalty);
      if (loss < least) {
        least = loss;
        best = penalty;
      }
    }
    return fit(rows, seed, best);
  }

  private static double leftOut(FeatureRows rows, long seed, double penalty) {
    double loss = 0;
    for (int fold = 0; fold < FOLDS; fold++) {
      FeatureRows part = new FeatureRows(rows.width, rows.count);
      for (int r = 0; r < rows.count; r++) {
        if (r % FOLDS != fold) {
          part.add(rows.row(r), rows.labels[r] > .5f, rows.weights[r]);
        }
      }
      Logistic found = fit(part, seed, penalty);
      for (int r = fold; r < rows.count; r += FOLDS) {
        double z = found.score(rows.row(r));
        z = rows.labels[r] > .5f ? -z : z;
        loss += rows.weights[r] * (Math.max(z, 0) + Math.log1p(Math.exp(-Math.abs(z))));
      }
    }
    return loss;
  }

  private static Logistic fit(FeatureRows rows, long seed, double penalty) {
    int k = rows.width;
    if (!rows.hasBoth()) {
      float[] flat = new float[k + 1];
      flat[k] = (float) Calibration.logit(rows.rate());
      return new Logistic(flat);
    }
    int n = Math.min(rows.count, MOST_ROWS);
    int[] chosen = new int[n];
    SplittableRandom random = new SplittableRandom(seed);
    for (int i = 0; i < n; i++) {
      chosen[i] = n == rows.count ? i : random.nextInt(rows.count);
    }
    double[] mean = new double[k];
    double[] spread = new double[k];
    for (int row : chosen) {
      for (int f = 0; f < k; f++) {
        mean[f] += rows.values[row * k + f] / n;
      }
    }
    for (int row : chosen) {
      for (int f = 0; f < k; f++) {
        double d = rows.values[row * k + f] - mean[f];
        spread[f] += d * d / n;
      }
    }
    for (int f = 0; f < k; f++) {
      spread[f] = spread[f] > 1e-12 ? Math.sqrt(spread[f]) : Double.POSITIVE_INFINITY;
    }
    double[] beta = new double[k + 1];
    beta[k] = Calibration.logit(rows.rate());
    for (int round = 0; round < ROUNDS; round++) {
      if (newton(rows, chosen, mean, spread, beta, penalty) < 1e-7) {
        break;
      }
    }
    float[] weights = new float[k + 1];
    double intercept = beta[k];
    for (int f = 0; f < k; f++) {
      weights[f] = (float) (beta[f] / spread[f]);
      intercept -= beta[f] / spread[f] * mean[f];
    }
    weights[k] = (float) intercept;
    return new Logistic(weights);
  }

  private static double newton(
      FeatureRows rows,
      int[] chosen,
      double[] mean,
      double[] spread,
      double[] beta,
      double penalty) {
    int k = rows.width;
    double[] gradient = new double[k + 1];
    double[][] hessian = new double[k + 1][k + 1];
    double[] x = new double[k + 1];
    x[k] = 1;
    for (int row : chosen) {
      double z = beta[k];
      for (int f = 0; f < k; f++) {
        x[f] = Math.clamp((rows.values[row * k + f] - mean[f]) / spread[f], -8, 8);
        z += beta[f] * x[f];
      }
      double p = Calibration.logistic(z);
      double w = rows.weights[row];
      double d = w * (p - rows.labels[row]);
      double h = w * Math.max(p * (1 - p), 1e-6);
      for (int f = 0; f <= k; f++) {
        gradient[f] += d * x[f];
        double hx = h * x[f];
        double[] line = hessian[f];
        for (int g = 0; g <= f; g++) {
          line[g] += hx * x[g];
        }
      }
    }
    for (int f = 0; f < k; f++) {
      gradient[f] += penalty * beta[f];
      hessian[f][f] += penalty;
    }
    hessian[k][k] += 1e-9;
    return descend(rows, chosen, mean, spread, beta, solve(hessian, gradient), penalty);
  }

  /// Goes along a Newton step, halved until the loss falls: a whole one can overshoot.
  private static double descend(
      FeatureRows rows,
      int[] chosen,
      double[] mean,
      double[] spread,
      double[] beta,
      double[] change,
      double penalty) {
    double before = loss(rows, chosen, mean, spread, beta, penalty);
    double most = 0;
    double step = 1;
    for (int halvings = 0; halvings < 12; halvings++) {
      double[] next = new double[beta.length];
      most = 0;
      for (int f = 0; f < beta.length; f++) {
        next[f] = beta[f] - step * change[f];
        most = Math.max(most, Math.abs(step * change[f]));
      }
      if (loss(rows, chosen, mean, spread, next, penalty) <= before) {
        System.arraycopy(next, 0, beta, 0, beta.length);
        return most;
      }
      step /= 2;
    }
    return 0;
  }

  private static double loss(
      FeatureRows rows,
      int[] chosen,
      double[] mean,
      double[] spread,
      double[] beta,
      double penalty) {
    int k = rows.width;
    double sum = 0;
    for (int f = 0; f < k; f++) {
      sum += penalty * beta[f] * beta[f] / 2;
    }
    for (int row : chosen) {
      double z = beta[k];
      for (int f = 0; f < k; f++) {
        z += beta[f] * Math.clamp((rows.values[row * k + f] - mean[f]) / spread[f], -8, 8);
      }
      double wrong = rows.labels[row] > .5f ? -z : z;
      sum += rows.weights[row] * (Math.max(wrong, 0) + Math.log1p(Math.exp(-Math.abs(wrong))));
    }
    return sum;
  }

  /// Solves `A x = b` by Cholesky's decomposition; the lower half of A is read and overwritten.
  private static double[] solve(double[][] a, double[] b) {
    int n = b.length;
    double[] x = b.clone();
    for (int i = 0; i < n; i++) {
      for (int j = 0; j <= i; j++) {
        double sum = a[i][j];
        for (int m = 0; m < j; m++) {
          sum -= a[i][m] * a[j][m];
        }
        a[i][j] = i == j ? Math.sqrt(Math.max(sum, 1e-9)) : sum / a[j][j];
      }
    }
    for (int i = 0; i < n; i++) {
      for (int m = 0; m < i; m++) {
        x[i] -= a[i][m] * x[m];
      }
      x[i] /= a[i][i];
    }
    for (int i = n - 1; i >= 0; i--) {
      for (int m = i + 1; m < n; m++) {
        x[i] -= a[m][i] * x[m];
      }
      x[i] /= a[i][i];
    }
    return x;
  }
}
