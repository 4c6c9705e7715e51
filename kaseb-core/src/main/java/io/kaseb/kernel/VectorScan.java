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

  private VectorScan() {}

  static boolean scan(
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
    boolean reached = false;
    for (int i = 0; i < Kernels.SCAN; i += 4 * L) {
      reached |=
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
    }
    return reached;
  }

  private static boolean part(
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
    FloatVector best = upper(a, slack, scales, scales0).max(upper(b, slack, scales, scales0 + L));
    best = best.max(upper(c, slack, scales, scales0 + 2 * L));
    best = best.max(upper(d, slack, scales, scales0 + 3 * L));
    return best.compare(VectorOperators.GE, threshold).anyTrue();
  }

  private static FloatVector floats(byte[] x, int at) {
    IntVector ints =
        (IntVector) ByteVector.fromArray(BYTES, x, at).convertShape(VectorOperators.B2I, INTS, 0);
    return (FloatVector) ints.convertShape(VectorOperators.I2F, S, 0);
  }

  private static FloatVector upper(FloatVector sum, float slack, float[] scales, int at) {
    return sum.add(slack)
        .fma(
            FloatVector.fromArray(S, scales, at),
            FloatVector.fromArray(S, scales, at + Kernels.SCAN));
  }

  static void addExponentials(float[] sums, float[] scales, int scales0, double[] total) {
    FloatVector best = FloatVector.broadcast(S, (float) total[0]);
    for (int i = 0; i < Kernels.SCAN; i += L) {
      best = best.max(score(sums, scales, scales0, i));
    }
    float largest = best.reduceLanes(VectorOperators.MAX);
    FloatVector sum = FloatVector.zero(S);
    for (int i = 0; i < Kernels.SCAN; i += L) {
      sum = sum.add(VectorMath.exp(score(sums, scales, scales0, i).sub(largest)));
    }
    double before = total[1] == 0 ? 0 : total[1] * Math.exp(total[0] - largest);
    total[0] = largest;
    total[1] = before + sum.reduceLanes(VectorOperators.ADD);
  }

  private static FloatVector score(float[] sums, float[] scales, int scales0, int i) {
    return FloatVector.fromArray(S, sums, i)
        .fma(
            FloatVector.fromArray(S, scales, scales0 + i),
            FloatVector.fromArray(S, scales, scales0 + Kernels.SCAN + i));
  }
}
