package io.kaseb.kernel;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import io.kaseb.config.LossKind;
import java.util.Arrays;
import java.util.Random;
import java.util.function.DoubleUnaryOperator;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

/// Every vector kernel beside its scalar reference, at each boundary of the vector's lanes.
@Tag("kernels")
class KernelsTest {
  private static final Kernels SCALAR = new ScalarKernels();
  private static final Kernels VECTOR = new VectorKernels();
  private static final int GUARD = 3;

  @ParameterizedTest
  @ValueSource(ints = {0, 1, 3, 4, 5, 7, 8, 9, 12, 15, 16, 17, 31, 32, 33, 48, 63, 65})
  void products(int n) {
    for (int m : new int[] {0, 1, 3, 4, 5, 8, 9, 13, 25}) {
      for (int k : new int[] {0, 1, 2, 16, 37}) {
        for (boolean add : new boolean[] {false, true}) {
          product(m, n, k, add, false);
          product(m, n, k, add, true);
        }
      }
    }
  }

  private static void product(int m, int n, int k, boolean add, boolean transposed) {
    Random random = new Random(m * 1000 + n * 10 + k);
    int lda = (transposed ? m : k) + 2;
    int ldb = n + 1;
    int ldc = n + 3;
    float[] a = random(random, GUARD + (transposed ? k : m) * lda);
    float[] b = random(random, GUARD + k * ldb);
    float[] expected = random(random, GUARD + m * ldc + GUARD);
    float[] actual = expected.clone();
    if (transposed) {
      SCALAR.multiplyTransposed(m, n, k, a, GUARD, lda, b, GUARD, ldb, expected, GUARD, ldc, add);
      VECTOR.multiplyTransposed(m, n, k, a, GUARD, lda, b, GUARD, ldb, actual, GUARD, ldc, add);
    } else {
      SCALAR.multiply(m, n, k, a, GUARD, lda, b, GUARD, ldb, expected, GUARD, ldc, add);
      VECTOR.multiply(m, n, k, a, GUARD, lda, b, GUARD, ldb, actual, GUARD, ldc, add);
    }
    close(actual, expected, 1e-5f);
  }

  @ParameterizedTest
  @ValueSource(ints = {0, 1, 3, 4, 5, 7, 8, 9, 15, 16, 17, 31, 32, 33, 47, 100})
  void elementaryFunctions(int n) {
    float[] x = random(new Random(n), n + 2 * GUARD);
    for (int i = 0; i < x.length; i++) {
      x[i] *= 30;
    }
    compare(x, (kernels, y) -> kernels.sigmoid(n, y, GUARD));
    compare(x, (kernels, y) -> kernels.tanh(n, y, GUARD));
    compare(x, (kernels, y) -> kernels.elu(n, y, GUARD, .7f));
    function(x, n, (kernels, y) -> kernels.sigmoid(n, y, GUARD), v -> 1 / (1 + Math.exp(-v)));
    function(x, n, (kernels, y) -> kernels.tanh(n, y, GUARD), Math::tanh);
    function(
        x, n, (kernels, y) -> kernels.elu(n, y, GUARD, .7f), v -> v > 0 ? v : .7 * Math.expm1(v));
  }

  @ParameterizedTest
  @ValueSource(ints = {0, 1, 3, 4, 5, 7, 8, 9, 15, 16, 17, 31, 32, 33, 47, 112})
  void adagrad(int n) {
    Random random = new Random(n);
    float[] w = random(random, n + 2 * GUARD);
    float[] state = random(random, 2 * (n + GUARD));
    for (int i = 0; i < state.length; i++) {
      state[i] = Math.abs(state[i]);
    }
    float[] g = random(random, n + 2 * GUARD);
    for (float momentum : new float[] {0, .3f}) {
      float[] w1 = w.clone();
      float[] w2 = w.clone();
      float[] state1 = state.clone();
      float[] state2 = state.clone();
      int v0 = n + GUARD;
      SCALAR.adagrad(n, w1, GUARD, state1, 0, v0, g, GUARD, .1f, momentum, 1e-6f);
      VECTOR.adagrad(n, w2, GUARD, state2, 0, v0, g, GUARD, .1f, momentum, 1e-6f);
      close(w2, w1, 1e-6f);
      close(state2, state1, 1e-6f);
      assertThat(Arrays.equals(state1, v0, v0 + n, state, v0, v0 + n))
          .isEqualTo(momentum == 0 || n == 0);
    }
  }

