package io.kaseb.network;

import java.util.Arrays;

/// Groups one thread's gradients of a step by the row that they belong to, where a row gets more
/// than one: the rows' gradients must be summed before the optimiser squares them.
final class RowGroups {
  private final int threads;
  private final int[] stampOf;
  private final int[] groupOf;
  private final int[] group;
  private final int[] slotOf;
  private final int[] starts;
  private final int[] sorted;

  /// Item of each group.
  final int[] item;

  private int stamp;
  private int groups;
  private int added;

  /// @param slots the most gradients a step can have
  RowGroups(int items, int slots, int threads) {
    this.threads = threads;
    stampOf = new int[Owners.most(items, threads)];
    groupOf = new int[Owners.most(items, threads)];
    group = new int[slots];
    slotOf = new int[slots];
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
    added = 0;
  }

  /// Says that a gradient slot belongs to an item's row.
  void add(int candidate, int slot) {
    int at = Owners.place(candidate, threads);
    if (stampOf[at] != stamp) {
      stampOf[at] = stamp;
      groupOf[at] = groups;
      item[groups++] = candidate;
    }
    group[added] = groupOf[at];
    slotOf[added++] = slot;
  }

  /// Orders the slots by group, keeping their order within each.
  void close() {
    Arrays.fill(starts, 0, groups + 1, 0);
    for (int s = 0; s < added; s++) {
      starts[group[s] + 1]++;
    }
    for (int g = 0; g < groups; g++) {
      starts[g + 1] += starts[g];
    }
    for (int s = 0; s < added; s++) {
      sorted[starts[group[s]]++] = slotOf[s];
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
