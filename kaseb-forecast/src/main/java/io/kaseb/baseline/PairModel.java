package io.kaseb.baseline;

import io.kaseb.model.Catalogue;
import io.kaseb.model.SessionState;
import io.kaseb.model.Sessions;
import io.kaseb.model.Tensor;
import io.kaseb.model.TopItems;
import java.util.Arrays;
import java.util.Map;

/// Scores items by how they go with the session's last item: one sparse row of values for each
/// item. Markov chains, sequential rules and item-kNN differ in those values alone.
final class PairModel extends CountedModel {
  /// Row `i` is `starts[i]` (inclusive) to `starts[i + 1]` (exclusive) of `others` and `values`.
  private final int[] starts;

  private final int[] others;
  private final float[] values;

  PairModel(String name, Catalogue catalogue, int[] starts, int[] others, float[] values) {
    super(name, catalogue, 1);
    this.starts = starts;
    this.others = others;
    this.values = values;
  }

  /// Adds what one event of an item says about the others.
  @FunctionalInterface
  interface Pairs {
    /// Adds to the row of the item clicked at event `at`, which lies in session `session`.
    void add(Sessions train, int session, int at, Row row);
  }

  /// Turns a finished row's sums into values.
  @FunctionalInterface
  interface Weights {
    /// Returns the value of the pair `item`, `other`; `place` is the order of their first meeting,
    /// from 0, of `count` in the row.
    float value(int item, int other, float sum, int place, int count);
  }

  /// One row while it is summed: dense, with the items it has met in their order.
  static final class Row {
    private final float[] sums;
    private final int[] met;
    private int size;

    private Row(int items) {
      sums = new float[items];
      met = new int[items];
    }

    void add(int other, float value) {
      if (sums[other] == 0) {
        met[size++] = other;
      }
      sums[other] += value;
    }
  }

  /// Sums the pairs of all sessions, item by item, each item's events in the order of train.
  ///
  /// @param keep how many of a row's best others are kept; of equal ones those met first
  static PairModel of(
      String name, Catalogue catalogue, Sessions train, Pairs pairs, Weights weights, int keep) {
    int items = catalogue.size();
    int[] sessionOf = new int[train.events()];
    for (int s = 0; s < train.count(); s++) {
      Arrays.fill(sessionOf, train.start(s), train.end(s), s);
    }
    Postings events = Postings.of(items, train.items());
    Row row = new Row(items);
    int[] starts = new int[items + 1];
    int[] others = new int[1 << 12];
    float[] values = new float[others.length];
    int cells = 0;
    for (int i = 0; i < items; i++) {
      for (int k = events.start(i); k < events.end(i); k++) {
        int at = events.at(k);
        pairs.add(train, sessionOf[at], at, row);
      }
      while (cells + row.size > others.length) {
        others = Arrays.copyOf(others, 2 * others.length);
        values = Arrays.copyOf(values, 2 * values.length);
      }
      TopItems best = row.size > keep ? TopItems.of(keep) : null;
      for (int p = 0; p < row.size; p++) {
        int other = row.met[p];
        float value = weights.value(i, other, row.sums[other], p, row.size);
        row.sums[other] = 0;
        if (best == null) {
          others[cells] = other;
          values[cells++] = value;
        } else {
          best.offer(other, value);
        }
      }
      for (int p = 0; best != null && p < best.size(); p++) {
        others[cells] = best.item(p);
        values[cells++] = best.score(p);
      }
      row.size = 0;
      starts[i + 1] = cells;
    }
    return new PairModel(
        name, catalogue, starts, Arrays.copyOf(others, cells), Arrays.copyOf(values, cells));
  }

  /// Returns the items of a row.
  int[] others(int item) {
    return Arrays.copyOfRange(others, starts[item], starts[item + 1]);
  }

  /// Writes a row's values of some items.
  ///
  /// @param places of each item of the catalogue its place in `out`, negative for none
  /// @param out zeros
  void values(int item, int[] places, float[] out) {
    for (int k = starts[item]; k < starts[item + 1]; k++) {
      if (places[others[k]] >= 0) {
        out[places[others[k]]] = values[k];
      }
    }
  }

  /// Does the same with values divided by the row's sum.
  void shares(int item, int[] places, float[] out) {
    float sum = sum(item);
    for (int k = starts[item]; sum > 0 && k < starts[item + 1]; k++) {
      if (places[others[k]] >= 0) {
        out[places[others[k]]] = values[k] / sum;
      }
    }
  }

  private float sum(int item) {
    float sum = 0;
    for (int k = starts[item]; k < starts[item + 1]; k++) {
      sum += values[k];
    }
    return sum;
  }

  /// Returns the value of a pair divided by its row's sum, 0 where there is none.
  float share(int item, int other) {
    float value = 0;
    for (int k = starts[item]; k < starts[item + 1]; k++) {
      value = others[k] == other ? values[k] : value;
    }
    return value > 0 ? value / sum(item) : 0;
  }

  @Override
  StoredArrays numbers() {
    return new StoredArrays(
        Map.of("pairs.values", Tensor.vector(values)),
        Map.of("pairs.starts", starts, "pairs.others", others));
  }

  /// Puts a model together again.
  static PairModel read(String kind, Catalogue catalogue, StoredArrays numbers) {
    int[] starts = numbers.ints("pairs.starts", catalogue.size() + 1);
    int cells = starts[catalogue.size()];
    int[] others = numbers.ints("pairs.others", cells);
    StoredArrays.checkRows("pairs.starts", starts, cells);
    StoredArrays.checkItems("pairs.others", others, catalogue);
    return new PairModel(kind, catalogue, starts, others, numbers.floats("pairs.values", cells));
  }

  /// Sums what all items say for each.
  @Override
  public float[] popularity() {
    float[] sums = new float[catalogue().size()];
    for (int k = 0; k < others.length; k++) {
      sums[others[k]] += values[k];
    }
    return sums;
  }

  @Override
  public void scores(SessionState[] states, int n, float[][] out) {
    for (int i = 0; i < n; i++) {
      float[] scores = out[i];
      Arrays.fill(scores, 0);
      int last = states[i].recent(0);
      for (int k = starts[last]; k < starts[last + 1]; k++) {
        scores[others[k]] = values[k];
      }
    }
  }
}
