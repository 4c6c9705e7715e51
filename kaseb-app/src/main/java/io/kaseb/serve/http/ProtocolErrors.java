package io.kaseb.serve.http;

import io.helidon.http.DirectHandler;
import io.helidon.http.HeaderNames;
import io.helidon.http.ServerResponseHeaders;
import io.helidon.http.Status;
import io.helidon.webserver.http.DirectHandlers;

/// Answers what never reaches a route, such as broken request lines, in the shape of all problems.
final class ProtocolErrors implements DirectHandler {
  private ProtocolErrors() {}

  /// Returns these answers for every kind of error that Helidon knows.
  static DirectHandlers handlers() {
    ProtocolErrors errors = new ProtocolErrors();
    DirectHandlers.Builder handlers = DirectHandlers.builder();
    for (EventType type : EventType.values()) {
      handlers.addHandler(type, errors);
    }
    return handlers.build();
  }

  @Override
  public TransportResponse handle(
      TransportRequest request,
      EventType event,
      Status status,
      ServerResponseHeaders headers,
      String message) {
    // With encodings switched off Helidon calls an encoded body a bad request.
    boolean isEncoded =
        status.code() == 400 && request.headers().contains(HeaderNames.CONTENT_ENCODING);
    Reply reply = isEncoded ? Call.notPlain().reply() : problem(status).reply();
    TransportResponse.Builder builder =
        TransportResponse.builder()
            .status(Status.create(reply.status()))
            .header(HeaderNames.CONTENT_TYPE, reply.type())
            .keepAlive(false)
            .entity(reply.body());
    reply.headers().forEach((name, value) -> builder.header(HeaderNames.create(name), value));
    return builder.build();
  }

  private static Problem problem(Status status) {
    return Problem.of(
        status.code(),
        status.reasonPhrase().isEmpty() ? "Error" : status.reasonPhrase(),
        status.code() == 500
            ? "the server's log says more"
            : "the request breaks the rules of HTTP/1.1 or this server's limits");
  }
}
