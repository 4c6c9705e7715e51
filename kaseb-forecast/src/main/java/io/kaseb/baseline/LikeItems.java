package io.kaseb.baseline;

import io.kaseb.model.TopItems;
import io.kaseb.newitem.ItemValues;
import java.util.Arrays;

/// Which items have the same attribute values as another one. A value counts the more, the fewer
/// items have it: the logarithm of how many times as many items there are. An item is like another
/// by the share of the other's values, so counted, that it has too.
///
/// Other than sessions, attributes say something of an item that nobody clicked.
final class LikeItems {
  /// The most clicked items of each value that are looked at.
  private static final int LISTED = 50;

  private final ItemValues own;
  private final int[] starts;
  private final int[] values;
  private final float[] clicks;
  private final float[] weights;
  private final float[] valueClicks;
  private final int[][] listed;

  /// Counts what items have in common.
  ///
  /// @param own of each item
  /// @param clicks of each item, by which items that are equally like another stand in order
  LikeItems(ItemValues own, float[] clicks) {
    this.own = own;
    starts = own.starts();
    values = own.values();
    this.clicks = clicks;
    int items = clicks.length;
    int count = Arrays.stream(values).max().orElse(-1) + 1;
    int[] having = new int[count];
    valueClicks = new float[count];
    TopItems[] best = new TopItems[count];
    for (int item = 0; item < items; item++) {
      for (int k = starts[item]; k < starts[item + 1]; k++) {
        int value = values[k];
        having[value]++;
        valueClicks[value] += clicks[item];
        if (best[value] == null) {
          best[value] = TopItems.of(LISTED);
        }
        if (clicks[item] > 0) {
          best[value].offer(item, clicks[item]);
        }
      }
    }
    weights = new float[count];
    listed = new int[count][];
    for (int value = 0; value < count; value++) {
      weights[value] = (float) Math.log((items + 1.0) / Math.max(1, having[value]));
      listed[value] = best[value] == null ? new int[0] : best[value].items();
    }
  }

  ItemValues own() {
    return own;
  }

  /// Returns the most clicked items that are like one, those first that are both; neither itself
  /// nor items without clicks.
  int[] others(int item, int most) {
    int n = 0;
    for (int k = starts[item]; k < starts[item + 1]; k++) {
      n += listed[values[k]].length;
    }
    int[] found = new int[n];
    n = 0;
    for (int k = starts[item]; k < starts[item + 1]; k++) {
      int[] list = listed[values[k]];
      System.arraycopy(list, 0, found, n, list.length);
      n += list.length;
    }
    Arrays.sort(found);
    TopItems best = TopItems.of(most);
    for (int i = 0; i < n; i++) {
      if (found[i] != item && (i == 0 || found[i] != found[i - 1])) {
        best.offer(found[i], (float) (likeness(item, found[i]) * Math.log1p(clicks[found[i]])));
      }
    }
    return best.items();
  }

  /// Returns the share of an item's values that another has too, 0 to 1.
  float likeness(int item, int other) {
    float all = 0;
    float shared = 0;
    int o = starts[other];
    for (int k = starts[item]; k < starts[item + 1]; k++) {
      all += weights[values[k]];
      while (o < starts[other + 1] && values[o] < values[k]) {
        o++;
      }
      shared += o < starts[other + 1] && values[o] == values[k] ? weights[values[k]] : 0;
    }
    return all > 0 ? shared / all : 0;
  }

  /// Returns the greatest share that another item has of the clicks of all items with a value that
  /// both have, 0 to 1.
  float share(int item, int other) {
    float share = 0;
    int o = starts[other];
    for (int k = starts[item]; k < starts[item + 1]; k++) {
      while (o < starts[other + 1] && values[o] < values[k]) {
        o++;
      }
      if (o < starts[other + 1] && values[o] == values[k] && valueClicks[values[k]] > 0) {
        share = Math.max(share, clicks[other] / valueClicks[values[k]]);
      }
    }
    return share;
  }
}
