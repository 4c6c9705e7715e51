package io.kaseb.serve.http;

import io.helidon.common.configurable.Resource;
import io.helidon.common.pki.Keys;
import io.helidon.webserver.WebServer;
import io.helidon.webserver.WebServerConfig;
import io.helidon.webserver.http1.Http1Config;
import io.kaseb.base.KasebException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;

/// Listens on a port and answers by routes; Helidon does the work.
public final class HttpServer implements AutoCloseable {
  // Helidon answers what is over its own bounds without reading the rest, so that the client may
  // see a reset and no answer: Call keeps the bounds, and only much more is cut off that way.
  private static final int CUT_FACTOR = 4;

  // Longer than the 60 s of usual load balancers, which would else send into a closed connection.
  private static final Duration BETWEEN_REQUESTS = Duration.ofSeconds(75);

  private static final int ACCEPT_BACKLOG = 4096;

  private final WebServer web;
  private final ConnectionTimeouts timeouts;
  private final RequestsInFlight inFlight;

  private HttpServer(WebServer web, ConnectionTimeouts timeouts, RequestsInFlight inFlight) {
    this.web = web;
    this.timeouts = timeouts;
    this.inFlight = inFlight;
  }

  /// Takes note of answered requests.
  @FunctionalInterface
  public interface Log {
    /// Notes one.
    ///
    /// @param route its label, or `none` where no route fits
    /// @param status HTTP status
    /// @param nanos from the end of the request's body to the end of its answer
    void answered(String route, int status, long nanos);
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
    // Who sends on, too slowly, is answered at the timeout; who is silent cannot be.
    ConnectionTimeouts timeouts =
        ConnectionTimeouts.start(limits.timeout().multipliedBy(5).dividedBy(4));
    boolean isStarted = false;
    try {
      RequestHandler handler =
          new RequestHandler(
              limits,
              new OriginCheck(listen),
              new AdminToken(listen.token()),
              forecastLimit,
              timeouts,
              inFlight,
              log);
      WebServer web =
          builder(listen, limits, timeouts)
              .routing(routing -> handler.register(routes, routing))
              .build();
      web.start();
      isStarted = web.isRunning();
      // Helidon only logs that it cannot listen.
      if (!isStarted) {
        throw new KasebException(
            new KasebException.Problem(
                KasebException.setting("host", listen.host())
                    + " "
                    + KasebException.setting("port", listen.port()),
                null,
                null,
                "cannot listen there; is the port in use?"));
      }
      return new HttpServer(web, timeouts, inFlight);
    } finally {
      if (!isStarted) {
        timeouts.close();
      }
    }
  }

  private static WebServerConfig.Builder builder(
      ListenConfig listen, HttpLimits limits, ConnectionTimeouts timeouts) {
    int cut = Math.multiplyExact(CUT_FACTOR, limits.headers());
    WebServerConfig.Builder builder =
        WebServer.builder()
            .host(listen.host())
            .port(listen.port())
            .shutdownHook(false)
            .featuresDiscoverServices(false)
            .maxTcpConnections(limits.connections())
            .backlog(ACCEPT_BACKLOG)
            .idleConnectionTimeout(BETWEEN_REQUESTS)
            .idleConnectionPeriod(Duration.ofSeconds(5))
            .connectionOptions(o -> o.tcpNoDelay(true))
            .shutdownGracePeriod(Duration.ofSeconds(2))
            .protocolsDiscoverServices(false)
            // Compressed bodies are refused: without any encoding here Helidon leaves that to Call.
            .contentEncoding(e -> e.contentEncodingsDiscoverServices(false))
            .addProtocol(
                Http1Config.builder()
                    .maxHeadersSize(cut)
                    .maxPrologueLength(cut)
                    .continueImmediately(false)
                    .addReceiveListener(timeouts)
                    .build())
            .directHandlers(ProtocolErrors.handlers());
    if (listen.certificate() != null && listen.key() != null) {
      Keys keys = keys(listen.certificate(), listen.key());
      builder.tls(tls -> tls.privateKey(keys).privateKeyCertChain(keys));
    }
    return builder;
  }

  private static Keys keys(Path certificate, Path key) {
    Resource chain = Resource.create(certificate);
    Resource privateKey = Resource.create(key);
    try {
      return Keys.builder().pem(pem -> pem.key(privateKey).certChain(chain)).build();
    } catch (RuntimeException e) {
      throw new KasebException(
          new KasebException.Problem(
              certificate + ", " + key,
              null,
              "a PEM certificate chain and its private key in PKCS 8 form",
              null),
          e);
    }
  }

  /// Returns the port that it listens on.
  public int port() {
    return web.port();
  }

  /// Makes every answer close its connection, and waits until no request has come for a moment or
  /// the time is over. The port stays open.
  public void drain(Duration limit) {
    inFlight.drain(limit);
  }

  /// Closes the port.
  @Override
  public void close() {
    web.stop();
    timeouts.close();
  }
}
