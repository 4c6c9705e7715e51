package io.kaseb.serve;

import java.io.IOException;

/// A route: what openapi.json says under the same path and method.
///
/// @param method HTTP method
/// @param path its pattern, as in `/v1/sessions/{id}`
/// @param kind how it is guarded
/// @param handler answers
/// @param label method and path, as metrics name the route
record Route(String method, String path, Kind kind, Handler handler, String label) {
  /// A route named by its method and path.
  Route(String method, String path, Kind kind, Handler handler) {
    this(method, path, kind, handler, method + " " + path);
  }

  /// How a route is guarded.
  enum Kind {
    /// Answered to everyone at once.
    PLAIN,
    /// Waits for a core, or is refused under overload.
    FORECAST,
    /// Needs the token, and takes no body but JSON.
    ADMIN
  }

  /// Answers a request, or throws a [Problem].
  interface Handler {
    Reply handle(Call call) throws IOException;
  }

  /// A route that only reads.
  static Route get(String path, Handler handler) {
    return new Route("GET", path, Kind.PLAIN, handler);
  }

  /// A route that forecasts.
  static Route forecast(String method, String path, Handler handler) {
    return new Route(method, path, Kind.FORECAST, handler);
  }

  /// A route that changes the server.
  static Route admin(String method, String path, Handler handler) {
    return new Route(method, path, Kind.ADMIN, handler);
  }
}
