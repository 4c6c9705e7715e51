package io.kaseb.network;

import java.util.Arrays;

/// One thread's candidate items of a step: those of the batch's targets and of the sampled
/// negatives that the thread owns, equal ones merged into one column with a weight.
///
/// Every thread looks through all candidates and keeps its own, so that preparing a step is shared
/// work too, and an item's row stays in one core's cache from step to step. Merging is exact: equal
/// columns have equal scores, and their gradients add up. Targets and samples carry different logQ
/// corrections, so each kind is merged by itself, by marking its items in a bitmap: that stays in
/// the first-level cache, where a table of the items would not.
class ScoreColumns {
  private final int thread;
  private final int threads;
  private final float[] logCounts;
  private final float logq;
  private final float alpha;
  private final ItemSet inputItems;
  final ItemSet targetItems;
  final ItemSet sampleItems;

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

  /// The owned ones of some items: a bit for each item that the thread owns, and the items met
  /// again.
  final class ItemSet {
    final long[] bits = new long[Owners.most(logCounts.length, threads) / 64 + 1];
    final int[] before = new int[bits.length];
    final int[] owned;
    final int[] again;
    int repeats;

    ItemSet(int most) {
      owned = new int[most + 1];
      again = new int[most];
    }

    void clear() {
      Arrays.fill(bits, 0);
      repeats = 0;
    }

    void add(int[] items, int from, int to) {
      int n = 0;
      for (int i = from; i < to; i++) {
        int other = Owners.of(items[i], threads) ^ thread;
        owned[n] = items[i];
        // Adds 1 where `other` is 0. Half of the time it is, so that a branch would be mispredicted
        // every other time.
        n += (other - 1) >>> 31;
      }
      for (int i = 0; i < n; i++) {
        int place = Owners.place(owned[i], threads);
        long bit = 1L << place;
        if ((bits[place >>> 6] & bit) != 0) {
          again[repeats++] = place;
        }
        bits[place >>> 6] |= bit;
      }
    }

    /// Appends a column for each item, in the order of items.
    ///
    /// @param power exponent of the item's count in the logQ correction
    /// @param other the items of the other kind
    void toColumns(float power, ItemSet other) {
      for (int w = 0; w < bits.length; w++) {
        before[w] = count;
        long elsewhere = inputItems.bits[w] | other.bits[w];
        for (long rest = bits[w]; rest != 0; rest &= rest - 1) {
          int bit = Long.numberOfTrailingZeros(rest);
          int candidate = Owners.item(w * 64 + bit, thread, threads);
          item[count] = candidate;
          weight[count] = 1;
          correction[count] = power == 0 ? 0 : power * logCounts[candidate];
          shared[count] = (elsewhere >>> bit & 1) != 0;
          count++;
        }
      }
      for (int i = 0; i < repeats; i++) {
        weight[column(again[i])]++;
      }
    }

    int column(int place) {
      int w = place >>> 6;
      return before[w] + Long.bitCount(bits[w] & ((1L << place) - 1));
    }
  }

  /// @param logCounts natural logarithm of each item's training events
  /// @param batch the largest number of targets
  /// @param samples the largest number of negatives
  /// @param others the largest number of items that get gradients beside inputs and candidates
  /// @param thread whose columns these are, of `threads`
  ScoreColumns(
      float[] logCounts,
      float alpha,
      float logq,
      int batch,
      int samples,
      int others,
      int thread,
      int threads) {
    this.thread = thread;
    this.threads = threads;
    this.logCounts = logCounts;
    this.logq = logq;
    this.alpha = alpha;
    inputItems = new ItemSet(batch + others);
    targetItems = new ItemSet(batch + samples);
    sampleItems = new ItemSet(samples);
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
      logs[i] = (float) Math.log((double) Math.max(1, counts[i]));
    }
    return logs;
  }

  /// Picks and merges this thread's part of a step's candidates.
  ///
  /// @param inputs items whose rows get gradients as inputs too, `0` of them where inputs have a
  ///   table of their own
  /// @param others items whose rows get gradients besides, `otherCount` of them
  final void set(
      int[] inputs,
      int inputCount,
      int[] others,
      int otherCount,
      int[] target,
      int active,
      int[] negatives,
      int n) {
    inputItems.clear();
    targetItems.clear();
    sampleItems.clear();
    inputItems.add(inputs, 0, inputCount);
    inputItems.add(others, 0, otherCount);
    targetItems.add(target, 0, active);
    addNegatives(negatives, n);
    count = 0;
    targetItems.toColumns(logq, sampleItems);
    targets = count;
    sampleItems.toColumns(logq * alpha, targetItems);
    for (int b = 0; b < active; b++) {
      boolean mine = Owners.of(target[b], threads) == thread;
      own[b] = mine ? targetItems.column(Owners.place(target[b], threads)) : -1;
    }
  }

  /// Adds the sampled negatives to the candidates.
  void addNegatives(int[] negatives, int n) {
    sampleItems.add(negatives, 0, n);
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
