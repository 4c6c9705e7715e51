package io.kaseb.simulate;

/// Draws an index with given weights from one uniform number: a cumulative table, and a guide that
/// says where in it to start looking (Chen and Asau 1974), so that a draw takes constant expected
/// time and keeps the order of the numbers.
final class GuideTable {
  private final double[] upTo;
  private final int[] guide;

  private GuideTable(double[] upTo, int[] guide) {
    this.upTo = upTo;
    this.guide = guide;
  }

  /// Creates the table of weights that are not negative and not all zero.
  static GuideTable of(double[] weights) {
    double[] upTo = new double[weights.length];
    double sum = 0;
    for (int i = 0; i < weights.length; i++) {
      sum += weights[i];
      upTo[i] = sum;
    }
    int last = weights.length - 1;
    while (weights[last] == 0) {
      last--;
    }
    int[] guide = new int[weights.length + 1];
    int at = 0;
    for (int i = 0; i < upTo.length; i++) {
      upTo[i] = i >= last ? 1 : upTo[i] / sum;
    }
    for (int g = 0; g < guide.length; g++) {
      while (at < last && upTo[at] <= (double) g / guide.length) {
        at++;
      }
      guide[g] = at;
    }
    return new GuideTable(upTo, guide);
  }

  /// Returns the index whose share of `[0, 1)` holds `u`.
  int draw(double u) {
    int i = guide[(int) (u * guide.length)];
    while (upTo[i] <= u) {
      i++;
    }
    return i;
  }
}
