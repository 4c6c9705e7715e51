package io.kaseb.kernel;

import jdk.incubator.vector.FloatVector;
import jdk.incubator.vector.IntVector;
import jdk.incubator.vector.VectorOperators;
import jdk.incubator.vector.VectorSpecies;

/// Elementary functions on vectors of floats. Written out here, not taken from `lanewise(EXP)`,
/// because two such calls in a loop make the compiler box every vector, and because equal results
/// on every machine need one formula.
final class VectorMath {
  /// The species of all kernels: the machine's widest up to 512 bit, or what
  /// `-Dkaseb.vector.bits=128|256|512` says. One wider than the machine's is right, but slow.
  static final VectorSpecies<Float> S = species();

  /// Floats in a vector.
  static final int L = S.length();

  private VectorMath() {}

  private static VectorSpecies<Float> species() {
    String bits = System.getProperty("kaseb.vector.bits", "preferred");
    return switch (bits) {
      case "preferred" -> widest();
      case "128" -> FloatVector.SPECIES_128;
      case "256" -> FloatVector.SPECIES_256;
      case "512" -> FloatVector.SPECIES_512;
      default ->
          throw new IllegalArgumentException(
              "kaseb.vector.bits=" + bits + "; must be 128, 256 or 512");
    };
  }

  private static VectorSpecies<Float> widest() {
    VectorSpecies<Float> species = FloatVector.SPECIES_PREFERRED;
    return species.length() > Kernels.LANES ? FloatVector.SPECIES_512 : species;
  }

  /// e^x for x clamped to -87..88, within 2 units in the last place: x = n ln 2 + r, a polynomial
  /// of degree 6 for e^r (Taylor to |r| <= ln 2 / 2, coefficients fitted as in Cephes expf), and n
  /// added to the exponent.
  static FloatVector exp(FloatVector x) {
    // Java's max and min, which order -0 before 0, take six instructions each.
    FloatVector y = x.blend(-87f, x.compare(VectorOperators.LT, -87f));
    y = y.blend(88f, y.compare(VectorOperators.GT, 88f));
    // Adding 1.5 * 2^23 rounds to an integer and leaves it in the low bits.
    FloatVector shifted =
        y.fma(FloatVector.broadcast(S, 1.44269504f), FloatVector.broadcast(S, 12582912f));
    FloatVector n = shifted.sub(12582912f);
    FloatVector r = n.fma(FloatVector.broadcast(S, -0.693359375f), y);
    r = n.fma(FloatVector.broadcast(S, 2.12194440e-4f), r);
    FloatVector p = FloatVector.broadcast(S, 1.9875691500e-4f);
    p = p.fma(r, FloatVector.broadcast(S, 1.3981999507e-3f));
    p = p.fma(r, FloatVector.broadcast(S, 8.3334519073e-3f));
    p = p.fma(r, FloatVector.broadcast(S, 4.1665795894e-2f));
    p = p.fma(r, FloatVector.broadcast(S, 1.6666665459e-1f));
    p = p.fma(r, FloatVector.broadcast(S, 5.0000001201e-1f));
    p = p.fma(r.mul(r), r.add(1f));
    IntVector exponent = shifted.reinterpretAsInts().lanewise(VectorOperators.LSHL, 23);
    return p.reinterpretAsInts().add(exponent).reinterpretAsFloats();
  }

  /// 1 / (1 + e^-x).
  static FloatVector sigmoid(FloatVector x) {
    return FloatVector.broadcast(S, 1f).div(exp(x.neg()).add(1f));
  }

  /// ln y for y in 1..2, with an absolute error below 2e-7: 2 artanh(z) with z = (y-1)/(y+1) <=
  /// 1/3.
  static FloatVector logOneToTwo(FloatVector y) {
    FloatVector z = y.sub(1f).div(y.add(1f));
    FloatVector q = z.mul(z);
    FloatVector p = FloatVector.broadcast(S, 2f / 13);
    p = p.fma(q, FloatVector.broadcast(S, 2f / 11));
    p = p.fma(q, FloatVector.broadcast(S, 2f / 9));
    p = p.fma(q, FloatVector.broadcast(S, 2f / 7));
    p = p.fma(q, FloatVector.broadcast(S, 2f / 5));
    p = p.fma(q, FloatVector.broadcast(S, 2f / 3));
    p = p.fma(q, FloatVector.broadcast(S, 2f));
    return p.mul(z);
  }
}
