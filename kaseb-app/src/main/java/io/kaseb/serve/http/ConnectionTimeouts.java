package io.kaseb.serve.http;

import io.helidon.http.HttpPrologue;
import io.helidon.webserver.ConnectionContext;
import io.helidon.webserver.http1.Http1ConnectionListener;
import java.time.Duration;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentMap;
import java.util.concurrent.locks.LockSupport;

/// Cuts off connections whose request has begun and does not arrive. Helidon bounds the time
/// between requests alone: on its channels the read timeout has no effect.
final class ConnectionTimeouts implements Http1ConnectionListener, AutoCloseable {
  private final ConcurrentMap<Thread, Long> arriving = new ConcurrentHashMap<>();
  private final long nanos;
  private volatile boolean isClosed;

  private ConnectionTimeouts(Duration timeout) {
    nanos = timeout.toNanos();
  }

  /// Starts to watch.
  ///
  /// @param timeout how long a request may take to arrive, from the end of its first line on
  static ConnectionTimeouts start(Duration timeout) {
    ConnectionTimeouts timeouts = new ConnectionTimeouts(timeout);
    Thread.ofVirtual().name("kaseb-watch").start(timeouts::watch);
    return timeouts;
  }

  @Override
  public void prologue(ConnectionContext connection, HttpPrologue prologue) {
    arriving.put(Thread.currentThread(), System.nanoTime() + nanos);
  }

  /// Notes that this thread's request has arrived; false where its connection is being cut off.
  boolean arrived() {
    return arriving.remove(Thread.currentThread()) != null;
  }

  private void watch() {
    while (!isClosed) {
      LockSupport.parkNanos(Math.clamp(nanos / 8, 1_000_000, 1_000_000_000));
      long now = System.nanoTime();
      arriving.forEach(
          (thread, due) -> {
            // An interrupted read closes its channel.
            if (now - due > 0 && arriving.remove(thread, due)) {
              thread.interrupt();
            }
          });
    }
  }

  @Override
  public void close() {
    isClosed = true;
  }
}
