package io.kaseb.model;

import java.util.Arrays;

/// A named parameter's values, row-major.
///
/// @param shape its dimensions, outermost first
/// @param data its values; shared, not copied
public record Tensor(int[] shape, float[] data) {
  /// Checks that shape and data fit together.
  public Tensor {
    long size = 1;
    for (int n : shape) {
      size *= n;
    }
    if (size != data.length) {
      throw new IllegalArgumentException(
          "shape " + Arrays.toString(shape) + " does not hold " + data.length + " values");
    }
  }

  /// Creates a matrix.
  public static Tensor matrix(int rows, int columns, float[] data) {
    return new Tensor(new int[] {rows, columns}, data);
  }

  /// Creates a vector.
  public static Tensor vector(float[] data) {
    return new Tensor(new int[] {data.length}, data);
  }

  /// Returns the product of two matrices, this one [rows, n] and [n, columns].
  Tensor times(Tensor right) {
    int n = right.shape[0];
    int columns = right.shape[1];
    int rows = shape[0];
    float[] product = new float[Math.multiplyExact(rows, columns)];
    float[] row = new float[columns];
    for (int i = 0; i < rows; i++) {
      Arrays.fill(row, 0);
      for (int k = 0; k < n; k++) {
        float x = data[i * n + k];
        for (int j = 0; j < columns; j++) {
          row[j] += x * right.data[k * columns + j];
        }
      }
      System.arraycopy(row, 0, product, i * columns, columns);
    }
    return matrix(rows, columns, product);
  }
}
