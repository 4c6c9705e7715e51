package io.kaseb.network;

import io.kaseb.base.KasebException;
import io.kaseb.kernel.Kernels;

/// One row for each item, its weights and its optimiser's state side by side in memory, because a
/// training step touches rows at random and each cache line fetched should serve both.
///
/// A row is `1 + states` parts of `width` floats, `width` padded to [Kernels#LANES]: weights first.
/// Unused floats stay 0.
final class ItemTable {
  private final int items;
  private final int columns;
  private final int width;
  private final int stride;
  private final float[] data;

  /// Creates a table of zeros with `columns` weights an item.
  ItemTable(int items, int columns, int states) {
    this.items = items;
    this.columns = columns;
    this.width = Kernels.pad(columns);
    this.stride = width * (1 + states);
    if ((long) items * stride > Integer.MAX_VALUE - 8) {
      throw new KasebException(
          items
              + " items of "
              + columns
              + " floats with "
              + states
              + " floats of optimiser state each exceed 2^31; use fewer units or items");
    }
    this.data = new float[items * stride];
  }

  int items() {
    return items;
  }

  int columns() {
    return columns;
  }

  /// Returns the padded number of weights a row, and the distance between its parts.
  int width() {
    return width;
  }

  /// Returns the floats of a row, weights and state.
  int rowLength() {
    return stride;
  }

  float[] data() {
    return data;
  }

  /// Returns where an item's weights start; its state follows `width()` floats later.
  int row(int item) {
    return item * stride;
  }

  /// Reads one float of each cache line of the first `floats` of some items' rows, so that memory
  /// works on many rows at once: a loop that does more with each row waits for one after the other.
  /// Returns a sum, so that the reads are not dropped.
  float touch(int[] item, int from, int to, int floats) {
    float sum = 0;
    for (int c = from; c < to; c++) {
      int row = row(item[c]);
      for (int i = row; i < row + floats; i += Kernels.LANES) {
        sum += data[i];
      }
    }
    return sum;
  }

  /// Copies columns `from..from+n` of part `part` (0: weights) of every row out of or into a
  /// matrix.
  float[] columns(int part, int from, int n) {
    float[] out = new float[items * n];
    for (int i = 0; i < items; i++) {
      System.arraycopy(data, row(i) + part * width + from, out, i * n, n);
    }
    return out;
  }

  void setColumns(int part, int from, int n, float[] values) {
    for (int i = 0; i < items; i++) {
      System.arraycopy(values, i * n, data, row(i) + part * width + from, n);
    }
  }
}
