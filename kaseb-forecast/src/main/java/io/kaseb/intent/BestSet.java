package io.kaseb.intent;

import java.util.Arrays;

/// The set of items with the highest expected Jaccard overlap with what is bought, for items that
/// are bought independently of each other.
///
/// It is found exactly by sorting. Let A be any set that holds j but not i, with q_i >= q_j, and
/// let B be A with i in j's place. Let S be how many of A without j are bought, U how many outside
/// of A and B are bought; both sets have k items. Where i and j are both bought or both not, A and
/// B overlap equally. Where i alone is bought, B gains (S + 1) / (k + U) - S / (k + U + 1) > 0 over
/// A; where j alone is bought, it loses as much. S and U do not depend on i and j, so
///
/// ```
/// E J(B) - E J(A) = (q_i (1 - q_j) - q_j (1 - q_i)) E[gain] = (q_i - q_j) E[gain] >= 0.
/// ```
///
/// So for each size k the k likeliest items are best, and only the sizes are left to compare: `E J
/// = E[S] E[1 / (k + U)]`, S being the bought among the k and U those outside, independent of each
/// other; U is Poisson-binomial (Ye et al. 2012 do the like for the F measure). Probabilities of
/// counts below 1e-12 are left out.
///
/// @param items chosen indices, likeliest first
/// @param expectedJaccard the expected overlap of that set; 0 for no items
public record BestSet(int[] items, double expectedJaccard) {
  private static final double NEGLIGIBLE = 1e-12;

  /// Finds the set.
  ///
  /// @param q probability that each item is bought, given that anything is
  /// @param unseen probability of 0, 1, ... more bought items that are not among these; they make
  ///   every union larger
  public static BestSet of(double[] q, double[] unseen) {
    int n = q.length;
    int[] order = Calibration.order(Arrays.stream(q).map(p -> -p).toArray());
    double[][] outside = new double[n + 1][];
    outside[n] = unseen.length == 0 ? new double[] {1} : unseen.clone();
    for (int k = n - 1; k >= 0; k--) {
      outside[k] = plus(outside[k + 1], q[order[k]]);
    }
    double bought = 0;
    double best = 0;
    int size = 0;
    for (int k = 1; k <= n; k++) {
      bought += q[order[k - 1]];
      double expected = bought * inverse(outside[k], k);
      if (expected > best) {
        best = expected;
        size = k;
      }
    }
    return new BestSet(Arrays.copyOf(order, size), best);
  }

  /// Returns the distribution of a count with one more possible item; negligible ends are cut.
  private static double[] plus(double[] counts, double p) {
    double[] sum = new double[counts.length + 1];
    for (int i = 0; i < counts.length; i++) {
      sum[i] += counts[i] * (1 - p);
      sum[i + 1] += counts[i] * p;
    }
    int end = sum.length;
    while (end > 1 && sum[end - 1] < NEGLIGIBLE) {
      end--;
    }
    return end < sum.length ? Arrays.copyOf(sum, end) : sum;
  }

  private static double inverse(double[] outside, int k) {
    double sum = 0;
    for (int u = 0; u < outside.length; u++) {
      sum += outside[u] / (k + u);
    }
    return sum;
  }
}
