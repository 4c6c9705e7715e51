package io.kaseb.intentfit;

import io.kaseb.intent.Calibration;
import io.kaseb.intent.IntentLoss;
import io.kaseb.intent.IntentNet;
import io.kaseb.intent.IntentShape;
import io.kaseb.kernel.Kernels;
import java.util.Arrays;

/// One thread's forward and backward pass of the intent network through whole sessions side by
/// side, longest first, so that the sessions still running at a step are its first columns.
///
/// A step's activations are a block [features x stride], lanes over sessions; input rows are by
/// session, [stride x inputs]. Gradients are added up in [#gradient], laid out as the weights.
final class IntentPass {
  private static final Kernels KERNELS = Kernels.BEST;

  final IntentShape shape;
  final float[] gradient;
  private final IntentNet net;
  private final boolean tuned;
  private final ItemHeadPass itemHead;
  private final NextItemPass nextItem;

  int stride;
  float[] hidden = new float[0];

  /// Gradient that reaches each step's states from the heads, laid out as `hidden`.
  float[] headGradient = new float[0];

  /// Gradient of each click's item embedding [clicks x embedding], where embeddings are tuned.
  float[] embeddingGradient = new float[0];

  /// Keeps (1 / (1 - dropout)) or drops (0) a state's unit on its way to the heads [units x
  /// stride].
  float[] keep = new float[0];

  private float[] gates = new float[0];
  private float[] inner = new float[0];
  private float[] candidate = new float[0];
  private float[] soFar = new float[0];
  private float[] end = new float[0];
  private float[] x = new float[0];
  private float[] recurrent = new float[0];
  private float[] state = new float[0];
  private float[] back = new float[0];
  private float[] before = new float[0];

  /// Creates a pass over a network whose weights may change between passes.
  ///
  /// @param tuned whether item embeddings get gradients
  IntentPass(IntentNet net, boolean tuned) {
    this.net = net;
    this.shape = net.shape;
    this.tuned = tuned;
    this.gradient = new float[shape.size()];
    this.itemHead = new ItemHeadPass(net, this);
    this.nextItem = new NextItemPass(net, this, tuned);
  }

  private void allot(IntentBatch batch) {
    int h = shape.units();
    stride = batch.stride;
    int all = batch.steps * stride;
    if (hidden.length < all * h) {
      hidden = new float[all * h];
      headGradient = new float[all * h];
      inner = new float[all * h];
      candidate = new float[all * h];
      gates = new float[all * 3 * h];
    }
    if (soFar.length < all) {
      soFar = new float[all];
      embeddingGradient = new float[tuned ? all * shape.embedding() : 0];
    }
    if (end.length < stride) {
      end = new float[stride];
      x = new float[shape.inputs() * stride];
      recurrent = new float[3 * h * stride];
      state = new float[h * stride];
      back = new float[h * stride];
      before = new float[h * stride];
      keep = new float[h * stride];
    }
  }

  /// Runs the sessions forward; returns the sum of their losses.
  ///
  /// @param loss what counts how much
  double forward(IntentBatch batch, IntentLoss loss) {
    allot(batch);
    batch.dropout(keep, shape.units(), loss.dropout());
    for (int t = 0; t < batch.steps; t++) {
      step(batch, t);
      heads(batch, t);
    }
    Arrays.fill(headGradient, 0, batch.steps * stride * shape.units(), 0);
    double sum = sessionLoss(batch, loss);
    sum += itemHead.run(batch, loss);
    if (loss.nextItem() > 0) {
      if (tuned) {
        Arrays.fill(embeddingGradient, 0, batch.steps * stride * shape.embedding(), 0);
      }
      sum += nextItem.run(batch, loss);
    }
    return sum;
  }

  /// Returns the log odds of the head for finished sessions, after [#forward].
  float[] end() {
    return end;
  }

  /// Returns the log odds of the head for running sessions, [steps x stride], after [#forward].
  float[] soFar() {
    return soFar;
  }

