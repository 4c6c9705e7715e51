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
}
