package io.kaseb.model;

import java.util.LinkedHashMap;
import java.util.Map;

/// Item tables as bytes: each row w of floats as whole numbers q of -127..127 and one scale, w = q
/// x scale, scale = max |w| / 127. The largest error of a value is half a scale.
///
/// In a file, `NAME.int8` holds the bytes, `[items x columns]`, and `NAME.scale` the scales,
/// `[items]`. Read, they are floats again: only the file is smaller, scoring is the same.
final class Int8Table {
  private static final String BYTES = ".int8";
  private static final String SCALE = ".scale";

  private Int8Table() {}

  /// Returns the tensors with every item table rounded to what its bytes can say.
  static Map<String, Tensor> rounded(Map<String, Tensor> tensors, int items) {
    Map<String, Tensor> floats = new LinkedHashMap<>(tensors);
    Map<String, byte[]> bytes = new LinkedHashMap<>();
    pack(floats, bytes, items);
    unpack(floats, bytes);
    return floats;
  }

  /// Takes the item tables out of the tensors and puts their bytes and scales in.
  static void pack(Map<String, Tensor> tensors, Map<String, byte[]> bytes, int items) {
    for (Map.Entry<String, Tensor> e : new LinkedHashMap<>(tensors).entrySet()) {
      int[] shape = e.getValue().shape();
      if (shape.length == 2
          && shape[0] == items
          && shape[1] > 1
          && e.getKey().endsWith(".weight")) {
        float[] scales = new float[items];
        bytes.put(e.getKey() + BYTES, quantised(e.getValue().data(), shape[1], scales));
        tensors.remove(e.getKey());
        tensors.put(e.getKey() + SCALE, Tensor.vector(scales));
      }
    }
  }

  private static byte[] quantised(float[] data, int columns, float[] scales) {
    byte[] bytes = new byte[data.length];
    for (int row = 0; row < scales.length; row++) {
      float largest = 0;
      for (int i = row * columns; i < (row + 1) * columns; i++) {
        largest = Math.max(largest, Math.abs(data[i]));
      }
      scales[row] = largest / 127;
      for (int i = row * columns; largest > 0 && i < (row + 1) * columns; i++) {
        bytes[i] = (byte) Math.clamp(Math.round(data[i] / scales[row]), -127, 127);
      }
    }
    return bytes;
  }

  /// Turns bytes and scales among the tensors into tables again; says whether there were any.
  static boolean unpack(Map<String, Tensor> tensors, Map<String, byte[]> bytes) {
    boolean any = false;
    for (Map.Entry<String, byte[]> e : bytes.entrySet()) {
      String name = e.getKey().replaceFirst("\\.int8$", "");
      Tensor scales = tensors.remove(name + SCALE);
      if (scales != null) {
        any = true;
        int rows = scales.data().length;
        int columns = e.getValue().length / rows;
        float[] data = new float[rows * columns];
        for (int i = 0; i < data.length; i++) {
          data[i] = e.getValue()[i] * scales.data()[i / columns];
        }
        tensors.put(name, Tensor.matrix(rows, columns, data));
      }
    }
    return any;
  }
}
