package io.kaseb.kernel;

import static io.kaseb.kernel.VectorMath.L;
import static io.kaseb.kernel.VectorMath.S;

import jdk.incubator.vector.FloatVector;

/// The matrix product `C = A B` in register blocks: 8, 4 or 1 rows of C by two vectors or one, kept
/// in registers over the whole sum. Eight by two is the largest block that the compiler keeps
/// without spilling on 32 registers (12 x 2 was measured at 110 GFLOP/s where 8 x 2 gave 140); with
/// 16 registers four rows are. Lanes run over C's columns: no horizontal sum is left.
@SuppressWarnings("UnusedVariable") // all blocks take the same, of however many rows
final class VectorMultiply {
  private static final ScalarKernels SCALAR = new ScalarKernels();
  private static final int ROWS = L >= 16 ? 8 : 4;

  /// What sums start from where C is overwritten. Choosing where to load from, not what to add at
  /// the end, keeps a block small enough to be compiled without boxing.
  private static final float[] ZEROS = new float[2 * L];

  private VectorMultiply() {}

  static void multiply(
      int m,
      int n,
      int k,
      float[] a,
      int a0,
      int lda,
      float[] b,
      int b0,
      int ldb,
      float[] c,
      int c0,
      int ldc,
      boolean add) {
    int j = 0;
    for (; j + 2 * L <= n; j += 2 * L) {
      int i = 0;
      if (ROWS == 8) {
        for (; i + 8 <= m; i += 8) {
          block8x2(k, a, a0 + i * lda, lda, b, b0 + j, ldb, c, c0 + i * ldc + j, ldc, add);
        }
      }
      for (; i + 4 <= m; i += 4) {
        block4x2(k, a, a0 + i * lda, lda, b, b0 + j, ldb, c, c0 + i * ldc + j, ldc, add);
      }
      for (; i < m; i++) {
        block1x2(k, a, a0 + i * lda, lda, b, b0 + j, ldb, c, c0 + i * ldc + j, ldc, add);
      }
    }
    for (; j + L <= n; j += L) {
      int i = 0;
      for (; i + 8 <= m; i += 8) {
        block8x1(k, a, a0 + i * lda, lda, b, b0 + j, ldb, c, c0 + i * ldc + j, ldc, add);
      }
      for (; i < m; i++) {
        block1x1(k, a, a0 + i * lda, lda, b, b0 + j, ldb, c, c0 + i * ldc + j, ldc, add);
      }
    }
    if (j < n) {
      SCALAR.multiply(m, n - j, k, a, a0, lda, b, b0 + j, ldb, c, c0 + j, ldc, add);
    }
  }

