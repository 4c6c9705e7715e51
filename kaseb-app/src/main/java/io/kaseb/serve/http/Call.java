package io.kaseb.serve.http;

import io.helidon.common.buffers.DataReader.InsufficientDataAvailableException;
import io.helidon.http.Header;
import io.helidon.http.HeaderName;
import io.helidon.http.HeaderNames;
import io.helidon.http.HeaderValues;
import io.helidon.webserver.ServerConnectionException;
import io.helidon.webserver.http.ServerRequest;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.util.List;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/// A request as the routes see it, its body read already and within its bounds.
///
/// @param request the request itself
/// @param template the path of its route, as in `/v1/sessions/{id}`
/// @param body its body, empty where it has none
public record Call(ServerRequest request, String template, byte[] body) {
  private static final int CHUNK = 8192;

  // Bytes that a header field has beside its name and value: colon, blank and the end of its line.
  private static final int FRAME = 4;

  /// Reads a request's body. What is over its bounds is read to its end all the same, as long as
  /// that takes no longer than allowed: a connection that closes on bytes not read is reset, and
  /// the client may lose the answer that says why.
  static Call of(ServerRequest request, Route route, HttpLimits limits) {
    checkHead(request, limits);
    if (!request.content().hasEntity()) {
      return new Call(request, route.path(), new byte[0]);
    }
    if (!isUtf8(header(request, HeaderNames.CONTENT_TYPE))) {
      discard(request, limits);
      throw notPlain();
    }
    long length = request.headers().contentLength().orElse(CHUNK);
    if (length > limits.body()) {
      discard(request, limits);
      throw tooLarge(limits);
    }
    long deadline = System.nanoTime() + limits.timeout().toNanos();
    int size = Math.clamp(length, 64, CHUNK);
    ByteArrayOutputStream body = new ByteArrayOutputStream(size);
    byte[] chunk = new byte[size];
    InputStream in = request.content().inputStream();
    for (int n = read(in, chunk); n >= 0; n = read(in, chunk)) {
      body.write(chunk, 0, n);
      if (body.size() > limits.body()) {
        drain(in, limits);
        throw tooLarge(limits);
      }
      if (System.nanoTime() > deadline) {
        throw late();
      }
    }
    return new Call(request, route.path(), body.toByteArray());
  }

  private static void checkHead(ServerRequest request, HttpLimits limits) {
    if (request.path().rawPath().length() + request.query().rawValue().length()
        > limits.headers()) {
      discard(request, limits);
      throw Problem.of(
          414, "URI too long", "path and query have more than " + limits.headers() + " bytes");
    }
    int bytes = 0;
    for (Header header : request.headers()) {
      for (String value : header.allValues()) {
        bytes += header.name().length() + value.length() + FRAME;
      }
    }
    if (bytes > limits.headers()) {
      discard(request, limits);
      throw Problem.of(
          431,
          "Request header fields too large",
          "the header fields have more than " + limits.headers() + " bytes");
    }
  }

  private static Problem tooLarge(HttpLimits limits) {
    return Problem.of(
        413, "Content too large", "the body has more than " + limits.body() + " bytes");
  }

  /// Reads a body that nobody wants and nobody has begun to read, unless its client waits to be
  /// asked for it; `consumed()` of the content tells whether all was read.
  static void discard(ServerRequest request, HttpLimits limits) {
    if (request.content().hasEntity() && !request.headers().contains(HeaderValues.EXPECT_100)) {
      drain(request.content().inputStream(), limits);
    }
  }

  /// A request did not arrive in time.
  static Problem late() {
    return Problem.of(408, "Request timeout", "the request did not arrive in time");
  }

  private static void drain(InputStream in, HttpLimits limits) {
    long deadline = System.nanoTime() + limits.timeout().toNanos();
    byte[] chunk = new byte[CHUNK];
    try {
      while (System.nanoTime() < deadline && read(in, chunk) >= 0) {}
    } catch (Problem e) {
      // The client has gone or is cut off; its answer is the same.
    }
  }

  private static int read(InputStream in, byte[] chunk) {
    try {
      return in.read(chunk);
    } catch (IOException
        | UncheckedIOException
        | ServerConnectionException
        | InsufficientDataAvailableException e) {
      // The client went away or was cut off.
      throw late();
    }
  }

  /// A body is of another charset, or compressed.
  static Problem notPlain() {
    return Problem.of(
        415,
        "Unsupported media type",
        "the body must be UTF-8 and not compressed; Content-Type or Content-Encoding says otherwise");
  }

  private static boolean isUtf8(@Nullable String type) {
    String lower = type == null ? "" : type.toLowerCase(Locale.ROOT);
    int at = lower.indexOf("charset=");
    return at < 0
        || lower.substring(at + "charset=".length()).replace("\"", "").strip().equals("utf-8");
  }

  /// Returns the query.
  public Query query() {
    return new Query(request.query().rawValue());
  }

  /// Returns a part of the path, decoded and checked as an id. It is taken from the path as it was
  /// sent: a semicolon in an id is a part of it. The router forgives more than that, such as `//`
  /// and `/../`; there a place would be another part's.
  public String path(String name) {
    String[] wanted = template.split("/");
    String[] sent = request.path().rawPath().split("/", -1);
    String found = null;
    boolean fits = sent.length == wanted.length;
    for (int i = 0; fits && i < wanted.length; i++) {
      if (wanted[i].equals("{" + name + "}")) {
        found = sent[i];
      } else {
        fits = wanted[i].startsWith("{") || wanted[i].equals(sent[i]);
      }
    }
    if (!fits || found == null) {
      throw Problem.of(404, "Not found", "no such path; /openapi.json lists them");
    }
    return JsonFields.checkId(name, Utf8.percentDecoded(name, found, false));
  }

  /// Returns all values of a header.
  List<String> headers(HeaderName name) {
    return request.headers().values(name);
  }

  /// Returns a header's value, or null.
  @Nullable String header(HeaderName name) {
    return header(request, name);
  }

  private static @Nullable String header(ServerRequest request, HeaderName name) {
    List<String> values = request.headers().values(name);
    return values.isEmpty() ? null : values.getFirst();
  }

  /// Refuses a body that is not declared to be JSON: a web page elsewhere can make a browser send
  /// other bodies here, but not this one.
  public void checkJson() {
    String type = header(HeaderNames.CONTENT_TYPE);
    if (type == null || !type.toLowerCase(Locale.ROOT).startsWith("application/json")) {
      throw Problem.of(
          415, "Unsupported media type", "the header Content-Type must be application/json");
    }
  }
}
