package io.kaseb.serve;

import io.kaseb.serve.http.ConcurrencyLimit;
import io.kaseb.serve.http.HttpServer;
import io.kaseb.serve.http.RequestsInFlight;
import io.kaseb.serve.http.Route;
import io.kaseb.serve.pages.PageFiles;
import io.kaseb.serve.session.MemorySessions;
import io.kaseb.serve.session.RedisSessions;
import io.kaseb.serve.session.SessionConfig;
import io.kaseb.serve.session.SessionFile;
import io.kaseb.serve.session.SessionStore;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.AtomicBoolean;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// Runs the parts of a server together: `live` from [#start] on, `ready` after [#load()], gone
/// after [#close()].
public final class Server implements AutoCloseable {
  private static final Logger LOG = LoggerFactory.getLogger(Server.class);
  private static final Duration WARM_UP = Duration.ofMillis(2500);
  private static final Duration SAVE_EVERY = Duration.ofSeconds(60);
  private static final int WARM_SCRAPES = 20;

  private final ServeConfig config;
  private final Metrics metrics;
  private final ModelRegistry models;
  private final SessionStore sessions;
  private final @Nullable SessionSaver saver;
  private final List<Route> routes;
  private final CatalogueApi catalogue;
  private final ModelFactsApi facts;
  private final HttpServer http;
  private final Shadows shadows;
  private final @Nullable AccessLog accessLog;
  private final AtomicBoolean isClosed = new AtomicBoolean();

  private Server(
      ServeConfig config,
      Metrics metrics,
      ModelRegistry models,
      SessionStore sessions,
      @Nullable SessionSaver saver,
      List<Route> routes,
      CatalogueApi catalogue,
      ModelFactsApi facts,
      HttpServer http,
      Shadows shadows,
      @Nullable AccessLog accessLog) {
    this.config = config;
    this.metrics = metrics;
    this.models = models;
    this.sessions = sessions;
    this.saver = saver;
    this.routes = routes;
    this.catalogue = catalogue;
    this.facts = facts;
    this.http = http;
    this.shadows = shadows;
    this.accessLog = accessLog;
  }

  /// Starts to listen; forecasts are refused until [#load()] has ended.
  public static Server start(ServeConfig config) {
    return start(config, InstantSource.system(), WARM_UP);
  }

  /// Starts with a clock and a time to warm up of one's own.
  static Server start(ServeConfig config, InstantSource clock, Duration warmUp) {
    Metrics metrics = new Metrics();
    SessionStore sessions = open(config.sessions(), clock);
    SessionSaver saver = null;
    if (sessions instanceof MemorySessions memory) {
      metrics.sessions(memory);
      Path file = config.sessions().file();
      if (file != null) {
        saver = new SessionSaver(new SessionFile(file, clock), memory, metrics, SAVE_EVERY);
        restore(saver, sessions, metrics);
      }
    }
    ModelRegistry models =
        new ModelRegistry(config.models(), warmUp, () -> metrics.count("state.save.failed"));
    Shadows shadows = new Shadows(metrics);
    RequestsInFlight inFlight = new RequestsInFlight();
    ConcurrencyLimit forecastLimit = new ConcurrencyLimit(config.limits().waiting());
    gauges(metrics, models, sessions, inFlight, forecastLimit);
    List<Route> routes = new ArrayList<>();
    routes.addAll(
        new ForecastApi(models, sessions, metrics, config, clock, forecastLimit, shadows).routes());
    routes.addAll(new AdminApi(models, sessions, metrics, inFlight::isDraining).routes());
    routes.addAll(new ItemsApi(models, metrics).routes());
    CatalogueApi catalogue = new CatalogueApi(models, config.pages().replay());
    routes.addAll(catalogue.routes());
    ModelFactsApi facts = new ModelFactsApi(models);
    routes.addAll(facts.routes());
    HttpServer http;
    AccessLog accessLog = null;
    try {
      accessLog = AccessLog.open(config.log());
      http =
          HttpServer.start(
              config.listen(),
              config.limits(),
              withPages(routes, config),
              forecastLimit,
              inFlight,
              log(metrics, accessLog));
    } catch (RuntimeException e) {
      // Nothing is saved: nothing was served.
      shadows.close();
      if (accessLog != null) {
        accessLog.close();
      }
      if (saver != null) {
        saver.release();
      }
      sessions.close();
      metrics.close();
      throw e;
    }
    if (saver != null) {
      saver.start();
    }
    return new Server(
        config, metrics, models, sessions, saver, routes, catalogue, facts, http, shadows,
        accessLog);
  }

