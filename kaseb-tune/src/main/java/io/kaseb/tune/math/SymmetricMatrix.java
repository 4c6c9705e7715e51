package io.kaseb.tune.math;

/// A symmetric matrix without negative eigenvalues, such as a covariance, with its eigenvectors
/// (Jacobi's rotations). For some tens of rows.
public final class SymmetricMatrix {
  private static final int SWEEPS = 60;
  private static final double LEAST = 1e-14;

  private final double[][] values;

  /// Eigenvectors in columns.
  private final double[][] vectors;

  private final double[] roots;

  private SymmetricMatrix(double[][] values) {
    this.values = values;
    int n = values.length;
    double[][] a = new double[n][];
    this.vectors = new double[n][n];
    for (int i = 0; i < n; i++) {
      a[i] = values[i].clone();
      vectors[i][i] = 1;
    }
    rotate(a);
    this.roots = new double[n];
    for (int i = 0; i < n; i++) {
      roots[i] = Math.sqrt(Math.max(a[i][i], LEAST));
    }
  }

  /// Returns the matrix of these rows.
  ///
  /// @param rows as many numbers each as there are rows, the same above and below the diagonal
  public static SymmetricMatrix of(double[][] rows) {
    return new SymmetricMatrix(rows);
  }

  /// Returns the matrix of ones on the diagonal.
  public static SymmetricMatrix identity(int rows) {
    double[][] values = new double[rows][rows];
    for (int i = 0; i < rows; i++) {
      values[i][i] = 1;
    }
    return new SymmetricMatrix(values);
  }

  private void rotate(double[][] a) {
    int n = a.length;
    for (int sweep = 0; sweep < SWEEPS; sweep++) {
      double off = 0;
      for (int p = 0; p < n; p++) {
        for (int q = p + 1; q < n; q++) {
          off += a[p][q] * a[p][q];
        }
      }
      if (off < 1e-22) {
        return;
      }
      for (int p = 0; p < n; p++) {
        for (int q = p + 1; q < n; q++) {
          if (a[p][q] != 0) {
            rotate(a, p, q);
          }
        }
      }
    }
  }

  private void rotate(double[][] a, int p, int q) {
    double theta = (a[q][q] - a[p][p]) / (2 * a[p][q]);
    double t = Math.copySign(1, theta) / (Math.abs(theta) + Math.sqrt(theta * theta + 1));
    double c = 1 / Math.sqrt(t * t + 1);
    double s = t * c;
    for (int k = 0; k < a.length; k++) {
      double kp = a[k][p];
      double kq = a[k][q];
      a[k][p] = c * kp - s * kq;
      a[k][q] = s * kp + c * kq;
    }
    for (int k = 0; k < a.length; k++) {
      double pk = a[p][k];
      double qk = a[q][k];
      a[p][k] = c * pk - s * qk;
      a[q][k] = s * pk + c * qk;
      double vp = vectors[k][p];
      double vq = vectors[k][q];
      vectors[k][p] = c * vp - s * vq;
      vectors[k][q] = s * vp + c * vq;
    }
  }

  /// Returns a value.
  public double at(int row, int column) {
    return values[row][column];
  }

  /// Returns an eigenvector, of length 1; they stand in no order.
  ///
  /// @param j 0 to one less than there are rows
  public double[] vector(int j) {
    double[] vector = new double[vectors.length];
    for (int i = 0; i < vector.length; i++) {
      vector[i] = vectors[i][j];
    }
    return vector;
  }

  /// Returns the root of an eigenvalue.
  ///
  /// @param j its vector's place in [#vector]
  public double root(int j) {
    return roots[j];
  }

  /// Returns B D x: what has the identity's covariance gets this one's.
  public double[] rootTimes(double[] x) {
    int n = x.length;
    double[] out = new double[n];
    for (int i = 0; i < n; i++) {
      for (int j = 0; j < n; j++) {
        out[i] += vectors[i][j] * roots[j] * x[j];
      }
    }
    return out;
  }

  /// Returns the symmetric root's inverse times x: what has this covariance gets the identity's.
  public double[] inverseRootTimes(double[] x) {
    int n = x.length;
    double[] out = new double[n];
    for (int j = 0; j < n; j++) {
      double along = 0;
      for (int i = 0; i < n; i++) {
        along += vectors[i][j] * x[i];
      }
      along /= roots[j];
      for (int i = 0; i < n; i++) {
        out[i] += vectors[i][j] * along;
      }
    }
    return out;
  }
}
