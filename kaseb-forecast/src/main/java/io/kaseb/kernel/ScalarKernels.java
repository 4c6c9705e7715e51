package io.kaseb.kernel;

import io.kaseb.config.LossKind;

/// The reference: each kernel as its formula reads, in plain loops.
public final class ScalarKernels implements Kernels {
  /// How far a score may lie above the shift of [#addExponentials]: e^40 x 64 is far from a float's
  /// end.
  static final float SHIFT_ROOM = 40;

  @Override
  public String description() {
    return "scalar";
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
    for (int i = 0; i < m; i++) {
      for (int j = 0; j < n; j++) {
        float sum = 0;
        for (int p = 0; p < k; p++) {
          sum = Math.fma(a[a0 + i * lda + p], b[b0 + p * ldb + j], sum);
        }
        c[c0 + i * ldc + j] = add ? c[c0 + i * ldc + j] + sum : sum;
      }
    }
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
    for (int i = 0; i < m; i++) {
      for (int j = 0; j < n; j++) {
        float sum = 0;
        for (int p = 0; p < k; p++) {
          sum = Math.fma(a[a0 + p * lda + i], b[b0 + p * ldb + j], sum);
        }
        c[c0 + i * ldc + j] = add ? c[c0 + i * ldc + j] + sum : sum;
      }
    }
  }

  @Override
  public void sigmoid(int n, float[] x, int x0) {
    for (int i = x0; i < x0 + n; i++) {
      x[i] = sigmoid(x[i]);
    }
  }

  @Override
  public void tanh(int n, float[] x, int x0) {
    for (int i = x0; i < x0 + n; i++) {
      x[i] = (float) Math.tanh(x[i]);
    }
  }

  @Override
  public void elu(int n, float[] x, int x0, float alpha) {
    for (int i = x0; i < x0 + n; i++) {
      x[i] = x[i] > 0 ? x[i] : alpha * (float) Math.expm1(x[i]);
    }
  }

  @Override
  public void add(int n, float[] x, int x0, float[] y, int y0) {
    for (int i = 0; i < n; i++) {
      x[x0 + i] += y[y0 + i];
    }
  }

  @Override
  public void times(int n, float[] x, int x0, float[] y, int y0) {
    for (int i = 0; i < n; i++) {
      x[x0 + i] *= y[y0 + i];
    }
  }

  @Override
  public void addProduct(int n, float[] x, int x0, float[] y, int y0, float[] z, int z0) {
    for (int i = 0; i < n; i++) {
      x[x0 + i] = Math.fma(y[y0 + i], z[z0 + i], x[x0 + i]);
    }
  }

  @Override
  public void addScaled(
      int rows, int n, float[] x, int x0, float[] y, int y0, int stride, float[] scale) {
    for (int r = 0; r < rows; r++) {
      addProduct(n, x, x0 + r * stride, y, y0 + r * stride, scale, 0);
    }
  }

  @Override
  public void interpolate(
      int n, float[] x, int x0, float[] a, int a0, float[] b, int b0, float[] gate, int g0) {
    for (int i = 0; i < n; i++) {
      x[x0 + i] = Math.fma(b[b0 + i] - a[a0 + i], gate[g0 + i], a[a0 + i]);
    }
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
    for (int i = 0; i < n; i++) {
      float r = x[x0 + i];
      float z = x[x0 + block + i];
      float c = x[x0 + 2 * block + i];
      float out = d[d0 + i];
      float dc = out * (1 - z) * (1 - c * c);
      float dr = dc * g[g0 + 2 * block + i] * r * (1 - r);
      float dz = out * (h[h0 + i] - c) * z * (1 - z);
      x[x0 + i] = dr;
      x[x0 + block + i] = dz;
      x[x0 + 2 * block + i] = dc;
      g[g0 + i] = dr;
      g[g0 + block + i] = dz;
      g[g0 + 2 * block + i] = dc * r;
      d[d0 + i] = out * z;
    }
  }

  @Override
  public void dropout(int n, float[] mask, int m0, int key, int limit, float kept) {
    for (int i = m0; i < m0 + n; i++) {
      // lowbias32, an integer hash with nearly ideal avalanche.
      int h = key + i;
      h = (h ^ (h >>> 16)) * 0x7feb352d;
      h = (h ^ (h >>> 15)) * 0x846ca68b;
      h ^= h >>> 16;
      // 1 where the hash's upper 24 bits reach the limit, else 0. Arithmetic, not a choice: only so
      // does the compiler make vectors of it.
      mask[i] = ((limit - 1 - (h >>> 8)) >>> 31) * kept;
    }
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
    for (int i = 0; i < n; i++) {
      float gradient = g[g0 + i];
      float sum = s[acc0 + i] + gradient * gradient;
      s[acc0 + i] = sum;
      float change = -rate * gradient / (float) Math.sqrt(sum + eps);
      if (momentum > 0) {
        change += momentum * s[v0 + i];
        s[v0 + i] = change;
      }
      w[w0 + i] += change;
    }
  }

  @Override
  public void copy(int n, float[] from, int from0, float[] to, int to0) {
    System.arraycopy(from, from0, to, to0, n);
  }

  @Override
  public void lossSums(LossBlock b) {
    for (int j = 0; j < b.lanes; j++) {
      boolean softmax = b.kind != LossKind.TOP1 && b.kind != LossKind.BPR;
      if (softmax) {
        float max = b.max[j];
        for (int r = 0; r < b.rows; r++) {
          if (weight(b, r, j) > 0) {
            max = Math.max(max, score(b, r, j));
          }
        }
        if (b.kind == LossKind.CROSS_ENTROPY && max <= b.max[j] + LossBlock.HEADROOM) {
          max = b.max[j];
        }
        float scale = exp(b.max[j] - max);
        b.max[j] = max;
        for (int i = 0; i < 4; i++) {
          b.sums[i * b.stride + j] *= scale;
        }
      }
      for (int r = 0; r < b.rows; r++) {
        addToSums(b, r, j);
      }
    }
  }

