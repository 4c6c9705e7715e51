package io.kaseb.model;

import java.util.Arrays;

/// Items that may be among the k best, known by a lower and an upper bound of their scores. An item
/// is out as soon as k items have lower bounds above its upper bound; what stays are the survivors.
///
/// Nothing is lost: the k-th best score is at least the k-th best lower bound T, because k items
/// score at least T. An item among the k best, or tied with the last of them, scores at least the
/// k-th best score, so its upper bound is at least T.
public final class Candidates {
  private static final int FIRST_SIZE = 1024;

  private final TopItems lowers;
  private int[] items = new int[FIRST_SIZE];
  private float[] uppers = new float[FIRST_SIZE];
  private int size;
  private int limit;

  /// Creates room for candidates whose k best lower bounds stand in `lowers`.
  Candidates(TopItems lowers) {
    this.lowers = lowers;
  }

  void clear(int newLimit) {
    lowers.clear();
    size = 0;
    limit = newLimit;
  }

  /// Returns the k-th best lower bound, T: minus infinity until k items were offered.
  public float threshold() {
    return lowers.threshold();
  }

  /// Takes an item whose score lies in `lower..upper`, both included; offer them in the order of
  /// their index.
  ///
  /// @return false where the candidates are more than the limit: then they are not worth keeping
  public boolean offer(int item, float lower, float upper) {
    if (upper < lowers.threshold()) {
      return true;
    }
    lowers.offer(item, lower);
    if (size == items.length && !makeRoom()) {
      return false;
    }
    items[size] = item;
    uppers[size++] = upper;
    return true;
  }

  private boolean makeRoom() {
    drop();
    if (size > items.length / 2) {
      if (size > limit) {
        return false;
      }
      items = Arrays.copyOf(items, 2 * items.length);
      uppers = Arrays.copyOf(uppers, 2 * uppers.length);
    }
    return true;
  }

  /// Drops the candidates that are out and returns how many survive, or -1 where they are more than
  /// the limit.
  public int survivors() {
    drop();
    return size > limit ? -1 : size;
  }

  /// Returns a survivor, 0 the one with the lowest index.
  public int survivor(int i) {
    return items[i];
  }

  /// Returns the first `n` survivors, the one with the lowest index first.
  int[] items(int n) {
    return Arrays.copyOf(items, n);
  }

  private void drop() {
    float threshold = lowers.threshold();
    int kept = 0;
    for (int i = 0; i < size; i++) {
      if (uppers[i] >= threshold) {
        items[kept] = items[i];
        uppers[kept++] = uppers[i];
      }
    }
    size = kept;
  }
}
