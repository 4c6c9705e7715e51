package io.kaseb.serve.http;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.concurrent.TimeoutException;
import org.eclipse.jetty.http.HttpException;
import org.eclipse.jetty.http.HttpHeader;
import org.eclipse.jetty.server.Request;
import org.eclipse.jetty.server.Response;
import org.eclipse.jetty.server.handler.ErrorHandler;
import org.eclipse.jetty.util.Callback;

/// Answers what breaks the rules of HTTP, such as a request line or a chunk that is none, in the
/// shape of all problems. Nothing of it reaches the log: it is the client's.
final class ProtocolErrors implements Request.Handler {
  /// Marks a request that has been noted already.
  static final String NOTED = "io.kaseb.noted";

  private static final int HEADERS_TOO_LARGE = 431;

  private final HttpServer.Log log;

  ProtocolErrors(HttpServer.Log log) {
    this.log = log;
  }

  @Override
  public boolean handle(Request request, Response response, Callback callback) {
    int status = status(request);
    response.setStatus(status);
    byte[] body =
        Problem.of(
                status,
                status == 500
                    ? "Internal error"
                    : status == 408 ? "Request timeout" : "Bad request",
                status == 500
                    ? "the server's log says more"
                    : "the request breaks the rules of HTTP/1.1 or this server's limits")
            .reply()
            .body();
    response.getHeaders().put(HttpHeader.CONTENT_TYPE, "application/problem+json");
    response.getHeaders().put(HttpHeader.CONTENT_LENGTH, body.length);
    response.getHeaders().put(HttpHeader.CONNECTION, "close");
    if (request.getAttribute(NOTED) == null) {
      log.answered(Answered.of("none", status, 0, body.length, request));
    }
    response.write(true, ByteBuffer.wrap(body), callback);
    return true;
  }

  /// Whatever the parser makes of it, what it could not read is a bad request.
  private static int status(Request request) {
    Object failure = request.getAttribute(ErrorHandler.ERROR_EXCEPTION);
    if (failure instanceof HttpException e) {
      int code = e.getCode();
      return code == 414 || code == HEADERS_TOO_LARGE || code == 417 || code == 426 || code == 505
          ? code
          : 400;
    }
    return failure instanceof IOException || failure instanceof TimeoutException ? 408 : 500;
  }
}
