package io.kaseb.eval;

/// Says where a row of scores places the target.
final class Ranking {
  private int higher;
  private int atLeast;

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
}
