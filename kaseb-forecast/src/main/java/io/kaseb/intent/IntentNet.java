package io.kaseb.intent;

import io.kaseb.signal.Coding;
import java.util.Arrays;
import java.util.SplittableRandom;

/// The recurrent intent network: a GRU over a session's events with two session heads (will buy, no
/// more clicks coming or not) and a head for each clicked item (will be bought, if anything is).
/// Cho et al. 2014 with the candidate's bias inside the reset, as in cuDNN:
///
/// ```
/// r = s(Wr x + Ur h)   z = s(Wz x + Uz h)   c = tanh(Wc x + r (Uc h + b))   h' = (1 - z) c + z h
/// session = V h + a    item = o . tanh(A h + B h_item + C numbers) + d
/// ```
///
/// where `h_item` is the state after the item's last click.
public final class IntentNet {
  /// The sizes of its parts.
  public final IntentShape shape;

  /// All weights but the item embeddings, as [IntentShape] lays them out.
  public final float[] weights;

  /// Item embeddings [items x embedding]; those of the next-item network where they are shared.
  public final float[] embeddings;

  /// What embeddings are multiplied with as they are read, so that they are of order 1.
  public final float scale;

  /// Creates a network of given weights, which are not copied.
  public IntentNet(IntentShape shape, float[] weights, float[] embeddings, float scale) {
    long floats = (long) shape.items() * shape.embedding();
    boolean fits = weights.length == shape.size() && embeddings.length == floats;
    if (!fits || !Float.isFinite(scale)) {
      throw new IllegalArgumentException(
          "%d weights, %d embeddings and scale %s for %s"
              .formatted(weights.length, embeddings.length, scale, shape));
    }
    this.shape = shape;
    this.weights = weights;
    this.embeddings = embeddings;
    this.scale = scale;
  }

  /// Creates a network with weights uniform in +-sqrt(6 / (rows + columns)) of their matrix (Glorot
  /// and Bengio 2010) and the heads' biases at the log odds of the base rates, so that no step is
  /// spent on finding the class imbalance.
  public static IntentNet create(
      IntentShape shape, float[] embeddings, double buyRate, double itemRate, long seed) {
    SplittableRandom random = new SplittableRandom(seed);
    float[] w = new float[shape.size()];
    int h = shape.units();
    int k = shape.itemUnits();
    fill(w, shape.wx(), 3 * h * shape.inputs(), h + shape.inputs(), random);
    for (int row = 0; row < 3 * h; row++) {
      w[shape.wx() + row * shape.inputs() + shape.biasAt()] = 0;
    }
    fill(w, shape.wh(), 3 * h * h, 2 * h, random);
    fill(w, shape.session(), 2 * (h + 1), 4 * h, random);
    fill(w, shape.itemState(), k * h, h + k, random);
    fill(w, shape.itemClick(), k * h, h + k, random);
    fill(w, shape.itemNumber(), k * shape.itemNumbers(), k + shape.itemNumbers(), random);
    fill(w, shape.itemOut(), k, k, random);
    int categories = shape.categories() * IntentShape.CATEGORY_FLOATS;
    fill(w, shape.category(), categories, 60, random);
    fill(w, shape.next(), shape.embedding() * (h + 1), h + shape.embedding(), random);
    fill(w, shape.table(0), shape.size() - shape.table(0), 60, random);
    w[shape.session() + h] = (float) Calibration.logit(buyRate);
    w[shape.session() + 2 * h + 1] = (float) Calibration.logit(buyRate);
    w[shape.itemOut() + k] = (float) Calibration.logit(itemRate);
    return new IntentNet(shape, w, embeddings, scale(embeddings));
  }

  private static void fill(float[] w, int from, int n, int fan, SplittableRandom random) {
    double limit = Math.sqrt(6.0 / Math.max(1, fan));
    for (int i = from; i < from + n; i++) {
      w[i] = (float) ((2 * random.nextDouble() - 1) * limit);
    }
  }

  private static float scale(float[] embeddings) {
    double sum = 0;
    for (float x : embeddings) {
      sum += (double) x * x;
    }
    double size = Math.sqrt(sum / Math.max(1, embeddings.length));
    return size > 1e-6 ? (float) (.3 / size) : 1;
  }

  /// Writes an event's input row.
  ///
  /// @param item the model's number, negative or too large for an unknown item, which has a zero
  ///   embedding
  public void input(ClickInputs inputs, SessionFeatures state, int item, float[] out, int at) {
    if (shape.categories() > 0) {
      int known = state.category >= 0 ? Math.min(state.category, shape.categories() - 1) : -1;
      for (int i = 0; i < IntentShape.CATEGORY_FLOATS; i++) {
        out[at + i] =
            known < 0 ? 0 : weights[shape.category() + known * IntentShape.CATEGORY_FLOATS + i];
      }
    }
    for (int t = 0; t < shape.tables(); t++) {
      attribute(inputs, state, t, out, at + shape.signalsAt() + t * Coding.EMBEDDING);
    }
    int d = shape.embedding();
    boolean isKnown = item >= 0 && item < shape.items();
    for (int i = 0; i < d; i++) {
      out[at + shape.itemAt() + i] = isKnown ? scale * embeddings[item * d + i] : 0;
    }
    inputs.write(state, out, at + shape.numbersAt());
    out[at + shape.biasAt()] = 1;
  }

  /// Writes the mean embedding of an attribute's value.
  private void attribute(ClickInputs inputs, SessionFeatures state, int t, float[] out, int at) {
    int[] rows = new int[Coding.MOST_WORDS];
    int n = state.signals.embeddings(inputs.embedded(t), rows, 0);
    Arrays.fill(out, at, at + Coding.EMBEDDING, 0);
    for (int r = 0; r < n; r++) {
      int from = shape.table(t) + rows[r] * Coding.EMBEDDING;
      for (int i = 0; i < Coding.EMBEDDING; i++) {
        out[at + i] += weights[from + i] / n;
      }
    }
  }
}
