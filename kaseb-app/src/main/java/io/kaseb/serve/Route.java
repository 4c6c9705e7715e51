package io.kaseb.serve;

import java.io.IOException;

/// A route: what openapi.json says under the same path and method.
///
/// @param method HTTP method
/// @param path its pattern, as in `/v1/sessions/{id}`
/// @param isAdmin whether it needs the token
/// @param hasBody whether it takes JSON
/// @param handler answers
record Route(String method, String path, boolean isAdmin, boolean hasBody, Handler handler) {
  /// Answers a request, or throws a [Problem].
  interface Handler {
    Reply handle(Call call) throws IOException;
  }

  /// A route that reads.
  static Route get(String path, Handler handler) {
    return new Route("GET", path, false, false, handler);
  }

  /// A route that takes JSON.
  static Route post(String path, Handler handler) {
    return new Route("POST", path, false, true, handler);
  }

  /// A route that needs the token.
  static Route admin(String method, String path, boolean hasBody, Handler handler) {
    return new Route(method, path, true, hasBody, handler);
  }
}
