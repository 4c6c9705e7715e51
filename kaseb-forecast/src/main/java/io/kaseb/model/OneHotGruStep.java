package io.kaseb.model;

import io.kaseb.kernel.Kernels;

/// One step for a single session of the first layer of a network without embedding, in the form of
/// the original GRU4Rec (Hidasi et al. 2016): the input is the item's row v of weights (blocks
/// candidate, r, z), and the reset gate acts before the product.
///
/// r = sigmoid(v_r + (h Wrz)_r), z = sigmoid(v_z + (h Wrz)_z), n = tanh((r h) Wh + v_c), h' = (1 -
/// z) h + z n. The bias is added to v.
final class OneHotGruStep implements LayerStep {
  private final int units;
  private final int width;

  /// Wrz and Wh side by side, [units x r z c], each row padded.
  private final float[] weights;

  private final float[] bias;

  /// Creates a step.
  ///
  /// @param rz [units x 2 units]
  /// @param c [units x units]
  /// @param bias [3 units]: candidate, r, z
  OneHotGruStep(int units, float[] rz, float[] c, float[] bias) {
    this.units = units;
    this.width = Kernels.pad(3 * units);
    this.weights = new float[units * width];
    this.bias = bias;
    for (int i = 0; i < units; i++) {
      System.arraycopy(rz, i * 2 * units, weights, i * width, 2 * units);
      System.arraycopy(c, i * units, weights, i * width + 2 * units, units);
    }
  }

  @Override
  public int units() {
    return units;
  }

  @Override
  public int stateSize() {
    return units;
  }

  @Override
  public void step(float[] row, float[] state, int h0) {
    int n = units;
    float[] gates = new float[width];
    Kernels.BEST.multiply(1, 2 * n, n, state, h0, n, weights, 0, width, gates, 0, width, false);
    for (int i = 0; i < 2 * n; i++) {
      gates[i] += row[n + i] + bias[n + i];
    }
    Kernels.BEST.sigmoid(2 * n, gates, 0);
    float[] reset = new float[n];
    for (int i = 0; i < n; i++) {
      reset[i] = gates[i] * state[h0 + i];
    }
    int c = 2 * n;
    Kernels.BEST.multiply(1, n, n, reset, 0, n, weights, c, width, gates, c, width, false);
    for (int i = 0; i < n; i++) {
      gates[c + i] += row[i] + bias[i];
    }
    Kernels.BEST.tanh(n, gates, c);
    for (int i = 0; i < n; i++) {
      float z = gates[n + i];
      state[h0 + i] = (1 - z) * state[h0 + i] + z * gates[c + i];
    }
  }
}
