package io.kaseb.serve.session;

import io.kaseb.tune.math.SeededRandom;
import java.nio.charset.StandardCharsets;

/// Hashes the ids of sessions and events to the same 64 bits on every node and in every version:
/// they decide a session's model, and are kept with its clicks.
public final class IdHash {
  private IdHash() {}

  /// Returns 64 bits of a text, never 0: FNV-1a (Fowler, Noll, Vo), then the finisher of
  /// SplittableRandom (Steele, Lea, Flood 2014).
  public static long of(String text) {
    long h = 0xcbf29ce484222325L;
    for (byte b : text.getBytes(StandardCharsets.UTF_8)) {
      h = (h ^ (b & 0xff)) * 0x100000001b3L;
    }
    h = SeededRandom.mix64(h);
    return h == 0 ? 1 : h;
  }
}
