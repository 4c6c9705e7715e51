package io.kaseb.tune.math;

import java.util.Arrays;
import java.util.Comparator;

/// Wilcoxon's signed-rank test of paired differences (Wilcoxon 1945).
public final class SignedRank {
  /// Up to so many differences all signs are counted out; above, the normal distribution stands for
  /// them.
  private static final int EXACT = 40;

  private SignedRank() {}

  /// Returns the probability of ranks at least as far above 0, if signs were chance. Equal
  /// differences share their ranks; a difference of 0 keeps its rank and counts to no side (Pratt
  /// 1959). 1 without any difference.
  ///
  /// @param differences none of them NaN
  public static double above(double[] differences) {
    int n = differences.length;
    Integer[] order = new Integer[n];
    Arrays.setAll(order, i -> i);
    Arrays.sort(order, Comparator.comparingDouble(i -> Math.abs(differences[i])));
    // Twice the ranks are whole numbers, shared ones too.
    int[] ranks = new int[n];
    for (int from = 0; from < n; ) {
      int to = from + 1;
      double size = Math.abs(differences[order[from]]);
      while (to < n && Math.abs(differences[order[to]]) == size) {
        to++;
      }
      Arrays.fill(ranks, from, to, from + 1 + to);
      from = to;
    }
    int above = 0;
    int signed = 0;
    int[] left = new int[n];
    for (int i = 0; i < n; i++) {
      double difference = differences[order[i]];
      above += difference > 0 ? ranks[i] : 0;
      if (difference != 0) {
        left[signed++] = ranks[i];
      }
    }
    if (signed == 0) {
      return 1;
    }
    return signed <= EXACT
        ? exact(Arrays.copyOf(left, signed), above)
        : normal(Arrays.copyOf(left, signed), above);
  }

  private static double exact(int[] ranks, int above) {
    int total = Arrays.stream(ranks).sum();
    double[] chance = new double[total + 1];
    chance[0] = 1;
    int reached = 0;
    for (int rank : ranks) {
      reached += rank;
      for (int sum = reached; sum >= 0; sum--) {
        chance[sum] = (chance[sum] + (sum >= rank ? chance[sum - rank] : 0)) / 2;
      }
    }
    double p = 0;
    for (int sum = above; sum <= total; sum++) {
      p += chance[sum];
    }
    return Math.min(1, p);
  }

  private static double normal(int[] ranks, int above) {
    double mean = 0;
    double variance = 0;
    for (int rank : ranks) {
      mean += rank / 2.0;
      variance += rank * (double) rank / 4;
    }
    // Half a step towards the middle, as sums are whole numbers.
    return StandardNormal.below((mean + 1 - above) / Math.sqrt(variance));
  }
}
