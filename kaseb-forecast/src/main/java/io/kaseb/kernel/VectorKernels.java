package io.kaseb.kernel;

import static io.kaseb.kernel.VectorMath.L;
import static io.kaseb.kernel.VectorMath.S;

import jdk.incubator.vector.FloatVector;
import jdk.incubator.vector.VectorOperators;

/// The kernels on the Vector API, each with a scalar tail where a length is no multiple of the
/// vector's.
public final class VectorKernels implements Kernels {
  private static final ScalarKernels SCALAR = new ScalarKernels();

  @Override
  public String description() {
    return "vector " + S.vectorBitSize() + " bit";
  }

  @Override
  public void multiply(
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
    VectorMultiply.multiply(m, n, k, a, a0, lda, b, b0, ldb, c, c0, ldc, add);
  }

  @Override
  public void multiplyTransposed(
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
    VectorMultiplyTransposed.multiplyTransposed(m, n, k, a, a0, lda, b, b0, ldb, c, c0, ldc, add);
  }

  @Override
  public void sigmoid(int n, float[] x, int x0) {
    int whole = n / L * L;
    VectorSquash.sigmoid(whole, x, x0);
    SCALAR.sigmoid(n - whole, x, x0 + whole);
  }

  @Override
  public void tanh(int n, float[] x, int x0) {
    int whole = n / L * L;
    VectorSquash.tanh(whole, x, x0);
    SCALAR.tanh(n - whole, x, x0 + whole);
  }

  @Override
  public void elu(int n, float[] x, int x0, float alpha) {
    int i = 0;
    for (; i + L <= n; i += L) {
      FloatVector v = FloatVector.fromArray(S, x, x0 + i);
      FloatVector below = VectorMath.exp(v).sub(1f).mul(alpha);
      below.blend(v, v.compare(VectorOperators.GT, 0f)).intoArray(x, x0 + i);
    }
    SCALAR.elu(n - i, x, x0 + i, alpha);
  }

  @Override
  public void add(int n, float[] x, int x0, float[] y, int y0) {
    int whole = n / L * L;
    VectorElements.add(whole, x, x0, y, y0);
    SCALAR.add(n - whole, x, x0 + whole, y, y0 + whole);
  }

  @Override
  public void times(int n, float[] x, int x0, float[] y, int y0) {
    int whole = n / L * L;
    VectorElements.times(whole, x, x0, y, y0);
    SCALAR.times(n - whole, x, x0 + whole, y, y0 + whole);
  }

  @Override
  public void addProduct(int n, float[] x, int x0, float[] y, int y0, float[] z, int z0) {
    int whole = n / L * L;
    VectorElements.addProduct(whole, x, x0, y, y0, z, z0);
    SCALAR.addProduct(n - whole, x, x0 + whole, y, y0 + whole, z, z0 + whole);
  }

  @Override
  public void addScaled(
      int rows, int n, float[] x, int x0, float[] y, int y0, int stride, float[] scale) {
    int whole = n / L * L;
    VectorElements.addScaled(rows, whole, x, x0, y, y0, stride, scale);
    for (int r = 0; r < rows && whole < n; r++) {
      int tail = r * stride + whole;
      SCALAR.addProduct(n - whole, x, x0 + tail, y, y0 + tail, scale, whole);
    }
  }

  @Override
  public void interpolate(
      int n, float[] x, int x0, float[] a, int a0, float[] b, int b0, float[] gate, int g0) {
    int whole = n / L * L;
    VectorElements.interpolate(whole, x, x0, a, a0, b, b0, gate, g0);
    SCALAR.interpolate(n - whole, x, x0 + whole, a, a0 + whole, b, b0 + whole, gate, g0 + whole);
  }

  @Override
  public void gruGradient(
      int n,
      int block,
      float[] x,
      int x0,
      float[] g,
      int g0,
      float[] h,
      int h0,
      float[] d,
      int d0) {
    int whole = n / L * L;
    VectorElements.gruGradient(whole, block, x, x0, g, g0, h, h0, d, d0);
    SCALAR.gruGradient(
        n - whole, block, x, x0 + whole, g, g0 + whole, h, h0 + whole, d, d0 + whole);
  }

  @Override
  public void dropout(int n, float[] mask, int m0, int key, int limit, float kept) {
    // Plain integer arithmetic, which the compiler vectorizes by itself.
    SCALAR.dropout(n, mask, m0, key, limit, kept);
  }

  @Override
  public void adagrad(
      int n,
      float[] w,
      int w0,
      float[] s,
      int acc0,
      int v0,
      float[] g,
      int g0,
      float rate,
      float momentum,
      float eps) {
    int i = 0;
    for (; i + L <= n; i += L) {
      FloatVector gradient = FloatVector.fromArray(S, g, g0 + i);
      FloatVector sum = gradient.fma(gradient, FloatVector.fromArray(S, s, acc0 + i));
      sum.intoArray(s, acc0 + i);
      FloatVector change = gradient.mul(-rate).div(sum.add(eps).sqrt());
      if (momentum > 0) {
        change =
            FloatVector.fromArray(S, s, v0 + i).fma(FloatVector.broadcast(S, momentum), change);
        change.intoArray(s, v0 + i);
      }
      FloatVector.fromArray(S, w, w0 + i).add(change).intoArray(w, w0 + i);
    }
    SCALAR.adagrad(n - i, w, w0 + i, s, acc0 + i, v0 + i, g, g0 + i, rate, momentum, eps);
  }

  @Override
  public void copy(int n, float[] from, int from0, float[] to, int to0) {
    int i = 0;
    for (; i + L <= n; i += L) {
      FloatVector.fromArray(S, from, from0 + i).intoArray(to, to0 + i);
    }
    SCALAR.copy(n - i, from, from0 + i, to, to0 + i);
  }

  @Override
  public void lossSums(LossBlock block) {
    VectorLoss.sums(block);
  }

  @Override
  public void lossGradient(LossBlock block) {
    VectorLoss.gradient(block);
  }

  @Override
  public long countAbove(int n, float[] x, int x0, float limit) {
    int above = 0;
    int equal = 0;
    int i = 0;
    for (; i + L <= n; i += L) {
      FloatVector v = FloatVector.fromArray(S, x, x0 + i);
      above += v.compare(VectorOperators.GT, limit).trueCount();
      equal += v.compare(VectorOperators.EQ, limit).trueCount();
    }
    return SCALAR.countAbove(n - i, x, x0 + i, limit) + (above | (long) equal << 32);
  }

  @Override
  public long scan(
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
    return VectorScan.scan(
        units, hidden, hidden0, rows, rows0, scales, scales0, slack, threshold, out);
  }

  @Override
  public void addExponentials(int n, float[] sums, float[] scales, int scales0, double[] total) {
    if (n == SCAN) {
      VectorScan.addExponentials(sums, scales, scales0, total);
    } else {
      SCALAR.addExponentials(n, sums, scales, scales0, total);
    }
  }
}
