package io.kaseb.train;

import java.util.Arrays;

/// One thread's candidate items of a step: those of the batch's targets and of the sampled
/// negatives that the thread owns, equal ones merged into one column with a weight.
///
/// Every thread looks through all candidates and keeps its own, so that preparing a step is shared
/// work too, and an item's row stays in one core's cache from step to step. Merging is exact: equal
/// columns have equal scores, and their gradients add up. Targets and samples carry different logQ
/// corrections, so each kind is merged by itself.
final class Columns {
  private static final int TARGET = 1;
  private static final int INPUT = 2;
  private static final int MAX_STAMP = (1 << 29) - 1;

  private final int thread;
  private final int threads;
  private final float[] logCounts;
  private final float logq;
  private final float alpha;

  /// Four numbers for each item owned, on one cache line: stamp and role as target or input, column
  /// as target, stamp as sample, column as sample.
  private final int[] marks;

  private int stamp;

  /// Item of each column; targets come first.
  final int[] item;

  /// How many equal columns each stands for.
  final float[] weight;

  /// logQ correction of each column (Bengio and Senecal 2008): logq ln q, where q is the item's
  /// count for targets and count^alpha for samples.
  final float[] correction;

  /// Whether the column's item gets another gradient in this step: as a column of the other kind,
  /// or as an input.
  final boolean[] shared;

  /// Each session's own target's column, or -1 where another thread has it.
  final int[] own;

  private int targets;
  private int count;

  /// @param logCounts natural logarithm of each item's training events
  /// @param batch the largest number of targets
  /// @param samples the largest number of negatives
  /// @param thread whose columns these are, of `threads`
  Columns(
      float[] logCounts, float alpha, float logq, int batch, int samples, int thread, int threads) {
    this.thread = thread;
    this.threads = threads;
    this.logCounts = logCounts;
    this.logq = logq;
    this.alpha = alpha;
    marks = new int[4 * Owners.most(logCounts.length, threads)];
    item = new int[batch + samples];
    weight = new float[batch + samples];
    correction = new float[batch + samples];
    shared = new boolean[batch + samples];
    own = new int[batch];
  }

  /// Returns the logarithms that the constructor takes.
  static float[] logCounts(long[] counts) {
    float[] logs = new float[counts.length];
    for (int i = 0; i < logs.length; i++) {
      logs[i] = (float) Math.log(Math.max(1, counts[i]));
    }
    return logs;
  }

  /// Picks and merges this thread's part of a step's candidates.
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
      if (owns(inputs[b])) {
        marks[4 * Owners.place(inputs[b], threads)] = stamp << 2 | INPUT;
      }
    }
    for (int b = 0; b < active; b++) {
      own[b] = owns(target[b]) ? addTarget(target[b]) : -1;
    }
    for (int i = 0; i < targetLike; i++) {
      if (owns(negatives[i])) {
        addTarget(negatives[i]);
      }
    }
    targets = count;
    for (int i = targetLike; i < n; i++) {
      if (owns(negatives[i])) {
        addSample(negatives[i]);
      }
    }
  }

  private boolean owns(int candidate) {
    return Owners.of(candidate, threads) == thread;
  }

  private int addTarget(int candidate) {
    int at = 4 * Owners.place(candidate, threads);
    int role = marks[at] >>> 2 == stamp ? marks[at] & 3 : 0;
    if ((role & TARGET) != 0) {
      weight[marks[at + 1]]++;
      return marks[at + 1];
    }
    marks[at] = stamp << 2 | role | TARGET;
    marks[at + 1] = count;
    shared[count] = role != 0;
    return add(candidate, logq);
  }

  private void addSample(int candidate) {
    int at = 4 * Owners.place(candidate, threads);
    if (marks[at + 2] == stamp) {
      weight[marks[at + 3]]++;
      return;
    }
    marks[at + 2] = stamp;
    marks[at + 3] = count;
    boolean other = marks[at] >>> 2 == stamp;
    shared[count] = other;
    if (other && (marks[at] & TARGET) != 0) {
      shared[marks[at + 1]] = true;
    }
    add(candidate, logq * alpha);
  }

  private int add(int candidate, float power) {
    item[count] = candidate;
    weight[count] = 1;
    correction[count] = power * logCounts[candidate];
    return count++;
  }

  /// Returns the logQ correction of an item as a target, whoever owns it.
  float targetCorrection(int target) {
    return logq * logCounts[target];
  }

  /// Returns how many columns are targets'.
  int targets() {
    return targets;
  }

  /// Returns the number of columns.
  int count() {
    return count;
  }
}
