package io.kaseb.eval;

import io.kaseb.base.KasebException;
import java.util.Arrays;
import java.util.Locale;

/// How the rank of a target counts the items with an equal score.
public enum Ties {
  /// 1 + the number of items scored strictly higher: ties go to the target.
  STANDARD,
  /// The number of items scored at least as high, the target included: ties go against it.
  CONSERVATIVE,
  /// The mean of both.
  MEDIAN;

  /// Returns the mode of a lower-case name.
  public static Ties of(String name) {
    for (Ties ties : values()) {
      if (ties.toString().equals(name)) {
        return ties;
      }
    }
    throw KasebException.ofUnknown(
        "ties", name, Arrays.stream(values()).map(Ties::toString).toList());
  }

  /// Returns the rank, 1 for the best.
  ///
  /// @param higher items scored strictly higher
  /// @param atLeast items scored at least as high, the target included
  double rank(int higher, int atLeast) {
    return switch (this) {
      case STANDARD -> 1.0 + higher;
      case CONSERVATIVE -> atLeast;
      case MEDIAN -> (1.0 + higher + atLeast) / 2;
    };
  }

  @Override
  public String toString() {
    return name().toLowerCase(Locale.ROOT);
  }
}
