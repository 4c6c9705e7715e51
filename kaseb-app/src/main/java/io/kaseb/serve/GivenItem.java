package io.kaseb.serve;

import io.kaseb.base.Json;
import io.kaseb.base.KasebException;
import io.kaseb.base.TextFiles;
import io.kaseb.event.Attribute;
import io.kaseb.newitem.NewItem;
import io.kaseb.serve.http.JsonFields;
import io.kaseb.serve.http.Problem;
import io.kaseb.serve.http.Text;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ObjectNode;

/// A new item as it was given, and where.
///
/// @param item the item
/// @param place `[3]` in a body, `file:line` in a file
record GivenItem(NewItem item, String place) {
  private static final List<String> FIELDS = List.of("id", "attributes");

  /// Reads a body: an array of items, or one item a line.
  static List<GivenItem> ofBody(byte[] body) {
    List<GivenItem> items = new ArrayList<>();
    if (JsonFields.isArray(body)) {
      JsonFields.parseEach(
          body, NewItems.MOST, "items", (node, place) -> items.add(of(node, place)));
    } else {
      String text = new String(body, StandardCharsets.UTF_8);
      for (String line : text.lines().filter(l -> !l.isBlank()).toList()) {
        String place = "[" + items.size() + "]";
        items.add(of(parsed(line, place), place));
      }
    }
    if (items.isEmpty()) {
      throw Problem.field("body", "the body has no items; must be an array, or one object a line");
    }
    checkDistinct(items);
    return items;
  }

  private static JsonNode parsed(String line, String place) {
    try {
      return JsonFields.parse(line.getBytes(StandardCharsets.UTF_8));
    } catch (Problem e) {
      throw Problem.field(
          place, "is no JSON object on a line of its own; must be an array, or one object a line");
    }
  }

  private static GivenItem of(JsonNode node, String place) {
    JsonFields fields = JsonFields.of(node, place, FIELDS);
    String id = fields.needed("id");
    if (fields.node("attributes") == null) {
      throw Problem.field(fields.name("attributes"), "item " + Text.quoted(id) + " has none");
    }
    Map<String, String> attributes;
    try {
      attributes = fields.attributes("attributes");
    } catch (Problem e) {
      throw Problem.field(
          String.valueOf(e.field()), "item " + Text.quoted(id) + ": " + e.getMessage());
    }
    return new GivenItem(new NewItem(id, Map.copyOf(attributes)), place);
  }

  /// Reads a file: JSON with one object a line, where its first line begins with `{`; else CSV
  /// whose first column, or the one named `id`, has the items, and whose header names the
  /// attributes.
  static List<GivenItem> ofFile(Path file) throws IOException {
    String text = TextFiles.read(file);
    List<GivenItem> items = new ArrayList<>();
    if (text.stripLeading().startsWith("{")) {
      int number = 0;
      for (String line : text.lines().toList()) {
        number++;
        if (!line.isBlank()) {
          items.add(ofLine(line, file + ":" + number));
        }
      }
    } else {
      for (CsvRows.Row row : CsvRows.of(text, file)) {
        ObjectNode node = Json.MAPPER.createObjectNode();
        node.put("id", row.id());
        node.set("attributes", Json.MAPPER.valueToTree(row.values()));
        items.add(ofNode(node, file + ":" + row.line()));
      }
    }
    if (items.size() > NewItems.MOST) {
      throw new KasebException(
          new KasebException.Problem(
              file.toString(), items.size() + " items", NewItems.MOST + " or fewer", null));
    }
    try {
      checkDistinct(items);
    } catch (Problem e) {
      throw refused(String.valueOf(e.field()), e);
    }
    return items;
  }

  private static GivenItem ofLine(String line, String place) {
    try {
      return ofNode(JsonFields.parse(line.getBytes(StandardCharsets.UTF_8)), place);
    } catch (Problem e) {
      throw refused(place, e);
    }
  }

  private static GivenItem ofNode(JsonNode node, String place) {
    try {
      return new GivenItem(of(node, "").item, place);
    } catch (Problem e) {
      throw refused(place, e);
    }
  }

  private static KasebException refused(String place, Problem e) {
    String field = e.field();
    String named = field == null || field.equals(place) ? "" : field + ": ";
    return new KasebException(
        new KasebException.Problem(place, null, null, named + e.getMessage()), e);
  }

  /// Refuses a value that is no number where a model takes it for one.
  ///
  /// @param kinds what the model's attributes are
  /// @throws KasebException for an item of a file
  /// @throws Problem for one of a body
  void check(Map<String, Attribute.Kind> kinds) {
    item.attributes()
        .forEach(
            (name, value) -> {
              if (kinds.get(name) == Attribute.Kind.NUMBER && !isNumber(value.toString())) {
                String what =
                    "item %s: attribute %s is %s; must be a number"
                        .formatted(Text.quoted(item.id()), name, Text.quoted(value.toString()));
                Problem problem = Problem.field(place + ".attributes." + name, what);
                throw place.startsWith("[") ? problem : refused(place, Problem.field(place, what));
              }
            });
  }

  private static boolean isNumber(String text) {
    try {
      return Float.isFinite(Float.parseFloat(text));
    } catch (NumberFormatException e) {
      return false;
    }
  }

  private static void checkDistinct(List<GivenItem> items) {
    Set<String> ids = new HashSet<>();
    for (GivenItem given : items) {
      if (!ids.add(given.item.id())) {
        throw Problem.field(
            given.place, "item " + Text.quoted(given.item.id()) + " stands here a second time");
      }
    }
  }
}
