package io.kaseb.model;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.ShortBuffer;
import java.util.LinkedHashMap;
import java.util.Map;

/// Item tables as floats of 16 bits (IEEE 754 binary16), each the nearest one: a relative error of
/// 2^-11 at most for values of 2^-14 to 65,504, an error of 2^-25 at most below.
///
/// In a file, `NAME.float16` holds them, `[items x columns]`, low byte first. Read, they are floats
/// again: only the file is smaller, scoring is the same.
final class Float16Table {
  private static final String HALVES = ".float16";
  private static final float LARGEST = 65_504;

  private Float16Table() {}

  /// Returns the tensors with every item table rounded to what its halves can say.
  static Map<String, Tensor> rounded(Map<String, Tensor> tensors, int items) {
    Map<String, Tensor> floats = new LinkedHashMap<>(tensors);
    tensors.forEach(
        (name, tensor) -> {
          if (isTable(name, tensor, items)) {
            float[] data = new float[tensor.data().length];
            for (int i = 0; i < data.length; i++) {
              data[i] = Float.float16ToFloat(half(tensor.data()[i]));
            }
            floats.put(name, new Tensor(tensor.shape(), data));
          }
        });
    return floats;
  }

  private static boolean isTable(String name, Tensor tensor, int items) {
    int[] shape = tensor.shape();
    return shape.length == 2 && shape[0] == items && shape[1] > 1 && name.endsWith(".weight");
  }

  private static short half(float value) {
    return Float.floatToFloat16(Math.clamp(value, -LARGEST, LARGEST));
  }

  /// Takes the item tables out of the tensors and puts their halves among the bytes.
  static void pack(Map<String, Tensor> tensors, Map<String, byte[]> bytes, int items) {
    for (Map.Entry<String, Tensor> e : new LinkedHashMap<>(tensors).entrySet()) {
      if (isTable(e.getKey(), e.getValue(), items)) {
        float[] data = e.getValue().data();
        byte[] halves = new byte[Math.multiplyExact(2, data.length)];
        ShortBuffer out = shorts(halves);
        for (float value : data) {
          out.put(half(value));
        }
        bytes.put(e.getKey() + HALVES, halves);
        tensors.remove(e.getKey());
      }
    }
  }

  /// Turns halves among the bytes into tables again; says whether there were any.
  static boolean unpack(Map<String, Tensor> tensors, Map<String, byte[]> bytes, int items) {
    boolean any = false;
    for (Map.Entry<String, byte[]> e : bytes.entrySet()) {
      if (e.getKey().endsWith(HALVES)) {
        any = true;
        ShortBuffer in = shorts(e.getValue());
        float[] data = new float[e.getValue().length / 2];
        for (int i = 0; i < data.length; i++) {
          data[i] = Float.float16ToFloat(in.get(i));
        }
        String name = e.getKey().substring(0, e.getKey().length() - HALVES.length());
        tensors.put(name, Tensor.matrix(items, data.length / items, data));
      }
    }
    return any;
  }

  private static ShortBuffer shorts(byte[] bytes) {
    return ByteBuffer.wrap(bytes).order(ByteOrder.LITTLE_ENDIAN).asShortBuffer();
  }
}
