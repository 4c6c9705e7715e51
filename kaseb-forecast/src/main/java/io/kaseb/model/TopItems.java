package io.kaseb.model;

import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/// The k best-scored items, best first; of equal scores the item offered first leads. Belongs to
/// one thread at a time and is meant to be used again and again: finding the best allocates nothing
/// once it has been used.
public final class TopItems {
  private final int[] items;
  private final float[] scores;
  private int size;
  private int offered;
  private @Nullable Candidates candidates;

  private TopItems(int k) {
    items = new int[k];
    scores = new float[k];
  }

  /// Creates an empty list.
  ///
  /// @param k how many items it keeps, at least 1
  public static TopItems of(int k) {
    if (k < 1) {
      throw new IllegalArgumentException("k=" + k + "; must be 1 or more");
    }
    return new TopItems(k);
  }

  /// Empties the list.
  public void clear() {
    size = 0;
    offered = 0;
  }

  /// Takes an item where it is among the k best so far. Offer them in the order of their index, so
  /// that of equal scores the lower index leads.
  public void offer(int item, float score) {
    offered++;
    if (size < items.length || score > scores[size - 1]) {
      insert(item, score);
    }
  }

  /// Offers the first `n` scores of a row, item 0 first, to the emptied list.
  public void offerAll(float[] row, int n) {
    clear();
    float threshold = threshold();
    for (int i = 0; i < n; i++) {
      if (row[i] > threshold || size < items.length) {
        insert(i, row[i]);
        threshold = threshold();
      }
    }
    offered = n;
  }

  private void insert(int item, float score) {
    int at = size < items.length ? size++ : size - 1;
    while (at > 0 && score > scores[at - 1]) {
      items[at] = items[at - 1];
      scores[at] = scores[at - 1];
      at--;
    }
    items[at] = item;
    scores[at] = score;
  }

  /// Returns the score that an item must exceed to be taken: minus infinity until k are held.
  public float threshold() {
    return size < items.length ? Float.NEGATIVE_INFINITY : scores[size - 1];
  }

  /// Returns how many items are kept at most.
  public int capacity() {
    return items.length;
  }

  /// Returns how many items are held: the capacity, or fewer where fewer were offered.
  public int size() {
    return size;
  }

  /// Returns the item at a place from 0, the best.
  public int item(int place) {
    return items[place];
  }

  /// Returns the score at a place from 0, the best.
  public float score(int place) {
    return scores[place];
  }

  /// Returns a copy of the items, best first.
  public int[] items() {
    return Arrays.copyOf(items, size);
  }

  /// Returns how many items were offered since the list was emptied: those whose score was worked
  /// out in full.
  public int offered() {
    return offered;
  }

  /// Returns room for finding the best by bounds of their scores, emptied.
  ///
  /// @param limit how many candidates are worth keeping
  public Candidates candidates(int limit) {
    if (candidates == null) {
      candidates = new Candidates(new TopItems(items.length));
    }
    candidates.clear(limit);
    return candidates;
  }
}