  @ParameterizedTest
  @ValueSource(ints = {0, 1, 3, 4, 5, 7, 8, 9, 15, 16, 17, 31, 32, 33, 47, 112})
  void elements(int n) {
    float[] x = random(new Random(n), 4 * n + 2 * GUARD);
    int y = GUARD + n;
    int z = y + n;
    int u = z + n;
    compare(x, (kernels, a) -> kernels.add(n, a, GUARD, a, y));
    compare(x, (kernels, a) -> kernels.times(n, a, GUARD, a, y));
    compare(x, (kernels, a) -> kernels.addProduct(n, a, GUARD, a, y, a, z));
    compare(x, (kernels, a) -> kernels.interpolate(n, a, GUARD, a, y, a, z, a, u));
    gruGradients(n);
    float[] scale = random(new Random(5), n);
    compare(x, (kernels, a) -> kernels.addScaled(2, n, a, GUARD, x, GUARD, n, scale));
    compare(x, (kernels, a) -> kernels.dropout(n, a, GUARD, 12345, 1 << 22, 1.5f));
  }

  private static void gruGradients(int n) {
    int block = n + GUARD;
    float[] x = random(new Random(n), 3 * block);
    float[] expected = x.clone();
    float[] actual = x.clone();
    float[] expectedHidden = x.clone();
    float[] actualHidden = x.clone();
    float[] expectedState = x.clone();
    float[] actualState = x.clone();
    SCALAR.gruGradient(n, block, expected, 0, expectedHidden, 0, x, block, expectedState, 3);
    VECTOR.gruGradient(n, block, actual, 0, actualHidden, 0, x, block, actualState, 3);
    close(actual, expected, 1e-6f);
    close(actualHidden, expectedHidden, 1e-6f);
    close(actualState, expectedState, 1e-6f);
  }

  @ParameterizedTest
  @ValueSource(floats = {0, .1f, .5f, .9f})
  void dropoutDropsItsShare(float p) {
    int n = 200_000;
    float[] mask = new float[n];
    VECTOR.dropout(n, mask, 0, 99, (int) (p * 0x1p24f), 1);
    double kept = 0;
    for (float m : mask) {
      kept += m;
    }
    assertThat(1 - kept / n).isCloseTo(p, within(5 * Math.sqrt(p * (1 - p) / n) + 1e-9));
  }

  @ParameterizedTest
  @ValueSource(ints = {0, 1, 7, 8, 15, 16, 17, 100})
  void copies(int n) {
    float[] from = random(new Random(n), n + 2 * GUARD);
    for (Kernels kernels : new Kernels[] {SCALAR, VECTOR}) {
      float[] to = new float[n + 2 * GUARD];
      kernels.copy(n, from, GUARD, to, 1);
      for (int i = 0; i < to.length; i++) {
        assertThat(to[i]).isEqualTo(i >= 1 && i < n + 1 ? from[GUARD + i - 1] : 0);
      }
    }
  }

  @ParameterizedTest
  @ValueSource(ints = {0, 1, 7, 8, 15, 16, 17, 100})
  void counts(int n) {
    float[] x = new float[n];
    int above = 0;
    int equal = 0;
    for (int i = 0; i < n; i++) {
      x[i] = i % 5;
      above += x[i] > 3 ? 1 : 0;
      equal += x[i] == 3 ? 1 : 0;
    }
    for (Kernels kernels : new Kernels[] {SCALAR, VECTOR}) {
      long counted = kernels.countAbove(n, x, 0, 3);
      assertThat((int) counted).isEqualTo(above);
      assertThat((int) (counted >>> 32)).isEqualTo(equal);
    }
  }

