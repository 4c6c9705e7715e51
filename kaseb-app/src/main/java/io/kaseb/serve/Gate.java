package io.kaseb.serve;

import java.time.Duration;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;

/// Lets as many forecasts run as there are cores, keeps a bounded number waiting, and refuses the
/// rest at once: a short answer that says so is worth more than a long wait for everyone.
final class Gate {
  private final Semaphore cores;
  private final AtomicInteger waiting = new AtomicInteger();
  private final int most;
  private final Duration patience;

  /// Creates a gate.
  ///
  /// @param cores forecasts side by side
  /// @param most forecasts waiting at once
  /// @param patience how long one waits
  Gate(int cores, int most, Duration patience) {
    this.cores = new Semaphore(cores, true);
    this.most = most;
    this.patience = patience;
  }

  /// Work that needs a core.
  interface Work<T> {
    T run();
  }

  /// Runs work, or refuses it.
  <T> T run(Work<T> work) {
    if (!cores.tryAcquire()) {
      await();
    }
    try {
      return work.run();
    } finally {
      cores.release();
    }
  }

  private void await() {
    try {
      if (waiting.incrementAndGet() > most
          || !cores.tryAcquire(patience.toMillis(), TimeUnit.MILLISECONDS)) {
        throw Problem.busy("more requests than can be answered; come again");
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw Problem.busy("the server is stopping");
    } finally {
      waiting.decrementAndGet();
    }
  }

  /// Returns how many wait.
  int waiting() {
    return waiting.get();
  }
}
