package io.kaseb.serve.http;

import java.time.Duration;
import java.util.List;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import org.eclipse.jetty.http.HttpParser;
import org.eclipse.jetty.io.Connection;
import org.eclipse.jetty.io.EndPoint;
import org.eclipse.jetty.io.ssl.SslConnection;
import org.eclipse.jetty.server.Connector;
import org.eclipse.jetty.server.internal.HttpConnection;

/// Cuts off connections whose request has begun and does not arrive, or whose answer is not taken.
/// Jetty bounds the time between two bytes alone, so that a client could send one every minute.
final class ConnectionTimeouts implements AutoCloseable {
  private static final int ANSWER_FACTOR = 6;

  private final Set<Exchange> answering = ConcurrentHashMap.newKeySet();
  private final List<Connector> connectors;
  private final long nanos;
  private volatile boolean isClosed;

  private ConnectionTimeouts(List<? extends Connector> connectors, long nanos) {
    this.connectors = List.copyOf(connectors);
    this.nanos = nanos;
  }

  /// Starts to watch.
  ///
  /// @param timeout how long a request may take to arrive, from its first byte on; its answer may
  ///   take six times as long to be read
  static ConnectionTimeouts start(List<? extends Connector> connectors, Duration timeout) {
    ConnectionTimeouts timeouts = new ConnectionTimeouts(connectors, timeout.toNanos());
    Thread.ofVirtual().name("kaseb-watch").start(timeouts::watch);
    return timeouts;
  }

  /// Notes that an answer is on its way.
  void answering(Exchange exchange) {
    answering.add(exchange);
  }

  /// Notes that an answer has been taken, or never will be.
  void answered(Exchange exchange) {
    answering.remove(exchange);
  }

  private void watch() {
    while (!isClosed) {
      LockSupport.parkNanos(Math.clamp(nanos / 8, 1_000_000, 1_000_000_000));
      long now = System.nanoTime();
      for (Connector connector : connectors) {
        for (EndPoint end : connector.getConnectedEndPoints()) {
          if (isLate(end, now)) {
            end.close();
          }
        }
      }
      for (Exchange exchange : answering) {
        if (now - exchange.answerBegan() > ANSWER_FACTOR * nanos) {
          exchange.cutOff();
        }
      }
    }
  }

  private boolean isLate(EndPoint end, long now) {
    Connection connection = end.getConnection();
    if (connection instanceof SslConnection tls) {
      long age = System.currentTimeMillis() - end.getCreatedTimeStamp();
      if (tls.getSSLEngine().getSession().getProtocol().equals("NONE")
          && age > TimeUnit.NANOSECONDS.toMillis(nanos)) {
        return true;
      }
      connection = tls.getSslEndPoint().getConnection();
    }
    if (!(connection instanceof HttpConnection http)) {
      return false;
    }
    HttpParser parser = http.getParser();
    boolean isArriving = !parser.isStart() && (parser.inHeaderState() || parser.inContentState());
    return isArriving && now - parser.getBeginNanoTime() > nanos;
  }

  @Override
  public void close() {
    isClosed = true;
  }
}
