package io.kaseb.simulate;

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
      keys[r] = mix(key + r);
    }
  }

  /// Returns the place of `i`.
  long at(long i) {
    long x = i;
    do {
      long left = x >>> half;
      long right = x & mask;
      for (long key : keys) {
        long next = left ^ (mix(right ^ key) & mask);
        left = right;
        right = next;
      }
      x = left << half | right;
    } while (x >= size);
    return x;
  }

  /// Scrambles all 64 bits (the finaliser of SplitMix64, Steele et al. 2014).
  static long mix(long z) {
    z = (z + 0x9E3779B97F4A7C15L) * 0xBF58476D1CE4E5B9L;
    z = (z ^ z >>> 27) * 0x94D049BB133111EBL;
    return z ^ z >>> 31;
  }
}
