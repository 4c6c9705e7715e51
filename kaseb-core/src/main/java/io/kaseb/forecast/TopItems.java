package io.kaseb.forecast;

/// Finds the best-scored items of a row of scores without sorting it.
public final class TopItems {
  private TopItems() {}

  /// Returns the indices of the `k` highest of the first `n` scores, best first; of equal scores
  /// the lower index comes first.
  public static int[] of(float[] scores, int n, int k) {
    int size = Math.min(k, n);
    int[] top = new int[size];
    int held = 0;
    for (int i = 0; i < n; i++) {
      float score = scores[i];
      if (held == size && (size == 0 || !(score > scores[top[held - 1]]))) {
        continue;
      }
      int at = held < size ? held++ : size - 1;
      while (at > 0 && score > scores[top[at - 1]]) {
        top[at] = top[at - 1];
        at--;
      }
      top[at] = i;
    }
    return top;
  }
}
