package io.kaseb.store;

import io.kaseb.tune.space.Choice;
import io.kaseb.tune.space.Parameter;

/// Values of parameters from texts, as tables and configurations have them.
public final class ParameterText {
  private ParameterText() {}

  /// Returns the value of a parameter that a text means: the option that is written so or is the
  /// same number, else a number, else the text itself, which the space then refuses.
  public static Object value(Parameter parameter, String text) {
    if (parameter.domain() instanceof Choice choice) {
      for (Choice.Option option : choice.options()) {
        if (withoutBlanks(option.value().toString()).equals(withoutBlanks(text))
            || sameNumber(option.value(), text)) {
          return option.value();
        }
      }
      return text;
    }
    try {
      return Double.parseDouble(text);
    } catch (NumberFormatException e) {
      return text;
    }
  }

  /// Lists are written with blanks after their commas or without.
  private static String withoutBlanks(String text) {
    return text.replace(" ", "");
  }

  /// Numbers of a configuration are floats: their shortest text is what the user wrote.
  private static boolean sameNumber(Object value, String text) {
    try {
      return value instanceof Number n && n.doubleValue() == Double.parseDouble(text);
    } catch (NumberFormatException e) {
      return false;
    }
  }
}
