package io.kaseb.serve.http;

import io.kaseb.base.ClickTime;
import io.kaseb.base.Nearest;
import java.math.BigDecimal;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.function.BiConsumer;
import org.jspecify.annotations.Nullable;
import tools.jackson.core.JacksonException;
import tools.jackson.core.JsonParser;
import tools.jackson.core.JsonToken;
import tools.jackson.core.StreamReadConstraints;
import tools.jackson.core.StreamReadFeature;
import tools.jackson.core.json.JsonFactory;
import tools.jackson.databind.DeserializationFeature;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/// The fields of a JSON object that came from outside, read one by one; every refusal names its
/// field.
public final class JsonFields {
  private static final int LONGEST_ID = 256;
  private static final int LONGEST_VALUE = 1024;
  private static final int MOST_ATTRIBUTES = 64;

  private static final JsonMapper STRICT =
      JsonMapper.builder(
              JsonFactory.builder()
                  .streamReadConstraints(
                      StreamReadConstraints.builder().maxNestingDepth(16).build())
                  .build())
          .enable(StreamReadFeature.STRICT_DUPLICATE_DETECTION)
          .enable(DeserializationFeature.FAIL_ON_TRAILING_TOKENS)
          .build();

  private static final JsonMapper ELEMENTS =
      STRICT.rebuild().disable(DeserializationFeature.FAIL_ON_TRAILING_TOKENS).build();

  private final JsonNode object;
  private final String place;

  private JsonFields(JsonNode object, String place) {
    this.object = object;
    this.place = place;
  }

  /// Parses a body.
  public static JsonNode parse(byte[] body) {
    try {
      JsonNode node = STRICT.readTree(text(body));
      if (node.isMissingNode()) {
        throw Problem.field("body", "the body is empty; must be JSON");
      }
      return node;
    } catch (JacksonException e) {
      throw invalid(e);
    }
  }

  /// Returns whether a body is an array, or would be one.
  public static boolean isArray(byte[] body) {
    return text(body).stripLeading().startsWith("[");
  }

  /// Parses a body that is an array element by element, so that the memory of only one is held;
  /// none where there are too many.
  ///
  /// @param most elements
  /// @param name of an element, for the refusal
  /// @param taker takes an element and its place in the body
  public static void parseEach(
      byte[] body, int most, String name, BiConsumer<JsonNode, String> taker) {
    String text = text(body);
    try {
      int n = 0;
      try (JsonParser parser = ELEMENTS.createParser(text)) {
        parser.nextToken();
        while (parser.nextToken() != JsonToken.END_ARRAY) {
          parser.skipChildren();
          n++;
        }
        if (parser.nextToken() != null) {
          throw Problem.field("body", "the body is no valid JSON: more follows its end");
        }
      }
      if (n > most) {
        throw Problem.field("body", "has " + n + " " + name + "; must be " + most + " or fewer");
      }
      try (JsonParser parser = ELEMENTS.createParser(text)) {
        parser.nextToken();
        for (int i = 0; i < n; i++) {
          parser.nextToken();
          taker.accept(ELEMENTS.readTree(parser), "[" + i + "]");
        }
      }
    } catch (JacksonException e) {
      throw invalid(e);
    }
  }

  private static String text(byte[] body) {
    String text = Utf8.text("body", body);
    return text.startsWith("\uFEFF") ? text.substring(1) : text;
  }

  private static Problem invalid(JacksonException e) {
    var at = e.getLocation();
    String where = at == null ? "" : " at line " + at.getLineNr() + ", column " + at.getColumnNr();
    return Problem.field("body", "the body is no valid JSON" + where);
  }

  /// Takes an object, and refuses names that it may not have.
  ///
  /// @param place its own place in the body, empty for the whole
  public static JsonFields of(JsonNode node, String place, List<String> known) {
    if (!node.isObject()) {
      throw Problem.field(place.isEmpty() ? "body" : place, "must be a JSON object");
    }
    for (Map.Entry<String, JsonNode> e : node.properties()) {
      if (!known.contains(e.getKey())) {
        throw Problem.field(
            name(place, Text.quoted(e.getKey()).replace("\"", "")),
            "no such field; the nearest is "
                + Nearest.of(
                    e.getKey().substring(0, Math.min(64, e.getKey().length())),
                    new TreeSet<>(known)));
      }
    }
    return new JsonFields(node, place);
  }

  private static String name(String place, String field) {
    return place.isEmpty() ? field : place + "." + field;
  }

  /// Returns where a field stands in the body.
  public String name(String field) {
    return name(place, field);
  }

  /// Returns a field's node, or null where it is missing.
  public @Nullable JsonNode node(String field) {
    JsonNode node = object.get(field);
    return node == null || node.isNull() ? null : node;
  }

  /// Returns a text or whole number as text, or null where it is missing.
  public @Nullable String text(String field) {
    JsonNode node = node(field);
    if (node == null) {
      return null;
    }
    String id = node.isString() ? node.asString() : wholeNumber(node);
    if (id == null) {
      throw Problem.field(name(field), "must be a text or a whole number");
    }
    return checkId(name(field), id);
  }

