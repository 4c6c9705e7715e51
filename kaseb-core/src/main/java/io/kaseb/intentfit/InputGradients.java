package io.kaseb.intentfit;

import io.kaseb.intent.IntentNet;
import io.kaseb.intent.IntentShape;
import io.kaseb.signal.Coding;
import java.util.Arrays;

/// Carries the gradients of a batch's input rows on to what stands in them: embeddings of
/// categories, of attributes' values and, where they are tuned, of items.
final class InputGradients {
  private final IntentNet net;
  private final IntentShape shape;
  private final boolean tuned;
  private final float[] gradient;

  /// Gradient of each click's item embedding [steps x stride x embedding]; empty where embeddings
  /// stay as they are.
  float[] items = new float[0];

  /// Creates what carries gradients on.
  ///
  /// @param tuned whether item embeddings get gradients
  /// @param gradient where those of the categories are added, laid out as the weights
  InputGradients(IntentNet net, boolean tuned, float[] gradient) {
    this.net = net;
    this.shape = net.shape;
    this.tuned = tuned;
    this.gradient = gradient;
  }

  /// Makes room for a batch and sets its clicks' gradients to 0.
  void start(IntentBatch batch) {
    if (!tuned) {
      return;
    }
    int n = batch.steps * batch.stride * shape.embedding();
    if (items.length < n) {
      items = new float[n];
    } else {
      Arrays.fill(items, 0, n, 0);
    }
  }

  boolean tuned() {
    return tuned;
  }

  /// Returns how many of an input row's first numbers need gradients.
  int rows() {
    return tuned ? shape.numbersAt() : shape.itemAt();
  }

  /// Adds a step's gradients.
  ///
  /// @param rows gradients of the input rows [rows x stride]
  void add(IntentBatch batch, int t, float[] rows) {
    int stride = batch.stride;
    int d = shape.embedding();
    for (int j = 0; j < batch.active(t); j++) {
      int click = t * stride + j;
      int category = batch.categories[click];
      if (shape.categories() > 0 && category >= 0) {
        int known = Math.min(category, shape.categories() - 1);
        int at = shape.category() + known * IntentShape.CATEGORY_FLOATS;
        for (int i = 0; i < IntentShape.CATEGORY_FLOATS; i++) {
          gradient[at + i] += rows[i * stride + j];
        }
      }
      for (int table = 0; table < shape.tables(); table++) {
        attribute(batch, click, table, rows, j);
      }
      if (tuned && !batch.dropped[click]) {
        for (int i = 0; i < d; i++) {
          items[click * d + i] += net.scale * rows[(shape.itemAt() + i) * stride + j];
        }
      }
    }
  }

  /// The words of a value share its gradient: the row has their mean.
  private void attribute(IntentBatch batch, int click, int table, float[] rows, int j) {
    int from = batch.signal(click, table);
    int n = 0;
    while (n < Coding.MOST_WORDS && batch.signals[from + n] >= 0) {
      n++;
    }
    int row = shape.signalsAt() + table * Coding.EMBEDDING;
    for (int w = 0; w < n; w++) {
      int at = shape.table(table) + batch.signals[from + w] * Coding.EMBEDDING;
      for (int i = 0; i < Coding.EMBEDDING; i++) {
        gradient[at + i] += rows[(row + i) * batch.stride + j] / n;
      }
    }
  }
}
