package io.kaseb.eval;

import java.util.Arrays;
import java.util.stream.IntStream;

/// Tells how early buyers can be flagged (the time of early warning; Wu et al., M3PP, WWW 2020): a
/// session is flagged at its first event before the purchase whose running score reaches a
/// threshold. The threshold is the lowest one at which half of the flagged sessions buy.
final class FlaggedSessions {
  /// The share of the flagged sessions that buy.
  static final double PRECISION = .5;

  private final PurchaseForecasts.Running running;
  private final boolean[] buys;
  private final int[] order;
  private final int longest;

  /// What was found.
  ///
  /// @param threshold the running score at which a session is flagged; NaN where none will do
  /// @param share of the buyers that are flagged
  /// @param lead the median, over flagged buyers, of the events that were still to come before the
  ///   purchase: 0 at the last one before it; NaN of too few flagged buyers
  record Found(double threshold, double share, double lead) {}

  /// Sorts the sessions by the highest score that each reaches.
  FlaggedSessions(PurchaseForecasts.Running running, boolean[] buys) {
    this.running = running;
    this.buys = buys;
    double[] highest = running.highest();
    order =
        IntStream.range(0, highest.length)
            .filter(s -> highest[s] > Double.NEGATIVE_INFINITY)
            .boxed()
            .sorted((a, b) -> Double.compare(highest[b], highest[a]))
            .mapToInt(Integer::intValue)
            .toArray();
    longest = Arrays.stream(running.rising()).mapToInt(r -> r.length).max().orElse(0);
  }

  /// Returns how early buyers are flagged.
  ///
  /// @param weights how often each session counts
  Found at(int[] weights) {
    double flagged = 0;
    double hits = 0;
    int end = 0;
    double found = 0;
    for (int i = 0; i < order.length; i++) {
      int s = order[i];
      flagged += weights[s];
      hits += buys[s] ? weights[s] : 0;
      boolean endsTie =
          i + 1 == order.length || running.highest()[s] != running.highest()[order[i + 1]];
      if (endsTie && hits > 0 && hits >= PRECISION * flagged) {
        end = i + 1;
        found = hits;
      }
    }
    double buyers = 0;
    for (int s = 0; s < buys.length; s++) {
      buyers += buys[s] ? weights[s] : 0;
    }
    if (buyers == 0) {
      return new Found(Double.NaN, Double.NaN, Double.NaN);
    }
    double threshold = end == 0 ? Double.NaN : running.highest()[order[end - 1]];
    return new Found(threshold, found / buyers, lead(weights, end, threshold));
  }

  private double lead(int[] weights, int end, double threshold) {
    long[] leads = new long[longest];
    long total = 0;
    for (int i = 0; i < end; i++) {
      int s = order[i];
      if (buys[s] && weights[s] > 0) {
        double[] rising = running.rising()[s];
        leads[rising.length - 1 - first(rising, threshold)] += weights[s];
        total += weights[s];
      }
    }
    return total < SampleSize.LEAST_OF_A_CLASS
        ? Double.NaN
        : (atRank(leads, (total - 1) / 2) + atRank(leads, total / 2)) / 2.0;
  }

  /// Returns the first place whose score reaches the threshold.
  private static int first(double[] rising, double threshold) {
    int low = 0;
    int high = rising.length - 1;
    while (low < high) {
      int middle = (low + high) >>> 1;
      if (rising[middle] >= threshold) {
        high = middle;
      } else {
        low = middle + 1;
      }
    }
    return low;
  }

  /// Returns the value of a rank, from 0, among values that each occur so often.
  private static int atRank(long[] counts, long rank) {
    long before = 0;
    for (int value = 0; value < counts.length; value++) {
      before += counts[value];
      if (before > rank) {
        return value;
      }
    }
    throw new IllegalArgumentException("rank " + rank + " of " + before);
  }
}
