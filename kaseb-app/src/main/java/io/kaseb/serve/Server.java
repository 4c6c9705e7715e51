package io.kaseb.serve;

import io.helidon.common.configurable.Resource;
import io.helidon.common.pki.Keys;
import io.helidon.http.DirectHandler;
import io.helidon.http.HeaderNames;
import io.helidon.http.HeaderValues;
import io.helidon.http.Method;
import io.helidon.http.ServerResponseHeaders;
import io.helidon.http.Status;
import io.helidon.webserver.CloseConnectionException;
import io.helidon.webserver.WebServer;
import io.helidon.webserver.WebServerConfig;
import io.helidon.webserver.http.DirectHandlers;
import io.helidon.webserver.http.HttpRouting;
import io.helidon.webserver.http.ServerRequest;
import io.helidon.webserver.http.ServerResponse;
import io.helidon.webserver.http1.Http1Config;
import io.kaseb.base.KasebException;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.locks.LockSupport;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// The running server: `live` from [#start] on, `ready` after [#load()], gone after [#close()].
public final class Server implements AutoCloseable {
  private static final Logger LOG = LoggerFactory.getLogger(Server.class);
  private static final Duration SAVE_EVERY = Duration.ofSeconds(60);
  private static final Duration WARM_UP = Duration.ofMillis(2500);
  private static final int WARM_SCRAPES = 20;

  // Helidon answers what is over its own bounds without reading the rest, so that the client may
  // see a reset and no answer: Call keeps the bounds, and only much more is cut off that way.
  private static final int CUT = 4;

  // Longer than the 60 s of usual load balancers, which would else send into a closed connection.
  private static final Duration BETWEEN_REQUESTS = Duration.ofSeconds(75);

  private static final Duration QUIET = Duration.ofMillis(300);

  private final ServeConfig config;
  private final Metrics metrics = new Metrics();
  private final ModelRegistry models;
  private final SessionStore sessions;
  private final @Nullable SessionFile file;
  private final AdminToken guard;
  private final ConcurrencyLimit gate;
  private final ConnectionTimeouts watch;
  private final WebServer web;
  private final List<Route> routes;
  private final AtomicInteger running = new AtomicInteger();
  private final AtomicLong lastRequest = new AtomicLong(System.nanoTime());
  private volatile boolean isDraining;
  private volatile boolean isClosed;

  private Server(ServeConfig config, InstantSource clock, Duration warmUp) {
    this.config = config;
    models = new ModelRegistry(config.models(), warmUp);
    guard = new AdminToken(config.listen().token());
    ServeConfig.Sessions s = config.sessions();
    if (s.place().startsWith("redis")) {
      sessions = new RedisSessions(s, clock);
      file = null;
    } else {
      MemorySessions memory =
          new MemorySessions(s.idle(), s.lifetime(), s.bytes(), clock, System::nanoTime);
      file =
          s.place().startsWith("file:")
              ? new SessionFile(Path.of(s.place().substring("file:".length())), clock)
              : null;
      sessions = memory;
      restore(memory);
      gauges(memory);
    }
    gate = new ConcurrencyLimit(config.limits().waiting());
    // Who sends on, too slowly, is answered at the timeout; who is silent cannot be.
    watch = new ConnectionTimeouts(config.limits().timeout().multipliedBy(5).dividedBy(4));
    metrics.gauge("session.store.up", () -> sessions.isUp() ? 1 : 0);
    metrics.gauge("requests.running", running::get);
    metrics.gauge("forecasts.waiting", gate::waiting);
    routes = new ArrayList<>();
    routes.addAll(new ForecastApi(models, sessions, metrics, config, clock).routes());
    routes.addAll(new AdminApi(models, sessions, metrics, () -> isDraining).routes());
    web = web();
  }

  /// Starts to listen; forecasts are refused until [#load()] has ended.
  public static Server start(ServeConfig config) {
    return start(config, InstantSource.system(), WARM_UP);
  }

  /// Starts with a clock and a time to warm up of one's own.
  static Server start(ServeConfig config, InstantSource clock, Duration warmUp) {
    Server server = new Server(config, clock, warmUp);
    server.web.start();
    // Helidon only logs that it cannot listen.
    if (!server.web.isRunning()) {
      // Nothing is saved: the session file may be that of the server which has the port.
      server.isClosed = true;
      server.watch.close();
      server.sessions.close();
      server.metrics.close();
      throw new KasebException(
          "--host "
              + config.listen().host()
              + " --port "
              + config.listen().port()
              + ": cannot listen there; is the port in use?");
    }
    if (server.file != null) {
      Thread.ofVirtual().name("kaseb-save").start(server::keepSaving);
    }
    return server;
  }

