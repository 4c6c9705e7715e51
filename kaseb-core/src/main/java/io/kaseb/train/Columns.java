package io.kaseb.train;

import java.util.Arrays;

/// The candidate items of one step: the batch's targets and the sampled negatives, equal ones
/// merged into one column with a weight. Merging is exact: equal columns have equal scores, and
/// their gradients add up. Targets and samples carry different logQ corrections, so each kind is
/// merged by itself.
final class Columns {
  private static final int TARGET = 1;
  private static final int INPUT = 2;
  private static final int MAX_STAMP = (1 << 29) - 1;

  private final float[] logCounts;
  private final float logq;
  private final float alpha;

  /// Four numbers for each item, on one cache line: stamp and role as target or input, column as
  /// target, stamp as sample, column as sample.
  private final int[] marks;

  private int stamp;

  /// Where each thread's columns start. A column belongs to the thread that owns its item, so that
  /// an item's row stays in one core's cache from step to step.
  final int[] from;

  /// How many of each thread's columns are targets'; they come first.
  final int[] targetsOf;

  /// Item of each column.
  final int[] item;

  /// How many equal columns each stands for.
  final float[] weight;

  /// logQ correction of each column (Bengio and Senecal 2008): logq ln q, where q is the item's
  /// count for targets and count^alpha for samples.
  final float[] correction;

  /// Whether the column's item gets another gradient in this step: as a column of the other kind,
  /// or as an input.
  final boolean[] shared;

  /// Each session's own target's column.
  final int[] own;

  private final int threads;
  private final int[] next;
  private final int[] merged;
  private final float[] mergedWeight;
  private final float[] mergedCorrection;
  private final boolean[] mergedShared;
  private int count;

  /// @param counts training events of each item
  /// @param batch the largest number of targets
  /// @param samples the largest number of negatives
  /// @param threads threads that share the columns
  Columns(long[] counts, float alpha, float logq, int batch, int samples, int threads) {
    this.threads = threads;
    this.logq = logq;
    this.alpha = alpha;
    int n = counts.length;
    logCounts = new float[n];
    for (int i = 0; i < n; i++) {
      logCounts[i] = (float) Math.log(Math.max(1, counts[i]));
    }
    marks = new int[4 * n];
    item = new int[batch + samples];
    weight = new float[batch + samples];
    correction = new float[batch + samples];
    shared = new boolean[batch + samples];
    own = new int[batch];
    from = new int[threads + 1];
    targetsOf = new int[threads];
    next = new int[threads];
    merged = new int[batch + samples];
    mergedWeight = new float[batch + samples];
    mergedCorrection = new float[batch + samples];
    mergedShared = new boolean[batch + samples];
  }

  /// Merges a step's candidates.
  ///
  /// @param inputs items whose rows get gradients as inputs too, `0` of them where inputs have a
  ///   table of their own
  /// @param targetLike how many of the first negatives are corrected as if they were targets: 0,
  ///   except where the reference's own slip is reproduced
  void set(
      int[] inputs,
      int inputCount,
      int[] target,
      int active,
      int[] negatives,
      int n,
      int targetLike) {
    if (++stamp > MAX_STAMP) {
      Arrays.fill(marks, 0);
      stamp = 1;
    }
    count = 0;
    for (int b = 0; b < inputCount; b++) {
      marks[4 * inputs[b]] = stamp << 2 | INPUT;
    }
    for (int b = 0; b < active; b++) {
      own[b] = addTarget(target[b]);
    }
    for (int i = 0; i < targetLike; i++) {
      addTarget(negatives[i]);
    }
    int targets = count;
    for (int i = targetLike; i < n; i++) {
      addSample(negatives[i]);
    }
    deal(targets, active);
  }

  /// Orders the columns by owner, keeping targets before samples.
  private void deal(int targets, int active) {
    Arrays.fill(from, 0);
    Arrays.fill(targetsOf, 0);
    for (int c = 0; c < count; c++) {
      int owner = owner(merged[c], threads);
      from[owner + 1]++;
      if (c < targets) {
        targetsOf[owner]++;
      }
    }
    for (int t = 0; t < threads; t++) {
      from[t + 1] += from[t];
      next[t] = from[t];
    }
    for (int c = 0; c < count; c++) {
      int place = next[owner(merged[c], threads)]++;
      item[place] = merged[c];
      weight[place] = mergedWeight[c];
      correction[place] = mergedCorrection[c];
      shared[place] = mergedShared[c];
      merged[c] = place;
    }
    for (int b = 0; b < active; b++) {
      own[b] = merged[own[b]];
    }
  }

  /// Returns the thread that an item's row belongs to.
  static int owner(int item, int threads) {
    return item % threads;
  }

  private int addTarget(int candidate) {
    int at = 4 * candidate;
    int role = marks[at] >>> 2 == stamp ? marks[at] & 3 : 0;
    if ((role & TARGET) != 0) {
      mergedWeight[marks[at + 1]]++;
      return marks[at + 1];
    }
    marks[at] = stamp << 2 | role | TARGET;
    marks[at + 1] = count;
    mergedShared[count] = role != 0;
    return add(candidate, logq);
  }

  private void addSample(int candidate) {
    int at = 4 * candidate;
    if (marks[at + 2] == stamp) {
      mergedWeight[marks[at + 3]]++;
      return;
    }
    marks[at + 2] = stamp;
    marks[at + 3] = count;
    boolean other = marks[at] >>> 2 == stamp;
    mergedShared[count] = other;
    if (other && (marks[at] & TARGET) != 0) {
      mergedShared[marks[at + 1]] = true;
    }
    add(candidate, logq * alpha);
  }

  private int add(int candidate, float power) {
    merged[count] = candidate;
    mergedWeight[count] = 1;
    mergedCorrection[count] = power * logCounts[candidate];
    return count++;
  }

  /// Returns the number of columns.
  int count() {
    return count;
  }
}