  private void step(IntentBatch batch, int t) {
    int h = shape.units();
    int inputs = shape.inputs();
    int active = batch.active(t);
    int lanes = Kernels.pad(active);
    batch.transpose(t, inputs, x);
    int g0 = t * 3 * h * stride;
    KERNELS.multiply(
        3 * h,
        lanes,
        inputs,
        net.weights,
        shape.wx(),
        inputs,
        x,
        0,
        stride,
        gates,
        g0,
        stride,
        false);
    int now = t * h * stride;
    if (t == 0) {
      Arrays.fill(recurrent, 0);
    } else {
      KERNELS.multiply(
          3 * h,
          lanes,
          h,
          net.weights,
          shape.wh(),
          h,
          hidden,
          now - h * stride,
          stride,
          recurrent,
          0,
          stride,
          false);
    }
    for (int row = 0; row < 2 * h; row++) {
      for (int i = row * stride, to = i + lanes; i < to; i++) {
        gates[g0 + i] += recurrent[i];
      }
    }
    KERNELS.sigmoid(2 * h * stride, gates, g0);
    for (int u = 0; u < h; u++) {
      float bias = net.weights[shape.bh() + u];
      int at = now + u * stride;
      int reset = g0 + u * stride;
      int input = g0 + (2 * h + u) * stride;
      int from = (2 * h + u) * stride;
      for (int j = 0; j < lanes; j++) {
        float value = recurrent[from + j] + bias;
        inner[at + j] = value;
        candidate[at + j] = gates[input + j] + gates[reset + j] * value;
      }
    }
    KERNELS.tanh(h * stride, candidate, now);
    for (int u = 0; u < h; u++) {
      int at = now + u * stride;
      int update = g0 + (h + u) * stride;
      for (int j = 0; j < lanes; j++) {
        float z = gates[update + j];
        float old = t == 0 ? 0 : hidden[at - h * stride + j];
        hidden[at + j] = (1 - z) * candidate[at + j] + z * old;
      }
    }
  }

  private void heads(IntentBatch batch, int t) {
    int h = shape.units();
    int active = batch.active(t);
    int at = shape.session();
    float[] w = net.weights;
    Arrays.fill(soFar, t * stride, t * stride + active, w[at + 2 * h + 1]);
    for (int u = 0; u < h; u++) {
      float weight = w[at + h + 1 + u];
      int row = (t * h + u) * stride;
      for (int j = 0; j < active; j++) {
        soFar[t * stride + j] += weight * keep[u * stride + j] * hidden[row + j];
      }
    }
    for (int j = t + 1 < batch.steps ? batch.active(t + 1) : 0; j < active; j++) {
      float sum = w[at + h];
      for (int u = 0; u < h; u++) {
        sum += w[at + u] * keep[u * stride + j] * hidden[(t * h + u) * stride + j];
      }
      end[j] = sum;
    }
  }

  /// Adds the session heads' loss, binary cross-entropy, and its gradients.
  private double sessionLoss(IntentBatch batch, IntentLoss loss) {
    double sum = 0;
    for (int t = 0; t < batch.steps; t++) {
      int active = batch.active(t);
      for (int j = 0; j < active; j++) {
        boolean buys = batch.buys[j];
        float weight = batch.weight(j) * (buys ? loss.positive() : 1) * loss.session();
        sum += running(batch, t, j, buys, weight * loss.soFar() / batch.lengths[j]);
        if (batch.lengths[j] == t + 1) {
          sum += toHead(0, end[j], t, j, buys, weight * (1 - loss.soFar()));
        }
      }
    }
    return sum;
  }

  private double running(IntentBatch batch, int t, int j, boolean buys, float weight) {
    return weight == 0 ? 0 : toHead(1, soFar[t * batch.stride + j], t, j, buys, weight);
  }

  private double toHead(int head, float logit, int t, int j, boolean buys, float weight) {
    int h = shape.units();
    int at = shape.session() + head * (h + 1);
    float d = (float) (Calibration.logistic(logit) - (buys ? 1 : 0)) * weight;
    gradient[at + h] += d;
    for (int u = 0; u < h; u++) {
      int i = (t * h + u) * stride + j;
      float mask = keep[u * stride + j];
      gradient[at + u] += d * mask * hidden[i];
      headGradient[i] += d * mask * net.weights[at + u];
    }
    double z = buys ? -logit : logit;
    return weight * (Math.max(z, 0) + Math.log1p(Math.exp(-Math.abs(z))));
  }

