package io.kaseb.data;

import io.kaseb.event.Attribute;
import java.util.List;
import java.util.stream.IntStream;

/// One attribute's values, a row for each event, session or item by its level (users' are kept by
/// session). The arrays are shared: treat them as read-only.
///
/// @param attribute its name, kind and level
/// @param names the words of a category, or of texts, by number
/// @param codes of a category, the number of each row's word, -1 where it is missing; of words, the
///   numbers of all rows' words one after another; empty for numbers
/// @param offsets of words: row `r` has `codes[offsets[r]]` to `codes[offsets[r + 1]]` (exclusive);
///   else empty
/// @param numbers of numbers, the value of each row, NaN where it is missing; else empty
public record AttributeColumn(
    Attribute attribute, List<String> names, int[] codes, int[] offsets, float[] numbers) {
  /// Copies the names.
  public AttributeColumn {
    names = List.copyOf(names);
  }

  /// Creates a column of categories.
  public static AttributeColumn ofCategories(Attribute attribute, List<String> names, int[] codes) {
    return new AttributeColumn(attribute, names, codes, new int[0], new float[0]);
  }

  /// Creates a column of numbers.
  public static AttributeColumn ofNumbers(Attribute attribute, float[] numbers) {
    return new AttributeColumn(attribute, List.of(), new int[0], new int[0], numbers);
  }

  /// Creates a column of texts.
  public static AttributeColumn ofWords(
      Attribute attribute, List<String> names, int[] codes, int[] offsets) {
    return new AttributeColumn(attribute, names, codes, offsets, new float[0]);
  }

  /// Returns the number of rows.
  public int rows() {
    return switch (attribute.kind()) {
      case CATEGORY -> codes.length;
      case NUMBER -> numbers.length;
      case WORDS -> offsets.length - 1;
    };
  }

  /// Returns the rows of some events, where events have them.
  AttributeColumn ofEvents(int[] events) {
    return attribute.level() == Attribute.Level.EVENT ? rows(events) : this;
  }

  /// Returns the rows of sessions `from` (inclusive) to `to` (exclusive), or of their events
  /// `firstEvent` to `lastEvent` (exclusive), by the level.
  AttributeColumn slice(int from, int to, int firstEvent, int lastEvent) {
    return switch (attribute.level()) {
      case EVENT -> rows(IntStream.range(firstEvent, lastEvent).toArray());
      case SESSION, USER -> rows(IntStream.range(from, to).toArray());
      case ITEM -> this;
    };
  }

  private AttributeColumn rows(int[] kept) {
    return switch (attribute.kind()) {
      case CATEGORY ->
          ofCategories(attribute, names, IntStream.of(kept).map(r -> codes[r]).toArray());
      case NUMBER -> {
        float[] values = new float[kept.length];
        for (int r = 0; r < kept.length; r++) {
          values[r] = numbers[kept[r]];
        }
        yield ofNumbers(attribute, values);
      }
      case WORDS -> {
        int[] ends = new int[kept.length + 1];
        for (int r = 0; r < kept.length; r++) {
          ends[r + 1] = ends[r] + offsets[kept[r] + 1] - offsets[kept[r]];
        }
        int[] words = new int[ends[kept.length]];
        for (int r = 0; r < kept.length; r++) {
          System.arraycopy(codes, offsets[kept[r]], words, ends[r], ends[r + 1] - ends[r]);
        }
        yield ofWords(attribute, names, words, ends);
      }
    };
  }
}