  private static List<Route> withPages(List<Route> routes, ServeConfig config) {
    List<Route> all = new ArrayList<>(routes);
    if (config.pages().isShown()) {
      all.addAll(PageFiles.routes(config.listen().adminPort() != null));
    }
    return all;
  }

  private static HttpServer.Log log(Metrics metrics, @Nullable AccessLog accessLog) {
    return answer -> {
      metrics.request(answer.route(), answer.status(), answer.nanos());
      if (accessLog != null) {
        accessLog.note(answer);
      }
    };
  }

  private static void gauges(
      Metrics metrics,
      ModelRegistry models,
      SessionStore sessions,
      RequestsInFlight inFlight,
      ConcurrencyLimit forecastLimit) {
    metrics.gauge(
        "kaseb.new.items", "Items that came after the training", () -> models.items().size());
    metrics.gauge(
        "kaseb.session.store.up",
        "Whether the session store is reached",
        () -> sessions.trouble() == null ? 1 : 0);
    metrics.gauge("kaseb.requests.running", "Requests that are being answered", inFlight::running);
    metrics.gauge(
        "kaseb.forecasts.waiting", "Forecasts that wait for a core or run", forecastLimit::waiting);
  }

  private static void restore(SessionSaver saver, SessionStore sessions, Metrics metrics) {
    try {
      saver.restore();
    } catch (RuntimeException e) {
      saver.release();
      sessions.close();
      metrics.close();
      throw e;
    }
  }

  private static SessionStore open(SessionConfig config, InstantSource clock) {
    return config.isInRedis()
        ? RedisSessions.connect(config, clock)
        : new MemorySessions(
            config.idle(),
            config.lifetime(),
            config.bytes(),
            config.visitors(),
            clock,
            System::nanoTime);
  }

  /// Loads and warms up the models; ready afterwards.
  public void load() throws IOException {
    ServeConfig.Pages pages = config.pages();
    catalogue.know(ItemDetails.read(pages.itemTable(), pages.replay().items()));
    facts.read(pages.report());
    models.load();
    metrics.models(models.deployment());
    LOG.info("ready at {} with {}", url(), models.deployment().names());
    // The first scrape loads classes for tenths of a second; no forecast shall wait for that.
    for (int i = 0; i < WARM_SCRAPES; i++) {
      metrics.scrape();
    }
  }

  /// Returns the port that the server listens on.
  public int port() {
    return http.port();
  }

  /// Returns the port of the admin routes and metrics.
  public int adminPort() {
    return http.adminPort();
  }

  /// Returns the server's address.
  public String url() {
    String host = config.listen().host();
    return (config.listen().certificate() == null ? "http://" : "https://")
        + (host.contains(":") ? "[" + host + "]" : host)
        + ":"
        + port();
  }

  /// Returns all routes but those of the pages.
  List<Route> routes() {
    return routes;
  }

  /// Stops without losing a request: not ready any more, every answer closes its connection, and
  /// when no request has come for a moment, or the time to drain is over, the port closes. Sessions
  /// in a file are saved.
  public void drain() {
    LOG.info("stopping: answers what comes and closes the connections");
    http.drain(config.limits().drain());
    close();
    LOG.info("stopped");
  }

  /// Closes the port at once; sessions in a file are saved.
  @Override
  public void close() {
    if (isClosed.getAndSet(true)) {
      return;
    }
    http.close();
    if (saver != null) {
      saver.close();
    }
    sessions.close();
    shadows.close();
    if (accessLog != null) {
      accessLog.close();
    }
    metrics.close();
  }
}
