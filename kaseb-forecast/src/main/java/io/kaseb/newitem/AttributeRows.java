package io.kaseb.newitem;

import static java.util.Objects.requireNonNull;

import io.kaseb.base.Json;
import io.kaseb.base.KasebException;
import io.kaseb.event.Attribute;
import io.kaseb.model.Catalogue;
import io.kaseb.model.ModelFile;
import io.kaseb.model.Tensor;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collection;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;
import tools.jackson.core.type.TypeReference;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.ObjectNode;

/// What gives an item without clicks its rows in a network's item tables: each table's row of an
/// average item, and what each attribute value adds to it. A text adds the mean of its words.
///
/// An item's row is its own part plus those of its attributes; an item that nobody clicked has no
/// own part. Kaseb-core's `AttributeFit` finds the parts from the rows of items with clicks, as in
/// Gantner et al., "Learning Attribute-to-Feature Mappings for Cold-Start Recommendations" (ICDM
/// 2010).
public final class AttributeRows {
  private static final String PREFIX = "attributes.";

  /// Of the session-kNN of a hybrid, and of the other one that a ranker has.
  private static final List<String> LIFTS = List.of("knn.lift", "second.knn.lift");

  private final List<AttributeField> fields;
  private final Map<String, Tensor> tables;
  private final int[] offsets;

  /// Puts rows together.
  ///
  /// @param fields the attributes
  /// @param tables for each item table, by its tensor's name: a row of an average item, then one
  ///   for each value of each field in order, [1 + values, width]
  public AttributeRows(List<AttributeField> fields, Map<String, Tensor> tables) {
    this.fields = List.copyOf(fields);
    this.tables = new LinkedHashMap<>(tables);
    this.offsets = new int[fields.size() + 1];
    for (int f = 0; f < fields.size(); f++) {
      offsets[f + 1] = offsets[f] + fields.get(f).size();
    }
    tables.forEach(
        (name, table) -> {
          if (table.shape().length != 2 || table.shape()[0] != 1 + offsets[fields.size()]) {
            throw new IllegalArgumentException(
                "tensor %s%s is %s; must have %d rows"
                    .formatted(
                        PREFIX, name, Arrays.toString(table.shape()), 1 + offsets[fields.size()]));
          }
        });
  }

  /// {@return the attributes}
  public List<AttributeField> fields() {
    return fields;
  }

  /// {@return the names of the tables that it has rows for}
  public Set<String> tables() {
    return Collections.unmodifiableSet(tables.keySet());
  }

  /// {@return an item's row in a table}
  ///
  /// @param table the tensor's name
  /// @param values the numbers of the item's values, for each field
  public float[] row(String table, int[][] values) {
    Tensor rows = requireNonNull(tables.get(table));
    int width = rows.shape()[1];
    float[] row = Arrays.copyOf(rows.data(), width);
    for (int f = 0; f < values.length; f++) {
      for (int value : values[f]) {
        int at = (1 + offsets[f] + value) * width;
        for (int i = 0; i < width; i++) {
          row[i] += rows.data()[at + i] / values[f].length;
        }
      }
    }
    return row;
  }

  /// {@return the numbers of an item's values for each field}
  ///
  /// @param attributes of an item, by name: a number, or text
  public int[][] values(Map<String, Object> attributes) {
    int[][] values = new int[fields.size()][];
    for (int f = 0; f < values.length; f++) {
      values[f] = fields.get(f).values(attributes.get(fields.get(f).name()));
    }
    return values;
  }

