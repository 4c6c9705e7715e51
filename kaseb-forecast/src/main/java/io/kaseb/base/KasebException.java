package io.kaseb.base;

import java.util.Collection;
import java.util.function.BinaryOperator;
import org.jspecify.annotations.Nullable;

/// A failure that the user can act on. It tells the place, the value, what is allowed and the way
/// out.
///
/// Texts never name a command's options or a request's fields: they mark settings with
/// [#setting(String)], and whoever shows the message gives each the name that its users know, by
/// [#message(BinaryOperator)].
public class KasebException extends RuntimeException {
  private static final long serialVersionUID = 1L;

  // Characters for private use frame a setting within a text: no file name and no log has them.
  private static final char OPEN = '\uE000';
  private static final char VALUE = '\uE001';
  private static final char CLOSE = '\uE002';

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
    /// Returns the neutral name of the setting that the place is, or null where it is another one.
    public @Nullable String setting() {
      boolean alone = place != null && isSetting(place) && place.lastIndexOf(OPEN) == 0;
      return place == null || !alone ? null : place.substring(1, place.length() - 1);
    }

    /// Returns the same problem within a wider place, such as a setting's file.
    public Problem within(String wider) {
      return at(place == null ? wider : wider + ": " + place);
    }

    /// Returns the same problem at another place, null for none.
    public Problem at(@Nullable String other) {
      return new Problem(other, value, allowed, wayOut);
    }

    private static boolean isSetting(String place) {
      return !place.isEmpty()
          && place.charAt(place.length() - 1) == CLOSE
          && place.indexOf(VALUE, place.lastIndexOf(OPEN)) < 0;
    }

    private String text() {
      StringBuilder text = new StringBuilder(place == null ? "" : place);
      String before = ": ";
      if (value != null && place != null && isSetting(place)) {
        text.setLength(text.length() - 1);
        text.append(VALUE).append(value).append(CLOSE);
      } else if (value != null) {
        text.append(text.isEmpty() ? "" : before).append(value);
        before = "; ";
      }
      if (allowed != null) {
        text.append(text.isEmpty() ? "" : before).append("must be ").append(allowed);
        before = "; ";
      }
      if (wayOut != null) {
        text.append(text.isEmpty() ? "" : before).append(wayOut);
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
  public KasebException(Problem problem) {
    this(problem, null);
  }

  /// Creates the exception from its parts and what caused it.
  public KasebException(Problem problem, @Nullable Throwable cause) {
    super(problem.text(), cause);
    this.problem = problem;
  }

  /// Creates the exception of a setting whose value is not allowed.
  ///
  /// @param name the setting's neutral name, as in `valid`
  /// @param allowed what it must be, as in `1..256`
  public static KasebException ofSetting(String name, Object value, String allowed) {
    return new KasebException(new Problem(setting(name), value.toString(), allowed, null));
  }

  /// Creates the exception of a value that is none of a closed set's names.
  ///
  /// @param name the setting's neutral name, as in `protocol`
  /// @param known the names, at least one
  public static KasebException ofUnknown(String name, String value, Collection<String> known) {
    String near = Nearest.close(value, known);
    return new KasebException(
        new Problem(
            setting(name),
            value,
            "one of " + String.join(", ", known),
            near == null ? null : "did you mean " + near + "?"));
  }

  /// Creates the exception of a failure whose place only the caller knows. What a [KasebException]
  /// says is kept in its parts; of any other failure the message is the value.
  ///
  /// @param place a file, a file's line, a setting
  public static KasebException at(String place, Throwable cause) {
    Problem known = cause instanceof KasebException e ? e.problem : null;
    if (known == null) {
      String said = cause instanceof KasebException e ? e.marked() : cause.getMessage();
      known = new Problem(null, said, null, null);
    }
    return new KasebException(known.within(place), cause);
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
    return named(marked(), naming);
  }

  /// Returns the message without its place, which the caller shows in its own way; the whole
  /// message where it was written as one text.
  ///
  /// @param naming as for [#message(BinaryOperator)]
  public String messageWithoutPlace(BinaryOperator<String> naming) {
    return named(problem == null ? marked() : problem.at(null).text(), naming);
  }

  private String marked() {
    return String.valueOf(super.getMessage());
  }

  private static String named(String marked, BinaryOperator<String> naming) {
    StringBuilder text = new StringBuilder();
    int from = 0;
    for (int open = marked.indexOf(OPEN); open >= 0; open = marked.indexOf(OPEN, from)) {
      int close = marked.indexOf(CLOSE, open);
      if (close < 0) {
        break;
      }
      int value = marked.indexOf(VALUE, open);
      boolean hasValue = value >= 0 && value < close;
      text.append(marked, from, open)
          .append(
              naming.apply(
                  marked.substring(open + 1, hasValue ? value : close),
                  hasValue ? marked.substring(value + 1, close) : ""));
      from = close + 1;
    }
    return text.append(marked, from, marked.length()).toString();
  }
}
