package io.kaseb.network;

import io.kaseb.config.OptimizerKind;
import io.kaseb.kernel.Kernels;

/// How a gradient becomes a change of weights. All are element-wise, so that a row of an item table
/// and a dense matrix are updated alike; rows that a step does not touch keep weights and state.
///
/// With `momentum` m the change d is heavy-ball: v = m v + d; w += v (GRU4Rec's, not Nesterov's).
///
/// @param kind which rule
/// @param learningRate its step size
/// @param momentum share of the last change that is added to the next, 0..1
/// @param eps what keeps a division from 0; inside the root for Adagrad, RMSProp and Adadelta
/// @param weightDecay the gradient of an L2 penalty: g += weightDecay * w
public record Optimizer(
    OptimizerKind kind, float learningRate, float momentum, float eps, float weightDecay) {
  private static final float RMSPROP_DECAY = .9f;
  private static final float ADADELTA_DECAY = .9f;
  private static final float ADAM_FIRST = .9f;
  private static final float ADAM_SECOND = .999f;

  /// Checks the ranges.
  public Optimizer {
    if (kind == OptimizerKind.ADAM && momentum > 0) {
      throw new IllegalArgumentException("adam has its own momentum");
    }
  }

  /// Returns how many floats of state go with each weight.
  public int states() {
    return ownStates() + (momentum > 0 ? 1 : 0);
  }

  /// Returns the same with another step size.
  Optimizer withLearningRate(float rate) {
    return new Optimizer(kind, rate, momentum, eps, weightDecay);
  }

  private int ownStates() {
    return switch (kind) {
      case SGD -> 0;
      case ADAGRAD, RMSPROP -> 1;
      case ADADELTA, ADAM -> 2;
    };
  }

  /// Updates `n` weights.
  ///
  /// @param w weights from `w0`
  /// @param s state: array `i` of it from `s0 + i * stateStride`; momentum's comes last
  /// @param g gradients from `g0`; overwritten where decay or scale apply
  /// @param scale factor on the gradient (clipping)
  /// @param step how many steps have been made, this one included
  void update(
      Kernels kernels,
      int n,
      float[] w,
      int w0,
      float[] s,
      int s0,
      int stateStride,
      float[] g,
      int g0,
      float scale,
      long step) {
    if (scale != 1) {
      for (int i = g0; i < g0 + n; i++) {
        g[i] *= scale;
      }
    }
    if (weightDecay > 0) {
      for (int i = 0; i < n; i++) {
        g[g0 + i] += weightDecay * w[w0 + i];
      }
    }
    if (kind == OptimizerKind.ADAGRAD) {
      kernels.adagrad(n, w, w0, s, s0, s0 + stateStride, g, g0, learningRate, momentum, eps);
      return;
    }
    toChange(n, s, s0, stateStride, g, g0, step);
    if (momentum > 0) {
      int v0 = s0 + ownStates() * stateStride;
      for (int i = 0; i < n; i++) {
        float v = momentum * s[v0 + i] + g[g0 + i];
        s[v0 + i] = v;
        w[w0 + i] += v;
      }
    } else {
      for (int i = 0; i < n; i++) {
        w[w0 + i] += g[g0 + i];
      }
    }
  }

  /// Replaces gradients by the changes that the rule makes of them.
  private void toChange(int n, float[] s, int s0, int stateStride, float[] g, int g0, long step) {
    int s1 = s0 + stateStride;
    switch (kind) {
      case ADAGRAD -> throw new IllegalStateException("adagrad has a kernel of its own");
      case RMSPROP -> {
        for (int i = 0; i < n; i++) {
          float acc = RMSPROP_DECAY * s[s0 + i] + (1 - RMSPROP_DECAY) * g[g0 + i] * g[g0 + i];
          s[s0 + i] = acc;
          g[g0 + i] = -learningRate * g[g0 + i] / (float) Math.sqrt(acc + eps);
        }
      }
      case ADADELTA -> {
        for (int i = 0; i < n; i++) {
          float acc = ADADELTA_DECAY * s[s0 + i] + (1 - ADADELTA_DECAY) * g[g0 + i] * g[g0 + i];
          float change =
              g[g0 + i] * (float) Math.sqrt(s[s1 + i] + eps) / (float) Math.sqrt(acc + eps);
          s[s0 + i] = acc;
          s[s1 + i] = ADADELTA_DECAY * s[s1 + i] + (1 - ADADELTA_DECAY) * change * change;
          g[g0 + i] = -learningRate * change;
        }
      }
      case ADAM -> {
        float first = (float) (1 - Math.pow(ADAM_FIRST, (double) step));
        float second = (float) (1 - Math.pow(ADAM_SECOND, (double) step));
        for (int i = 0; i < n; i++) {
          float m = ADAM_FIRST * s[s0 + i] + (1 - ADAM_FIRST) * g[g0 + i];
          float v = ADAM_SECOND * s[s1 + i] + (1 - ADAM_SECOND) * g[g0 + i] * g[g0 + i];
          s[s0 + i] = m;
          s[s1 + i] = v;
          g[g0 + i] = -learningRate * (m / first) / ((float) Math.sqrt(v / second) + eps);
        }
      }
      case SGD -> {
        for (int i = g0; i < g0 + n; i++) {
          g[i] *= -learningRate;
        }
      }
    }
  }
}
