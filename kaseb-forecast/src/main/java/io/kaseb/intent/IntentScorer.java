package io.kaseb.intent;

import io.kaseb.kernel.Kernels;
import io.kaseb.model.GruStep;

/// The intent network for one session at a time: the same numbers as `IntentPass` in kaseb-core
/// gives for whole batches, but for the rounding. Immutable; weights are copied with inputs
/// outermost, so that the lanes of a vector are units.
public final class IntentScorer {
  private final IntentNet net;
  private final IntentShape shape;
  private final GruStep gru;
  private final float[] itemState;
  private final float[] itemClick;
  private final float[] itemNumbers;

  /// Copies a network's weights.
  public IntentScorer(IntentNet net) {
    this.net = net;
    this.shape = net.shape;
    int h = shape.units();
    int k = shape.itemUnits();
    float[] w = net.weights;
    // The input's bias is one of its weights; of the hidden state's part the candidate alone has
    // one.
    float[] biasHh = new float[3 * h];
    System.arraycopy(w, shape.bh(), biasHh, 2 * h, h);
    gru = GruStep.of(h, shape.inputs(), w, shape.wx(), shape.wh(), new float[3 * h], biasHh);
    itemState = transposed(w, shape.itemState(), k, h);
    itemClick = transposed(w, shape.itemClick(), k, h);
    itemNumbers = transposed(w, shape.itemNumber(), k, shape.itemNumbers());
  }

  private static float[] transposed(float[] w, int at, int rows, int columns) {
    float[] out = new float[rows * columns];
    for (int r = 0; r < rows; r++) {
      for (int c = 0; c < columns; c++) {
        out[c * rows + r] = w[at + r * columns + c];
      }
    }
    return out;
  }

  /// Adds `W x`, with W [n x inputs] stored by input.
  private static void add(float[] w, float[] x, int x0, int inputs, float[] out) {
    int n = out.length;
    Kernels.BEST.multiply(1, n, inputs, x, x0, inputs, w, 0, n, out, 0, n, true);
  }

  IntentNet net() {
    return net;
  }

  /// Takes one click.
  ///
  /// @param x input row, `[inputs]`
  /// @param h state, `[units]`, overwritten
  void step(float[] x, float[] h) {
    gru.step(x, h, 0);
  }

  /// Returns a session head's log odds.
  ///
  /// @param over whether no more clicks come
  float session(boolean over, float[] h) {
    int n = shape.units();
    int at = shape.session() + (over ? 0 : n + 1);
    float sum = net.weights[at + n];
    for (int u = 0; u < n; u++) {
      sum += net.weights[at + u] * h[u];
    }
    return sum;
  }

  /// Returns the item head's log odds.
  ///
  /// @param h the session's state
  /// @param states states after the items' last clicks, this item's from `at`
  /// @param numbers the item's numbers, a 1 last
  float item(float[] h, float[] states, int at, float[] numbers) {
    int k = shape.itemUnits();
    float[] hidden = new float[k];
    add(itemState, h, 0, shape.units(), hidden);
    add(itemClick, states, at, shape.units(), hidden);
    add(itemNumbers, numbers, 0, shape.itemNumbers(), hidden);
    Kernels.BEST.tanh(k, hidden, 0);
    float sum = net.weights[shape.itemOut() + k];
    for (int i = 0; i < k; i++) {
      sum += net.weights[shape.itemOut() + i] * hidden[i];
    }
    return sum;
  }
}
