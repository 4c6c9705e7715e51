package io.kaseb.model;

import io.kaseb.kernel.Kernels;
import org.jspecify.annotations.Nullable;

/// One step of a minimal gated unit for a single session (Zhou et al. 2016, eq. 7). With i = W_ih x
/// + b_ih,
///
/// f = sigmoid(i_f + W_f h + b_f), c = tanh(i_c + W_c (f h) + b_c), h' = (1 - f) h + f c.
final class MguStep implements LayerStep {
  private final int units;
  private final @Nullable GateProduct input;
  private final GateProduct gate;
  private final GateProduct candidate;

  /// Creates a step.
  ///
  /// @param input null where the input is i already: a one-hot item's row
  /// @param gate W_f and b_f
  /// @param candidate W_c and b_c
  MguStep(int units, @Nullable GateProduct input, GateProduct gate, GateProduct candidate) {
    this.units = units;
    this.input = input;
    this.gate = gate;
    this.candidate = candidate;
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
    float[] sums = x;
    if (input != null) {
      sums = new float[input.width()];
      input.apply(x, 0, sums);
    }
    float[] f = new float[gate.width()];
    gate.apply(state, h0, f);
    for (int i = 0; i < n; i++) {
      f[i] += sums[i];
    }
    Kernels.BEST.sigmoid(n, f, 0);
    float[] reset = new float[n];
    for (int i = 0; i < n; i++) {
      reset[i] = f[i] * state[h0 + i];
    }
    float[] c = new float[candidate.width()];
    candidate.apply(reset, 0, c);
    for (int i = 0; i < n; i++) {
      c[i] += sums[n + i];
    }
    Kernels.BEST.tanh(n, c, 0);
    for (int i = 0; i < n; i++) {
      state[h0 + i] = (1 - f[i]) * state[h0 + i] + f[i] * c[i];
    }
  }
}
