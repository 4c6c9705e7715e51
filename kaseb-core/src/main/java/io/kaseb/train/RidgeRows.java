package io.kaseb.train;

import io.kaseb.base.Workers;
import java.util.Arrays;

/// Weighted ridge regression of table rows on sparse features (Hoerl and Kennard 1970): finds `A`
/// that makes
///
/// `sum_i c_i |w_i - m - sum_v x_iv A_v|^2 + lambda sum_v |A_v|^2`
///
/// least, with `m` the weighted mean row. Each column of the table is solved by itself, by
/// conjugate gradients (Hestenes and Stiefel 1952) on the normal equations.
final class RidgeRows {
  private static final int MOST_STEPS = 60;
  private static final double SMALL = 1e-6;

  private final int[][] values;
  private final float[][] shares;
  private final double[] weights;
  private final int features;

  /// Creates a regression.
  ///
  /// @param values the features of each row that are not 0
  /// @param shares their values
  /// @param weights `c_i`; 0 leaves a row out
  /// @param features how many there are
  RidgeRows(int[][] values, float[][] shares, double[] weights, int features) {
    this.values = values;
    this.shares = shares;
    this.weights = weights;
    this.features = features;
  }

  /// Solves for some columns.
  ///
  /// @param table the rows [rows x width]
  /// @param columns which columns
  /// @return the mean row, then one row for each feature, [1 + features x columns]
  float[] fit(float[] table, int width, int[] columns, double lambda, Workers workers) {
    float[] out = new float[(1 + features) * columns.length];
    workers
        .<double[]>map(columns.length, c -> column(table, width, columns[c], lambda))
        .forEach(new ColumnWriter(out, columns.length)::add);
    return out;
  }

  /// Puts solved columns side by side.
  private static final class ColumnWriter {
    private final float[] out;
    private final int width;
    private int column;

    ColumnWriter(float[] out, int width) {
      this.out = out;
      this.width = width;
    }

    void add(double[] solved) {
      for (int row = 0; row < solved.length; row++) {
        out[row * width + column] = (float) solved[row];
      }
      column++;
    }
  }

  private double[] column(float[] table, int width, int column, double lambda) {
    double mean = 0;
    double total = 0;
    for (int i = 0; i < weights.length; i++) {
      mean += weights[i] * table[i * width + column];
      total += weights[i];
    }
    mean /= Math.max(total, SMALL);
    double[] right = new double[features];
    for (int i = 0; i < weights.length; i++) {
      add(i, weights[i] * (table[i * width + column] - mean), right);
    }
    double[] solved = new double[1 + features];
    solved[0] = mean;
    System.arraycopy(conjugateGradients(right, lambda), 0, solved, 1, features);
    return solved;
  }

  private double[] conjugateGradients(double[] right, double lambda) {
    double[] x = new double[features];
    double[] residual = right.clone();
    double[] direction = right.clone();
    double size = dot(residual, residual);
    double enough = SMALL * SMALL * size;
    for (int step = 0; step < MOST_STEPS && size > enough; step++) {
      double[] image = times(direction, lambda);
      double length = size / dot(direction, image);
      for (int v = 0; v < features; v++) {
        x[v] += length * direction[v];
        residual[v] -= length * image[v];
      }
      double next = dot(residual, residual);
      for (int v = 0; v < features; v++) {
        direction[v] = residual[v] + next / size * direction[v];
      }
      size = next;
    }
    return x;
  }

  /// Returns `(X' C X + lambda I) a`.
  private double[] times(double[] a, double lambda) {
    double[] out = new double[features];
    for (int v = 0; v < features; v++) {
      out[v] = lambda * a[v];
    }
    for (int i = 0; i < weights.length; i++) {
      if (weights[i] > 0) {
        double sum = 0;
        for (int k = 0; k < values[i].length; k++) {
          sum += shares[i][k] * a[values[i][k]];
        }
        add(i, weights[i] * sum, out);
      }
    }
    return out;
  }

  private void add(int i, double scale, double[] out) {
    for (int k = 0; k < values[i].length; k++) {
      out[values[i][k]] += scale * shares[i][k];
    }
  }

  private static double dot(double[] a, double[] b) {
    double sum = 0;
    for (int i = 0; i < a.length; i++) {
      sum += a[i] * b[i];
    }
    return sum;
  }

  /// Returns the regression on the rows of which `i % folds` is not `fold`.
  RidgeRows without(int fold, int folds) {
    double[] kept = weights.clone();
    for (int i = fold; i < kept.length; i += folds) {
      kept[i] = 0;
    }
    return new RidgeRows(values, shares, kept, features);
  }

  /// Returns the weighted squared error of the rows of which `i % folds` is `fold`.
  double error(int fold, int folds, float[] table, int width, int[] columns, float[] solved) {
    double error = 0;
    double[] row = new double[columns.length];
    for (int i = fold; i < weights.length; i += folds) {
      Arrays.fill(row, 0);
      for (int c = 0; c < columns.length; c++) {
        row[c] = solved[c] - table[i * width + columns[c]];
      }
      for (int k = 0; k < values[i].length; k++) {
        int at = (1 + values[i][k]) * columns.length;
        for (int c = 0; c < columns.length; c++) {
          row[c] += shares[i][k] * solved[at + c];
        }
      }
      error += weights[i] * dot(row, row);
    }
    return error;
  }
}
