package io.kaseb.model;

/// The readout `core`: beside the last layer's state h it keeps a weighted mean m of the embeddings
/// e of the session's items, and item scores are made from both:
///
/// `b = 1 at a session's first click, then sigmoid(g . h + g0)`
///
/// `m <- m + b (e - m)`, `out = h + c * m` (element by element)
///
/// So an item's weight in the mean is its b times what later ones leave of it. After CORE's decoder
/// (Hou, Hu, Zhang and Zhao, "CORE: Simple and Effective Session-based Recommendation within
/// Consistent Representation Space", SIGIR 2022), which takes a softmax over all clicks and has no
/// state beside it. A session remembers m and not its clicks.
final class CoreReadout {
  /// The gate's weights g, [1 x units].
  static final String GATE = "R.gate.weight";

  /// The gate's bias g0, one float.
  static final String GATE_BIAS = "R.gate.bias";

  /// The mean's weights c, one a unit.
  static final String SCALE = "R.scale";

  private final float[] gate;
  private final float bias;
  private final float[] scale;

  CoreReadout(float[] gate, float[] bias, float[] scale) {
    this.gate = gate;
    this.bias = bias[0];
    this.scale = scale;
  }

  /// Returns how many floats a session remembers for it: the mean, whether there is one, the
  /// output.
  int stateSize() {
    return 2 * scale.length + 1;
  }

  /// Takes a click.
  ///
  /// @param top the last layer's state, a float a unit
  /// @param embedding the clicked item's, a float a unit
  /// @param state its part of the session's state begins at `at`; the output stands at its end
  void step(float[] top, float[] embedding, float[] state, int at) {
    int units = scale.length;
    float share = 1;
    if (state[at + units] > 0) {
      float sum = bias;
      for (int u = 0; u < units; u++) {
        sum += gate[u] * top[u];
      }
      share = (float) (1 / (1 + Math.exp(-sum)));
    }
    state[at + units] = 1;
    for (int u = 0; u < units; u++) {
      state[at + u] += share * (embedding[u] - state[at + u]);
      state[at + units + 1 + u] = top[u] + scale[u] * state[at + u];
    }
  }
}
