package io.kaseb;

import java.time.Duration;
import java.util.concurrent.locks.LockSupport;

/// Waits for what another thread or process brings about, and for nothing else.
public final class Await {
  private static final Duration LONGEST = Duration.ofMinutes(1);
  private static final Duration BETWEEN_LOOKS = Duration.ofMillis(5);

  private Await() {}

  /// A question that may fail.
  @FunctionalInterface
  public interface Condition {
    /// Answers it.
    boolean holds() throws Exception;
  }

  /// Returns as soon as a condition holds; fails where it still does not after a minute.
  ///
  /// @param what the condition in words
  public static void until(String what, Condition condition) throws Exception {
    long started = System.nanoTime();
    while (!condition.holds()) {
      if (System.nanoTime() - started > LONGEST.toNanos()) {
        throw new AssertionError("after a minute still not: " + what);
      }
      LockSupport.parkNanos(BETWEEN_LOOKS.toNanos());
    }
  }
}
