package io.kaseb.model;

import io.kaseb.kernel.Kernels;

/// One step of a GRU for a single session (Cho et al. 2014, in PyTorch's and cuDNN's form: the
/// reset after the product), of the next-item network and of the purchase network alike. With i =
/// W_ih x + b_ih and g = W_hh h + b_hh,
///
/// r = sigmoid(i_r + g_r), z = sigmoid(i_z + g_z), n = tanh(i_n + r g_n), h' = (1 - z) n + z h.
///
/// Training computes the same for many sessions at once, with lanes over sessions where here they
/// run over gates. Its fused additions round otherwise; a forecast keeps its own, so that a file
/// scores tomorrow as it does today.
public final class GruStep implements LayerStep {
  private final int units;
  private final GateProduct input;
  private final GateProduct recurrent;

  GruStep(int units, GateProduct input, GateProduct recurrent) {
    this.units = units;
    this.input = input;
    this.recurrent = recurrent;
  }

  /// Creates a step from weights that lie in one array; gates are in the order r, z, n.
  ///
  /// @param weights W_ih [3 units x inputs] from `ih`, W_hh [3 units x units] from `hh`
  /// @param biasIh [3 units]
  /// @param biasHh [3 units]
  public static GruStep of(
      int units, int inputs, float[] weights, int ih, int hh, float[] biasIh, float[] biasHh) {
    return new GruStep(
        units,
        GateProduct.of(weights, ih, 3 * units, inputs, biasIh),
        GateProduct.of(weights, hh, 3 * units, units, biasHh));
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
  public void step(float[] x, float[] state, int h0) {
    int n = units;
    float[] gi = new float[input.width()];
    float[] gh = new float[recurrent.width()];
    input.apply(x, 0, gi);
    recurrent.apply(state, h0, gh);
    for (int i = 0; i < 2 * n; i++) {
      gi[i] += gh[i];
    }
    Kernels.BEST.sigmoid(2 * n, gi, 0);
    for (int i = 0; i < n; i++) {
      gi[2 * n + i] += gi[i] * gh[2 * n + i];
    }
    Kernels.BEST.tanh(n, gi, 2 * n);
    for (int i = 0; i < n; i++) {
      float z = gi[n + i];
      state[h0 + i] = (1 - z) * gi[2 * n + i] + z * state[h0 + i];
    }
  }
}
