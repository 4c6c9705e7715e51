package io.kaseb.train;

import java.util.Arrays;

/// The candidate items of one step: the batch's targets and the sampled negatives, equal ones
/// merged into one column with a weight. Merging is exact: equal columns have equal scores, and
/// their gradients add up. Targets and samples carry different logQ corrections, so each kind is
/// merged by itself.
final class Columns {
  private final float[] logCounts;
  private final float logq;
  private final float alpha;
  private final int[] stampOfTarget;
  private final int[] stampOfSample;
  private final int[] columnOfTarget;
  private final int[] columnOfSample;
  private int stamp;

  /// Item of each column; those of targets come first.
  final int[] item;

  /// How many equal columns each stands for.
  final float[] weight;

  /// logQ correction of each column (Bengio and Senecal 2008): logq ln q, where q is the item's
  /// count for targets and count^alpha for samples.
  final float[] correction;

  /// Each session's own target's column.
  final int[] own;

  private int targets;
  private int count;

  /// @param counts training events of each item
  /// @param batch the largest number of targets
  /// @param samples the largest number of negatives
  Columns(long[] counts, float alpha, float logq, int batch, int samples) {
    this.logq = logq;
    this.alpha = alpha;
    int n = counts.length;
    logCounts = new float[n];
    for (int i = 0; i < n; i++) {
      logCounts[i] = (float) Math.log(Math.max(1, counts[i]));
    }
    stampOfTarget = new int[n];
    stampOfSample = new int[n];
    columnOfTarget = new int[n];
    columnOfSample = new int[n];
    item = new int[batch + samples];
    weight = new float[batch + samples];
    correction = new float[batch + samples];
    own = new int[batch];
  }

  /// Merges a step's candidates.
  ///
  /// @param targetLike how many of the first negatives are corrected as if they were targets: 0,
  ///   except where the reference's own slip is reproduced
  void set(int[] target, int active, int[] negatives, int n, int targetLike) {
    if (++stamp == 0) {
      Arrays.fill(stampOfTarget, 0);
      Arrays.fill(stampOfSample, 0);
      stamp = 1;
    }
    count = 0;
    for (int b = 0; b < active; b++) {
      own[b] = add(target[b], stampOfTarget, columnOfTarget, logq);
    }
    for (int i = 0; i < targetLike; i++) {
      add(negatives[i], stampOfTarget, columnOfTarget, logq);
    }
    targets = count;
    for (int i = targetLike; i < n; i++) {
      add(negatives[i], stampOfSample, columnOfSample, logq * alpha);
    }
  }

  private int add(int candidate, int[] stamps, int[] columns, float power) {
    if (stamps[candidate] == stamp) {
      int column = columns[candidate];
      weight[column]++;
      return column;
    }
    stamps[candidate] = stamp;
    int column = count++;
    columns[candidate] = column;
    item[column] = candidate;
    weight[column] = 1;
    correction[column] = power * logCounts[candidate];
    return column;
  }

  /// Returns whether the column's item has a column of the other kind as well.
  boolean hasTwin(int column) {
    int i = item[column];
    return stampOfTarget[i] == stamp && stampOfSample[i] == stamp;
  }

  /// Returns the number of columns.
  int count() {
    return count;
  }

  /// Returns how many of them are targets'.
  int targets() {
    return targets;
  }
}
