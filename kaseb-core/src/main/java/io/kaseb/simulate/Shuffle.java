package io.kaseb.simulate;

import io.kaseb.tune.math.SeededRandom;

/// A pseudo-random permutation of `0 .. size - 1` that needs no memory: a Feistel network over the
/// next power of four, walked until it falls inside.
///
/// The simulator uses it to stratify: session `i` takes quantile `(at(i) + 0.5) / size` of a
/// distribution, so every share comes out exact to one session while the order looks random.
final class Shuffle {
  private static final int ROUNDS = 4;

  private final long size;
  private final int half;
  private final long mask;
  private final long[] keys = new long[ROUNDS];

  /// Creates the permutation of `size` numbers that belongs to a key.
  Shuffle(long size, long key) {
    this.size = size;
    int bits = 64 - Long.numberOfLeadingZeros(Math.max(1, size - 1));
    half = (bits + 1) / 2;
    mask = (1L << half) - 1;
    for (int r = 0; r < ROUNDS; r++) {
      keys[r] = SeededRandom.scramble(key + r);
    }
  }

  /// Returns the place of `i`.
  long at(long i) {
    long x = i;
    do {
      long left = x >>> half;
      long right = x & mask;
      for (long key : keys) {
        long next = left ^ (SeededRandom.scramble(right ^ key) & mask);
        left = right;
        right = next;
      }
      x = left << half | right;
    } while (x >= size);
    return x;
  }
}
