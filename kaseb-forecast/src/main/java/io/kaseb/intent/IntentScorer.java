package io.kaseb.intent;

import io.kaseb.kernel.Kernels;

/// The intent network for one session at a time: the same numbers as
/// [io.kaseb.intentfit.IntentPass] gives for whole batches. Immutable; weights are copied with
/// inputs outermost, so that the lanes of a vector are units.
public final class IntentScorer {
  private final IntentNet net;
  private final IntentShape shape;
  private final float[] input;
  private final float[] recurrent;
  private final float[] itemState;
  private final float[] itemClick;
  private final float[] itemNumbers;

  public IntentScorer(IntentNet net) {
    this.net = net;
    this.shape = net.shape;
    int h = shape.units();
    int k = shape.itemUnits();
    float[] w = net.weights;
    input = transposed(w, shape.wx(), 3 * h, shape.inputs());
    recurrent = transposed(w, shape.wh(), 3 * h, h);
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
  private static void add(float[] w, int n, float[] x, int x0, int inputs, float[] out) {
    for (int i = 0; i < inputs; i++) {
      float value = x[x0 + i];
      if (value != 0) {
        int at = i * n;
        for (int r = 0; r < n; r++) {
          out[r] += w[at + r] * value;
        }
      }
    }
  }

  IntentNet net() {
    return net;
  }

  /// Takes one click.
  ///
  /// @param x input row [inputs]
  /// @param h state [units], overwritten
  void step(float[] x, float[] h) {
    int n = shape.units();
    float[] a = new float[3 * n];
    float[] b = new float[3 * n];
    add(input, 3 * n, x, 0, shape.inputs(), a);
    add(recurrent, 3 * n, h, 0, n, b);
    float[] candidate = new float[n];
    for (int u = 0; u < n; u++) {
      candidate[u] = a[2 * n + u];
    }
    for (int u = 0; u < 2 * n; u++) {
      a[u] += b[u];
    }
    Kernels.BEST.sigmoid(2 * n, a, 0);
    for (int u = 0; u < n; u++) {
      candidate[u] += a[u] * (b[2 * n + u] + net.weights[shape.bh() + u]);
    }
    Kernels.BEST.tanh(n, candidate, 0);
    for (int u = 0; u < n; u++) {
      h[u] = (1 - a[n + u]) * candidate[u] + a[n + u] * h[u];
    }
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
    add(itemState, k, h, 0, shape.units(), hidden);
    add(itemClick, k, states, at, shape.units(), hidden);
    add(itemNumbers, k, numbers, 0, shape.itemNumbers(), hidden);
    Kernels.BEST.tanh(k, hidden, 0);
    float sum = net.weights[shape.itemOut() + k];
    for (int i = 0; i < k; i++) {
      sum += net.weights[shape.itemOut() + i] * hidden[i];
    }
    return sum;
  }
}
