package io.kaseb.train;

import static java.util.Objects.requireNonNull;

import io.kaseb.data.AttributeColumn;
import io.kaseb.event.Attribute;
import io.kaseb.network.ItemParts;
import io.kaseb.newitem.AttributeField;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;

/// The attributes of items as a network is trained on them: each value that some items with clicks
/// share has a number, numbers fall on steps.
final class ItemFields {
  private static final int MOST_VALUES = 4_096;
  private static final int LEAST_ITEMS = 2;
  private static final int STEPS = 8;

  private final List<AttributeColumn> columns;
  private final int[] index;
  private final long[] clicks;
  private final List<AttributeField> fields = new ArrayList<>();

  private ItemFields(List<AttributeColumn> columns, int[] index, long[] clicks) {
    this.columns = columns;
    this.index = index;
    this.clicks = clicks;
  }

  /// Numbers the values of a log's attributes; those of items count.
  ///
  /// @param index the model's number of each item of the log, negative where it lacks one
  /// @param clicks how often each item of the model was clicked in training
  static ItemFields of(List<AttributeColumn> attributes, int[] index, long[] clicks) {
    ItemFields items = new ItemFields(ofItems(attributes), index, clicks);
    items.columns.forEach(column -> items.fields.add(items.field(column)));
    return items;
  }

  /// Numbers the values of a log's attributes as a model does that was trained on it.
  static ItemFields of(List<AttributeField> fields, List<AttributeColumn> attributes) {
    Map<String, AttributeColumn> byName = new HashMap<>();
    ofItems(attributes).forEach(column -> byName.put(column.attribute().name(), column));
    List<AttributeColumn> columns =
        fields.stream().map(field -> requireNonNull(byName.get(field.name()))).toList();
    ItemFields items = new ItemFields(columns, new int[0], new long[0]);
    items.fields.addAll(fields);
    return items;
  }

  private static List<AttributeColumn> ofItems(List<AttributeColumn> attributes) {
    return attributes.stream().filter(a -> a.attribute().level() == Attribute.Level.ITEM).toList();
  }

  /// Returns the fields, one for each attribute.
  List<AttributeField> fields() {
    return fields;
  }

  /// Returns the model's number of each item of the log, negative where it lacks one.
  int[] index() {
    return index;
  }

  /// Returns how many values there are in all fields.
  int values() {
    return fields.stream().mapToInt(AttributeField::size).sum();
  }

  /// Returns what the rows of a network's items have in common: a part for each value.
  ItemParts parts() {
    int[] offsets = new int[clicks.length + 1];
    int[] item = new int[clicks.length];
    Arrays.fill(item, -1);
    for (int i = 0; i < index.length; i++) {
      if (index[i] >= 0) {
        item[index[i]] = i;
      }
    }
    List<int[]> parts = new ArrayList<>();
    List<float[]> shares = new ArrayList<>();
    for (int at = 0; at < item.length; at++) {
      int[] own = item[at] < 0 ? new int[0] : sparse(item[at]);
      parts.add(own);
      shares.add(item[at] < 0 ? new float[0] : shares(item[at]));
      offsets[at + 1] = offsets[at] + own.length;
    }
    int[] allParts = new int[offsets[item.length]];
    float[] allShares = new float[allParts.length];
    for (int at = 0; at < item.length; at++) {
      System.arraycopy(parts.get(at), 0, allParts, offsets[at], parts.get(at).length);
      System.arraycopy(shares.get(at), 0, allShares, offsets[at], parts.get(at).length);
    }
    return new ItemParts(values(), offsets, allParts, allShares);
  }

  /// Returns the numbers of an item's values over all fields.
  int[] sparse(int item) {
    int[][] numbers = numbers(item);
    int[] own = new int[Arrays.stream(numbers).mapToInt(v -> v.length).sum()];
    int offset = 0;
    int k = 0;
    for (int f = 0; f < numbers.length; f++) {
      for (int value : numbers[f]) {
        own[k++] = offset + value;
      }
      offset += fields.get(f).size();
    }
    return own;
  }

  /// Returns how much each of an item's values counts: those of one field 1 together.
  float[] shares(int item) {
    int[][] numbers = numbers(item);
    float[] shares = new float[Arrays.stream(numbers).mapToInt(v -> v.length).sum()];
    int k = 0;
    for (int[] own : numbers) {
      Arrays.fill(shares, k, k + own.length, 1f / Math.max(1, own.length));
      k += own.length;
    }
    return shares;
  }

  /// Numbers the values that some items with clicks share.
  private AttributeField field(AttributeColumn column) {
    Attribute attribute = column.attribute();
    if (attribute.kind() == Attribute.Kind.NUMBER) {
      float[] known =
          sorted(
              IntStream.range(0, index.length)
                  .filter(i -> isTrained(i) && !Float.isNaN(column.numbers()[i]))
                  .mapToDouble(i -> column.numbers()[i])
                  .toArray());
      return new AttributeField(attribute.name(), attribute.kind(), List.of(), edges(known));
    }
    int[] items = new int[column.names().size()];
    for (int item = 0; item < index.length; item++) {
      if (isTrained(item)) {
        for (int code : codes(column, item)) {
          items[code]++;
        }
      }
    }
    List<String> words =
        IntStream.range(0, items.length)
            .filter(c -> items[c] >= LEAST_ITEMS)
            .boxed()
            .sorted(
                Comparator.comparingInt((Integer c) -> -items[c])
                    .thenComparing(c -> column.names().get(c)))
            .limit(MOST_VALUES)
            .map(c -> column.names().get(c))
            .toList();
    return new AttributeField(attribute.name(), attribute.kind(), words, new float[0]);
  }

  private boolean isTrained(int item) {
    return index[item] >= 0 && clicks[index[item]] > 0;
  }

  private static float[] sorted(double[] values) {
    float[] all = new float[values.length];
    for (int i = 0; i < all.length; i++) {
      all[i] = (float) values[i];
    }
    Arrays.sort(all);
    return all;
  }

  /// Returns where steps of about equal size begin.
  private static float[] edges(float[] sorted) {
    float[] edges = new float[STEPS - 1];
    int n = 0;
    for (int step = 1; step < STEPS && sorted.length > 0; step++) {
      float edge = sorted[step * sorted.length / STEPS];
      if (edge > sorted[0] && (n == 0 || edge > edges[n - 1])) {
        edges[n++] = edge;
      }
    }
    return Arrays.copyOf(edges, n);
  }

  private static int[] codes(AttributeColumn column, int item) {
    if (column.attribute().kind() == Attribute.Kind.WORDS) {
      return Arrays.copyOfRange(column.codes(), column.offsets()[item], column.offsets()[item + 1]);
    }
    return column.codes()[item] < 0 ? new int[0] : new int[] {column.codes()[item]};
  }

  /// Returns the numbers of an item's values, for each field.
  int[][] numbers(int item) {
    int[][] numbers = new int[columns.size()][];
    for (int f = 0; f < numbers.length; f++) {
      AttributeColumn column = columns.get(f);
      AttributeField field = fields.get(f);
      numbers[f] =
          column.attribute().kind() == Attribute.Kind.NUMBER
              ? field.values(column.numbers()[item])
              : Arrays.stream(codes(column, item))
                  .map(code -> field.number(column.names().get(code)))
                  .filter(number -> number >= 0)
                  .toArray();
    }
    return numbers;
  }
}
