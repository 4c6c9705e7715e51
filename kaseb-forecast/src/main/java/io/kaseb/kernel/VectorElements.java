package io.kaseb.kernel;

import static io.kaseb.kernel.VectorMath.L;
import static io.kaseb.kernel.VectorMath.S;

import jdk.incubator.vector.FloatVector;

/// Element-wise arithmetic of a recurrent layer, over a multiple of the vector's length. Plain
/// loops over several slices of one array are not vectorized by the compiler: it cannot tell that
/// the slices do not overlap.
final class VectorElements {
  private interface Loop {
    void run(
        int n, float[] x, int x0, float[] y, int y0, float[] z, int z0, float[] u, int u0, int k);
  }

  private static final Loop ADD = VectorElements::addLoop;
  private static final Loop TIMES = VectorElements::timesLoop;
  private static final Loop ADD_PRODUCT = VectorElements::addProductLoop;
  private static final Loop ADD_SCALED = VectorElements::addScaledLoop;
  private static final Loop INTERPOLATE = VectorElements::interpolateLoop;
  private static final Loop GRU_GRADIENT = VectorElements::gruGradientLoop;
  private static final float[] NONE = {};

  private VectorElements() {}

  private static void run(
      Loop loop,
      int n,
      float[] x,
      int x0,
      float[] y,
      int y0,
      float[] z,
      int z0,
      float[] u,
      int u0,
      int k) {
    loop.run(n, x, x0, y, y0, z, z0, u, u0, k);
  }

  static void add(int n, float[] x, int x0, float[] y, int y0) {
    run(ADD, n, x, x0, y, y0, NONE, 0, NONE, 0, 0);
  }

  private static void addLoop(
      int n, float[] x, int x0, float[] y, int y0, float[] z, int z0, float[] u, int u0, int k) {
    for (int i = 0; i < n; i += L) {
      load(x, x0 + i).add(load(y, y0 + i)).intoArray(x, x0 + i);
    }
  }

  static void times(int n, float[] x, int x0, float[] y, int y0) {
    run(TIMES, n, x, x0, y, y0, NONE, 0, NONE, 0, 0);
  }

  private static void timesLoop(
      int n, float[] x, int x0, float[] y, int y0, float[] z, int z0, float[] u, int u0, int k) {
    for (int i = 0; i < n; i += L) {
      load(x, x0 + i).mul(load(y, y0 + i)).intoArray(x, x0 + i);
    }
  }

  static void addProduct(int n, float[] x, int x0, float[] y, int y0, float[] z, int z0) {
    run(ADD_PRODUCT, n, x, x0, y, y0, z, z0, NONE, 0, 0);
  }

  private static void addProductLoop(
      int n, float[] x, int x0, float[] y, int y0, float[] z, int z0, float[] u, int u0, int k) {
    for (int i = 0; i < n; i += L) {
      load(y, y0 + i).fma(load(z, z0 + i), load(x, x0 + i)).intoArray(x, x0 + i);
    }
  }

  static void addScaled(
      int rows, int n, float[] x, int x0, float[] y, int y0, int stride, float[] scale) {
    run(ADD_SCALED, n, x, x0, y, y0, scale, rows, NONE, 0, stride);
  }

  private static void addScaledLoop(
      int n, float[] x, int x0, float[] y, int y0, float[] z, int rows, float[] u, int u0, int k) {
    for (int r = 0; r < rows; r++) {
      for (int i = 0; i < n; i += L) {
        int at = r * k + i;
        load(y, y0 + at).fma(load(z, i), load(x, x0 + at)).intoArray(x, x0 + at);
      }
    }
  }

  static void interpolate(
      int n, float[] x, int x0, float[] a, int a0, float[] b, int b0, float[] gate, int g0) {
    run(INTERPOLATE, n, x, x0, a, a0, b, b0, gate, g0, 0);
  }

  private static void interpolateLoop(
      int n, float[] x, int x0, float[] a, int a0, float[] b, int b0, float[] g, int g0, int k) {
    for (int i = 0; i < n; i += L) {
      FloatVector from = load(a, a0 + i);
      load(b, b0 + i).sub(from).fma(load(g, g0 + i), from).intoArray(x, x0 + i);
    }
  }

  static void gruGradient(
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
    run(GRU_GRADIENT, n, x, x0, g, g0, h, h0, d, d0, block);
  }

  private static void gruGradientLoop(
      int n, float[] x, int x0, float[] g, int g0, float[] h, int h0, float[] d, int d0, int k) {
    for (int i = 0; i < n; i += L) {
      int xi = x0 + i;
      int gi = g0 + i;
      FloatVector r = load(x, xi);
      FloatVector z = load(x, xi + k);
      FloatVector c = load(x, xi + 2 * k);
      FloatVector out = load(d, d0 + i);
      FloatVector straight = out.mul(z);
      FloatVector dc = out.sub(straight).mul(c.mul(c).neg().add(1f));
      FloatVector dr = dc.mul(load(g, gi + 2 * k)).mul(r.sub(r.mul(r)));
      FloatVector dz = out.mul(load(h, h0 + i).sub(c)).mul(z.sub(z.mul(z)));
      dr.intoArray(x, xi);
      dr.intoArray(g, gi);
      dz.intoArray(x, xi + k);
      dz.intoArray(g, gi + k);
      dc.intoArray(x, xi + 2 * k);
      dc.mul(r).intoArray(g, gi + 2 * k);
      straight.intoArray(d, d0 + i);
    }
  }

  private static FloatVector load(float[] x, int at) {
    return FloatVector.fromArray(S, x, at);
  }
}
