package io.kaseb.store;

import io.kaseb.tune.space.Choice;
import io.kaseb.tune.space.Parameter;
import io.kaseb.tune.space.Parameters;
import io.kaseb.tune.space.Space;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/// Values of parameters from texts, as tables and configurations have them.
public final class ParameterText {
  private ParameterText() {}

  /// Returns the value of a parameter that a text means: the option that is written so or is the
  /// same number, else a number, else the text itself, which the space then refuses.
  public static Object value(Parameter parameter, String text) {
    if (parameter.domain() instanceof Choice choice) {
      for (Choice.Option option : choice.options()) {
        if (plain(option.value().toString()).equals(plain(text))
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

  /// Returns the parameters that texts mean in a space, nested as it has them.
  ///
  /// @param texts by name as [Parameters#flat] gives them; those that do not exist under the
  ///   options that are taken are left out
  /// @throws IllegalArgumentException naming the first that is missing or outside its domain
  public static Parameters parameters(Space space, Map<String, String> texts) {
    return space.checked(new Parameters(level(space.parameters(), "", texts)));
  }

  private static Map<String, Object> level(
      List<Parameter> level, String prefix, Map<String, String> texts) {
    Map<String, Object> values = new LinkedHashMap<>();
    for (Parameter parameter : level) {
      String text = texts.getOrDefault(prefix + parameter.name(), texts.get(parameter.name()));
      if (text == null) {
        continue;
      }
      Object value = value(parameter, text);
      if (value instanceof Double && text.matches("-?[0-9]{1,15}")) {
        // A refusal then names it as it was written.
        value = Long.parseLong(text);
      }
      values.put(parameter.name(), value);
      if (parameter.domain() instanceof Choice choice) {
        for (Choice.Option option : choice.options()) {
          if (option.named() && option.value().equals(value)) {
            Map<String, Object> nested = new LinkedHashMap<>(Map.of("_name", value));
            nested.putAll(level(option.inner(), prefix + parameter.name() + "/", texts));
            values.put(parameter.name(), nested);
          }
        }
      }
    }
    return values;
  }

  /// Lists are written with blanks after their commas or without, as JSON or bare.
  private static String plain(String text) {
    String packed = text.replace(" ", "");
    boolean list = packed.startsWith("[") && packed.endsWith("]");
    return list ? packed.substring(1, packed.length() - 1).replace("\"", "") : packed;
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
