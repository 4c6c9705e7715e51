package io.kaseb.serve.http;

import io.kaseb.base.Json;
import java.io.IOException;
import java.io.OutputStream;
import java.util.HashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.SerializationFeature;
import tools.jackson.databind.json.JsonMapper;

/// Holds what a route answers.
///
/// @param status HTTP status
/// @param type its media type
/// @param body its bytes, none for 204 and for what is streamed
/// @param headers further headers
/// @param stream makes the body while it is sent; null where `body` has it
public record Reply(
    int status, String type, byte[] body, Map<String, String> headers, @Nullable Stream stream) {
  /// Headers of a page's files: nothing inline and nothing from elsewhere, so that text which gets
  /// into a page cannot run.
  public static final Map<String, String> PAGE =
      Map.of(
          "Content-Security-Policy",
          "default-src 'none'; script-src 'self'; style-src 'self'; connect-src 'self';"
              + " img-src 'self' data:; base-uri 'none'; form-action 'none';"
              + " frame-ancestors 'none'",
          "X-Content-Type-Options",
          "nosniff",
          "Referrer-Policy",
          "no-referrer",
          "Cross-Origin-Resource-Policy",
          "same-origin",
          "Cache-Control",
          "no-cache");

  private static final JsonMapper COMPACT =
      Json.MAPPER.rebuild().disable(SerializationFeature.INDENT_OUTPUT).build();

  /// A body that is made while it is sent; closed in any case.
  public interface Stream extends AutoCloseable {
    /// Writes the body.
    void writeTo(OutputStream out) throws IOException;

    @Override
    void close();
  }

  /// A body of bytes.
  public Reply(int status, String type, byte[] body, Map<String, String> headers) {
    this(status, type, body, headers, null);
  }

  /// Answers with a value as JSON.
  public static Reply ok(Object value) {
    return new Reply(200, "application/json", json(value), Map.of());
  }

  /// Answers with JSON that is made while it is sent.
  public static Reply streamed(Stream stream) {
    return new Reply(200, "application/json", new byte[0], Map.of(), stream);
  }

  /// Answers that it is done.
  public static Reply done() {
    return new Reply(204, "application/json", new byte[0], Map.of());
  }

  /// Returns the same with one more header.
  public Reply with(String name, String value) {
    Map<String, String> more = new HashMap<>(headers);
    more.put(name, value);
    return new Reply(status, type, body, more, stream);
  }

  /// Returns compact JSON.
  public static byte[] json(Object value) {
    return COMPACT.writeValueAsBytes(value);
  }
}