  /// Runs the sessions of the last [#forward] backward and adds up the gradients.
  void backward(IntentBatch batch, IntentLoss loss) {
    int h = shape.units();
    Arrays.fill(back, 0);
    for (int t = batch.steps - 1; t >= 0; t--) {
      int active = batch.active(t);
      int lanes = Kernels.pad(active);
      throughCell(t, active);
      int g0 = t * 3 * h * stride;
      int n0 = t * h * stride;
      KERNELS.multiply(
          3 * h,
          shape.inputs(),
          active,
          gates,
          g0,
          stride,
          batch.rows,
          batch.row(t, 0),
          shape.inputs(),
          gradient,
          shape.wx(),
          shape.inputs(),
          true);
      toInputs(batch, t, lanes, loss);
      if (t > 0) {
        throughTime(t, active, lanes, g0, n0);
      }
      for (int u = 0; u < h; u++) {
        float sum = 0;
        for (int j = 0; j < active; j++) {
          sum += inner[n0 + u * stride + j];
        }
        gradient[shape.bh() + u] += sum;
      }
    }
  }

  /// Turns a step's gates into their gradients, in place, and `back` into the direct part of the
  /// gradient of the step before.
  private void throughCell(int t, int active) {
    int h = shape.units();
    int g0 = t * 3 * h * stride;
    for (int u = 0; u < h; u++) {
      int at = (t * h + u) * stride;
      int reset = g0 + u * stride;
      int update = g0 + (h + u) * stride;
      int input = g0 + (2 * h + u) * stride;
      for (int j = 0; j < active; j++) {
        float d = back[u * stride + j] + headGradient[at + j];
        float r = gates[reset + j];
        float z = gates[update + j];
        float c = candidate[at + j];
        float old = t == 0 ? 0 : hidden[at - h * stride + j];
        float dc = d * (1 - z) * (1 - c * c);
        gates[reset + j] = dc * inner[at + j] * r * (1 - r);
        gates[update + j] = d * (old - c) * z * (1 - z);
        gates[input + j] = dc;
        inner[at + j] = dc * r;
        back[u * stride + j] = d * z;
      }
    }
  }

  private void throughTime(int t, int active, int lanes, int g0, int n0) {
    int h = shape.units();
    int old = (t - 1) * h * stride;
    for (int j = 0; j < active; j++) {
      for (int u = 0; u < h; u++) {
        before[j * h + u] = hidden[old + u * stride + j];
      }
    }
    int wh = shape.wh();
    int candidates = wh + 2 * h * h;
    KERNELS.multiply(2 * h, h, active, gates, g0, stride, before, 0, h, gradient, wh, h, true);
    KERNELS.multiply(h, h, active, inner, n0, stride, before, 0, h, gradient, candidates, h, true);
    KERNELS.multiplyTransposed(
        h, lanes, 2 * h, net.weights, wh, h, gates, g0, stride, back, 0, stride, true);
    KERNELS.multiplyTransposed(
        h, lanes, h, net.weights, candidates, h, inner, n0, stride, back, 0, stride, true);
    // Lanes without a session at this step may have one at the step before.
    for (int u = 0; u < h; u++) {
      Arrays.fill(back, u * stride + active, u * stride + lanes, 0);
    }
  }

  /// Carries a step's gradient to the category embeddings and, where tuned, the item embeddings.
  private void toInputs(IntentBatch batch, int t, int lanes, IntentLoss loss) {
    int rows = tuned ? shape.numbersAt() : shape.itemAt();
    if (rows == 0) {
      return;
    }
    int h = shape.units();
    KERNELS.multiplyTransposed(
        rows,
        lanes,
        3 * h,
        net.weights,
        shape.wx(),
        shape.inputs(),
        gates,
        t * 3 * h * stride,
        stride,
        x,
        0,
        stride,
        false);
    int active = batch.active(t);
    for (int j = 0; j < active; j++) {
      int category = batch.categories[t * stride + j];
      if (shape.categories() > 0 && category >= 0) {
        int known = Math.min(category, shape.categories() - 1);
        int at = shape.category() + known * IntentShape.CATEGORY_FLOATS;
        for (int i = 0; i < IntentShape.CATEGORY_FLOATS; i++) {
          gradient[at + i] += x[i * stride + j];
        }
      }
      if (tuned) {
        int d = shape.embedding();
        int at = (t * stride + j) * d;
        boolean add = loss.nextItem() > 0;
        for (int i = 0; i < d; i++) {
          float g =
              batch.dropped[t * stride + j] ? 0 : net.scale * x[(shape.itemAt() + i) * stride + j];
          embeddingGradient[at + i] = add ? embeddingGradient[at + i] + g : g;
        }
      }
    }
  }
}
