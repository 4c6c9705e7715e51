package io.kaseb.kernel;

import static io.kaseb.kernel.VectorMath.L;
import static io.kaseb.kernel.VectorMath.S;

import jdk.incubator.vector.ByteVector;
import jdk.incubator.vector.FloatVector;
import jdk.incubator.vector.IntVector;
import jdk.incubator.vector.VectorOperators;
import jdk.incubator.vector.VectorShape;
import jdk.incubator.vector.VectorSpecies;

/// The scan over items that are kept as bytes: lanes are items, a byte becomes an int, then a
/// float, and is multiplied by the hidden value of its unit. Four vectors of items at a time.
///
/// Byte to float in one conversion was measured at a tenth of the speed, two steps at once are
/// compiled well. A loop over blocks inside the kernel stays in the compiler's first, slow version
/// of a loop for seconds; a call for each block does not.
final class VectorScan {
  private static final VectorSpecies<Integer> INTS =
      VectorSpecies.of(int.class, VectorShape.forBitSize(S.vectorBitSize()));

  /// As many bytes as a float vector has lanes, but no fewer than 8, the smallest vector.
  private static final VectorSpecies<Byte> BYTES =
      VectorSpecies.of(byte.class, VectorShape.forBitSize(Math.max(64, 8 * L)));

  private static final ScalarKernels SCALAR = new ScalarKernels();

  private VectorScan() {}

  static long scan(
      int units,
      float[] hidden,
      int hidden0,
      byte[] rows,
      int rows0,
      float[] scales,
      int scales0,
      float slack,
      float threshold,
      float[] out) {
    long reached = 0;
    for (int i = 0; i < Kernels.SCAN; i += 4 * L) {
      long part =
          part(
              units,
              hidden,
              hidden0,
              rows,
              rows0 + i,
              scales,
              scales0 + i,
              slack,
              threshold,
              out,
              i);
      reached |= part << i;
    }
    return reached;
  }

  private static long part(
      int units,
      float[] hidden,
      int hidden0,
      byte[] rows,
      int rows0,
      float[] scales,
      int scales0,
      float slack,
      float threshold,
      float[] out,
      int out0) {
    FloatVector a = FloatVector.zero(S);
    FloatVector b = FloatVector.zero(S);
    FloatVector c = FloatVector.zero(S);
    FloatVector d = FloatVector.zero(S);
    int at = rows0;
    for (int u = 0; u < units; u++) {
      FloatVector h = FloatVector.broadcast(S, hidden[hidden0 + u]);
      a = h.fma(floats(rows, at), a);
      b = h.fma(floats(rows, at + L), b);
      c = h.fma(floats(rows, at + 2 * L), c);
      d = h.fma(floats(rows, at + 3 * L), d);
      at += Kernels.SCAN;
    }
    a.intoArray(out, out0);
    b.intoArray(out, out0 + L);
    c.intoArray(out, out0 + 2 * L);
    d.intoArray(out, out0 + 3 * L);
    long reached = reached(a, slack, scales, scales0, threshold);
    reached |= reached(b, slack, scales, scales0 + L, threshold) << L;
    reached |= reached(c, slack, scales, scales0 + 2 * L, threshold) << (2 * L);
    return reached | (reached(d, slack, scales, scales0 + 3 * L, threshold) << (3 * L));
  }

  private static FloatVector floats(byte[] x, int at) {
    IntVector ints =
        (IntVector) ByteVector.fromArray(BYTES, x, at).convertShape(VectorOperators.B2I, INTS, 0);
    return (FloatVector) ints.convertShape(VectorOperators.I2F, S, 0);
  }

  private static long reached(
      FloatVector sum, float slack, float[] scales, int at, float threshold) {
    return sum.add(slack)
        .fma(
            FloatVector.fromArray(S, scales, at),
            FloatVector.fromArray(S, scales, at + Kernels.SCAN))
        .compare(VectorOperators.GE, threshold)
        .toLong();
  }

  static void addExponentials(float[] sums, float[] scales, int scales0, double[] total) {
    float shift = (float) total[0];
    float most = shift + ScalarKernels.SHIFT_ROOM;
    FloatVector sum = FloatVector.zero(S);
    FloatVector best = FloatVector.broadcast(S, Float.NEGATIVE_INFINITY);
    for (int i = 0; i < Kernels.SCAN; i += L) {
      FloatVector y = score(sums, scales, scales0, i);
      best = best.blend(y, y.compare(VectorOperators.GT, best));
      sum = sum.add(VectorMath.exp(y.sub(shift)));
    }
    if (best.compare(VectorOperators.LE, most).allTrue()) {
      // Added up in order: a reduction of lanes is free to choose its own, and then the interpreter
      // and the compiler give the same forecast different digits.
      sum.intoArray(sums, 0);
      float all = 0;
      for (int i = 0; i < L; i++) {
        all += sums[i];
      }
      total[1] += all;
    } else {
      SCALAR.addExponentials(Kernels.SCAN, sums, scales, scales0, total);
    }
  }

  private static FloatVector score(float[] sums, float[] scales, int scales0, int i) {
    return FloatVector.fromArray(S, sums, i)
        .fma(
            FloatVector.fromArray(S, scales, scales0 + i),
            FloatVector.fromArray(S, scales, scales0 + Kernels.SCAN + i));
  }
}
