package io.kaseb.eval;

import java.util.ArrayList;
import java.util.List;
import java.util.stream.IntStream;

/// Items in five groups of popularity, each with about a fifth of train's clicks: few popular items
/// in the first, many rare ones in the last.
final class Fifths {
  /// How many groups.
  static final int COUNT = 5;

  private final int[] groups;
  private final int[] items = new int[COUNT];
  private final long[] least = new long[COUNT];

  /// Groups items by their clicks in train; of equal ones the lower index counts as more popular.
  Fifths(long[] clicks) {
    groups = new int[clicks.length];
    int[] order =
        IntStream.range(0, clicks.length)
            .boxed()
            .sorted((a, b) -> Long.compare(clicks[b], clicks[a]))
            .mapToInt(Integer::intValue)
            .toArray();
    long total = 0;
    for (long n : clicks) {
      total += n;
    }
    long before = 0;
    for (int item : order) {
      int group = total == 0 ? 0 : (int) Math.min(COUNT - 1, before * COUNT / total);
      groups[item] = group;
      items[group]++;
      least[group] = clicks[item];
      before += clicks[item];
    }
  }

  /// Returns an item's group, 0 the most popular.
  int of(int item) {
    return groups[item];
  }

  /// Puts counts of predictions and hits by group together.
  List<Evaluation.Fifth> recalls(long[] events, long[] hits) {
    List<Evaluation.Fifth> fifths = new ArrayList<>();
    for (int g = 0; g < COUNT; g++) {
      double recall = events[g] == 0 ? Double.NaN : (double) hits[g] / events[g];
      fifths.add(new Evaluation.Fifth(items[g], least[g], events[g], recall));
    }
    return fifths;
  }
}
