package io.kaseb.baseline;

import io.kaseb.base.KasebException;
import io.kaseb.model.Tensor;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/// A model as the numbers of its file.
///
/// @param tensors float values by name
/// @param ints whole numbers by name
public record StoredArrays(Map<String, Tensor> tensors, Map<String, int[]> ints) {
  /// Returns floats of a length.
  float[] floats(String name, int length) {
    Tensor tensor = tensors.get(name);
    return checked(name, tensor == null ? null : tensor.data(), length);
  }

  /// Returns whole numbers of a length.
  int[] ints(String name, int length) {
    int[] data = ints(name);
    if (data.length != length) {
      throw new KasebException(
          "the model file's " + name + " has " + data.length + " numbers; must be " + length);
    }
    return data;
  }

  /// Returns whole numbers.
  int[] ints(String name) {
    int[] data = ints.get(name);
    if (data == null) {
      throw new KasebException("the model file lacks " + name + "; train it again");
    }
    return data;
  }

  private static float[] checked(String name, float @Nullable [] data, int length) {
    if (data == null || data.length != length) {
      throw new KasebException(
          "the model file's "
              + name
              + " has "
              + (data == null ? "no" : data.length)
              + " numbers; must be "
              + length);
    }
    return data;
  }
}
