package io.kaseb.intentfit;

import java.util.SplittableRandom;
import java.util.stream.IntStream;

/// How passes over many sessions are dealt out; nothing depends on the number of threads.
final class SessionRanges {
  private static final int SIZE = 1_000;

  private SessionRanges() {}

  /// Takes sessions `from` (inclusive) to `to` (exclusive).
  @FunctionalInterface
  interface Range {
    /// Does the work of one range.
    void on(int from, int to);
  }

  /// Does work on ranges of `n` sessions in parallel.
  static void parallel(int n, Range work) {
    IntStream.range(0, (n + SIZE - 1) / SIZE)
        .parallel()
        .forEach(c -> work.on(c * SIZE, Math.min(n, (c + 1) * SIZE)));
  }

  /// Returns after how many of its clicks a session is looked at as a running one: any, by chance.
  static int prefix(long seed, int session, int clicks) {
    return 1 + new SplittableRandom(seed + session * 0x9E3779B97F4A7C15L).nextInt(clicks);
  }
}
