package io.kaseb.intentfit;

import io.kaseb.tune.math.SeededRandom;
import java.util.SplittableRandom;

/// How passes over many sessions are dealt out; nothing depends on the number of threads.
final class SessionRanges {
  /// Sessions of a range.
  static final int SIZE = 1_000;

  private SessionRanges() {}

  /// Returns after how many of its events a session is looked at as a running one: any, by chance.
  static int prefix(long seed, int session, int events) {
    return 1 + new SplittableRandom(SeededRandom.spread(session, seed)).nextInt(events);
  }
}
