package io.kaseb.store;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import tools.jackson.databind.JsonNode;

/// A value within JSON or YAML, of a study's file or of one that people write, read strictly: each
/// reading names what it found and what should stand there.
///
/// @param name the value's, as in `values[1]`; empty for the whole
/// @param node the value
record StoredJson(String name, JsonNode node) {
  /// Reads a text.
  static StoredJson of(String text) {
    return new StoredJson("", ValueJson.read(text));
  }

  /// Returns the error of the value.
  ///
  /// @param allowed what it must be
  IllegalArgumentException wrong(String allowed) {
    String shown = StoredRow.shown(node.isMissingNode() ? null : node);
    return new IllegalArgumentException(
        (name.isEmpty() ? "" : name + ": ") + shown + "; must be " + allowed);
  }

  /// Returns an object's value, which must be there.
  StoredJson get(String key) {
    StoredJson value = new StoredJson(name.isEmpty() ? key : name + "." + key, object().path(key));
    if (value.node.isMissingNode() || value.node.isNull()) {
      throw value.wrong("a value");
    }
    return value;
  }

  /// Returns an object's value, or empty where it has none.
  Optional<StoredJson> find(String key) {
    return object().path(key).isMissingNode() ? Optional.empty() : Optional.of(get(key));
  }

  /// Returns an object.
  JsonNode object() {
    if (!node.isObject()) {
      throw wrong("an object");
    }
    return node;
  }

  /// Returns an object's entries, at least one.
  Map<String, Object> entries() {
    if (object().isEmpty()) {
      throw wrong("an object with a value for each parameter");
    }
    object()
        .properties()
        .forEach(
            e -> {
              if (e.getValue().isNull()) {
                throw new StoredJson(e.getKey(), e.getValue()).wrong("a value");
              }
            });
    return ValueJson.map(node);
  }

  /// Returns a list's values.
  List<StoredJson> list() {
    if (!node.isArray()) {
      throw wrong("a list");
    }
    List<StoredJson> values = new ArrayList<>();
    node.forEach(n -> values.add(new StoredJson(name + "[" + values.size() + "]", n)));
    return values;
  }

  /// Returns a list of numbers.
  List<Double> numbers() {
    return list().stream().map(StoredJson::number).toList();
  }

  /// Returns a list of as many finite numbers as a study has goals; any but none for 0 goals.
  List<Double> numbers(int goals) {
    List<Double> numbers = numbers();
    boolean fits = goals == 0 ? !numbers.isEmpty() : numbers.size() == goals;
    if (!fits || numbers.stream().anyMatch(n -> !Double.isFinite(n))) {
      throw wrong(goals == 1 ? "1 finite number" : goals + " finite numbers, one for each goal");
    }
    return numbers;
  }

  /// Returns a number; JSON has those that are not finite as texts.
  double number() {
    boolean special = node.isString() && List.of("NaN", "Infinity", "-Infinity").contains(text());
    if (!node.isNumber() && !special) {
      throw wrong("a number");
    }
    return special ? Double.parseDouble(text()) : node.asDouble();
  }

  /// Returns a whole number.
  ///
  /// @param least what it is at least
  int whole(int least) {
    if (!node.isIntegralNumber() || !node.canConvertToInt() || node.asInt() < least) {
      throw wrong("a whole number of " + least + " or more");
    }
    return node.asInt();
  }

  /// Returns a whole number of any size.
  long seed() {
    if (!node.isIntegralNumber() || !node.canConvertToLong()) {
      throw wrong("a whole number");
    }
    return node.asLong();
  }

  /// Returns a text.
  String text() {
    if (!node.isString()) {
      throw wrong("text");
    }
    return node.asString();
  }

  /// Returns a truth value.
  boolean flag() {
    if (!node.isBoolean()) {
      throw wrong("true or false");
    }
    return node.asBoolean();
  }

  /// Returns the value of an enumeration that the text names.
  <E extends Enum<E>> E one(Class<E> type) {
    return one(type, text());
  }

  /// Returns the value of an enumeration that a text names, in capitals or not.
  static <E extends Enum<E>> E one(Class<E> type, String text) {
    for (E value : type.getEnumConstants()) {
      if (value.name().equals(text.toUpperCase(Locale.ROOT))) {
        return value;
      }
    }
    throw new IllegalArgumentException(
        StoredRow.shown(text) + "; must be one of " + List.of(type.getEnumConstants()));
  }
}