  private static void addToSums(LossBlock b, int r, int j) {
    float s = score(b, r, j);
    float w = weight(b, r, j);
    float t = b.target[j];
    int i = b.stride;
    switch (b.kind) {
      case CROSS_ENTROPY -> {
        float e = w * exp(s - b.max[j]);
        b.sums[j] += e;
        b.gradient[b.gradient0 + r * i + j] = e;
      }
      case BPR_MAX -> {
        float e = w * exp(s - b.max[j]);
        float a = sigmoid(t - s);
        b.sums[j] += e;
        b.sums[i + j] += e * a;
        b.sums[2 * i + j] += e * s * s;
        b.sums[3 * i + j] += e * a * (1 - a);
      }
      case TOP1_MAX -> {
        float e = w * exp(s - b.max[j]);
        float d = sigmoid(s - t);
        b.sums[j] += e;
        b.sums[i + j] += e * (d + sigmoid(s * s));
        b.sums[3 * i + j] += e * d * (1 - d);
      }
      case TOP1 -> {
        float d = sigmoid(s - t);
        b.sums[j] += w * (d + sigmoid(s * s));
        b.sums[i + j] += w * d * (1 - d);
      }
      case BPR -> {
        b.sums[j] += w * softplus(s - t);
        b.sums[i + j] += w * sigmoid(s - t);
      }
    }
  }

  @Override
  public void lossGradient(LossBlock b) {
    for (int r = 0; r < b.rows; r++) {
      for (int j = 0; j < b.lanes; j++) {
        float s = score(b, r, j);
        float w = weight(b, r, j);
        float t = b.target[j];
        float k0 = b.coefficients[j];
        float k1 = b.coefficients[b.stride + j];
        float k2 = b.coefficients[2 * b.stride + j];
        float k3 = b.coefficients[3 * b.stride + j];
        b.gradient[b.gradient0 + r * b.stride + j] =
            switch (b.kind) {
              case CROSS_ENTROPY -> throw new IllegalArgumentException("sums leave its gradient");
              case BPR_MAX -> {
                float a = sigmoid(t - s);
                float pull = k1 * (k2 - a * a) + b.bpreg * (s * s - k3 + 2 * s);
                yield w * k0 * exp(s - b.max[j]) * pull;
              }
              case TOP1_MAX -> {
                float d = sigmoid(s - t);
                float q = sigmoid(s * s);
                float pull = d + q - k1 + d * (1 - d) + 2 * s * q * (1 - q);
                yield w * k0 * exp(s - b.max[j]) * pull;
              }
              case TOP1 -> {
                float d = sigmoid(s - t);
                float q = sigmoid(s * s);
                yield w * k0 * (d * (1 - d) + 2 * s * q * (1 - q));
              }
              case BPR -> w * k0 * sigmoid(s - t);
            };
      }
    }
  }

  @Override
  public long countAbove(int n, float[] x, int x0, float limit) {
    long above = 0;
    long equal = 0;
    for (int i = x0; i < x0 + n; i++) {
      if (x[i] > limit) {
        above++;
      } else if (x[i] == limit) {
        equal++;
      }
    }
    return above | equal << 32;
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
    long reached = 0;
    for (int i = 0; i < SCAN; i++) {
      float sum = 0;
      for (int u = 0; u < units; u++) {
        sum = Math.fma(hidden[hidden0 + u], rows[rows0 + u * SCAN + i], sum);
      }
      out[i] = sum;
      float upper = Math.fma(sum + slack, scales[scales0 + i], scales[scales0 + SCAN + i]);
      reached |= upper >= threshold ? 1L << i : 0;
    }
    return reached;
  }

  @Override
  public void addExponentials(int n, float[] sums, float[] scales, int scales0, double[] total) {
    float largest = Float.NEGATIVE_INFINITY;
    for (int i = 0; i < n; i++) {
      largest =
          Math.max(largest, Math.fma(sums[i], scales[scales0 + i], scales[scales0 + SCAN + i]));
    }
    if (!(largest <= total[0] + SHIFT_ROOM)) {
      total[1] = total[1] == 0 ? 0 : total[1] * Math.exp(total[0] - largest);
      total[0] = largest;
    }
    float shift = (float) total[0];
    for (int i = 0; i < n; i++) {
      total[1] += exp(Math.fma(sums[i], scales[scales0 + i], scales[scales0 + SCAN + i]) - shift);
    }
  }

  private static float score(LossBlock b, int r, int j) {
    float s = b.scores[b.scores0 + r * b.stride + j];
    return b.kind == LossKind.CROSS_ENTROPY ? s - b.correction[b.row0 + r] : s;
  }

  private static float weight(LossBlock b, int r, int j) {
    return b.weight[b.row0 + r] - (r < b.ownRows ? b.own[b.own0 + r * b.stride + j] : 0);
  }

  private static float exp(float x) {
    // The bounds of the vector kernels: below e^-87 a float loses its precision, above e^88 it
    // ends.
    return (float) Math.exp(Math.clamp(x, -87f, 88f));
  }

  private static float sigmoid(float x) {
    return 1 / (1 + exp(-x));
  }

  private static float softplus(float x) {
    return Math.max(x, 0) + (float) Math.log1p(exp(-Math.abs(x)));
  }
}
