package io.kaseb.network;

import io.kaseb.config.FinalAct;
import io.kaseb.kernel.Kernels;

/// What is applied to scores before the loss, in training only; scoring uses the raw scores.
///
/// @param kind which function
/// @param alpha its slope or scale below 0, for `elu-X` and `leaky-X`
public record FinalActivation(Kind kind, float alpha) {
  /// The functions.
  public enum Kind {
    LINEAR,
    TANH,
    RELU,
    ELU,
    LEAKY
  }

  /// The identity.
  public static final FinalActivation LINEAR = new FinalActivation(Kind.LINEAR, 0);

  /// Returns what a configuration says, `auto` resolved. The two softmaxes are part of the
  /// cross-entropy here, so they are linear, as is an ELU of alpha 0.
  public static FinalActivation of(FinalAct act) {
    return switch (act.kind()) {
      case AUTO -> throw new IllegalArgumentException("auto depends on the loss");
      case LINEAR, SOFTMAX, SOFTMAX_LOGIT -> LINEAR;
      case TANH -> new FinalActivation(Kind.TANH, 0);
      case RELU -> new FinalActivation(Kind.RELU, 0);
      case ELU -> act.alpha() == 0 ? LINEAR : new FinalActivation(Kind.ELU, act.alpha());
      case LEAKY -> new FinalActivation(Kind.LEAKY, act.alpha());
    };
  }

  /// Applies the function to `n` scores.
  void apply(Kernels kernels, int n, float[] x, int x0) {
    switch (kind) {
      case LINEAR -> {}
      case TANH -> kernels.tanh(n, x, x0);
      case ELU -> kernels.elu(n, x, x0, alpha);
      case RELU -> {
        for (int i = x0; i < x0 + n; i++) {
          x[i] = Math.max(x[i], 0);
        }
      }
      case LEAKY -> {
        for (int i = x0; i < x0 + n; i++) {
          x[i] = x[i] > 0 ? x[i] : alpha * x[i];
        }
      }
    }
  }

  /// Multiplies `n` gradients by the function's derivative, given its values.
  void slope(int n, float[] gradient, int g0, float[] value, int v0) {
    switch (kind) {
      case LINEAR -> {}
      case TANH -> {
        for (int i = 0; i < n; i++) {
          gradient[g0 + i] *= 1 - value[v0 + i] * value[v0 + i];
        }
      }
      case ELU -> {
        for (int i = 0; i < n; i++) {
          gradient[g0 + i] *= value[v0 + i] > 0 ? 1 : value[v0 + i] + alpha;
        }
      }
      case RELU -> {
        for (int i = 0; i < n; i++) {
          gradient[g0 + i] = value[v0 + i] > 0 ? gradient[g0 + i] : 0;
        }
      }
      case LEAKY -> {
        for (int i = 0; i < n; i++) {
          gradient[g0 + i] *= value[v0 + i] > 0 ? 1 : alpha;
        }
      }
    }
  }
}
