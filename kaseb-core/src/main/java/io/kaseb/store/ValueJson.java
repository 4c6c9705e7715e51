package io.kaseb.store;

import io.kaseb.tune.space.Parameters;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/// Parameter values to and from JSON.
final class ValueJson {
  /// Writes and reads what the store and the formats keep as JSON.
  static final JsonMapper MAPPER = JsonMapper.builder().build();

  private ValueJson() {}

  /// Returns a JSON value as text, Long, Double, Boolean, List or Map.
  static Object value(JsonNode node) {
    if (node.isArray()) {
      List<Object> list = new ArrayList<>();
      node.forEach(n -> list.add(value(n)));
      return list;
    }
    if (node.isObject()) {
      return map(node);
    }
    if (node.isIntegralNumber() && node.canConvertToLong()) {
      return node.asLong();
    }
    if (node.isNumber()) {
      return node.asDouble();
    }
    return node.isBoolean() ? (Object) node.asBoolean() : node.asString();
  }

  /// Returns a JSON object's entries.
  static Map<String, Object> map(JsonNode node) {
    Map<String, Object> map = new LinkedHashMap<>();
    node.properties()
        .forEach(
            e -> {
              if (!e.getValue().isNull()) {
                map.put(e.getKey(), value(e.getValue()));
              }
            });
    return map;
  }

  /// Returns a JSON object as parameters.
  static Parameters parameters(JsonNode node) {
    return new Parameters(map(node));
  }

  /// Returns a JSON array's numbers.
  static List<Double> numbers(JsonNode node) {
    List<Double> numbers = new ArrayList<>();
    node.forEach(n -> numbers.add(n.asDouble()));
    return numbers;
  }

  /// Writes anything as one line of JSON.
  static String text(Object value) {
    return MAPPER.writeValueAsString(value);
  }

  /// Reads JSON that was written by [#text].
  static JsonNode read(String text) {
    return MAPPER.readTree(text);
  }
}
