package io.kaseb.intentfit;

import io.kaseb.intent.Calibration;
import io.kaseb.intent.IntentLoss;
import io.kaseb.intent.IntentNet;
import io.kaseb.intent.IntentShape;
import io.kaseb.kernel.Kernels;

/// Forward and backward pass of the item head over the clicked items of a batch's buyers.
final class ItemHeadPass {
  private final IntentNet net;
  private final IntentShape shape;
  private final SessionStates states;
  private final float[] gradient;
  private final float[] top;
  private final float[] clicked;
  private final float[] active;

  /// Creates a states.
  ///
  /// @param gradient where gradients of the weights are added, laid out as they are
  ItemHeadPass(IntentNet net, SessionStates states, float[] gradient) {
    this.net = net;
    this.shape = net.shape;
    this.states = states;
    this.gradient = gradient;
    this.top = new float[shape.units()];
    this.clicked = new float[shape.units()];
    this.active = new float[shape.itemUnits()];
  }

  /// Adds the loss, binary cross-entropy, and its gradients.
  double run(IntentBatch batch, IntentLoss loss) {
    double sum = 0;
    for (int p = 0; p < batch.pairs; p++) {
      int j = batch.pairColumn[p];
      float weight = loss.item() * batch.weight(j) / batch.pairsOf[j];
      sum += pair(batch, p, j, weight);
    }
    return sum;
  }

  private double pair(IntentBatch batch, int p, int j, float weight) {
    int h = shape.units();
    int k = shape.itemUnits();
    int c = shape.itemNumbers();
    int atTop = states.at(batch.lengths[j] - 1) + j;
    int atClick = states.at(batch.pairStep[p]) + j;
    for (int u = 0; u < h; u++) {
      float mask = states.keep[u * states.stride + j];
      top[u] = mask * states.hidden[atTop + u * states.stride];
      clicked[u] = mask * states.hidden[atClick + u * states.stride];
    }
    float[] w = net.weights;
    for (int i = 0; i < k; i++) {
      float sum = 0;
      for (int u = 0; u < h; u++) {
        sum += w[shape.itemState() + i * h + u] * top[u];
        sum += w[shape.itemClick() + i * h + u] * clicked[u];
      }
      for (int n = 0; n < c; n++) {
        sum += w[shape.itemNumber() + i * c + n] * batch.pairNumbers[p * c + n];
      }
      active[i] = sum;
    }
    Kernels.BEST.tanh(k, active, 0);
    float logit = w[shape.itemOut() + k];
    for (int i = 0; i < k; i++) {
      logit += w[shape.itemOut() + i] * active[i];
    }
    boolean bought = batch.pairBought[p];
    backward(batch, p, j, (float) (Calibration.logistic(logit) - (bought ? 1 : 0)) * weight);
    double z = bought ? -logit : logit;
    return weight * (Math.max(z, 0) + Math.log1p(Math.exp(-Math.abs(z))));
  }

  private void backward(IntentBatch batch, int p, int j, float d) {
    int h = shape.units();
    int k = shape.itemUnits();
    int c = shape.itemNumbers();
    float[] w = net.weights;
    int stride = states.stride;
    int atTop = states.at(batch.lengths[j] - 1) + j;
    int atClick = states.at(batch.pairStep[p]) + j;
    gradient[shape.itemOut() + k] += d;
    for (int i = 0; i < k; i++) {
      gradient[shape.itemOut() + i] += d * active[i];
      float di = d * w[shape.itemOut() + i] * (1 - active[i] * active[i]);
      for (int u = 0; u < h; u++) {
        gradient[shape.itemState() + i * h + u] += di * top[u];
        gradient[shape.itemClick() + i * h + u] += di * clicked[u];
        float mask = states.keep[u * stride + j];
        states.gradient[atTop + u * stride] += di * mask * w[shape.itemState() + i * h + u];
        states.gradient[atClick + u * stride] += di * mask * w[shape.itemClick() + i * h + u];
      }
      for (int n = 0; n < c; n++) {
        gradient[shape.itemNumber() + i * c + n] += di * batch.pairNumbers[p * c + n];
      }
    }
  }
}