  /// Loads and warms up the models; ready afterwards.
  public void load() throws IOException {
    models.start();
    metrics.models(models.deployment());
    // The first scrape loads classes for tenths of a second; no forecast shall wait for that.
    for (int i = 0; i < WARM_SCRAPES; i++) {
      metrics.scrape();
    }
  }

  /// Returns the port that the server listens on.
  public int port() {
    return web.port();
  }

  /// Returns the server's address.
  public String url() {
    String host = config.listen().host();
    return (config.listen().certificate() == null ? "http://" : "https://")
        + (host.contains(":") ? "[" + host + "]" : host)
        + ":"
        + port();
  }

  /// Returns all routes.
  List<Route> routes() {
    return routes;
  }

  private void gauges(MemorySessions memory) {
    metrics.gauge("sessions", memory::size);
    metrics.gauge("session.bytes", memory::bytes);
    metrics.gauge("sessions.evicted", memory::evictions);
    metrics.gauge("sessions.expired", memory::expiries);
  }

  private void restore(MemorySessions memory) {
    if (file == null) {
      return;
    }
    try {
      int n = file.load(memory);
      LOG.info("{} sessions were saved", n);
    } catch (IOException e) {
      LOG.warn("the saved sessions are left alone, none are taken: {}", e.toString());
    }
  }

  private void keepSaving() {
    while (!isClosed) {
      LockSupport.parkNanos(SAVE_EVERY.toNanos());
      if (!isClosed) {
        save();
      }
    }
  }

  /// Saves the sessions where they are kept in a file; a failure is logged and counted, and the
  /// file stays as it was.
  boolean save() {
    if (file == null || !(sessions instanceof MemorySessions memory)) {
      return false;
    }
    try {
      file.save(memory);
      metrics.count("sessions.saved");
      return true;
    } catch (IOException e) {
      metrics.count("sessions.save.failed");
      LOG.warn("sessions are not saved, the file stays as it was: {}", e.toString());
      return false;
    }
  }

  private WebServer web() {
    ServeConfig.Listen listen = config.listen();
    ServeConfig.Limits limits = config.limits();
    int cut = Math.multiplyExact(CUT, limits.headers());
    WebServerConfig.Builder builder =
        WebServer.builder()
            .host(listen.host())
            .port(listen.port())
            .shutdownHook(false)
            .featuresDiscoverServices(false)
            .maxTcpConnections(limits.connections())
            .backlog(4096)
            .idleConnectionTimeout(BETWEEN_REQUESTS)
            .idleConnectionPeriod(Duration.ofSeconds(5))
            .connectionOptions(o -> o.tcpNoDelay(true))
            .shutdownGracePeriod(Duration.ofSeconds(2))
            .protocolsDiscoverServices(false)
            .addProtocol(
                Http1Config.builder()
                    .maxHeadersSize(cut)
                    .maxPrologueLength(cut)
                    .continueImmediately(false)
                    .addReceiveListener(watch)
                    .build())
            .directHandlers(direct())
            .routing(this::routing);
    if (listen.certificate() != null && listen.key() != null) {
      Resource key = Resource.create(listen.key());
      Resource chain = Resource.create(listen.certificate());
      try {
        Keys keys = Keys.builder().pem(pem -> pem.key(key).certChain(chain)).build();
        builder.tls(tls -> tls.privateKey(keys).privateKeyCertChain(keys));
      } catch (RuntimeException e) {
        throw new KasebException(
            listen.certificate()
                + ", "
                + listen.key()
                + ": no PEM certificate chain with its private key in PKCS 8 form",
            e);
      }
    }
    return builder.build();
  }

  private void routing(HttpRouting.Builder routing) {
    Map<String, List<String>> methods = new TreeMap<>();
    for (Route route : routes) {
      routing.route(
          Method.create(route.method()),
          route.path(),
          (request, response) -> handle(route, request, response));
      List<String> allowed = methods.computeIfAbsent(route.path(), p -> new ArrayList<>());
      allowed.add(route.method());
      if (route.method().equals("GET") && route.kind() == Route.Kind.PLAIN) {
        routing.head(route.path(), (request, response) -> handle(route, request, response));
        allowed.add("HEAD");
      }
    }
    methods.forEach(
        (path, allowed) ->
            routing.any(
                path,
                (request, response) ->
                    refuse(
                        request,
                        response,
                        Problem.of(
                                405,
                                "Method not allowed",
                                "this path takes " + String.join(", ", allowed))
                            .reply()
                            .with("Allow", String.join(", ", allowed)))));
    routing.any(
        (request, response) ->
            refuse(
                request,
                response,
                Problem.of(404, "Not found", "no such path; /openapi.json lists them").reply()));
  }