  /// {@return a model with further items, behind those that it knows}
  ///
  /// @param file left as it is
  /// @param ids the new items' ids
  /// @param values the numbers of each one's values, as [#values] gives them
  public ModelFile extended(ModelFile file, List<String> ids, List<int[][]> values) {
    List<String> all = new ArrayList<>(file.catalogue().ids());
    all.addAll(ids);
    Map<String, Tensor> tensors = new LinkedHashMap<>(file.tensors());
    for (String name : tables.keySet()) {
      Tensor table = requireNonNull(tensors.get(name));
      int width = table.shape()[1];
      float[] longer = Arrays.copyOf(table.data(), all.size() * width);
      for (int i = 0; i < ids.size(); i++) {
        System.arraycopy(
            row(name, values.get(i)), 0, longer, (file.catalogue().size() + i) * width, width);
      }
      tensors.put(name, Tensor.matrix(all.size(), width, longer));
    }
    for (String lifts : LIFTS) {
      tensors.computeIfPresent(lifts, (name, lift) -> lifted(lift, all.size()));
    }
    ModelFile extended = file.with(Catalogue.of(all), tensors);
    ItemValues known = ItemValues.read(file.ints());
    return known == null
        ? extended
        : extended.with(
            known.with(values.stream().map(this::numbers).toArray(int[][]::new)).ints());
  }

  /// {@return the numbers of an item's values over all fields}
  ///
  /// @param values the numbers of the item's values, for each field
  public int[] numbers(int[][] values) {
    return IntStream.range(0, values.length)
        .flatMap(f -> Arrays.stream(values[f]).map(value -> offsets[f] + value))
        .distinct()
        .toArray();
  }

  /// Session-kNN never finds a new item, so that it may lift it by anything.
  private static Tensor lifted(Tensor lift, int items) {
    float[] longer = Arrays.copyOf(lift.data(), items);
    Arrays.fill(longer, lift.data().length, items, 1);
    return Tensor.vector(longer);
  }

  /// {@return a model with further items, by their attributes; those that it knows already are left
  /// out}
  ///
  /// @param file left as it is
  /// @param items ids and attributes
  /// @throws KasebException where the model has no attributes of items
  public static ModelFile extended(ModelFile file, Collection<NewItem> items) {
    AttributeRows rows = of(file);
    if (rows == null) {
      throw withoutAttributes();
    }
    Map<String, int[][]> values = new LinkedHashMap<>();
    for (NewItem item : items) {
      if (file.catalogue().index(item.id()) < 0) {
        values.put(item.id(), rows.values(item.attributes()));
      }
    }
    return rows.extended(file, List.copyOf(values.keySet()), List.copyOf(values.values()));
  }

  /// {@return the refusal of a model that cannot place items}
  public static KasebException withoutAttributes() {
    return new KasebException(
        new KasebException.Problem(
            null,
            "the model knows no attributes of items, so that it cannot place new ones",
            null,
            "train it on a dataset prepared with " + KasebException.setting("attributes")));
  }

  /// {@return a model with these rows in it, for items that come later}
  ///
  /// @param file left as it is
  public ModelFile within(ModelFile file) {
    Map<String, Tensor> tensors = new LinkedHashMap<>(file.tensors());
    tables.forEach((name, table) -> tensors.put(PREFIX + name, table));
    ObjectNode json = Json.MAPPER.createObjectNode();
    ArrayNode all = json.putArray("fields");
    for (AttributeField field : fields) {
      ObjectNode node = all.addObject();
      node.put("name", field.name());
      node.put("kind", field.kind().name());
      node.set("words", Json.MAPPER.valueToTree(field.words()));
      node.set("edges", Json.MAPPER.valueToTree(field.edges()));
    }
    return file.with(file.catalogue(), tensors).withAttributes(json);
  }

  /// {@return the rows of a model file, or null where it has none}
  ///
  /// @param file its content
  public static @Nullable AttributeRows of(ModelFile file) {
    JsonNode json = file.attributes();
    if (json == null) {
      return null;
    }
    List<AttributeField> fields = new ArrayList<>();
    for (JsonNode node : json.path("fields")) {
      fields.add(
          new AttributeField(
              node.path("name").asString(),
              Attribute.Kind.valueOf(node.path("kind").asString()),
              Json.MAPPER.convertValue(node.path("words"), new TypeReference<List<String>>() {}),
              Json.MAPPER.convertValue(node.path("edges"), float[].class)));
    }
    Map<String, Tensor> tables = new LinkedHashMap<>();
    file.tensors()
        .forEach(
            (name, tensor) -> {
              if (name.startsWith(PREFIX)) {
                tables.put(name.substring(PREFIX.length()), tensor);
              }
            });
    return new AttributeRows(fields, tables);
  }
}
