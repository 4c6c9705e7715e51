package io.kaseb.network;

import io.kaseb.kernel.Kernels;
import io.kaseb.model.Tensor;
import java.util.Arrays;
import java.util.function.BiConsumer;

/// The readout `core` in training, as `model.CoreReadout` forecasts with it: to the last layer's
/// state it adds a weighted mean of the embeddings of the session's items. Its gradient goes into
/// the present click's state, embedding and weight, as that of the layers does, and no further
/// back.
final class CoreReadout {
  /// Its weights learn by this share of the network's rate: each is in all sessions' gradients at
  /// every step. On RetailRocket's latest twentieth of the training sessions (cross-entropy, five
  /// epochs) the full rate gave an mrr@20 of .301, a quarter .308.
  static final float RATE = .25f;

  private static final String GATE = "R.gate.weight";
  private static final String GATE_BIAS = "R.gate.bias";
  private static final String SCALE = "R.scale";

  private final Team team;
  private final Optimizer optimizer;
  private final int units;
  private final int width;
  private final DenseMatrix gate;
  private final DenseMatrix scale;

  /// The means after the last step and after this one, [batch x width]; the float behind a mean is
  /// 1 where there is one.
  private float[] previous;

  private float[] means;

  /// Each sample's weight of the present item.
  private final float[] shares;

  /// Each thread's part of the gradients by the weights, [threads x batch].
  private final float[][] parts;

  final Activations out;

  /// The gradient by the embeddings, [units x stride].
  final float[] inputGradient;

  /// @param optimizer the network's
  CoreReadout(Team team, int units, int batch, Optimizer optimizer) {
    this.optimizer = optimizer.withLearningRate(RATE * optimizer.learningRate());
    int states = optimizer.states();
    this.team = team;
    this.units = units;
    this.width = Kernels.pad(units + 1);
    gate = new DenseMatrix(1, units, states);
    scale = new DenseMatrix(1, units - 1, states);
    previous = new float[batch * width];
    means = new float[batch * width];
    shares = new float[batch];
    parts = new float[team.size()][batch];
    out = new Activations(units, batch);
    inputGradient = new float[units * out.stride];
  }

  /// Computes and returns the outputs; all threads call it, behind a barrier, and one stands at its
  /// end.
  Activations forward(int t, Activations top, Activations input, int active) {
    float[] g = gate.weights();
    float[] c = scale.weights();
    for (int b = team.from(t, active, 1); b < team.from(t + 1, active, 1); b++) {
      int h = b * top.width;
      int e = b * input.width;
      int m = b * width;
      float share = 1;
      if (previous[m + units] > 0) {
        float sum = g[units];
        for (int u = 0; u < units; u++) {
          sum += g[u] * top.bySample[h + u];
        }
        share = (float) (1 / (1 + Math.exp(-sum)));
      }
      shares[b] = share;
      means[m + units] = 1;
      for (int u = 0; u < units; u++) {
        float mean = previous[m + u] + share * (input.bySample[e + u] - previous[m + u]);
        means[m + u] = mean;
        out.bySample[b * out.width + u] = top.bySample[h + u] + c[u] * mean;
      }
    }
    team.barrier();
    int from = team.from(t, units, 1);
    int to = team.from(t + 1, units, 1);
    out.toFeatures(from, to, active);
    for (int u = from; u < to; u++) {
      Arrays.fill(out.byFeature, u * out.stride + active, (u + 1) * out.stride, 0);
    }
    team.barrier();
    return out;
  }

  /// Turns the gradient by the outputs into that by the last layer's state, and computes those of
  /// the embeddings and of its own weights.
  ///
  /// @param from where this thread's units begin, as the last layer deals them out
  /// @param gradient [units x stride]; each thread's own units are overwritten
  void backward(
      int t, int from, int to, Activations top, Activations input, int active, float[] gradient) {
    float[] own = parts[t];
    float[] c = scale.weights();
    int stride = out.stride;
    Arrays.fill(own, 0, active, 0);
    for (int u = from; u < to; u++) {
      for (int b = 0; b < active; b++) {
        float step = input.bySample[b * input.width + u] - previous[b * width + u];
        own[b] += gradient[u * stride + b] * c[u] * step;
      }
    }
    team.barrier();
    for (int u = from; u < to; u++) {
      gate.gradient()[u] = 0;
      scale.gradient()[u] = 0;
    }
    float[] g = gate.weights();
    float byBias = 0;
    for (int b = 0; b < active; b++) {
      float bySum = bySum(b);
      byBias += bySum;
      for (int u = from; u < to; u++) {
        int at = u * stride + b;
        scale.gradient()[u] += gradient[at] * means[b * width + u];
        inputGradient[at] = gradient[at] * c[u] * shares[b];
        gate.gradient()[u] += bySum * top.bySample[b * top.width + u];
        gradient[at] += bySum * g[u];
      }
    }
    if (t == 0) {
      gate.gradient()[units] = byBias;
    }
    team.barrier();
  }

  /// Returns the gradient by what a sample's weight is the logistic of.
  private float bySum(int b) {
    if (previous[b * width + units] == 0) {
      return 0;
    }
    float sum = 0;
    for (float[] part : parts) {
      sum += part[b];
    }
    return sum * shares[b] * (1 - shares[b]);
  }

  /// Updates the weights; one thread's work.
  void update(Kernels kernels, float factor, long step) {
    gate.update(kernels, optimizer, 0, 1, factor, step);
    scale.update(kernels, optimizer, 0, 1, factor, step);
  }

  /// Returns the sum of squares of the gradient of the weights.
  double squaredGradient() {
    return gate.squaredGradient(0, 1) + scale.squaredGradient(0, 1);
  }

  /// Makes the means of the last step the previous ones; called by one thread.
  void swap() {
    float[] old = previous;
    previous = means;
    means = old;
  }

  /// Carries the means over to the next step, as [Network#carry] does; one thread's work.
  void carry(int[] movedFrom, boolean[] fresh, int active) {
    for (int slot = 0; slot < active; slot++) {
      if (fresh[slot]) {
        Arrays.fill(means, slot * width, (slot + 1) * width, 0);
      } else if (movedFrom[slot] != slot) {
        System.arraycopy(means, movedFrom[slot] * width, means, slot * width, width);
      }
    }
  }

  /// Forgets all means; one thread's work.
  void clear() {
    Arrays.fill(means, 0);
  }

  void tensors(int part, BiConsumer<String, Tensor> to) {
    to.accept(GATE, Tensor.matrix(1, units, gate.columns(part, 0, units)));
    to.accept(GATE_BIAS, Tensor.vector(gate.columns(part, units, 1)));
    to.accept(SCALE, Tensor.vector(scale.columns(part, 0, units)));
  }

  void load(int part, Layer.TensorSource from) {
    gate.setColumns(part, 0, units, from.get(GATE));
    gate.setColumns(part, units, 1, from.get(GATE_BIAS));
    scale.setColumns(part, 0, units, from.get(SCALE));
  }
}
