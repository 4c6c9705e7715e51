package io.kaseb.serve.http;

import java.net.InetSocketAddress;
import java.net.SocketAddress;
import org.eclipse.jetty.server.Request;

/// A request that was answered.
///
/// @param route label of its route, or `none` where no route fits
/// @param status HTTP status
/// @param nanos from the end of the request's body to the end of its answer
/// @param bytes of the answer's body
/// @param method as it was sent
/// @param path as it was sent, without the query
/// @param client its address
public record Answered(
    String route,
    int status,
    long nanos,
    long bytes,
    String method,
    String path,
    SocketAddress client) {
  static Answered of(String route, int status, long nanos, long bytes, Request request) {
    return new Answered(
        route,
        status,
        nanos,
        bytes,
        request.getMethod(),
        String.valueOf(request.getHttpURI().getPath()),
        request.getConnectionMetaData().getRemoteSocketAddress());
  }

  /// Returns the client's address as text, without its port.
  public String clientAddress() {
    return client instanceof InetSocketAddress inet && inet.getAddress() != null
        ? inet.getAddress().getHostAddress()
        : "-";
  }
}
