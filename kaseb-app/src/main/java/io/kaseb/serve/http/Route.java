package io.kaseb.serve.http;

import java.io.IOException;

/// A path and method that is answered, as openapi.json describes it.
///
/// @param method HTTP method
/// @param path its pattern, as in `/v1/sessions/{id}`
/// @param kind how it is guarded
/// @param handler answers
/// @param label method and path, as metrics name the route
public record Route(String method, String path, Kind kind, Handler handler, String label) {
  /// A route named by its method and path.
  public Route(String method, String path, Kind kind, Handler handler) {
    this(method, path, kind, handler, method + " " + path);
  }

  /// How a route is guarded.
  public enum Kind {
    /// Answered to everyone at once, whatever host the request names.
    OPEN,
    /// Answered to everyone at once.
    PLAIN,
    /// Answered at once, to whoever may have forecasts.
    SESSION,
    /// Waits for a core, or is refused under overload: what costs time to answer. Needs the token
    /// for forecasts, where there is one.
    FORECAST,
    /// Answered to everyone, at the port for operators where there is one.
    OPERATOR,
    /// Needs the admin token, and takes no body but JSON; at the port for operators where there is
    /// one.
    ADMIN
  }

  /// Returns whether it is answered at the port for operators, where there is one.
  boolean isForOperators() {
    return kind == Kind.OPERATOR || kind == Kind.ADMIN;
  }

  /// Returns whether it only reads, so that HEAD may ask for it too.
  boolean isOnlyReading() {
    return method.equals("GET") && kind != Kind.FORECAST;
  }

  /// Answers a request, or throws a [Problem].
  public interface Handler {
    /// Answers.
    Reply handle(Call call) throws IOException;
  }

  /// A route that says nothing but how the server is.
  public static Route open(String path, Handler handler) {
    return new Route("GET", path, Kind.OPEN, handler);
  }

  /// A route that only reads.
  public static Route get(String path, Handler handler) {
    return new Route("GET", path, Kind.PLAIN, handler);
  }

  /// A route that shows the server to who runs it.
  public static Route operator(String path, Handler handler) {
    return new Route("GET", path, Kind.OPERATOR, handler);
  }

  /// A route that forecasts.
  public static Route forecast(String method, String path, Handler handler) {
    return new Route(method, path, Kind.FORECAST, handler);
  }

  /// A route that changes the server.
  public static Route admin(String method, String path, Handler handler) {
    return new Route(method, path, Kind.ADMIN, handler);
  }
}
