package io.kaseb.baseline;

import io.kaseb.model.ItemMask;
import io.kaseb.model.SessionState;
import io.kaseb.model.TopItems;
import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/// One state's parts of a [Hybrid]'s scores, and the search for the best items that they allow:
/// scratch memory that belongs to one thread at a time.
///
/// Session-kNN and repeats add to few items and never take away. So of the items that they add
/// nothing to, only the network's own k best can be among the hybrid's k best, and what they add to
/// can only if what is added, with the share of the network's k-th best, reaches k other items'
/// least possible scores. Those few are scored in full.
final class HybridParts {
  /// Shares of nearly equal scores may be rounded either way.
  private static final float ROUNDING = 1 + 1e-5f;

  private final KnnSearch neighbours;
  private final SparseRow repeats;

  /// Whether the network names an item among its best; all false between searches.
  private final boolean[] named;

  private TopItems best = TopItems.of(1);
  private TopItems least = TopItems.of(1);
  private double logSum;
  private float neighbourWeight;
  private float repeatWeight;

  HybridParts(int catalogue, KnnSearch neighbours) {
    this.neighbours = neighbours;
    repeats = new SparseRow(catalogue);
    named = new boolean[catalogue];
  }

  /// Works out what is added to the network's shares.
  void look(Hybrid hybrid, SessionState state) {
    neighbours.shares(state, 1);
    repeats.clear();
    Hybrid.repeats(
        state,
        hybrid.weights(),
        (item, share) -> {
          if (share > 0) {
            repeats.add(item, share);
          }
        });
    neighbourWeight = 1 - hybrid.share(state);
    repeatWeight = hybrid.weights().repeat()[HybridWeights.group(state.clicks())];
  }

  /// Returns the items that something is added to, each once.
  int[] others() {
    int[] others = new int[neighbours.size() + repeats.size()];
    int n = 0;
    for (; n < neighbours.size(); n++) {
      others[n] = neighbours.item(n);
    }
    for (int place = 0; place < repeats.size(); place++) {
      int item = repeats.item(place);
      if (neighbours.share(item) == 0) {
        others[n++] = item;
      }
    }
    return Arrays.copyOf(others, n);
  }

  /// Returns the network's best items of the last search with their scores.
  TopItems networkBest() {
    return best;
  }

  /// Returns what is added to an item's share of the network.
  float other(int item) {
    return neighbourWeight * neighbours.share(item) + repeatWeight * repeats.value(item);
  }

  /// Returns session-kNN's share of an item.
  float neighbour(int item) {
    return neighbours.share(item);
  }

  /// Returns the share of sessions that go back to an item.
  float repeat(int item) {
    return repeats.value(item);
  }

  /// Returns ln of the sum of the exponentials of the network's sharpened scores.
  double logSum() {
    return logSum;
  }

  /// Finds the hybrid's best items with their scores.
  void find(Hybrid hybrid, SessionState state, TopItems top, @Nullable ItemMask allowed) {
    look(hybrid, state);
    int k = top.capacity();
    if (best.capacity() != k) {
      best = TopItems.of(k);
      least = TopItems.of(k);
    }
    logSum = hybrid.network().top(state, best, allowed, hybrid.weights().sharpness());
    int n = best.size();
    float[] shares = new float[n];
    for (int i = 0; i < n; i++) {
      shares[i] = best.score(i);
    }
    hybrid.shares(shares, n, logSum, hybrid.share(state));
    int[] known = best.items();
    float last = n < k ? 0 : shares[n - 1] * ROUNDING;
    int[] others = others(allowed, known);
    int[] reached = reaching(others, known, shares, last);
    float[] added = new float[reached.length];
    hybrid.network().scores(state, reached, added);
    hybrid.shares(added, reached.length, logSum, hybrid.share(state));
    offer(top, known, shares, reached, added);
  }

  /// Returns the allowed items that something is added to and the network does not name.
  private int[] others(@Nullable ItemMask allowed, int[] known) {
    for (int item : known) {
      named[item] = true;
    }
    int[] others = others();
    int n = 0;
    for (int item : others) {
      if (!named[item] && (allowed == null || allowed.allows(item))) {
        others[n++] = item;
      }
    }
    for (int item : known) {
      named[item] = false;
    }
    return Arrays.copyOf(others, n);
  }

  /// Returns those of the others that may be among the best.
  private int[] reaching(int[] others, int[] known, float[] shares, float last) {
    least.clear();
    for (int i = 0; i < known.length; i++) {
      least.offer(known[i], shares[i] + other(known[i]));
    }
    for (int item : others) {
      least.offer(item, other(item));
    }
    float threshold = least.threshold();
    int[] reaching = new int[others.length];
    int n = 0;
    for (int item : others) {
      if (other(item) + last >= threshold) {
        reaching[n++] = item;
      }
    }
    return Arrays.copyOf(reaching, n);
  }

  /// Offers two lists of items in the order of their index.
  private void offer(TopItems top, int[] known, float[] shares, int[] added, float[] others) {
    long[] order = new long[known.length + added.length];
    for (int i = 0; i < order.length; i++) {
      long item = i < known.length ? known[i] : added[i - known.length];
      order[i] = item << 32 | i;
    }
    Arrays.sort(order);
    top.clear();
    for (long key : order) {
      int i = (int) key;
      int item = (int) (key >>> 32);
      float share = i < known.length ? shares[i] : others[i - known.length];
      top.offer(item, share + other(item));
    }
  }
}
