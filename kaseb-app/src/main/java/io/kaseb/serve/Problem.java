package io.kaseb.serve;

import java.util.LinkedHashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/// A request that is refused: its answer is a problem of RFC 9457, with the field that is wrong.
/// Carries no stack trace, neither to the client nor into the log.
final class Problem extends RuntimeException {
  private static final long serialVersionUID = 1L;

  private final int status;
  private final String title;
  private final @Nullable String field;

  private Problem(int status, String title, String detail, @Nullable String field) {
    super(detail, null, false, false);
    this.status = status;
    this.title = title;
    this.field = field;
  }

  /// A field of the body, the query or the path is wrong.
  static Problem field(String field, String detail) {
    return new Problem(400, "Invalid field", detail, field);
  }

  /// The model knows no such item.
  static Problem unknownItem(String field, String item) {
    return new Problem(
        422,
        "Unknown item",
        "the model does not know item "
            + Text.quoted(item)
            + "; nothing was stored. unknown=follow in the query, or --unknown-items follow, takes"
            + " such clicks",
        field);
  }

  /// Any other refusal.
  static Problem of(int status, String title, String detail) {
    return new Problem(status, title, detail, null);
  }

  /// Too much to do, or a part that answers again soon.
  static Problem busy(String detail) {
    return of(503, "Service unavailable", detail);
  }

  int status() {
    return status;
  }

  /// Returns the answer. 503 and 429 say when to come again.
  Reply reply() {
    Map<String, Object> body = new LinkedHashMap<>();
    body.put(
        "type", "urn:kaseb:problem:" + title.toLowerCase(java.util.Locale.ROOT).replace(' ', '-'));
    body.put("title", title);
    body.put("status", status);
    body.put("detail", String.valueOf(getMessage()));
    if (field != null) {
      body.put("field", field);
    }
    Map<String, String> headers =
        status == 503
            ? Map.of("Retry-After", "1")
            : status == 401 ? Map.of("WWW-Authenticate", "Bearer realm=\"kaseb\"") : Map.of();
    return new Reply(status, "application/problem+json", Reply.json(body), headers);
  }
}
