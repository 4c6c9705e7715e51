package io.kaseb.baseline;

import io.kaseb.config.KnnSettings;
import io.kaseb.model.SessionState;
import io.kaseb.model.Sessions;
import io.kaseb.model.TopItems;
import java.util.stream.IntStream;

/// One search of [SessionKnn] with its scratch memory; belongs to one thread at a time.
final class KnnSearch {
  /// Places from the newest shared item that are told apart.
  private static final int NEAR = 128;

  private final KnnSettings settings;
  private final SessionIndex index;
  private final float[] lift;

  /// The session's distinct items, the one clicked last first, each with its weight, how many
  /// clicks ago it was clicked last, and the rest of its postings.
  private final double[] weights;

  private final int[] items;
  private final int[] ago;
  private final int[] next;
  private final int[] end;

  /// The sample, newest first: session, similarity, how many clicks ago it shares an item.
  private final int[] sessions;

  private final float[] similarities;
  private final int[] shared;

  /// The newest item that each shares.
  private final int[] sharedItems;

  private final long[] order;

  /// The weights of a neighbour's items by their distance from the newest shared one.
  private final float[] near;

  /// What a neighbour's similarity is divided by, by its length.
  private final float[] norms;

  private final SparseRow row;

  /// What the row's values are multiplied by to become shares.
  private float factor;

  KnnSearch(KnnSettings settings, SessionIndex index, float[] lift) {
    this.settings = settings;
    this.index = index;
    this.lift = lift;
    weights = new double[settings.clicks()];
    items = new int[settings.clicks()];
    ago = new int[settings.clicks()];
    next = new int[settings.clicks()];
    end = new int[settings.clicks()];
    sessions = new int[settings.sample()];
    similarities = new float[settings.sample()];
    shared = new int[settings.sample()];
    sharedItems = new int[settings.sample()];
    near = new float[settings.lambdaInh() > 0 ? NEAR : 0];
    for (int d = 0; d < near.length; d++) {
      near[d] = (float) Math.exp(-d / settings.lambdaInh());
    }
    norms = new float[settings.norm() > 0 ? NEAR : 0];
    for (int n = 0; n < norms.length; n++) {
      norms[n] = power(n);
    }
    order = new long[settings.sample()];
    row = new SparseRow(lift.length);
  }

  /// Writes the scores of all items.
  void score(SessionState state, float[] out) {
    score(state);
    row.copyTo(out);
  }

  /// Makes the scores of the neighbours' items the row's values.
  private void score(SessionState state) {
    row.clear();
    int found = sample(query(state), state.ownSession());
    int k = Math.min(settings.k(), found);
    for (int c = 0; c < found; c++) {
      // Similarities are not negative, so their bits sort as they do; of equal ones the newer.
      order[c] = (long) Float.floatToRawIntBits(similarities[c]) << 32 | (found - c);
    }
    if (k < found) {
      select(order, found, k);
    }
    for (int n = 0; n < k; n++) {
      int c = found - (int) order[n];
      int s = sessions[c];
      float weight = (float) (similarities[c] * settings.ago(shared[c]));
      if (near.length > 0) {
        addNear(s, sharedItems[c], weight);
        continue;
      }
      if (index.weights().length > 0) {
        addWeighted(s, weight);
        continue;
      }
      for (int e = index.sets().start(s); weight > 0 && e < index.sets().end(s); e++) {
        row.add(index.sets().items()[e], weight);
      }
    }
    for (int t = 0; t < row.size(); t++) {
      row.scale(t, lift[row.item(t)]);
    }
  }

  /// Adds a neighbour's weight to its items, to those that it acted on more.
  private void addWeighted(int s, float weight) {
    for (int e = index.sets().start(s); weight > 0 && e < index.sets().end(s); e++) {
      row.add(index.sets().items()[e], weight * index.weights()[e]);
    }
  }

  /// Adds a neighbour's weight to its items, less to those far from the newest shared one.
  private void addNear(int s, int sharedItem, float weight) {
    int from = index.sets().start(s);
    int at = from;
    while (index.sets().items()[at] != sharedItem) {
      at++;
    }
    for (int e = from; weight > 0 && e < index.sets().end(s); e++) {
      int item = index.sets().items()[e];
      float part = weight * near[Math.min(NEAR - 1, Math.abs(e - at))];
      // Far items of a steep fall get nothing, and must not be listed twice.
      if (part > 0) {
        row.add(item, index.weights().length > 0 ? part * index.weights()[e] : part);
      }
    }
  }

  /// Finds each item's share of all scores; [#size], [#item] and [#share] tell them until the next
  /// search.
  ///
  /// @param of what the shares sum to, where there is a neighbour
  void shares(SessionState state, float of) {
    score(state);
    float sum = 0;
    for (int t = 0; t < row.size(); t++) {
      sum += row.value(row.item(t));
    }
    factor = row.size() == 0 ? 0 : of / sum;
  }

