package io.kaseb.serve;

import java.time.Duration;
import java.util.concurrent.locks.LockSupport;

/// Refuses forecasts while too many wait: a short answer that says so is worth more than a long wait
/// for everyone. What waits is not counted but felt: requests are virtual threads that queue for a
/// core, first come, first served, and one more of them does nothing but sleep and see how late it
/// wakes. That lateness is the queue's length in time.
final class Gate implements AutoCloseable {
  private static final Duration BEAT = Duration.ofMillis(20);

  private final long longest;
  private final Thread probe;
  private volatile long late;
  private volatile boolean isClosed;

  /// Creates a gate.
  ///
  /// @param longest wait for a core from which on forecasts are refused
  Gate(Duration longest) {
    this.longest = longest.toNanos();
    probe = Thread.ofVirtual().name("kaseb-gate").start(this::feel);
  }

  private void feel() {
    while (!isClosed) {
      long due = System.nanoTime() + BEAT.toNanos();
      LockSupport.parkNanos(BEAT.toNanos());
      late = Math.max(0, System.nanoTime() - due);
    }
  }

  /// Lets a forecast pass, or refuses it.
  void pass() {
    if (late > longest) {
      throw Problem.busy("more requests than can be answered in time; come again");
    }
  }

  /// Returns how long requests wait for a core, in seconds, as last felt.
  double waitSeconds() {
    return late / 1e9;
  }

  @Override
  public void close() {
    isClosed = true;
    LockSupport.unpark(probe);
  }
}