  /// Returns a whole number as an id, the same for `7`, `7.0` and `7e0`, as click logs are read;
  /// null for anything else.
  private static @Nullable String wholeNumber(JsonNode node) {
    if (!node.isNumber() || node.isIntegralNumber()) {
      return node.isNumber() ? node.toString() : null;
    }
    double number = node.asDouble();
    boolean isWhole = number == Math.rint(number) && Math.abs(number) < 1e38;
    return isWhole ? new BigDecimal(number).toPlainString() : null;
  }

  /// Returns a text that must be there.
  public String needed(String field) {
    String text = text(field);
    if (text == null) {
      throw Problem.field(name(field), "is missing");
    }
    return text;
  }

  /// Checks an id: 1 to 256 characters, no control characters.
  public static String checkId(String field, String id) {
    if (id.isEmpty() || id.length() > LONGEST_ID) {
      throw Problem.field(field, "has " + id.length() + " characters; must be 1.." + LONGEST_ID);
    }
    for (int i = 0; i < id.length(); i++) {
      if (Character.isISOControl(id.charAt(i))
          || (Character.isSurrogate(id.charAt(i)) && !isPaired(id, i))) {
        throw Problem.field(field, "holds a control character or half a character");
      }
    }
    return id;
  }

  private static boolean isPaired(String id, int i) {
    return Character.isHighSurrogate(id.charAt(i))
        ? i + 1 < id.length() && Character.isLowSurrogate(id.charAt(i + 1))
        : i > 0 && Character.isHighSurrogate(id.charAt(i - 1));
  }

  /// Returns a time in milliseconds since 1970, read from a number or a text as click logs are
  /// ([ClickTime]); -1 where it is missing.
  public long time(String field) {
    JsonNode node = node(field);
    if (node == null) {
      return -1;
    }
    long time =
        node.isNumber()
            ? ClickTime.ofNumber(node.asDouble())
            : node.isString() ? ClickTime.of(node.asString()) : ClickTime.NONE;
    if (time == ClickTime.NONE) {
      String shown = node.isString() ? Text.quoted(node.asString()) : "this";
      throw Problem.field(name(field), shown + " is no time; must be " + ClickTime.ALLOWED);
    }
    return time;
  }

  /// Returns an object's texts, numbers and flags by name; none where it is missing. A null is a
  /// value that is missing.
  public Map<String, String> attributes(String field) {
    JsonNode node = node(field);
    if (node == null) {
      return Map.of();
    }
    if (!node.isObject() || node.size() > MOST_ATTRIBUTES) {
      throw Problem.field(
          name(field), "must be an object of " + MOST_ATTRIBUTES + " attributes or fewer");
    }
    Map<String, String> attributes = new TreeMap<>();
    for (Map.Entry<String, JsonNode> entry : node.properties()) {
      JsonNode value = entry.getValue();
      String place = name(field) + "." + Text.quoted(entry.getKey()).replace("\"", "");
      checkId(place, entry.getKey());
      if (value.isContainer()) {
        throw Problem.field(place, "must be a text, a number, true or false");
      }
      if (!value.isNull()) {
        String text = value.asString();
        if (text.length() > LONGEST_VALUE) {
          throw Problem.field(
              place,
              "has " + text.length() + " characters; must be " + LONGEST_VALUE + " or fewer");
        }
        attributes.put(entry.getKey(), text);
      }
    }
    return attributes;
  }

  /// Checks an amount of 0 or more, where there is one.
  public void checkAmount(String field) {
    JsonNode node = node(field);
    if (node != null && !(node.isNumber() && node.asDouble(-1) >= 0 && node.asDouble(-1) < 1e12)) {
      throw Problem.field(name(field), "must be a number of 0 or more");
    }
  }

  /// Returns a whole number from 0 to `most`; 0 where it is missing.
  public int count(String field, int most) {
    JsonNode node = node(field);
    if (node == null) {
      return 0;
    }
    if (!node.isInt() || node.asInt() < 0 || node.asInt() > most) {
      throw Problem.field(name(field), "must be a whole number of 0.." + most);
    }
    return node.asInt();
  }

  /// Returns an array of ids; none where it is missing.
  public List<String> ids(String field, int most) {
    JsonNode node = node(field);
    if (node == null) {
      return List.of();
    }
    if (!node.isArray() || node.size() > most) {
      throw Problem.field(name(field), "must be an array of " + most + " ids or fewer");
    }
    List<String> ids = new ArrayList<>();
    for (int i = 0; i < node.size(); i++) {
      String place = name(field) + "[" + i + "]";
      String id = node.get(i).isString() ? node.get(i).asString() : wholeNumber(node.get(i));
      if (id == null) {
        throw Problem.field(place, "must be a text or a whole number");
      }
      ids.add(checkId(place, id));
    }
    return ids;
  }

  /// Returns true or false; false where it is missing.
  public boolean flag(String field) {
    JsonNode node = node(field);
    if (node != null && !node.isBoolean()) {
      throw Problem.field(name(field), "must be true or false");
    }
    return node != null && node.asBoolean();
  }
}
