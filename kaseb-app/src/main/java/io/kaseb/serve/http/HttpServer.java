package io.kaseb.serve.http;

import io.kaseb.base.KasebException;
import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Executors;
import org.eclipse.jetty.http.HttpCompliance;
import org.eclipse.jetty.http.UriCompliance;
import org.eclipse.jetty.server.ConnectionFactory;
import org.eclipse.jetty.server.HttpConfiguration;
import org.eclipse.jetty.server.HttpConnectionFactory;
import org.eclipse.jetty.server.NetworkConnectionLimit;
import org.eclipse.jetty.server.Server;
import org.eclipse.jetty.server.ServerConnector;
import org.eclipse.jetty.server.SslConnectionFactory;
import org.eclipse.jetty.util.thread.QueuedThreadPool;
import org.jspecify.annotations.Nullable;

/// Listens on a port, or two, and answers by routes; Jetty does the work.
public final class HttpServer implements AutoCloseable {
  // Jetty answers what is over its own bounds without reading the rest, so that the client may see
  // a reset and no answer: Exchange keeps the bounds, and only much more is cut off that way.
  private static final int CUT_FACTOR = 4;

  // Longer than the 60 s of usual load balancers, which would else send into a closed connection.
  private static final Duration BETWEEN_REQUESTS = Duration.ofSeconds(75);

  private static final int ACCEPT_BACKLOG = 4096;

  // They accept and select; requests run in virtual threads.
  private static final int THREADS = 16;

  private final Server web;
  private final List<ServerConnector> connectors;
  private final ConnectionTimeouts timeouts;
  private final RequestsInFlight inFlight;
  private final @Nullable Certificates certificates;

  private HttpServer(
      Server web,
      List<ServerConnector> connectors,
      ConnectionTimeouts timeouts,
      RequestsInFlight inFlight,
      @Nullable Certificates certificates) {
    this.web = web;
    this.connectors = connectors;
    this.timeouts = timeouts;
    this.inFlight = inFlight;
    this.certificates = certificates;
  }

  /// Takes note of answered requests.
  @FunctionalInterface
  public interface Log {
    /// Notes one.
    void answered(Answered answer);
  }

  /// Opens the port and begins to answer.
  ///
  /// @param forecastLimit which lets the routes that forecast in
  /// @param inFlight which counts the requests
  /// @param log which hears of every answer
  public static HttpServer start(
      ListenConfig listen,
      HttpLimits limits,
      List<Route> routes,
      ConcurrencyLimit forecastLimit,
      RequestsInFlight inFlight,
      Log log) {
    RequestHandler handler =
        new RequestHandler(
            limits,
            new OriginCheck(listen),
            new Tokens(listen.token(), listen.forecastToken()),
            forecastLimit,
            inFlight,
            log);
    Certificates certificates =
        listen.certificate() == null || listen.key() == null
            ? null
            : Certificates.open(listen.certificate(), listen.key());
    Server web = web();
    web.setErrorHandler(new ProtocolErrors(log));
    web.setHandler(handler);
    Map<ServerConnector, List<Route>> own = new LinkedHashMap<>();
    Integer adminPort = listen.adminPort();
    own.put(
        connector(web, listen.host(), listen.port(), limits, certificates),
        adminPort == null ? routes : routes.stream().filter(r -> !r.isForOperators()).toList());
    if (adminPort != null) {
      own.put(
          connector(web, listen.host(), adminPort, limits, certificates),
          routes.stream().filter(r -> r.isForOperators() || r.kind() == Route.Kind.OPEN).toList());
    }
    List<ServerConnector> connectors = new ArrayList<>(own.keySet());
    web.addBean(new NetworkConnectionLimit(limits.connections(), connectors.getFirst()));
    // Who sends on, too slowly, is answered at the timeout; who is silent cannot be.
    ConnectionTimeouts timeouts =
        ConnectionTimeouts.start(connectors, limits.timeout().multipliedBy(5).dividedBy(4));
    handler.open(own, timeouts);
    HttpServer server = new HttpServer(web, connectors, timeouts, inFlight, certificates);
    try {
      server.listen();
      return server;
    } catch (RuntimeException e) {
      server.close();
      throw e;
    }
  }

  private static Server web() {
    QueuedThreadPool threads = new QueuedThreadPool(THREADS, 2);
    threads.setName("kaseb-http");
    threads.setVirtualThreadsExecutor(
        Executors.newThreadPerTaskExecutor(Thread.ofVirtual().name("kaseb-request").factory()));
    Server web = new Server(threads);
    web.setStopAtShutdown(false);
    web.setStopTimeout(0);
    return web;
  }

  private static ServerConnector connector(
      Server web, String host, int port, HttpLimits limits, @Nullable Certificates certificates) {
    HttpConfiguration http = new HttpConfiguration();
    http.setRequestHeaderSize(Math.multiplyExact(CUT_FACTOR, limits.headers()));
    http.setSendServerVersion(false);
    http.setHttpCompliance(HttpCompliance.STRICT);
    // Router takes paths as they were sent, and makes nothing of dots, doubled slashes or codes.
    http.setUriCompliance(UriCompliance.UNSAFE);
    HttpConnectionFactory plain = new HttpConnectionFactory(http);
    ConnectionFactory[] factories =
        certificates == null
            ? new ConnectionFactory[] {plain}
            : new ConnectionFactory[] {
              new SslConnectionFactory(certificates.tls(), plain.getProtocol()), plain
            };
    ServerConnector connector = new ServerConnector(web, 1, 1, factories);
    connector.setHost(host);
    connector.setPort(port);
    connector.setAcceptQueueSize(ACCEPT_BACKLOG);
    connector.setIdleTimeout(BETWEEN_REQUESTS.toMillis());
    web.addConnector(connector);
    return connector;
  }

  private void listen() {
    for (ServerConnector connector : connectors) {
      try {
        connector.open();
      } catch (IOException e) {
        throw new KasebException(
            new KasebException.Problem(
                KasebException.setting("host", connector.getHost())
                    + " "
                    + KasebException.setting("port", connector.getPort()),
                null,
                null,
                "cannot listen there; is the port in use?"),
            e);
      }
    }
    try {
      web.start();
    } catch (Exception e) {
      throw new IllegalStateException("the server does not start", e);
    }
  }

  /// Returns the port that it listens on.
  public int port() {
    return connectors.getFirst().getLocalPort();
  }

  /// Returns the port of the admin routes and metrics.
  public int adminPort() {
    return connectors.getLast().getLocalPort();
  }

  /// Makes every answer close its connection, and waits until no request has come for a moment or
  /// the time is over. The port stays open.
  public void drain(Duration limit) {
    inFlight.drain(limit);
  }

  /// Closes the port.
  @Override
  public void close() {
    timeouts.close();
    if (certificates != null) {
      certificates.close();
    }
    try {
      web.stop();
    } catch (Exception e) {
      throw new IllegalStateException("the server does not stop", e);
    }
    connectors.forEach(ServerConnector::close);
  }
}
