package io.kaseb.serve.http;

import io.helidon.http.HeaderName;
import io.helidon.http.HeaderNames;
import io.helidon.http.HeaderValues;
import io.helidon.http.Method;
import io.helidon.http.Status;
import io.helidon.webserver.CloseConnectionException;
import io.helidon.webserver.http.HttpRouting;
import io.helidon.webserver.http.ServerRequest;
import io.helidon.webserver.http.ServerResponse;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// Leads a request from Helidon through its route and back: reads it, guards the route, sends the
/// answer, counts it, and closes the connection where it must end.
final class RequestHandler {
  private static final Logger LOG = LoggerFactory.getLogger(RequestHandler.class);

  private static final HeaderName SEC_FETCH_SITE = HeaderNames.create("Sec-Fetch-Site");

  private final HttpLimits limits;
  private final OriginCheck origins;
  private final AdminToken adminToken;
  private final ConcurrencyLimit forecastLimit;
  private final ConnectionTimeouts timeouts;
  private final RequestsInFlight inFlight;
  private final HttpServer.Log answered;

  RequestHandler(
      HttpLimits limits,
      OriginCheck origins,
      AdminToken adminToken,
      ConcurrencyLimit forecastLimit,
      ConnectionTimeouts timeouts,
      RequestsInFlight inFlight,
      HttpServer.Log answered) {
    this.limits = limits;
    this.origins = origins;
    this.adminToken = adminToken;
    this.forecastLimit = forecastLimit;
    this.timeouts = timeouts;
    this.inFlight = inFlight;
    this.answered = answered;
  }

  /// Tells Helidon the routes, and what to answer to every other path and method.
  void register(List<Route> routes, HttpRouting.Builder routing) {
    Map<String, List<String>> methods = new TreeMap<>();
    for (Route route : routes) {
      routing.route(
          Method.create(route.method()),
          route.path(),
          (request, response) -> handle(route, request, response));
      List<String> allowed = methods.computeIfAbsent(route.path(), p -> new ArrayList<>());
      allowed.add(route.method());
      if (route.method().equals("GET")
          && (route.kind() == Route.Kind.PLAIN || route.kind() == Route.Kind.OPEN)) {
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
    inFlight.begin();
    long started = System.nanoTime();
    Reply reply;
    try {
      Call call = Call.of(request, route, limits);
      started = System.nanoTime();
      reply = timeouts.arrived() ? answer(route, call) : Call.late().reply();
    } catch (Problem e) {
      reply = e.reply();
    } catch (IOException | RuntimeException | Error e) {
      LOG.error("internal error on {} {}", route.method(), route.path(), e);
      reply = Problem.of(500, "Internal error", "the server's log says more").reply();
    }
    try {
      send(request, response, reply);
    } finally {
      answered.answered(route.label(), reply.status(), System.nanoTime() - started);
      inFlight.end();
    }
    hangUp(response);
  }

  private Reply answer(Route route, Call call) throws IOException {
    if (route.kind() != Route.Kind.OPEN) {
      origins.check(
          call.headers(HeaderNames.HOST),
          call.header(HeaderNames.ORIGIN),
          call.header(SEC_FETCH_SITE));
    }
    if (route.kind() != Route.Kind.FORECAST) {
      if (route.kind() == Route.Kind.ADMIN) {
        adminToken.check(call.header(HeaderNames.AUTHORIZATION), call.header(HeaderNames.HOST));
        // Even without a body: a form of another page could send that, but not this type.
        if (!route.method().equals("DELETE")) {
          call.checkJson();
        }
      }
      return route.handler().handle(call);
    }
    forecastLimit.enter();
    try {
      return route.handler().handle(call);
    } finally {
      forecastLimit.leave();
    }
  }

  private void refuse(ServerRequest request, ServerResponse response, Reply reply) {
    inFlight.arrival();
    Call.discard(request, limits);
    send(request, response, reply);
    answered.answered("none", reply.status(), 0);
    hangUp(response);
  }

  private void send(ServerRequest request, ServerResponse response, Reply reply) {
    timeouts.arrived();
    response.status(Status.create(reply.status()));
    reply.headers().forEach((name, value) -> response.header(HeaderNames.create(name), value));
    if (inFlight.isDraining() || reply.status() == 408 || !request.content().consumed()) {
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
}
