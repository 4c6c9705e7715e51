package io.kaseb.intentfit;

import io.kaseb.intent.Calibration;
import io.kaseb.intent.IntentLoss;
import io.kaseb.intent.IntentNet;
import io.kaseb.intent.IntentShape;
import java.util.Arrays;

/// Forward and backward pass of the two session heads: after each click, that of running sessions;
/// after the last, that of finished ones.
final class SessionHeadPass {
  private static final int OVER = 0;
  private static final int SO_FAR = 1;

  private final IntentNet net;
  private final IntentShape shape;
  private final SessionStates states;
  private final float[] gradient;
  private float[] over = new float[0];
  private float[] soFar = new float[0];
  private float[] logitGradient = new float[0];

  /// Creates a pass.
  ///
  /// @param gradient where gradients of the weights are added, laid out as they are
  SessionHeadPass(IntentNet net, SessionStates states, float[] gradient) {
    this.net = net;
    this.shape = net.shape;
    this.states = states;
    this.gradient = gradient;
  }

  /// Returns the log odds of finished sessions, `[stride]`, after [#run].
  float[] over() {
    return over;
  }

  /// Returns the log odds of running sessions, `[steps x stride]`, after [#run].
  float[] soFar() {
    return soFar;
  }

  /// Adds the loss, binary cross-entropy, and its gradients.
  double run(IntentBatch batch, IntentLoss loss) {
    int stride = batch.stride;
    if (soFar.length < batch.steps * stride) {
      soFar = new float[batch.steps * stride];
    }
    if (over.length < stride) {
      over = new float[stride];
      logitGradient = new float[stride];
    }
    double sum = 0;
    for (int t = 0; t < batch.steps; t++) {
      int active = batch.active(t);
      int running = t + 1 < batch.steps ? batch.active(t + 1) : 0;
      logits(SO_FAR, t, 0, active, soFar, t * stride);
      sum += losses(SO_FAR, batch, loss, 0, active, soFar, t * stride);
      gradients(SO_FAR, t, 0, active);
      logits(OVER, t, running, active, over, 0);
      sum += losses(OVER, batch, loss, running, active, over, 0);
      gradients(OVER, t, running, active);
    }
    return sum;
  }

  private int weights(int head) {
    return shape.session() + head * (shape.units() + 1);
  }

  /// Computes the log odds of sessions `from..to` after a step.
  private void logits(int head, int t, int from, int to, float[] out, int out0) {
    int h = shape.units();
    int at = weights(head);
    float[] w = net.weights;
    Arrays.fill(out, out0 + from, out0 + to, w[at + h]);
    for (int u = 0; u < h; u++) {
      int row = states.at(t) + u * states.stride;
      for (int j = from; j < to; j++) {
        out[out0 + j] += w[at + u] * states.keep[u * states.stride + j] * states.hidden[row + j];
      }
    }
  }

  /// Returns the losses of sessions `from..to` and leaves their gradients in `logitGradient`.
  private double losses(
      int head, IntentBatch batch, IntentLoss loss, int from, int to, float[] logits, int at) {
    double sum = 0;
    for (int j = from; j < to; j++) {
      boolean buys = batch.buys[j];
      float share = head == OVER ? 1 - loss.soFar() : loss.soFar() / batch.lengths[j];
      float weight = batch.weight(j) * (buys ? loss.positive() : 1) * loss.session() * share;
      float logit = logits[at + j];
      logitGradient[j] = (float) (Calibration.logistic(logit) - (buys ? 1 : 0)) * weight;
      double z = buys ? -logit : logit;
      sum += weight * (Math.max(z, 0) + Math.log1p(Math.exp(-Math.abs(z))));
    }
    return sum;
  }

  private void gradients(int head, int t, int from, int to) {
    int h = shape.units();
    int at = weights(head);
    for (int j = from; j < to; j++) {
      gradient[at + h] += logitGradient[j];
    }
    for (int u = 0; u < h; u++) {
      float weight = net.weights[at + u];
      int mask = u * states.stride;
      int row = states.at(t) + mask;
      float sum = 0;
      for (int j = from; j < to; j++) {
        float d = logitGradient[j] * states.keep[mask + j];
        sum += d * states.hidden[row + j];
        states.gradient[row + j] += d * weight;
      }
      gradient[at + u] += sum;
    }
  }
}
