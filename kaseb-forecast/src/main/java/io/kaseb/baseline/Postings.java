package io.kaseb.baseline;

/// Where each item occurs: for item `i` the places `start(i)` (inclusive) to `end(i)` (exclusive),
/// in ascending order.
///
/// @param starts length items + 1
/// @param places all items' places, one item after another
record Postings(int[] starts, int[] places) {
  /// Collects the places at which each item stands in a row of items.
  ///
  /// @param items number of items
  /// @param row item indices below `items`
  static Postings of(int items, int[] row) {
    int[] starts = new int[items + 1];
    for (int item : row) {
      starts[item + 1]++;
    }
    for (int i = 0; i < items; i++) {
      starts[i + 1] += starts[i];
    }
    int[] at = starts.clone();
    int[] places = new int[row.length];
    for (int e = 0; e < row.length; e++) {
      places[at[row[e]]++] = e;
    }
    return new Postings(starts, places);
  }

  int start(int item) {
    return starts[item];
  }

  int end(int item) {
    return starts[item + 1];
  }

  int at(int k) {
    return places[k];
  }
}
