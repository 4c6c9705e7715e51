package io.kaseb.base;

import java.util.Collection;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;
import tools.jackson.core.JacksonException;
import tools.jackson.core.exc.InputCoercionException;
import tools.jackson.core.exc.StreamConstraintsException;
import tools.jackson.core.exc.UnexpectedEndOfInputException;
import tools.jackson.databind.exc.MismatchedInputException;
import tools.jackson.databind.exc.UnrecognizedPropertyException;
import tools.jackson.databind.exc.ValueInstantiationException;

/// Says in plain words what is wrong with a JSON or YAML text: its reader speaks of its own classes
/// and settings, which mean nothing to who wrote the text.
public final class JsonFault {
  private static final Pattern CHARACTER = Pattern.compile("Unexpected character \\('(.)'");
  private static final Pattern WORD = Pattern.compile("Unrecognized token '([^']*)'");
  private static final Pattern TWICE = Pattern.compile("Duplicate .*?[\"'](.*?)[\"']");

  /// What only a program's own words have: names in camel case, calls, packages, constants.
  private static final Pattern INNER =
      Pattern.compile("[a-z][A-Z]|\\w\\(|[a-z]\\.[a-z]|[A-Z]_[A-Z]|[Tt]oken|REDACTED");

  private static final String NO_NUMBER = "holds a number that cannot be read";

  private JsonFault() {}

  /// Returns what is wrong, as in `layers[0]: must be a whole number`, without the text's name.
  public static String of(JacksonException e) {
    String path = path(e.getPath());
    String what = what(e);
    return path.isEmpty() ? what : path + ": " + what;
  }

  /// Returns the line that is wrong, from 1; 0 where it is not known.
  public static int line(JacksonException e) {
    return e.getLocation() == null ? 0 : Math.max(0, e.getLocation().getLineNr());
  }

  private static String what(JacksonException e) {
    return switch (e) {
      case UnrecognizedPropertyException unknown -> "is no known key";
      case ValueInstantiationException refused -> refused(refused);
      case MismatchedInputException other -> "must be " + kind(other.getTargetType());
      case StreamConstraintsException large -> "is nested too deeply, or holds too long a value";
      case InputCoercionException range -> "holds a number that is too large";
      case UnexpectedEndOfInputException end -> "ends before it is complete";
      default -> syntax(String.valueOf(e.getOriginalMessage()));
    };
  }

  /// A record that refuses its values says why; one that breaks off at a missing value does not.
  private static String refused(ValueInstantiationException e) {
    Throwable cause = e.getCause();
    String said =
        cause instanceof IllegalArgumentException || cause instanceof KasebException
            ? cause.getMessage()
            : null;
    boolean isOwn =
        cause instanceof KasebException || (said != null && !INNER.matcher(said).find());
    return said != null && isOwn ? said : "a value is missing or not allowed";
  }

  private static String syntax(String said) {
    Matcher twice = TWICE.matcher(said);
    if (twice.find()) {
      return twice.group(1) + " stands twice";
    }
    if (said.startsWith("Trailing token")) {
      return "goes on after its end; must be one document";
    }
    Matcher character = CHARACTER.matcher(said);
    if (character.find()) {
      return "unexpected character " + character.group(1);
    }
    Matcher word = WORD.matcher(said);
    if (word.find()) {
      return "unexpected word " + word.group(1);
    }
    if (said.contains("end-of-input")) {
      return "ends before it is complete";
    }
    if (said.toLowerCase(Locale.ROOT).contains("number")) {
      return NO_NUMBER;
    }
    String first = said.lines().findFirst().orElse("");
    return first.isEmpty() || INNER.matcher(first).find() ? "cannot be read" : first;
  }

  /// Returns the place of a value within the text, as in `rows[2].name`.
  private static String path(List<JacksonException.Reference> references) {
    StringBuilder path = new StringBuilder();
    for (JacksonException.Reference reference : references) {
      if (reference.getPropertyName() == null) {
        path.append('[').append(reference.getIndex()).append(']');
      } else {
        path.append(path.isEmpty() ? "" : ".").append(reference.getPropertyName());
      }
    }
    return path.toString();
  }

  private static String kind(@Nullable Class<?> type) {
    if (type == null) {
      return "of another kind";
    }
    if (type == String.class) {
      return "text";
    }
    if (type == boolean.class || type == Boolean.class) {
      return "true or false";
    }
    if (type == int.class || type == long.class || type == Integer.class || type == Long.class) {
      return "a whole number";
    }
    if (type.isPrimitive() || Number.class.isAssignableFrom(type)) {
      return "a number";
    }
    if (type.isEnum()) {
      return "one of " + List.of(type.getEnumConstants());
    }
    if (type.isArray() || Collection.class.isAssignableFrom(type)) {
      return "a list";
    }
    return type.isRecord() || Map.class.isAssignableFrom(type)
        ? "an object of keys and values"
        : "of another kind";
  }
}
