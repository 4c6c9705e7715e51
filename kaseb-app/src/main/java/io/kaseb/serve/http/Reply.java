package io.kaseb.serve.http;

import io.kaseb.base.Json;
import java.util.HashMap;
import java.util.Map;
import tools.jackson.databind.SerializationFeature;
import tools.jackson.databind.json.JsonMapper;

/// Holds what a route answers.
///
/// @param status HTTP status
/// @param type its media type
/// @param body its bytes, none for 204
/// @param headers further headers
public record Reply(int status, String type, byte[] body, Map<String, String> headers) {
  private static final JsonMapper COMPACT =
      Json.MAPPER.rebuild().disable(SerializationFeature.INDENT_OUTPUT).build();

  /// Answers with a value as JSON.
  public static Reply ok(Object value) {
    return new Reply(200, "application/json", json(value), Map.of());
  }

  /// Answers that it is done.
  public static Reply done() {
    return new Reply(204, "application/json", new byte[0], Map.of());
  }

  /// Returns the same with one more header.
  public Reply with(String name, String value) {
    Map<String, String> more = new HashMap<>(headers);
    more.put(name, value);
    return new Reply(status, type, body, more);
  }

  /// Returns compact JSON.
  public static byte[] json(Object value) {
    return COMPACT.writeValueAsBytes(value);
  }
}
