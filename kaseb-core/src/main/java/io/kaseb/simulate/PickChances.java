package io.kaseb.simulate;

import java.util.Arrays;

/// How likely a simulated buyer's purchase holds each of the items that it clicked: items are
/// picked one after another without replacement, each in proportion to its wish among those left
/// (successive sampling, Plackett 1975, Luce 1959), until a random number of them is picked.
///
/// Successive sampling is a race: item i arrives after an exponential time of rate `wish[i]`, and
/// the first k to arrive are picked. So with `u = exp(-wish[i] t)`, the chance is the integral over
/// u in 0..1 of the probability that few enough others arrived by then. Up to twelve items it is
/// taken by a Gauss-Legendre rule (within 1e-3 of enumeration); beyond, each k is replaced by the
/// time at which k are expected to have arrived.
final class PickChances {
  private static final int MOST_EXACT = 12;

  /// Nodes and weights of the eight-point rule on -1..1, the positive half.
  private static final double[] NODES = {
    .1834346424956498, .5255324099163290, .7966664774136267, .9602898564975363
  };

  private static final double[] WEIGHTS = {
    .3626837833783620, .3137066458778873, .2223810344533745, .1012285362903763
  };

  /// The interval is cut in so many pieces, each under the rule.
  private static final int PIECES = 3;

  private final double[] arrived = new double[MOST_EXACT];

  /// Writes each item's chance.
  ///
  /// @param wish of each of the first `n` items, positive
  /// @param more `more[m]` is the probability that more than m items are picked
  void write(double[] wish, int n, double[] more, double[] out) {
    for (int i = 0; i < n && n <= MOST_EXACT; i++) {
      out[i] = n == 1 ? 1 : exact(wish, n, i, more);
    }
    if (n > MOST_EXACT) {
      approximate(wish, n, more, out);
    }
  }

  private double exact(double[] wish, int n, int item, double[] more) {
    double sum = 0;
    for (int piece = 0; piece < PIECES; piece++) {
      double middle = (piece + .5) / PIECES;
      for (int k = 0; k < NODES.length; k++) {
        double off = NODES[k] / (2 * PIECES);
        sum += WEIGHTS[k] * among(wish, n, item, more, middle - off);
        sum += WEIGHTS[k] * among(wish, n, item, more, middle + off);
      }
    }
    return sum / (2 * PIECES);
  }

  /// Returns the probability that an item is picked that arrives when `u` says.
  private double among(double[] wish, int n, int item, double[] more, double u) {
    double time = -Math.log(u) / wish[item];
    arrived[0] = 1;
    int others = 0;
    for (int j = 0; j < n; j++) {
      if (j != item) {
        double late = Math.exp(-wish[j] * time);
        arrived[++others] = 0;
        for (int m = others; m > 0; m--) {
          arrived[m] = arrived[m] * late + arrived[m - 1] * (1 - late);
        }
        arrived[0] *= late;
      }
    }
    double sum = 0;
    for (int m = 0; m < n; m++) {
      sum += arrived[m] * more[m];
    }
    return sum;
  }

  private static void approximate(double[] wish, int n, double[] more, double[] out) {
    Arrays.fill(out, 0, n, 0);
    double total = 0;
    for (int j = 0; j < n; j++) {
      total += wish[j];
    }
    double time = 0;
    for (int k = 1; k <= n; k++) {
      double share = more[k - 1] - (k < n ? more[k] : 0);
      if (share > 0) {
        time = k == n ? Double.POSITIVE_INFINITY : timeOf(wish, n, k, time, total);
        for (int j = 0; j < n; j++) {
          out[j] += share * (1 - Math.exp(-wish[j] * time));
        }
      }
    }
  }

  /// Newton's method from below: the expected number is concave in time.
  private static double timeOf(double[] wish, int n, int k, double from, double total) {
    double time = from;
    for (int step = 0; step < 60; step++) {
      double left = k;
      double slope = 0;
      for (int j = 0; j < n; j++) {
        double late = Math.exp(-wish[j] * time);
        left -= 1 - late;
        slope += wish[j] * late;
      }
      if (left < 1e-9 || slope < 1e-12 * total) {
        break;
      }
      time += left / slope;
    }
    return time;
  }
}
