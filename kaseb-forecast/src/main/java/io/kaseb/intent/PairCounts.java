package io.kaseb.intent;

import java.util.Arrays;

/// How many sessions clicked two items, and how many of them bought: an open-addressing table of
/// bounded size. Where it is full, the rarest pairs give way.
public final class PairCounts {
  /// Pairs kept at most.
  private static final int MOST = 1 << 21;

  /// Pairs of fewer sessions count as never seen: they say next to nothing and are most of all.
  static final int FEWEST = 3;

  private static final int START = 1 << 12;
  private static final long FREE = -1;

  /// 2^64 divided by the golden ratio, made odd: the multiplier of Fibonacci hashing (Knuth, The
  /// Art of Computer Programming, volume 3, 6.4).
  private static final long FIBONACCI = 0x9e3779b97f4a7c15L;

  private long[] keys = new long[START];
  private float[] sessions = new float[START];
  private float[] buyers = new float[START];
  private int size;

  PairCounts() {
    Arrays.fill(keys, FREE);
  }

  /// Counts a session's pair of different items, whichever comes first.
  public void add(int one, int other, boolean buys) {
    put(key(one, other), 1, buys ? 1 : 0);
  }

  private void put(long key, float more, float moreBuyers) {
    int at = find(key);
    if (keys[at] == FREE) {
      keys[at] = key;
      size++;
    }
    sessions[at] += more;
    buyers[at] += moreBuyers;
    if (2 * size > keys.length) {
      if (size > MOST) {
        thin();
      } else {
        rebuild(2 * keys.length, 0);
      }
    }
  }

  /// Drops the rarest pairs until half of the most are left.
  private void thin() {
    int least = 1;
    while (size > MOST / 2) {
      rebuild(keys.length, ++least);
    }
  }

  private void rebuild(int capacity, int least) {
    long[] oldKeys = keys;
    float[] oldSessions = sessions;
    float[] oldBuyers = buyers;
    keys = new long[capacity];
    Arrays.fill(keys, FREE);
    sessions = new float[capacity];
    buyers = new float[capacity];
    size = 0;
    for (int i = 0; i < oldKeys.length; i++) {
      if (oldKeys[i] != FREE && oldSessions[i] >= least) {
        int at = find(oldKeys[i]);
        keys[at] = oldKeys[i];
        sessions[at] = oldSessions[i];
        buyers[at] = oldBuyers[i];
        size++;
      }
    }
  }

  /// Returns where a pair stands, for [#sessions(int)] and [#buyers(int)]; negative where fewer
  /// than [#FEWEST] sessions had it.
  int at(int one, int other) {
    int at = find(key(one, other));
    return sessions[at] < FEWEST ? -1 : at;
  }

  float sessions(int at) {
    return sessions[at];
  }

  float buyers(int at) {
    return buyers[at];
  }

  private int find(long key) {
    long hash = key * FIBONACCI;
    int at = (int) (hash >>> 32) & (keys.length - 1);
    while (keys[at] != FREE && keys[at] != key) {
      at = (at + 1) & (keys.length - 1);
    }
    return at;
  }

  private static long key(int one, int other) {
    return (long) Math.min(one, other) << 32 | Math.max(one, other);
  }

  /// Returns the pairs worth keeping, [pairs x 4]: both items, sessions, buyers; ordered by items,
  /// so that equal counts give equal bytes.
  float[] rows() {
    long[] kept = new long[size];
    int n = 0;
    for (int i = 0; i < keys.length; i++) {
      if (keys[i] != FREE && sessions[i] >= FEWEST) {
        kept[n++] = keys[i];
      }
    }
    Arrays.sort(kept, 0, n);
    float[] rows = new float[4 * n];
    for (int r = 0; r < n; r++) {
      int at = find(kept[r]);
      rows[4 * r] = kept[r] >>> 32;
      rows[4 * r + 1] = (int) kept[r];
      rows[4 * r + 2] = sessions[at];
      rows[4 * r + 3] = buyers[at];
    }
    return rows;
  }

  /// Reads what [#rows()] gave.
  static PairCounts of(float[] rows) {
    PairCounts pairs = new PairCounts();
    for (int r = 0; r < rows.length; r += 4) {
      pairs.put(key((int) rows[r], (int) rows[r + 1]), rows[r + 2], rows[r + 3]);
    }
    return pairs;
  }
}
