package io.kaseb.baseline;

import io.kaseb.base.KasebException;
import io.kaseb.model.Catalogue;
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
      throw wrongLength(name, data.length, length);
    }
    return data;
  }

  /// Returns whole numbers.
  int[] ints(String name) {
    int[] data = ints.get(name);
    if (data == null) {
      throw new KasebException(
          new KasebException.Problem(null, "the model file lacks " + name, null, "train it again"));
    }
    return data;
  }

  /// Checks where rows begin: from 0, in order, to `cells`.
  static void checkRows(String name, int[] starts, int cells) {
    boolean inOrder = starts.length > 0 && starts[0] == 0 && starts[starts.length - 1] == cells;
    for (int i = 1; i < starts.length; i++) {
      inOrder &= starts[i] >= starts[i - 1];
    }
    if (!inOrder) {
      throw new IllegalArgumentException(name + " does not rise from 0 to " + cells);
    }
  }

  /// Checks that whole numbers are indices of items.
  static void checkItems(String name, int[] items, Catalogue catalogue) {
    for (int item : items) {
      if (item < 0 || item >= catalogue.size()) {
        throw new IllegalArgumentException(
            name + " names item " + item + " of " + catalogue.size());
      }
    }
  }

  private static float[] checked(String name, float @Nullable [] data, int length) {
    if (data == null || data.length != length) {
      throw wrongLength(name, data == null ? 0 : data.length, length);
    }
    return data;
  }

  private static KasebException wrongLength(String name, int has, int length) {
    return new KasebException(
        new KasebException.Problem(
            null,
            "the model file's " + name + " has " + has + " numbers",
            Integer.toString(length),
            "train it again"));
  }
}
