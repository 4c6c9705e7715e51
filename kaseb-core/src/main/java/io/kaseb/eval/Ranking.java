package io.kaseb.eval;

import java.util.Arrays;

/// Ranks one row of scores: where the target stands, and which items lead.
final class Ranking {
  private final float[] best;
  private final int[] items;
  private int filled;
  private int higher;
  private int atLeast;

  /// Creates a ranking that keeps the best `depth` items.
  Ranking(int depth) {
    best = new float[depth];
    items = new int[depth];
  }

  /// Counts the scores above and at least at the target's; false where any score is NaN.
  boolean place(float[] scores, int n, int target) {
    float own = scores[target];
    int above = 0;
    int equalOrAbove = 0;
    int below = 0;
    for (int i = 0; i < n; i++) {
      float score = scores[i];
      above += score > own ? 1 : 0;
      equalOrAbove += score >= own ? 1 : 0;
      below += score < own ? 1 : 0;
    }
    higher = above;
    atLeast = equalOrAbove;
    return equalOrAbove + below == n;
  }

  /// Returns the number of scores strictly above the target's.
  int higher() {
    return higher;
  }

  /// Returns the number of scores at least at the target's, its own included.
  int atLeast() {
    return atLeast;
  }

  /// Finds the best items, equal scores in index order.
  void lead(float[] scores, int n) {
    filled = Math.min(best.length, n);
    Arrays.fill(best, Float.NEGATIVE_INFINITY);
    int used = 0;
    float threshold = Float.NEGATIVE_INFINITY;
    for (int i = 0; i < n; i++) {
      float score = scores[i];
      if (score > threshold || used < filled) {
        int at = Math.min(used, filled - 1);
        while (at > 0 && best[at - 1] < score) {
          best[at] = best[at - 1];
          items[at] = items[at - 1];
          at--;
        }
        best[at] = score;
        items[at] = i;
        used = Math.min(used + 1, filled);
        if (used == filled) {
          threshold = best[filled - 1];
        }
      }
    }
  }

  /// Returns how many leading items were found.
  int leaders() {
    return filled;
  }

  /// Returns the item at a place from 0.
  int leader(int place) {
    return items[place];
  }
}
