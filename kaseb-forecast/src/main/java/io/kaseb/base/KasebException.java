package io.kaseb.base;

import java.util.function.BinaryOperator;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/// A failure that the user can act on. It tells the place, the value, what is allowed and the way
/// out.
///
/// Texts never name a command's options or a request's fields: they mark settings with
/// [#setting(String)], and whoever shows the message gives each the name that its users know, by
/// [#message(BinaryOperator)].
public class KasebException extends RuntimeException {
  private static final long serialVersionUID = 1L;
  private static final char OPEN = '\uE000';
  private static final char VALUE = '\uE001';
  private static final char CLOSE = '\uE002';
  private static final Pattern SETTING =
      Pattern.compile(
          OPEN + "([^" + VALUE + CLOSE + "]*)(?:" + VALUE + "([^" + CLOSE + "]*))?" + CLOSE);

  private final transient @Nullable Problem problem;

  /// What is wrong, in its parts; null where a part says nothing.
  ///
  /// @param place a file, a file's line, a setting
  /// @param value what stands there
  /// @param allowed what may stand there
  /// @param wayOut what to do
  public record Problem(
      @Nullable String place,
      @Nullable String value,
      @Nullable String allowed,
      @Nullable String wayOut) {
    private String text() {
      StringBuilder text = new StringBuilder(place == null ? "" : place);
      if (value != null) {
        text.append(text.isEmpty() ? "" : ": ").append(value);
      }
      if (allowed != null) {
        text.append(value == null && !text.isEmpty() ? ": " : text.isEmpty() ? "" : "; ");
        text.append("must be ").append(allowed);
      }
      if (wayOut != null) {
        text.append(text.isEmpty() ? "" : "; ").append(wayOut);
      }
      return text.toString();
    }
  }

  /// Creates the exception from a message for the user.
  public KasebException(String message) {
    super(message);
    problem = null;
  }

  /// Creates the exception from a message for the user and what caused it.
  public KasebException(String message, @Nullable Throwable cause) {
    super(message, cause);
    problem = null;
  }

  /// Creates the exception from its parts.
  public KasebException(Problem problem, @Nullable Throwable cause) {
    super(problem.text(), cause);
    this.problem = problem;
  }

  /// Creates the exception of a setting whose value is not allowed.
  ///
  /// @param name the setting's neutral name, as in `valid`
  /// @param allowed what it must be, as in `1..256`
  public static KasebException ofSetting(String name, Object value, String allowed) {
    return new KasebException(new Problem(setting(name, value), null, allowed, null), null);
  }

  /// Names a setting within a message.
  ///
  /// @param name its neutral name, as in `session_gap`
  public static String setting(String name) {
    return OPEN + name + CLOSE;
  }

  /// Names a setting with a value within a message, as in `split=time:0.1`.
  public static String setting(String name, Object value) {
    return OPEN + name + VALUE + value + CLOSE;
  }

  /// Returns the parts, or null where the message was written as one text.
  public @Nullable Problem problem() {
    return problem;
  }

  /// Returns the message with settings by their neutral names.
  @Override
  public String getMessage() {
    return message((name, value) -> value.isEmpty() ? name : name + "=" + value);
  }

  /// Returns the message with settings named by the caller.
  ///
  /// @param naming takes a setting's neutral name and its value, empty for none; returns what to
  ///   show
  public String message(BinaryOperator<String> naming) {
    return SETTING
        .matcher(String.valueOf(super.getMessage()))
        .replaceAll(
            m ->
                Matcher.quoteReplacement(
                    naming.apply(m.group(1), m.group(2) == null ? "" : m.group(2))));
  }
}
