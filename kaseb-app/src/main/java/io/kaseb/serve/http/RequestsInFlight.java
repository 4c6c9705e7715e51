package io.kaseb.serve.http;

import java.time.Duration;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.locks.LockSupport;

/// Counts the requests that are being answered, so that a server can stop without losing one.
public final class RequestsInFlight {
  private static final Duration QUIET = Duration.ofMillis(300);
  private static final Duration LOOK_EVERY = Duration.ofMillis(20);

  private final AtomicInteger running = new AtomicInteger();
  private final AtomicLong lastArrival = new AtomicLong(System.nanoTime());
  private volatile boolean isDraining;

  /// Notes that a request begins to arrive; [#end()] must follow.
  void begin() {
    running.incrementAndGet();
    arrival();
  }

  /// Notes that a request is answered.
  void end() {
    running.decrementAndGet();
  }

  /// Notes that a request has come which no route answers.
  void arrival() {
    lastArrival.set(System.nanoTime());
  }

  /// Returns how many are being answered.
  public int running() {
    return running.get();
  }

  /// Returns whether the server is stopping: then every answer closes its connection.
  public boolean isDraining() {
    return isDraining;
  }

  /// Announces the stop and waits until no request has come for a moment, or the time is over.
  void drain(Duration limit) {
    isDraining = true;
    long started = System.nanoTime();
    while (System.nanoTime() - started < limit.toNanos()
        && (running.get() > 0 || System.nanoTime() - lastArrival.get() < QUIET.toNanos())) {
      LockSupport.parkNanos(LOOK_EVERY.toNanos());
    }
  }
}