  private static void block8x2(
      int k,
      float[] a,
      int a0,
      int lda,
      float[] b,
      int b0,
      int ldb,
      float[] c,
      int c0,
      int ldc,
      boolean add) {
    float[] from = add ? c : ZEROS;
    int f0 = add ? c0 : 0;
    int ldf = add ? ldc : 0;
    FloatVector s0x = FloatVector.fromArray(S, from, f0);
    FloatVector s0y = FloatVector.fromArray(S, from, f0 + L);
    FloatVector s1x = FloatVector.fromArray(S, from, f0 + ldf);
    FloatVector s1y = FloatVector.fromArray(S, from, f0 + ldf + L);
    FloatVector s2x = FloatVector.fromArray(S, from, f0 + 2 * ldf);
    FloatVector s2y = FloatVector.fromArray(S, from, f0 + 2 * ldf + L);
    FloatVector s3x = FloatVector.fromArray(S, from, f0 + 3 * ldf);
    FloatVector s3y = FloatVector.fromArray(S, from, f0 + 3 * ldf + L);
    FloatVector s4x = FloatVector.fromArray(S, from, f0 + 4 * ldf);
    FloatVector s4y = FloatVector.fromArray(S, from, f0 + 4 * ldf + L);
    FloatVector s5x = FloatVector.fromArray(S, from, f0 + 5 * ldf);
    FloatVector s5y = FloatVector.fromArray(S, from, f0 + 5 * ldf + L);
    FloatVector s6x = FloatVector.fromArray(S, from, f0 + 6 * ldf);
    FloatVector s6y = FloatVector.fromArray(S, from, f0 + 6 * ldf + L);
    FloatVector s7x = FloatVector.fromArray(S, from, f0 + 7 * ldf);
    FloatVector s7y = FloatVector.fromArray(S, from, f0 + 7 * ldf + L);
    for (int p = 0; p < k; p++) {
      int bp = b0 + p * ldb;
      FloatVector x = FloatVector.fromArray(S, b, bp);
      FloatVector y = FloatVector.fromArray(S, b, bp + L);
      FloatVector t0 = FloatVector.broadcast(S, a[a0 + p]);
      s0x = t0.fma(x, s0x);
      s0y = t0.fma(y, s0y);
      FloatVector t1 = FloatVector.broadcast(S, a[a0 + lda + p]);
      s1x = t1.fma(x, s1x);
      s1y = t1.fma(y, s1y);
      FloatVector t2 = FloatVector.broadcast(S, a[a0 + 2 * lda + p]);
      s2x = t2.fma(x, s2x);
      s2y = t2.fma(y, s2y);
      FloatVector t3 = FloatVector.broadcast(S, a[a0 + 3 * lda + p]);
      s3x = t3.fma(x, s3x);
      s3y = t3.fma(y, s3y);
      FloatVector t4 = FloatVector.broadcast(S, a[a0 + 4 * lda + p]);
      s4x = t4.fma(x, s4x);
      s4y = t4.fma(y, s4y);
      FloatVector t5 = FloatVector.broadcast(S, a[a0 + 5 * lda + p]);
      s5x = t5.fma(x, s5x);
      s5y = t5.fma(y, s5y);
      FloatVector t6 = FloatVector.broadcast(S, a[a0 + 6 * lda + p]);
      s6x = t6.fma(x, s6x);
      s6y = t6.fma(y, s6y);
      FloatVector t7 = FloatVector.broadcast(S, a[a0 + 7 * lda + p]);
      s7x = t7.fma(x, s7x);
      s7y = t7.fma(y, s7y);
    }
    s0x.intoArray(c, c0);
    s0y.intoArray(c, c0 + L);
    s1x.intoArray(c, c0 + ldc);
    s1y.intoArray(c, c0 + ldc + L);
    s2x.intoArray(c, c0 + 2 * ldc);
    s2y.intoArray(c, c0 + 2 * ldc + L);
    s3x.intoArray(c, c0 + 3 * ldc);
    s3y.intoArray(c, c0 + 3 * ldc + L);
    s4x.intoArray(c, c0 + 4 * ldc);
    s4y.intoArray(c, c0 + 4 * ldc + L);
    s5x.intoArray(c, c0 + 5 * ldc);
    s5y.intoArray(c, c0 + 5 * ldc + L);
    s6x.intoArray(c, c0 + 6 * ldc);
    s6y.intoArray(c, c0 + 6 * ldc + L);
    s7x.intoArray(c, c0 + 7 * ldc);
    s7y.intoArray(c, c0 + 7 * ldc + L);
  }

  private static void block4x2(
      int k,
      float[] a,
      int a0,
      int lda,
      float[] b,
      int b0,
      int ldb,
      float[] c,
      int c0,
      int ldc,
      boolean add) {
    float[] from = add ? c : ZEROS;
    int f0 = add ? c0 : 0;
    int ldf = add ? ldc : 0;
    FloatVector s0x = FloatVector.fromArray(S, from, f0);
    FloatVector s0y = FloatVector.fromArray(S, from, f0 + L);
    FloatVector s1x = FloatVector.fromArray(S, from, f0 + ldf);
    FloatVector s1y = FloatVector.fromArray(S, from, f0 + ldf + L);
    FloatVector s2x = FloatVector.fromArray(S, from, f0 + 2 * ldf);
    FloatVector s2y = FloatVector.fromArray(S, from, f0 + 2 * ldf + L);
    FloatVector s3x = FloatVector.fromArray(S, from, f0 + 3 * ldf);
    FloatVector s3y = FloatVector.fromArray(S, from, f0 + 3 * ldf + L);
    for (int p = 0; p < k; p++) {
      int bp = b0 + p * ldb;
      FloatVector x = FloatVector.fromArray(S, b, bp);
      FloatVector y = FloatVector.fromArray(S, b, bp + L);
      FloatVector t0 = FloatVector.broadcast(S, a[a0 + p]);
      s0x = t0.fma(x, s0x);
      s0y = t0.fma(y, s0y);
      FloatVector t1 = FloatVector.broadcast(S, a[a0 + lda + p]);
      s1x = t1.fma(x, s1x);
      s1y = t1.fma(y, s1y);
      FloatVector t2 = FloatVector.broadcast(S, a[a0 + 2 * lda + p]);
      s2x = t2.fma(x, s2x);
      s2y = t2.fma(y, s2y);
      FloatVector t3 = FloatVector.broadcast(S, a[a0 + 3 * lda + p]);
      s3x = t3.fma(x, s3x);
      s3y = t3.fma(y, s3y);
    }
    s0x.intoArray(c, c0);
    s0y.intoArray(c, c0 + L);
    s1x.intoArray(c, c0 + ldc);
    s1y.intoArray(c, c0 + ldc + L);
    s2x.intoArray(c, c0 + 2 * ldc);
    s2y.intoArray(c, c0 + 2 * ldc + L);
    s3x.intoArray(c, c0 + 3 * ldc);
    s3y.intoArray(c, c0 + 3 * ldc + L);
  }