  @ParameterizedTest
  @EnumSource(LossKind.class)
  void losses(LossKind kind) {
    for (int rows : new int[] {0, 1, 2, 7, 48}) {
      for (int ownRows : new int[] {0, Math.min(rows, 2)}) {
        LossBlock expected = block(kind, rows, ownRows);
        LossBlock actual = block(kind, rows, ownRows);
        for (int pass = 0; pass < 2; pass++) {
          SCALAR.lossSums(expected);
          VECTOR.lossSums(actual);
        }
        close(actual.max, expected.max, 1e-6f);
        close(actual.sums, expected.sums, 1e-5f);
        if (kind == LossKind.CROSS_ENTROPY) {
          close(actual.gradient, expected.gradient, 1e-5f);
          continue;
        }
        SCALAR.lossGradient(expected);
        VECTOR.lossGradient(actual);
        close(actual.gradient, expected.gradient, 1e-5f);
      }
    }
  }

  private static LossBlock block(LossKind kind, int rows, int ownRows) {
    Random random = new Random(rows * 10 + ownRows);
    LossBlock b = new LossBlock();
    b.kind = kind;
    b.rows = rows;
    b.lanes = 32;
    b.stride = 48;
    b.scores = random(random, rows * 48 + 5);
    b.scores0 = 5;
    b.weight = random(random, rows + 2);
    for (int i = 0; i < b.weight.length; i++) {
      b.weight[i] = 1 + i % 3;
    }
    b.correction = random(random, rows + 2);
    b.row0 = 2;
    b.ownRows = kind == LossKind.CROSS_ENTROPY ? 0 : ownRows;
    b.own = new float[(ownRows + 1) * 48];
    b.own0 = 48;
    for (int i = 48; i < b.own.length; i++) {
      b.own[i] = i % 5 == 0 ? 1 : 0;
    }
    b.target = random(random, 48);
    b.max = new float[48];
    b.newMax = new float[48];
    Arrays.fill(b.max, LossBlock.NO_MAX);
    b.sums = new float[4 * 48];
    b.coefficients = random(random, 4 * 48);
    b.bpreg = 1.3f;
    b.gradient0 = 7;
    b.gradient = new float[b.gradient0 + rows * 48];
    return b;
  }

  private interface Change {
    void apply(Kernels kernels, float[] x);
  }

  private static void compare(float[] x, Change change) {
    float[] expected = x.clone();
    float[] actual = x.clone();
    change.apply(SCALAR, expected);
    change.apply(VECTOR, actual);
    close(actual, expected, 2e-7f);
  }

  private static void function(float[] x, int n, Change change, DoubleUnaryOperator formula) {
    float[] y = x.clone();
    change.apply(VECTOR, y);
    for (int i = 0; i < n; i++) {
      double exact = formula.applyAsDouble(x[GUARD + i]);
      assertThat((double) y[GUARD + i])
          .isCloseTo(exact, within(2e-7 * Math.max(1, Math.abs(exact))));
    }
  }

  private static float[] random(Random random, int n) {
    float[] x = new float[n];
    for (int i = 0; i < n; i++) {
      x[i] = random.nextFloat() * 4 - 2;
    }
    return x;
  }

  private static void close(float[] actual, float[] expected, float tolerance) {
    assertThat(actual).hasSameSizeAs(expected);
    for (int i = 0; i < actual.length; i++) {
      assertThat(actual[i])
          .as("value %d", i)
          .isCloseTo(expected[i], within(tolerance * Math.max(1, Math.abs(expected[i]))));
    }
  }
}
