package io.kaseb.serve.http;

import java.util.concurrent.atomic.AtomicInteger;

/// Refuses forecasts while too many wait for a core: a short answer that says so is worth more than
/// a long wait for everyone. A request that has been read lets the others that are ready read
/// theirs before it takes a core, so that the count is the queue's length.
public final class ConcurrencyLimit {
  /// Forecasts of batches that are let in, for each of those that may wait.
  private static final int BATCHED_FOR_EACH = 4;

  private final AtomicInteger waiting = new AtomicInteger();
  private final AtomicInteger batched = new AtomicInteger();
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

  /// Lets a batch in, or refuses it. The forecasts of all batches together may be four times as
  /// many as those that wait; a batch that is alone may always come. They take nobody else's place.
  ///
  /// @param forecasts of the batch; each must [#leaveBatch]
  public void enterBatch(int forecasts) {
    int before = batched.getAndAdd(forecasts);
    if (before > 0 && (long) before + forecasts > (long) BATCHED_FOR_EACH * most) {
      batched.addAndGet(-forecasts);
      throw Problem.busy("more batches than can be answered in time; come again");
    }
  }

  /// Notes that forecasts of a batch are done.
  public void leaveBatch(int forecasts) {
    batched.addAndGet(-forecasts);
  }

  /// Returns how many wait or run, those of batches among them.
  public int waiting() {
    return waiting.get() + batched.get();
  }
}