  private void handle(Route route, ServerRequest request, ServerResponse response) {
    running.incrementAndGet();
    long started = System.nanoTime();
    lastRequest.set(started);
    Reply reply;
    try {
      Call call = Call.of(request, config.limits());
      started = System.nanoTime();
      reply = watch.arrived() ? answer(route, call) : Call.late().reply();
    } catch (Problem e) {
      reply = e.reply();
    } catch (IOException | RuntimeException | Error e) {
      LOG.error("internal error on {} {}", route.method(), route.path(), e);
      reply = Problem.of(500, "Internal error", "the server's log says more").reply();
    }
    try {
      send(request, response, reply);
    } finally {
      metrics.request(route.label(), reply.status(), System.nanoTime() - started);
      running.decrementAndGet();
    }
    hangUp(response);
  }

  private Reply answer(Route route, Call call) throws IOException {
    if (route.kind() != Route.Kind.FORECAST) {
      if (route.kind() == Route.Kind.ADMIN) {
        guard.check(call.header("Authorization"), call.header("Host"));
        if (call.body().length > 0) {
          call.checkJson();
        }
      }
      return route.handler().handle(call);
    }
    gate.enter();
    try {
      return route.handler().handle(call);
    } finally {
      gate.leave();
    }
  }

  private void refuse(ServerRequest request, ServerResponse response, Reply reply) {
    lastRequest.set(System.nanoTime());
    Call.discard(request, config.limits());
    send(request, response, reply);
    metrics.request("none", reply.status(), 0);
    hangUp(response);
  }

  private void send(ServerRequest request, ServerResponse response, Reply reply) {
    watch.arrived();
    response.status(Status.create(reply.status()));
    reply.headers().forEach((name, value) -> response.header(HeaderNames.create(name), value));
    if (isDraining || reply.status() == 408 || !request.content().consumed()) {
      response.header(HeaderValues.CONNECTION_CLOSE);
    }
    if (reply.status() == 204) {
      response.send();
      return;
    }
    response.header(HeaderNames.CONTENT_TYPE, reply.type());
    if (request.prologue().method().equals(Method.HEAD)) {
      response.header(HeaderNames.CONTENT_LENGTH, Integer.toString(reply.body().length));
      response.send();
      return;
    }
    response.send(reply.body());
  }

  /// Ends the connection after an answer that says so; Helidon 4.5.0 would wait for another request
  /// (its issue 12324, mended after 4.5.3).
  private static void hangUp(ServerResponse response) {
    if (response.headers().containsToken(HeaderValues.CONNECTION_CLOSE)) {
      throw new CloseConnectionException("the answer says so");
    }
  }

  /// Answers what never reaches a route, such as broken request lines, in the same shape.
  private DirectHandlers direct() {
    DirectHandlers.Builder handlers = DirectHandlers.builder();
    for (DirectHandler.EventType type : DirectHandler.EventType.values()) {
      handlers.addHandler(type, new Direct(type));
    }
    return handlers.build();
  }

  private record Direct(DirectHandler.EventType type) implements DirectHandler {
    @Override
    public TransportResponse handle(
        TransportRequest request,
        EventType event,
        Status status,
        ServerResponseHeaders headers,
        String message) {
      Reply reply =
          Problem.of(
                  status.code(),
                  status.reasonPhrase().isEmpty() ? "Error" : status.reasonPhrase(),
                  status.code() == 500
                      ? "the server's log says more"
                      : "the request breaks the rules of HTTP/1.1 or this server's limits")
              .reply();
      TransportResponse.Builder builder =
          TransportResponse.builder()
              .status(status)
              .header(HeaderNames.CONTENT_TYPE, reply.type())
              .keepAlive(false)
              .entity(reply.body());
      reply.headers().forEach((n, v) -> builder.header(HeaderNames.create(n), v));
      return builder.build();
    }
  }

  /// Stops without losing a request: not ready any more, every answer closes its connection, and
  /// when no request has come for a moment, or the time to drain is over, the port closes. Sessions
  /// in a file are saved.
  public void drain() {
    isDraining = true;
    long started = System.nanoTime();
    long limit = config.limits().drain().toNanos();
    while (System.nanoTime() - started < limit
        && (running.get() > 0 || System.nanoTime() - lastRequest.get() < QUIET.toNanos())) {
      LockSupport.parkNanos(20_000_000);
    }
    close();
  }

  @Override
  public void close() {
    if (isClosed) {
      return;
    }
    isClosed = true;
    web.stop();
    watch.close();
    save();
    sessions.close();
    metrics.close();
  }
}
