package io.kaseb.signal;

import io.kaseb.event.Attribute;
import io.kaseb.model.Tensor;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;

/// What a model learned of events beyond clicks.
///
/// @param schema what it reads
/// @param counts what training counted
/// @param items of each attribute of items, the values of the model's items: two floats of a
///   number, the codes of others, `[items x floats]`; of other attributes empty
public record LearnedSignals(Schema schema, SignalCounts counts, List<float[]> items) {
  private static final String ITEMS = "item.";

  /// Those of clicks alone.
  public static final LearnedSignals NONE =
      new LearnedSignals(Schema.NONE, new SignalCounts(Schema.NONE, 0), List.of());

  /// Checks that there is a table for each attribute.
  public LearnedSignals {
    items = List.copyOf(items);
    if (items.size() != schema.attributes().size()) {
      throw new IllegalArgumentException(
          items.size() + " tables of items for " + schema.attributes().size() + " attributes");
    }
  }

  /// Returns how many floats an item's value has in a table.
  public static int kept(Coding coding) {
    return coding.isNumber() ? 2 : coding.codes();
  }

  /// Writes what is known of an item; what is not known is missing.
  ///
  /// @param item the model's number, negative for none
  /// @param at where the attribute's floats begin
  public void item(int attribute, int item, float[] out, int at) {
    Coding coding = schema.attributes().get(attribute);
    float[] table = items.get(attribute);
    int width = kept(coding);
    coding.missing(out, at);
    if (item >= 0 && (item + 1) * width <= table.length) {
      int to = coding.isNumber() ? at : at + coding.codesAt();
      System.arraycopy(table, item * width, out, to, width);
    }
  }

  /// Writes an event as a program gives it.
  ///
  /// @param action its place in the schema's list
  /// @param item the model's number, negative for none
  /// @param values by the attributes' names; those of an item that are left out are as training had
  ///   them
  public void event(int action, int item, Map<String, Object> values, float[] out, int at) {
    schema.begin(action, out, at);
    int to = at + schema.at(0);
    for (int a = 0; a < schema.attributes().size(); a++) {
      Coding coding = schema.attributes().get(a);
      Attribute attribute = coding.attribute();
      Object value = values.get(attribute.name());
      if (value == null && attribute.level() == Attribute.Level.ITEM) {
        item(a, item, out, to);
      } else {
        coding.value(value, out, to);
      }
      to += coding.floats();
    }
    counts.rates(item, out, at);
  }

  /// Returns what a value is compared with to tell what it does: of a number the median of
  /// training, of a category its most frequent other value, which may be that there is none (null);
  /// of a text that there is none.
  ///
  /// @param value as a program gives it
  public @Nullable Object usual(int attribute, Object value) {
    Coding coding = schema.attributes().get(attribute);
    return switch (coding.attribute().kind()) {
      case NUMBER -> coding.unscaled(0);
      case WORDS -> null;
      case CATEGORY -> {
        int usual = counts.usual(attribute, coding.code(value.toString()));
        yield usual < 0 ? null : coding.names().get(usual);
      }
    };
  }

  /// Returns what a model file has of it, as tensors.
  public Map<String, Tensor> tensors() {
    if (schema.isEmpty()) {
      return Map.of();
    }
    Map<String, Tensor> tensors = new LinkedHashMap<>(counts.tensors());
    for (int a = 0; a < items.size(); a++) {
      if (items.get(a).length > 0) {
        tensors.put(ITEMS + a, Tensor.vector(items.get(a)));
      }
    }
    return tensors;
  }

  /// Reads what [#tensors()] and [Schema#write] wrote.
  public static LearnedSignals of(JsonNode node, Map<String, Tensor> tensors) {
    Schema schema = Schema.read(node);
    if (schema.isEmpty()) {
      return new LearnedSignals(schema, new SignalCounts(schema, 0), List.of());
    }
    List<float[]> items = new ArrayList<>();
    for (int a = 0; a < schema.attributes().size(); a++) {
      @Nullable Tensor table = tensors.get(ITEMS + a);
      items.add(table == null ? new float[0] : checked(schema.attributes().get(a), table.data()));
    }
    return new LearnedSignals(schema, SignalCounts.of(schema, tensors), items);
  }

  private static float[] checked(Coding coding, float[] table) {
    int most = coding.names().size();
    for (float x : table) {
      if (!coding.isNumber() && !(x >= -1 && x < most && x == (int) x)) {
        throw new IllegalArgumentException(coding.attribute() + " of an item has the code " + x);
      }
    }
    return Arrays.copyOf(table, table.length);
  }
}
