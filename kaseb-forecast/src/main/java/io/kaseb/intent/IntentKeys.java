package io.kaseb.intent;

import io.kaseb.base.Json;
import io.kaseb.base.KasebException;
import io.kaseb.base.Nearest;
import java.util.LinkedHashMap;
import java.util.Locale;
import java.util.Map;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ObjectNode;

/// Reads [IntentConfig] from key-value pairs as users write them.
public final class IntentKeys {
  private static final String PREFIX = "intent";

  private IntentKeys() {}

  /// Returns whether a key belongs to the purchase forecast.
  public static boolean isOwn(String key) {
    return key.strip().toLowerCase(Locale.ROOT).startsWith(PREFIX);
  }

  /// Changes `base` by key-value pairs, all of them with [#isOwn] keys.
  ///
  /// @param place what an error names, as in `--set`
  public static IntentConfig read(String place, IntentConfig base, Map<String, String> pairs) {
    ObjectNode values = Json.MAPPER.valueToTree(base);
    pairs.forEach(
        (given, value) -> {
          String key = given.strip().toLowerCase(Locale.ROOT);
          JsonNode current = values.get(key);
          if (current == null) {
            throw new KasebException(
                "%s: %s=%s: no such key; the nearest is %s"
                    .formatted(place, key, value, Nearest.of(key, values.propertyNames())));
          }
          values.set(key, parse(place, key, value.strip(), current));
        });
    try {
      return Json.MAPPER.convertValue(values, IntentConfig.class);
    } catch (JacksonException | IllegalArgumentException e) {
      Throwable cause = e;
      while (cause.getCause() != null && !(cause instanceof KasebException)) {
        cause = cause.getCause();
      }
      throw new KasebException(place + ": " + cause.getMessage(), e);
    }
  }

  /// Returns all keys of a configuration with their values.
  public static Map<String, JsonNode> values(IntentConfig config) {
    Map<String, JsonNode> values = new LinkedHashMap<>();
    Json.MAPPER
        .<JsonNode>valueToTree(config)
        .properties()
        .forEach(e -> values.put(e.getKey(), e.getValue()));
    return values;
  }

  private static JsonNode parse(String place, String key, String value, JsonNode current) {
    try {
      if (current.isIntegralNumber()) {
        return Json.MAPPER.valueToTree(Integer.parseInt(value));
      }
      if (current.isNumber()) {
        return Json.MAPPER.valueToTree(Float.parseFloat(value));
      }
    } catch (NumberFormatException e) {
      throw new KasebException(
          "%s: %s=%s; must be a%s number"
              .formatted(place, key, value, current.isIntegralNumber() ? " whole" : ""),
          e);
    }
    // YAML reads a bare `off` as text here, but some write it as a switch.
    String word = key.equals(PREFIX) && value.equals("false") ? "off" : value;
    return Json.MAPPER.valueToTree(word);
  }
}
