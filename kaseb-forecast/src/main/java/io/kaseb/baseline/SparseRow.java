package io.kaseb.baseline;

import java.util.Arrays;

/// A row of values for all items of a catalogue of which few are not 0, with a list of those;
/// scratch memory that belongs to one thread at a time.
final class SparseRow {
  private final float[] values;
  private int[] items = new int[1024];
  private int size;

  SparseRow(int catalogue) {
    values = new float[catalogue];
  }

  /// Adds to an item's value, which must not become 0 again.
  void add(int item, float value) {
    if (values[item] == 0) {
      if (size == items.length) {
        items = Arrays.copyOf(items, 2 * size);
      }
      items[size++] = item;
    }
    values[item] += value;
  }

  /// Multiplies the value of a listed item.
  void scale(int place, float factor) {
    values[items[place]] *= factor;
  }

  /// Returns how many items are listed.
  int size() {
    return size;
  }

  /// Returns a listed item; they stand in the order of their first addition.
  int item(int place) {
    return items[place];
  }

  /// Returns an item's value, 0 where it is not listed.
  float value(int item) {
    return values[item];
  }

  /// Copies all values into a row as long as the catalogue.
  void copyTo(float[] out) {
    System.arraycopy(values, 0, out, 0, values.length);
  }

  /// Lists no item any more.
  void clear() {
    for (int place = 0; place < size; place++) {
      values[items[place]] = 0;
    }
    size = 0;
  }

  /// Returns how long the row is.
  int catalogue() {
    return values.length;
  }
}
