package io.kaseb.signal;

import io.kaseb.config.Feature;
import io.kaseb.event.Actions;
import io.kaseb.event.Attribute;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.stream.IntStream;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ObjectNode;

/// What a purchase forecast reads of events beyond clicks, as its training period had it. A log of
/// clicks alone has none of it: [#NONE].
///
/// An event's floats are, where there are actions, the action's place in the list (-1 where it is
/// not told), the item's rate of being put into a cart and its rate of being ordered from there;
/// then those of each attribute ([Coding]), then the rate of each cross ([Cross]).
///
/// @param actions words of the actions, the standard ones first, then the more frequent
/// @param attributes the attributes, in the log's order
/// @param visitors whether earlier sessions of visitors are known
/// @param generated features besides those of the groups
public record Schema(
    List<String> actions, List<Coding> attributes, boolean visitors, Generated generated) {
  /// Clicks alone.
  public static final Schema NONE = new Schema(List.of(), List.of(), false);

  static final int ACTION = 0;

  /// Place of: log odds that the item is put into a cart, above the base.
  public static final int CART_RATE = 1;

  /// Place of: log odds that the item is bought once in a cart, above the base.
  public static final int ORDER_RATE = 2;

  private static final int ACTION_FLOATS = 3;

  /// Creates a schema without generated features.
  public Schema(List<String> actions, List<Coding> attributes, boolean visitors) {
    this(actions, attributes, visitors, Generated.NONE);
  }

  /// Copies the lists.
  public Schema {
    actions = List.copyOf(actions);
    attributes = List.copyOf(attributes);
    if (actions.size() > Actions.MOST) {
      throw new IllegalArgumentException(actions.size() + " actions; at most " + Actions.MOST);
    }
  }

  /// Returns whether there are clicks alone.
  public boolean isEmpty() {
    return actions.isEmpty() && attributes.isEmpty() && !visitors;
  }

  /// Returns the same with generated features.
  public Schema with(Generated features) {
    return new Schema(actions, attributes, visitors, features);
  }

  /// Returns the same without the groups of features that are switched off.
  public Schema of(Set<Feature> features) {
    return new Schema(
        features.contains(Feature.ACTIONS) ? actions : List.of(),
        features.contains(Feature.ATTRIBUTES) ? attributes : List.of(),
        visitors && features.contains(Feature.VISITOR),
        generated);
  }

  /// Returns the groups of features without those of which this has nothing.
  public Set<Feature> present(Set<Feature> features) {
    Set<Feature> present = Feature.copy(features);
    if (actions.isEmpty()) {
      present.remove(Feature.ACTIONS);
    }
    if (attributes.isEmpty()) {
      present.remove(Feature.ATTRIBUTES);
    }
    if (!visitors) {
      present.remove(Feature.VISITOR);
    }
    return present;
  }

  /// Returns the floats of an event.
  public int width() {
    return at(attributes.size()) + generated.crosses().size();
  }

  /// Returns where a cross's rate lies among an event's floats.
  public int crossAt(int cross) {
    return at(attributes.size()) + cross;
  }

  /// Returns where an attribute's floats begin among an event's.
  public int at(int attribute) {
    int at = actions.isEmpty() ? 0 : ACTION_FLOATS;
    for (int a = 0; a < attribute; a++) {
      at += attributes.get(a).floats();
    }
    return at;
  }

  /// Writes an event's action and leaves all attributes missing.
  ///
  /// @param action its place in the list, -1 where it is not told
  public void begin(int action, float[] out, int at) {
    if (!actions.isEmpty()) {
      out[at + ACTION] = action;
      out[at + CART_RATE] = 0;
      out[at + ORDER_RATE] = 0;
    }
    int to = at(0);
    for (Coding coding : attributes) {
      coding.missing(out, at + to);
      to += coding.floats();
    }
    for (int c = 0; c < generated.crosses().size(); c++) {
      out[at + to++] = 0;
    }
  }

  /// Returns the action of an event's floats; -1 where it is not told.
  public int action(float[] event, int at) {
    return actions.isEmpty() ? -1 : (int) event[at + ACTION];
  }

  /// Returns whether an event on an item is a look at it: where actions are not told, each is.
  public boolean isView(float[] event, int at) {
    int action = action(event, at);
    return action < 0 || actions.get(action).equals(Actions.STANDARD.get(Actions.VIEW));
  }

  /// Returns the place of a standard action, -1 where the log has none.
  int place(int standard) {
    return actions.indexOf(Actions.STANDARD.get(standard));
  }

  /// Returns the attribute that is the price, -1 for none.
  int price() {
    for (int a = 0; a < attributes.size(); a++) {
      Attribute attribute = attributes.get(a).attribute();
      boolean ofItems =
          attribute.level() == Attribute.Level.EVENT || attribute.level() == Attribute.Level.ITEM;
      if (attributes.get(a).isNumber() && ofItems && attribute.name().equals("price")) {
        return a;
      }
    }
    return -1;
  }

  /// Returns the places of the attributes that have embeddings: categories and words.
  public List<Integer> embedded() {
    return IntStream.range(0, attributes.size())
        .filter(a -> !attributes.get(a).isNumber())
        .boxed()
        .toList();
  }

  /// Writes it into a JSON object.
  public void write(ObjectNode node) {
    var words = node.putArray("actions");
    actions.forEach(words::add);
    var codings = node.putArray("attributes");
    for (Coding coding : attributes) {
      ObjectNode one = codings.addObject();
      one.put("attribute", coding.attribute().toString());
      one.put("centre", coding.centre());
      one.put("spread", coding.spread());
      var names = one.putArray("names");
      coding.names().forEach(names::add);
    }
    node.put("visitors", visitors);
    if (!generated.names().isEmpty()) {
      var features = node.putArray("generated");
      generated.names().forEach(features::add);
    }
  }

  /// Reads what [#write] wrote; a missing node is [#NONE].
  public static Schema read(JsonNode node) {
    if (node.isMissingNode()) {
      return NONE;
    }
    List<Coding> attributes = new ArrayList<>();
    for (JsonNode one : node.path("attributes")) {
      attributes.add(
          new Coding(
              Attribute.parse(one.path("attribute").asString()).getFirst(),
              one.path("names").valueStream().map(JsonNode::asString).toList(),
              (float) one.path("centre").asDouble(),
              (float) one.path("spread").asDouble()));
    }
    return new Schema(
        node.path("actions").valueStream().map(JsonNode::asString).toList(),
        attributes,
        node.path("visitors").asBoolean(),
        Generated.of(node.path("generated").valueStream().map(JsonNode::asString).toList()));
  }
}
