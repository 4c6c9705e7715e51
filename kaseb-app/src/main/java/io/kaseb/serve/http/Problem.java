package io.kaseb.serve.http;

import io.kaseb.base.KasebException;
import java.util.LinkedHashMap;
import java.util.Locale;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/// A request that is refused: its answer is a problem of RFC 9457, with the field that is wrong.
/// Carries no stack trace, neither to the client nor into the log.
public final class Problem extends RuntimeException {
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
  public static Problem field(String field, String detail) {
    return new Problem(400, "Invalid field", detail, field);
  }

  /// A field's value was refused further in: the field is the setting that the failure names.
  ///
  /// @param otherwise the field where it names none
  public static Problem of(String otherwise, KasebException e) {
    KasebException.Problem problem = e.problem();
    String setting = problem == null ? null : problem.setting();
    return field(
        setting == null ? otherwise : name(setting, ""), e.messageWithoutPlace(Problem::name));
  }

  /// What a field names cannot be read. The place of the failure is left out, which may be a folder
  /// of the server; so is what has no parts.
  ///
  /// @param place what the answer names instead
  public static Problem unreadable(String field, String place, Exception e) {
    boolean isKnown = e instanceof KasebException k && k.problem() != null;
    return field(
        field,
        place
            + ": "
            + (isKnown
                ? ((KasebException) e).messageWithoutPlace(Problem::name)
                : "it cannot be read"));
  }

  /// Names a setting as requests do: as a field of the body or the query.
  private static String name(String setting, String value) {
    String field = setting.equals("share") ? "shares" : setting;
    return value.isEmpty() ? field : field + "=" + value;
  }

  /// Any other refusal.
  public static Problem of(int status, String title, String detail) {
    return new Problem(status, title, detail, null);
  }

  /// Any other refusal for what stands in a field.
  public static Problem of(int status, String title, String detail, String field) {
    return new Problem(status, title, detail, field);
  }

  /// Too much to do, or a part that answers again soon.
  public static Problem busy(String detail) {
    return of(503, "Service unavailable", detail);
  }

  /// Returns what is wrong in body, query or path; null where that is said by no name.
  public @Nullable String field() {
    return field;
  }

  /// Returns the HTTP status.
  public int status() {
    return status;
  }

  /// Returns the answer. 503 and 429 say when to come again.
  public Reply reply() {
    Map<String, Object> body = new LinkedHashMap<>();
    body.put("type", "urn:kaseb:problem:" + title.toLowerCase(Locale.ROOT).replace(' ', '-'));
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
