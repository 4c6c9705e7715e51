package io.kaseb.model;

import io.kaseb.kernel.Kernels;
import org.jspecify.annotations.Nullable;

/// One step of an LSTM for a single session (Hochreiter and Schmidhuber 1997, with forget gate and
/// PyTorch's gates i, f, g, o). The state is the hidden values, then the cell's.
final class LstmStep implements LayerStep {
  private final int units;
  private final @Nullable GateProduct input;
  private final GateProduct recurrent;

  /// Creates a step.
  ///
  /// @param input null where the input is the gates' pre-activations already: a one-hot item's row
  LstmStep(int units, @Nullable GateProduct input, GateProduct recurrent) {
    this.units = units;
    this.input = input;
    this.recurrent = recurrent;
  }

  @Override
  public int units() {
    return units;
  }

  @Override
  public int stateSize() {
    return 2 * units;
  }

  @Override
  public void step(float[] x, float[] state, int h0) {
    int n = units;
    float[] gi = new float[recurrent.width()];
    float[] gh = new float[recurrent.width()];
    if (input == null) {
      System.arraycopy(x, 0, gi, 0, 4 * n);
    } else {
      input.apply(x, 0, gi);
    }
    recurrent.apply(state, h0, gh);
    for (int i = 0; i < 4 * n; i++) {
      gi[i] += gh[i];
    }
    Kernels.BEST.sigmoid(2 * n, gi, 0);
    Kernels.BEST.tanh(n, gi, 2 * n);
    Kernels.BEST.sigmoid(n, gi, 3 * n);
    int c0 = h0 + n;
    for (int i = 0; i < n; i++) {
      state[c0 + i] = gi[n + i] * state[c0 + i] + gi[i] * gi[2 * n + i];
    }
    System.arraycopy(state, c0, gh, 0, n);
    Kernels.BEST.tanh(n, gh, 0);
    for (int i = 0; i < n; i++) {
      state[h0 + i] = gi[3 * n + i] * gh[i];
    }
  }
}
