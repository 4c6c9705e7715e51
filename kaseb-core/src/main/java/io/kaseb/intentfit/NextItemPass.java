package io.kaseb.intentfit;

import io.kaseb.intent.IntentLoss;
import io.kaseb.intent.IntentNet;
import io.kaseb.intent.IntentShape;
import io.kaseb.kernel.Kernels;

/// The auxiliary next-item loss: at each step, the state's projection is scored against the next
/// items of all sessions of the batch, softmax cross-entropy with the logQ correction (Bengio and
/// Senecal 2008: an item stands there as often as it is popular, so its log popularity is taken off
/// its score). Copies of a session's own next item are left out of its negatives.
///
/// It teaches the states which items belong together from all sessions, of which few buy.
final class NextItemPass {
  private static final Kernels KERNELS = Kernels.BEST;

  private final IntentNet net;
  private final IntentShape shape;
  private final SessionStates states;
  private final float[] gradient;
  private final InputGradients inputs;
  private float[] query = new float[0];
  private float[] queryGradient = new float[0];
  private float[] candidates = new float[0];
  private float[] scores = new float[0];
  private float[] rows = new float[0];

  /// Creates a pass.
  ///
  /// @param gradient where gradients of the weights are added, laid out as they are
  /// @param inputs where gradients of the item embeddings are added
  NextItemPass(IntentNet net, SessionStates states, float[] gradient, InputGradients inputs) {
    this.net = net;
    this.shape = net.shape;
    this.states = states;
    this.gradient = gradient;
    this.inputs = inputs;
  }

  /// Adds the loss and its gradients.
  double run(IntentBatch batch, IntentLoss loss) {
    int d = shape.embedding();
    int stride = batch.stride;
    if (d == 0) {
      return 0;
    }
    if (query.length < d * stride) {
      query = new float[d * stride];
      queryGradient = new float[d * stride];
      candidates = new float[stride * d];
      scores = new float[stride * stride];
      rows = new float[stride * Math.max(d, shape.units() + 1)];
    }
    double sum = 0;
    for (int t = 0; t + 1 < batch.steps; t++) {
      int n = batch.active(t + 1);
      if (n > 1) {
        sum += step(batch, t, n, loss.nextItem());
      }
    }
    return sum;
  }

  private double step(IntentBatch batch, int t, int n, float share) {
    int d = shape.embedding();
    int h = shape.units();
    int stride = batch.stride;
    int lanes = Kernels.pad(n);
    int p0 = shape.next();
    float[] w = net.weights;
    KERNELS.multiply(
        d, lanes, h, w, p0, h + 1, states.hidden, states.at(t), stride, query, 0, stride, false);
    for (int i = 0; i < d; i++) {
      float bias = w[p0 + i * (h + 1) + h];
      for (int j = 0; j < n; j++) {
        query[i * stride + j] += bias;
      }
    }
    for (int k = 0; k < n; k++) {
      int item = batch.targets[(t + 1) * stride + k];
      for (int i = 0; i < d; i++) {
        candidates[k * d + i] = item < 0 ? 0 : net.scale * net.embeddings[item * d + i];
      }
    }
    KERNELS.multiply(n, lanes, d, candidates, 0, d, query, 0, stride, scores, 0, stride, false);
    double sum = softmax(batch, t, n, share);
    KERNELS.multiplyTransposed(
        d, lanes, n, candidates, 0, d, scores, 0, stride, queryGradient, 0, stride, false);
    toWeights(t, n, lanes, stride);
    if (inputs.tuned()) {
      toEmbeddings(batch, t, n);
    }
    return sum;
  }

  /// Turns scores into the loss's gradient, column by column.
  private double softmax(IntentBatch batch, int t, int n, float share) {
    int stride = batch.stride;
    double sum = 0;
    for (int j = 0; j < n; j++) {
      int target = batch.targets[(t + 1) * stride + j];
      float most = Float.NEGATIVE_INFINITY;
      for (int k = 0; k < n; k++) {
        int item = batch.targets[(t + 1) * stride + k];
        boolean out = item < 0 || (item == target && k != j);
        float score =
            out ? Float.NEGATIVE_INFINITY : scores[k * stride + j] - batch.logPopularity(item);
        scores[k * stride + j] = score;
        most = Math.max(most, score);
      }
      float weight = target < 0 ? 0 : share * batch.weight(j) / (batch.lengths[j] - 1);
      double total = 0;
      for (int k = 0; k < n && weight > 0; k++) {
        total += Math.exp(scores[k * stride + j] - most);
      }
      if (weight > 0) {
        sum += weight * (Math.log(total) - (scores[j * stride + j] - most));
      }
      for (int k = 0; k < n; k++) {
        double p = weight > 0 ? Math.exp(scores[k * stride + j] - most) / total : 0;
        scores[k * stride + j] = (float) (p - (k == j && weight > 0 ? 1 : 0)) * weight;
      }
    }
    for (int k = 0; k < n; k++) {
      for (int j = n; j < Kernels.pad(n); j++) {
        scores[k * stride + j] = 0;
      }
    }
    return sum;
  }

  private void toWeights(int t, int n, int lanes, int stride) {
    int d = shape.embedding();
    int h = shape.units();
    int at = states.at(t);
    for (int j = 0; j < n; j++) {
      for (int u = 0; u < h; u++) {
        rows[j * (h + 1) + u] = states.hidden[at + u * stride + j];
      }
      rows[j * (h + 1) + h] = 1;
    }
    KERNELS.multiply(
        d, h + 1, n, queryGradient, 0, stride, rows, 0, h + 1, gradient, shape.next(), h + 1, true);
    KERNELS.multiplyTransposed(
        h,
        lanes,
        d,
        net.weights,
        shape.next(),
        h + 1,
        queryGradient,
        0,
        stride,
        states.gradient,
        at,
        stride,
        true);
  }

  private void toEmbeddings(IntentBatch batch, int t, int n) {
    int d = shape.embedding();
    int stride = batch.stride;
    for (int j = 0; j < n; j++) {
      for (int i = 0; i < d; i++) {
        rows[j * d + i] = net.scale * query[i * stride + j];
      }
    }
    KERNELS.multiply(
        n, d, n, scores, 0, stride, rows, 0, d, inputs.items, (t + 1) * stride * d, d, true);
  }
}
