package io.kaseb.serve;

import io.helidon.common.uri.UriQuery;
import io.helidon.http.HeaderNames;
import io.helidon.webserver.http.ServerRequest;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.util.List;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/// A request as the routes see it, its body read already and within its bounds.
///
/// @param request the request itself
/// @param body its body, empty where it has none
record Call(ServerRequest request, byte[] body) {
  private static final int CHUNK = 8192;

  /// Reads a request's body.
  static Call of(ServerRequest request, ServeConfig.Limits limits) throws IOException {
    if (!request.content().hasEntity()) {
      return new Call(request, new byte[0]);
    }
    long deadline = System.nanoTime() + limits.timeout().toNanos();
    long length = request.headers().contentLength().orElse(CHUNK);
    int size = (int) Math.clamp(length, 64, CHUNK);
    ByteArrayOutputStream body = new ByteArrayOutputStream(size);
    byte[] chunk = new byte[size];
    try (InputStream in = request.content().inputStream()) {
      for (int n = in.read(chunk); n >= 0; n = in.read(chunk)) {
        body.write(chunk, 0, n);
        if (body.size() > limits.body()) {
          throw Problem.of(
              413, "Content too large", "the body has more than " + limits.body() + " bytes");
        }
        if (System.nanoTime() > deadline) {
          throw Problem.of(408, "Request timeout", "the body took longer than allowed");
        }
      }
    }
    return new Call(request, body.toByteArray());
  }

  /// Returns the query.
  UriQuery query() {
    return request.query();
  }

  /// Returns a part of the path, decoded and checked as an id.
  String path(String name) {
    return Fields.checkId(name, request.path().pathParameters().get(name));
  }

  /// Returns a header's value, or null.
  @Nullable String header(String name) {
    List<String> values = request.headers().values(HeaderNames.create(name));
    return values.isEmpty() ? null : values.getFirst();
  }

  /// Refuses a body that is not declared to be JSON: a web page elsewhere can make a browser send
  /// other bodies here, but not this one.
  void checkJson() {
    String type = header("Content-Type");
    if (type == null || !type.toLowerCase(Locale.ROOT).startsWith("application/json")) {
      throw Problem.of(
          415, "Unsupported media type", "the header Content-Type must be application/json");
    }
  }
}
