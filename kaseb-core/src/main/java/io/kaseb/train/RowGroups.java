package io.kaseb.train;

import java.util.Arrays;

/// Groups a step's gradients by the row that they belong to, where a row gets more than one: the
/// rows' gradients must be summed before the optimiser squares them.
final class RowGroups {
  private final int[] stampOf;
  private final int[] groupOf;
  private final int[] group;
  private final int[] starts;
  private final int[] sorted;

  /// Item of each group.
  final int[] item;

  private int stamp;
  private int groups;
  private int slots;

  RowGroups(int items, int slots) {
    stampOf = new int[items];
    groupOf = new int[items];
    group = new int[slots];
    item = new int[slots];
    starts = new int[slots + 1];
    sorted = new int[slots];
  }

  /// Forgets the last step.
  void clear() {
    if (++stamp == 0) {
      Arrays.fill(stampOf, 0);
      stamp = 1;
    }
    groups = 0;
    slots = 0;
  }

  /// Takes the next gradient slot for an item's row and returns its number.
  int add(int candidate) {
    if (stampOf[candidate] != stamp) {
      stampOf[candidate] = stamp;
      groupOf[candidate] = groups;
      item[groups++] = candidate;
    }
    group[slots] = groupOf[candidate];
    return slots++;
  }

  /// Orders the slots by group, keeping their order within each.
  void close() {
    Arrays.fill(starts, 0, groups + 1, 0);
    for (int s = 0; s < slots; s++) {
      starts[group[s] + 1]++;
    }
    for (int g = 0; g < groups; g++) {
      starts[g + 1] += starts[g];
    }
    for (int s = 0; s < slots; s++) {
      sorted[starts[group[s]]++] = s;
    }
    for (int g = groups; g > 0; g--) {
      starts[g] = starts[g - 1];
    }
    starts[0] = 0;
  }

  int groups() {
    return groups;
  }

  /// Returns where a group's slots start in [#slot].
  int start(int g) {
    return starts[g];
  }

  int end(int g) {
    return starts[g + 1];
  }

  /// Returns the slot at a place of the grouped order.
  int slot(int i) {
    return sorted[i];
  }
}
