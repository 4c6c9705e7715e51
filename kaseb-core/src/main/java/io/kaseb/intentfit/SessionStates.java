package io.kaseb.intentfit;

import io.kaseb.intent.IntentShape;
import java.util.Arrays;

/// The states of a batch's sessions after each click, and the gradient that reaches them from the
/// heads. A step's states are a block [units x stride], lanes over sessions; before the first
/// click's block lies one of zeros. Buffers grow and are used again.
final class SessionStates {
  private final int units;
  int stride;

  /// Floats of a step.
  int block;

  /// States [1 + steps x units x stride].
  float[] hidden = new float[0];

  /// Gradient of the loss by each state, laid out as `hidden`.
  float[] gradient = new float[0];

  /// Keeps (1 / (1 - dropout)) or drops (0) a state's unit on its way to the heads [units x
  /// stride].
  float[] keep = new float[0];

  SessionStates(IntentShape shape) {
    this.units = shape.units();
  }

  /// Makes room for a batch, sets all gradients to 0, and draws what the heads see of the states.
  void start(IntentBatch batch, float dropout) {
    stride = batch.stride;
    block = units * stride;
    if (hidden.length < (batch.steps + 1) * block) {
      hidden = new float[(batch.steps + 1) * block];
      gradient = new float[(batch.steps + 1) * block];
    }
    if (keep.length < block) {
      keep = new float[block];
    }
    Arrays.fill(hidden, 0, block, 0);
    Arrays.fill(gradient, 0, (batch.steps + 1) * block, 0);
    batch.dropout(keep, units, dropout);
  }

  /// Returns where the states after step `t` lie; after step -1 they are 0.
  int at(int t) {
    return (t + 1) * block;
  }
}
