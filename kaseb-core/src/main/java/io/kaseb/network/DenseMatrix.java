package io.kaseb.network;

import io.kaseb.kernel.Kernels;

/// A weight matrix with its bias folded in as one more column (its input is constantly 1), its
/// gradient, and its optimiser's state. Rows are padded to [Kernels#LANES]; unused floats stay 0.
final class DenseMatrix {
  private final int rows;
  private final int inputs;
  private final int width;
  private final float[] weights;
  private final float[] gradient;
  private final float[] state;

  /// Creates a matrix of zeros of `rows` x (`inputs` + 1).
  DenseMatrix(int rows, int inputs, int states) {
    this.rows = rows;
    this.inputs = inputs;
    this.width = Kernels.pad(inputs + 1);
    this.weights = new float[rows * width];
    this.gradient = new float[rows * width];
    this.state = new float[states * rows * width];
  }

  int rows() {
    return rows;
  }

  /// Returns the number of inputs, which is also the bias's column.
  int inputs() {
    return inputs;
  }

  int width() {
    return width;
  }

  float[] weights() {
    return weights;
  }

  float[] gradient() {
    return gradient;
  }

  /// Sets rows `from..to` of the gradient to `G X`, with G [rows x batch] and X [batch x width].
  void gradient(
      Kernels kernels, int from, int to, int batch, float[] g, int g0, int ldg, float[] x) {
    kernels.multiply(
        to - from, width, batch, g, g0, ldg, x, 0, width, gradient, from * width, width, false);
  }

  /// Returns the sum of squares of rows `from..to` of the gradient.
  double squaredGradient(int from, int to) {
    double sum = 0;
    for (int i = from * width; i < to * width; i++) {
      sum += (double) gradient[i] * gradient[i];
    }
    return sum;
  }

  /// Updates rows `from..to` by their gradient.
  void update(Kernels kernels, Optimizer optimizer, int from, int to, float scale, long step) {
    optimizer.update(
        kernels,
        (to - from) * width,
        weights,
        from * width,
        state,
        from * width,
        rows * width,
        gradient,
        from * width,
        scale,
        step);
  }

  /// Copies columns `from..from+n` of every row out: of the weights (part 0) or a state (part 1..).
  float[] columns(int part, int from, int n) {
    float[] source = part == 0 ? weights : state;
    int base = part == 0 ? 0 : (part - 1) * rows * width;
    float[] out = new float[rows * n];
    for (int r = 0; r < rows; r++) {
      System.arraycopy(source, base + r * width + from, out, r * n, n);
    }
    return out;
  }

  /// The reverse of [#columns].
  void setColumns(int part, int from, int n, float[] values) {
    float[] target = part == 0 ? weights : state;
    int base = part == 0 ? 0 : (part - 1) * rows * width;
    for (int r = 0; r < rows; r++) {
      System.arraycopy(values, r * n, target, base + r * width + from, n);
    }
  }
}