  /// Returns how many items have a share.
  int size() {
    return row.size();
  }

  /// Returns an item that has one.
  int item(int place) {
    return row.item(place);
  }

  /// Returns an item's share, 0 where it has none.
  float share(int item) {
    return factor * row.value(item);
  }

  /// Finds the best items without looking at the others.
  void top(SessionState state, TopItems top) {
    score(state);
    top.clear();
    for (int t = 0; t < row.size(); t++) {
      top.offer(row.item(t), row.value(row.item(t)));
    }
    float least = top.threshold();
    // Ties go to the lower index, which offers in the order of the index give.
    int[] kept =
        IntStream.range(0, row.size())
            .map(row::item)
            .filter(item -> row.value(item) >= least)
            .sorted()
            .toArray();
    top.clear();
    if (row.size() < top.capacity()) {
      fill(top, kept);
    } else {
      for (int item : kept) {
        top.offer(item, row.value(item));
      }
    }
  }

  /// Offers items without a score too, lowest index first, until the list is full.
  private void fill(TopItems top, int[] kept) {
    int zeros = top.capacity() - kept.length;
    for (int i = 0, t = 0; i < row.catalogue(); i++) {
      boolean scored = t < kept.length && kept[t] == i;
      t += scored ? 1 : 0;
      if (scored || zeros-- > 0) {
        top.offer(i, row.value(i));
      }
    }
  }

  /// Takes the session's distinct items and returns how many they are.
  private int query(SessionState state) {
    int length = Math.min(state.remembered(), settings.clicks());
    int distinct = 0;
    for (int back = 0; back < length; back++) {
      int item = state.recent(back);
      int d = 0;
      while (d < distinct && items[d] != item) {
        d++;
      }
      double weight = settings.place(length - back, length);
      if (d == distinct && weight > 0) {
        items[d] = item;
        weights[d] = weight;
        ago[d] = back + 1;
        next[d] = index.starts()[item];
        end[d] = index.starts()[item + 1];
        distinct++;
      }
    }
    return distinct;
  }

  /// Merges the items' postings, newest session first, until the sample is full, and returns its
  /// size.
  ///
  /// @param own the items of a session that is left out once, each once; empty for none
  private int sample(int distinct, int[] own) {
    boolean isOwnLeft = own.length > 0;
    int[] recent = index.recent();
    int found = 0;
    while (found < sessions.length) {
      int newest = -1;
      for (int d = 0; d < distinct; d++) {
        if (next[d] < end[d]) {
          newest = Math.max(newest, recent[next[d]]);
        }
      }
      if (newest < 0) {
        break;
      }
      double similarity = 0;
      int first = Integer.MAX_VALUE;
      for (int d = 0; d < distinct; d++) {
        if (next[d] < end[d] && recent[next[d]] == newest) {
          similarity += weights[d];
          if (ago[d] < first) {
            first = ago[d];
            sharedItems[found] = items[d];
          }
          next[d]++;
        }
      }
      if (isOwnLeft && isSame(newest, own)) {
        isOwnLeft = false;
        continue;
      }
      sessions[found] = newest;
      similarities[found] = (float) (similarity / distinct);
      if (settings.norm() > 0) {
        similarities[found] /= norm(index.sets().length(newest));
      }
      if (index.recency().length > 0) {
        similarities[found] *= index.recency()[newest];
      }
      shared[found++] = first;
    }
    return found;
  }

  /// Returns whether a session has these items and no others.
  private boolean isSame(int session, int[] own) {
    Sessions sets = index.sets();
    if (sets.length(session) != own.length) {
      return false;
    }
    for (int item : own) {
      int e = sets.start(session);
      while (e < sets.end(session) && sets.items()[e] != item) {
        e++;
      }
      if (e == sets.end(session)) {
        return false;
      }
    }
    return true;
  }

  private float norm(int length) {
    return length < norms.length ? norms[length] : power(length);
  }

  private float power(int length) {
    return (float) Math.pow(length, settings.norm());
  }

  /// Moves the `k` largest of the first `n` keys, which are all different, to the front.
  static void select(long[] keys, int n, int k) {
    int low = 0;
    int high = n - 1;
    while (low < high) {
      long pivot = keys[(low + high) >>> 1];
      int i = low;
      int j = high;
      while (i <= j) {
        while (keys[i] > pivot) {
          i++;
        }
        while (keys[j] < pivot) {
          j--;
        }
        if (i <= j) {
          long swap = keys[i];
          keys[i++] = keys[j];
          keys[j--] = swap;
        }
      }
      if (k - 1 <= j) {
        high = j;
      } else if (k - 1 >= i) {
        low = i;
      } else {
        return;
      }
    }
  }
}
