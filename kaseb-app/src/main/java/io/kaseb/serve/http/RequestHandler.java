package io.kaseb.serve.http;

import java.io.IOException;
import java.util.List;
import java.util.Map;
import org.eclipse.jetty.http.HttpHeader;
import org.eclipse.jetty.server.Connector;
import org.eclipse.jetty.server.Handler;
import org.eclipse.jetty.server.Request;
import org.eclipse.jetty.server.Response;
import org.eclipse.jetty.util.Callback;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// Leads requests from Jetty to their routes, and guards the routes.
final class RequestHandler extends Handler.Abstract {
  private static final Logger LOG = LoggerFactory.getLogger(RequestHandler.class);

  private static final String SEC_FETCH_SITE = "Sec-Fetch-Site";

  private final HttpLimits limits;
  private final OriginCheck origins;
  private final Tokens tokens;
  private final ConcurrencyLimit forecastLimit;
  private final RequestsInFlight inFlight;
  private final HttpServer.Log answered;
  private final MemoryBudget memory;
  private volatile Map<Connector, Router> routers = Map.of();
  private volatile @Nullable ConnectionTimeouts timeouts;

  RequestHandler(
      HttpLimits limits,
      OriginCheck origins,
      Tokens tokens,
      ConcurrencyLimit forecastLimit,
      RequestsInFlight inFlight,
      HttpServer.Log answered) {
    this.limits = limits;
    this.origins = origins;
    this.tokens = tokens;
    this.forecastLimit = forecastLimit;
    this.inFlight = inFlight;
    this.answered = answered;
    memory = MemoryBudget.of(limits);
  }

  /// Takes the routes of each connector.
  void open(Map<? extends Connector, List<Route>> routes, ConnectionTimeouts timeouts) {
    Map<Connector, Router> all = new java.util.HashMap<>();
    routes.forEach((connector, own) -> all.put(connector, new Router(own)));
    routers = Map.copyOf(all);
    this.timeouts = timeouts;
  }

  @Override
  public boolean handle(Request request, Response response, Callback callback) {
    inFlight.begin();
    Router router = routers.get(request.getConnectionMetaData().getConnector());
    String path = request.getHttpURI().getPath();
    if (router == null) {
      throw new IllegalStateException("a connector without routes");
    }
    Route route = router.find(request.getMethod(), path);
    new Exchange(this, route, request, response, callback)
        .begin(route == null ? router.refusal(path) : null);
    return true;
  }

  /// Answers a request that has been read.
  Reply answer(Route route, Call call) {
    try {
      return guarded(route, call);
    } catch (Problem e) {
      return e.reply();
    } catch (IOException | RuntimeException | Error e) {
      internalError(route, e);
      return Problem.of(500, "Internal error", "the server's log says more").reply();
    }
  }

  /// Notes a failure that is nobody's but the server's.
  void internalError(@Nullable Route route, Throwable e) {
    LOG.error("internal error on {}", route == null ? "no route" : route.label(), e);
  }

  private Reply guarded(Route route, Call call) throws IOException {
    if (route.kind() != Route.Kind.OPEN) {
      origins.check(
          call.request().getHeaders().getValuesList(HttpHeader.HOST),
          call.header(HttpHeader.ORIGIN),
          call.request().getHeaders().get(SEC_FETCH_SITE));
      tokens.check(
          route.kind(), call.header(HttpHeader.AUTHORIZATION), call.header(HttpHeader.HOST));
    }
    // Even without a body: a form of another page could send that, but not this type.
    if (route.kind() == Route.Kind.ADMIN && !route.method().equals("DELETE")) {
      call.checkJson();
    }
    if (route.kind() != Route.Kind.FORECAST) {
      return route.handler().handle(call);
    }
    forecastLimit.enter();
    try {
      return route.handler().handle(call);
    } finally {
      forecastLimit.leave();
    }
  }

  HttpLimits limits() {
    return limits;
  }

  RequestsInFlight inFlight() {
    return inFlight;
  }

  MemoryBudget memory() {
    return memory;
  }

  ConnectionTimeouts timeouts() {
    ConnectionTimeouts open = timeouts;
    if (open == null) {
      throw new IllegalStateException("not open");
    }
    return open;
  }

  void answered(Answered answer) {
    answered.answered(answer);
  }
}
