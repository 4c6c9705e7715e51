package io.kaseb.serve.http;

import java.util.concurrent.atomic.AtomicInteger;

/// Refuses forecasts while too many wait for a core: a short answer that says so is worth more than
/// a long wait for everyone. A request that has been read lets the others that are ready read
/// theirs before it takes a core, so that the count is the queue's length.
public final class ConcurrencyLimit {
  private final AtomicInteger waiting = new AtomicInteger();
  private final int most;

  /// Creates a limit.
  ///
  /// @param most forecasts waiting and running at once
  public ConcurrencyLimit(int most) {
    this.most = most;
  }

  /// Lets a forecast in, or refuses it; who is let in must [#leave()].
  public void enter() {
    if (waiting.incrementAndGet() > most) {
      waiting.decrementAndGet();
      throw Problem.busy("more requests than can be answered in time; come again");
    }
    Thread.yield();
  }

  /// Notes that a forecast is done.
  public void leave() {
    waiting.decrementAndGet();
  }

  /// Returns how many wait or run.
  public int waiting() {
    return waiting.get();
  }
}