  private static void block1x2(
      int k,
      float[] a,
      int a0,
      int lda,
      float[] b,
      int b0,
      int ldb,
      float[] c,
      int c0,
      int ldc,
      boolean add) {
    float[] from = add ? c : ZEROS;
    int f0 = add ? c0 : 0;
    FloatVector s0x = FloatVector.fromArray(S, from, f0);
    FloatVector s0y = FloatVector.fromArray(S, from, f0 + L);
    for (int p = 0; p < k; p++) {
      int bp = b0 + p * ldb;
      FloatVector x = FloatVector.fromArray(S, b, bp);
      FloatVector y = FloatVector.fromArray(S, b, bp + L);
      FloatVector t0 = FloatVector.broadcast(S, a[a0 + p]);
      s0x = t0.fma(x, s0x);
      s0y = t0.fma(y, s0y);
    }
    s0x.intoArray(c, c0);
    s0y.intoArray(c, c0 + L);
  }

  private static void block8x1(
      int k,
      float[] a,
      int a0,
      int lda,
      float[] b,
      int b0,
      int ldb,
      float[] c,
      int c0,
      int ldc,
      boolean add) {
    float[] from = add ? c : ZEROS;
    int f0 = add ? c0 : 0;
    int ldf = add ? ldc : 0;
    FloatVector s0x = FloatVector.fromArray(S, from, f0);
    FloatVector s1x = FloatVector.fromArray(S, from, f0 + ldf);
    FloatVector s2x = FloatVector.fromArray(S, from, f0 + 2 * ldf);
    FloatVector s3x = FloatVector.fromArray(S, from, f0 + 3 * ldf);
    FloatVector s4x = FloatVector.fromArray(S, from, f0 + 4 * ldf);
    FloatVector s5x = FloatVector.fromArray(S, from, f0 + 5 * ldf);
    FloatVector s6x = FloatVector.fromArray(S, from, f0 + 6 * ldf);
    FloatVector s7x = FloatVector.fromArray(S, from, f0 + 7 * ldf);
    for (int p = 0; p < k; p++) {
      FloatVector x = FloatVector.fromArray(S, b, b0 + p * ldb);
      s0x = FloatVector.broadcast(S, a[a0 + p]).fma(x, s0x);
      s1x = FloatVector.broadcast(S, a[a0 + lda + p]).fma(x, s1x);
      s2x = FloatVector.broadcast(S, a[a0 + 2 * lda + p]).fma(x, s2x);
      s3x = FloatVector.broadcast(S, a[a0 + 3 * lda + p]).fma(x, s3x);
      s4x = FloatVector.broadcast(S, a[a0 + 4 * lda + p]).fma(x, s4x);
      s5x = FloatVector.broadcast(S, a[a0 + 5 * lda + p]).fma(x, s5x);
      s6x = FloatVector.broadcast(S, a[a0 + 6 * lda + p]).fma(x, s6x);
      s7x = FloatVector.broadcast(S, a[a0 + 7 * lda + p]).fma(x, s7x);
    }
    s0x.intoArray(c, c0);
    s1x.intoArray(c, c0 + ldc);
    s2x.intoArray(c, c0 + 2 * ldc);
    s3x.intoArray(c, c0 + 3 * ldc);
    s4x.intoArray(c, c0 + 4 * ldc);
    s5x.intoArray(c, c0 + 5 * ldc);
    s6x.intoArray(c, c0 + 6 * ldc);
    s7x.intoArray(c, c0 + 7 * ldc);
  }

  private static void block1x1(
      int k,
      float[] a,
      int a0,
      int lda,
      float[] b,
      int b0,
      int ldb,
      float[] c,
      int c0,
      int ldc,
      boolean add) {
    float[] from = add ? c : ZEROS;
    int f0 = add ? c0 : 0;
    FloatVector s0x = FloatVector.fromArray(S, from, f0);
    for (int p = 0; p < k; p++) {
      FloatVector x = FloatVector.fromArray(S, b, b0 + p * ldb);
      s0x = FloatVector.broadcast(S, a[a0 + p]).fma(x, s0x);
    }
    s0x.intoArray(c, c0);
  }
}
