package io.kaseb.config;

import java.util.Locale;

/// What is applied to scores before the loss, as configurations say it.
///
/// @param kind which function
/// @param alpha scale or slope below 0 of `elu-X` and `leaky-X`; 0 for the others
/// @param text as it was written, in lower case: `elu-0.5`
public record FinalAct(Kind kind, float alpha, String text) {
  /// What the loss wants.
  public static final FinalAct AUTO = new FinalAct(Kind.AUTO, 0, "auto");

  /// The identity.
  public static final FinalAct LINEAR = new FinalAct(Kind.LINEAR, 0, "linear");

  /// Hyperbolic tangent.
  public static final FinalAct TANH = new FinalAct(Kind.TANH, 0, "tanh");

  static final String ALLOWED =
      "linear, tanh, relu, softmax, softmax_logit, elu-X, leaky-X (X a number) or auto";

  /// The functions. The two softmaxes are part of the cross-entropy here, so they are linear.
  public enum Kind {
    /// What the loss wants.
    AUTO,
    /// The score as it is.
    LINEAR,
    /// Hyperbolic tangent.
    TANH,
    /// The score above 0, else 0.
    RELU,
    /// Of all scores together.
    SOFTMAX,
    /// The logarithm of the softmax.
    SOFTMAX_LOGIT,
    /// Below 0 alpha times (e to the score - 1).
    ELU,
    /// Below 0 alpha times the score.
    LEAKY
  }

  /// Reads `auto, linear, tanh, relu, softmax, softmax_logit, elu-X` or `leaky-X`.
  ///
  /// @throws IllegalArgumentException where it is none of these; its message lists them
  public static FinalAct of(String written) {
    String text = written.toLowerCase(Locale.ROOT);
    int dash = text.indexOf('-');
    String name = dash < 0 ? text : text.substring(0, dash);
    for (Kind kind : Kind.values()) {
      boolean parameter = kind == Kind.ELU || kind == Kind.LEAKY;
      if (kind.name().toLowerCase(Locale.ROOT).equals(name) && parameter == dash > 0) {
        return new FinalAct(kind, parameter ? alpha(text.substring(dash + 1)) : 0, text);
      }
    }
    throw new IllegalArgumentException(ALLOWED);
  }

  private static float alpha(String text) {
    try {
      return Float.parseFloat(text);
    } catch (NumberFormatException e) {
      throw new IllegalArgumentException(ALLOWED, e);
    }
  }

  /// Returns an ELU.
  ///
  /// @param alpha its scale below 0
  public static FinalAct elu(float alpha) {
    return new FinalAct(Kind.ELU, alpha, "elu-" + alpha);
  }
}
