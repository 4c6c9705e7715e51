package io.kaseb.kernel;

import static io.kaseb.kernel.VectorMath.L;
import static io.kaseb.kernel.VectorMath.S;

import jdk.incubator.vector.FloatVector;

/// The matrix product `C = A^T B` in register blocks: 6, 4 or 1 rows of C by two vectors or one,
/// kept in registers over the whole sum. Sums are short here, a block of columns, so that filling
/// and emptying registers costs: over 48 terms 6 x 2 was measured at 129 GFLOP/s where 8 x 2 gave
/// 92. With 16 registers four rows are kept. Lanes run over C's columns: no horizontal sum is left.
@SuppressWarnings("UnusedVariable") // all blocks take the same, of however many rows
final class VectorMultiplyTransposed {
  private static final ScalarKernels SCALAR = new ScalarKernels();
  private static final int ROWS = L >= 16 ? 6 : 4;

  /// What sums start from where C is overwritten. Choosing where to load from, not what to add at
  /// the end, keeps a block small enough to be compiled without boxing.
  private static final float[] ZEROS = new float[2 * L];

  private VectorMultiplyTransposed() {}

  static void multiplyTransposed(
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
      if (ROWS == 6) {
        for (; i + 6 <= m; i += 6) {
          block6x2(k, a, a0 + i, lda, b, b0 + j, ldb, c, c0 + i * ldc + j, ldc, add);
        }
      }
      for (; i + 4 <= m; i += 4) {
        block4x2(k, a, a0 + i, lda, b, b0 + j, ldb, c, c0 + i * ldc + j, ldc, add);
      }
      for (; i < m; i++) {
        block1x2(k, a, a0 + i, lda, b, b0 + j, ldb, c, c0 + i * ldc + j, ldc, add);
      }
    }
    for (; j + L <= n; j += L) {
      int i = 0;
      for (; i + 8 <= m; i += 8) {
        block8x1(k, a, a0 + i, lda, b, b0 + j, ldb, c, c0 + i * ldc + j, ldc, add);
      }
      for (; i < m; i++) {
        block1x1(k, a, a0 + i, lda, b, b0 + j, ldb, c, c0 + i * ldc + j, ldc, add);
      }
    }
    if (j < n) {
      SCALAR.multiplyTransposed(m, n - j, k, a, a0, lda, b, b0 + j, ldb, c, c0 + j, ldc, add);
    }
  }

  private static void block6x2(
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
    for (int p = 0; p < k; p++) {
      int ap = a0 + p * lda;
      int bp = b0 + p * ldb;
      FloatVector x = FloatVector.fromArray(S, b, bp);
      FloatVector y = FloatVector.fromArray(S, b, bp + L);
      FloatVector t0 = FloatVector.broadcast(S, a[ap]);
      s0x = t0.fma(x, s0x);
      s0y = t0.fma(y, s0y);
      FloatVector t1 = FloatVector.broadcast(S, a[ap + 1]);
      s1x = t1.fma(x, s1x);
      s1y = t1.fma(y, s1y);
      FloatVector t2 = FloatVector.broadcast(S, a[ap + 2]);
      s2x = t2.fma(x, s2x);
      s2y = t2.fma(y, s2y);
      FloatVector t3 = FloatVector.broadcast(S, a[ap + 3]);
      s3x = t3.fma(x, s3x);
      s3y = t3.fma(y, s3y);
      FloatVector t4 = FloatVector.broadcast(S, a[ap + 4]);
      s4x = t4.fma(x, s4x);
      s4y = t4.fma(y, s4y);
      FloatVector t5 = FloatVector.broadcast(S, a[ap + 5]);
      s5x = t5.fma(x, s5x);
      s5y = t5.fma(y, s5y);
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
      int ap = a0 + p * lda;
      int bp = b0 + p * ldb;
      FloatVector x = FloatVector.fromArray(S, b, bp);
      FloatVector y = FloatVector.fromArray(S, b, bp + L);
      FloatVector t0 = FloatVector.broadcast(S, a[ap]);
      s0x = t0.fma(x, s0x);
      s0y = t0.fma(y, s0y);
      FloatVector t1 = FloatVector.broadcast(S, a[ap + 1]);
      s1x = t1.fma(x, s1x);
      s1y = t1.fma(y, s1y);
      FloatVector t2 = FloatVector.broadcast(S, a[ap + 2]);
      s2x = t2.fma(x, s2x);
      s2y = t2.fma(y, s2y);
      FloatVector t3 = FloatVector.broadcast(S, a[ap + 3]);
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
      int ap = a0 + p * lda;
      int bp = b0 + p * ldb;
      FloatVector x = FloatVector.fromArray(S, b, bp);
      FloatVector y = FloatVector.fromArray(S, b, bp + L);
      FloatVector t0 = FloatVector.broadcast(S, a[ap]);
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
      int ap = a0 + p * lda;
      FloatVector x = FloatVector.fromArray(S, b, b0 + p * ldb);
      s0x = FloatVector.broadcast(S, a[ap]).fma(x, s0x);
      s1x = FloatVector.broadcast(S, a[ap + 1]).fma(x, s1x);
      s2x = FloatVector.broadcast(S, a[ap + 2]).fma(x, s2x);
      s3x = FloatVector.broadcast(S, a[ap + 3]).fma(x, s3x);
      s4x = FloatVector.broadcast(S, a[ap + 4]).fma(x, s4x);
      s5x = FloatVector.broadcast(S, a[ap + 5]).fma(x, s5x);
      s6x = FloatVector.broadcast(S, a[ap + 6]).fma(x, s6x);
      s7x = FloatVector.broadcast(S, a[ap + 7]).fma(x, s7x);
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
      int ap = a0 + p * lda;
      FloatVector x = FloatVector.fromArray(S, b, b0 + p * ldb);
      s0x = FloatVector.broadcast(S, a[ap]).fma(x, s0x);
    }
    s0x.intoArray(c, c0);
  }
}
