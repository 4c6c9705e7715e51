package io.kaseb.kernel;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/// The scan over bytes, vector beside scalar, bit for bit; and the product's order of summation,
/// which exact scores of survivors count on.
class ScanTest {
  private static final Kernels SCALAR = new ScalarKernels();
  private static final Kernels VECTOR = new VectorKernels();

  @ParameterizedTest
  @ValueSource(ints = {0, 1, 7, 8, 16, 17, 100})
  void vectorScanIsTheScalarOne(int units) {
    Random random = new Random(units);
    byte[] rows = new byte[3 + units * Kernels.SCAN + 8];
    random.nextBytes(rows);
    float[] hidden = new float[units + 2];
    for (int u = 0; u < hidden.length; u++) {
      hidden[u] = (float) random.nextGaussian();
    }
    float[] scales = new float[5 + 2 * Kernels.SCAN];
    for (int i = 0; i < scales.length; i++) {
      scales[i] = random.nextFloat();
    }
    float[] expected = new float[Kernels.SCAN];
    float[] actual = new float[Kernels.SCAN];
    SCALAR.scan(units, hidden, 2, rows, 3, scales, 5, .25f, 0, expected);
    float best = Float.NEGATIVE_INFINITY;
    long reached = 0;
    for (int i = 0; i < Kernels.SCAN; i++) {
      double exact = 0;
      for (int u = 0; u < units; u++) {
        exact += (double) hidden[2 + u] * rows[3 + u * Kernels.SCAN + i];
      }
      assertThat((double) expected[i]).isCloseTo(exact, within(1e-2));
      float upper = Math.fma(expected[i] + .25f, scales[5 + i], scales[5 + Kernels.SCAN + i]);
      best = Math.max(best, upper);
      reached |= upper >= .5f ? 1L << i : 0;
    }
    for (Kernels kernels : new Kernels[] {SCALAR, VECTOR}) {
      assertThat(kernels.scan(units, hidden, 2, rows, 3, scales, 5, .25f, .5f, actual))
          .isEqualTo(reached);
      assertThat(actual).isEqualTo(expected);
      assertThat(
              kernels.scan(
                  units, hidden, 2, rows, 3, scales, 5, .25f, Float.NEGATIVE_INFINITY, actual))
          .isEqualTo(-1);
      assertThat(kernels.scan(units, hidden, 2, rows, 3, scales, 5, .25f, best, actual))
          .isNotZero();
      float above = Math.nextUp(best);
      assertThat(kernels.scan(units, hidden, 2, rows, 3, scales, 5, .25f, above, actual)).isZero();
      assertThat(actual).isEqualTo(expected);
    }
  }

  @ParameterizedTest
  @ValueSource(ints = {1, 2, 4, 5, 8, 9, 16, 25})
  void aProductsElementsDoNotDependOnTheirBlock(int m) {
    Random random = new Random(m);
    for (int n : new int[] {1, 4, 8, 16, 17, 32, 64, 65}) {
      float[] a = values(random, m * 101);
      float[] b = values(random, 101 * n);
      float[] expected = new float[m * n];
      float[] actual = new float[m * n];
      SCALAR.multiply(m, n, 101, a, 0, 101, b, 0, n, expected, 0, n, false);
      VECTOR.multiply(m, n, 101, a, 0, 101, b, 0, n, actual, 0, n, false);
      assertThat(actual).isEqualTo(expected);
    }
  }

  @ParameterizedTest
  @ValueSource(ints = {1, 7, 16, 17, 63, 64})
  void exponentialsAddUpToTheSoftmaxDenominator(int n) {
    Random random = new Random(n);
    float[] scales = values(random, 5 + 2 * Kernels.SCAN);
    double[] scalar = {Double.NEGATIVE_INFINITY, 0};
    double[] vector = {Double.NEGATIVE_INFINITY, 0};
    double exact = 0;
    for (int block = 0; block < 9; block++) {
      float[] sums = values(random, Kernels.SCAN);
      for (int i = 0; i < n; i++) {
        sums[i] *= 10 * (block % 3);
        exact += Math.exp((double) sums[i] * scales[5 + i] + scales[5 + Kernels.SCAN + i]);
      }
      SCALAR.addExponentials(n, sums, scales, 5, scalar);
      VECTOR.addExponentials(n, sums, scales, 5, vector);
      for (double[] total : new double[][] {scalar, vector}) {
        assertThat(total[0] + Math.log(total[1])).isCloseTo(Math.log(exact), within(2e-5));
      }
    }
  }

  /// Interpreted at first, compiled in the end.
  @Test
  void exponentialsAddUpToTheSameDigitsEveryTime() {
    Random random = new Random(3);
    float[] scales = values(random, 2 * Kernels.SCAN);
    float[][] sums = new float[16][];
    double[] first = new double[sums.length];
    for (int round = 0; round < 40_000; round++) {
      int at = round % sums.length;
      if (round < sums.length) {
        sums[at] = values(random, Kernels.SCAN);
      }
      double[] total = {1.5, 0};
      VECTOR.addExponentials(Kernels.SCAN, sums[at].clone(), scales, 0, total);
      first[at] = round < sums.length ? total[1] : first[at];
      assertThat(total[1]).isEqualTo(first[at]);
    }
  }

  private static float[] values(Random random, int n) {
    float[] x = new float[n];
    for (int i = 0; i < n; i++) {
      x[i] = (float) random.nextGaussian();
    }
    return x;
  }
}
