package io.kaseb.train;

import io.kaseb.kernel.Kernels;

/// The rows of an item table that get several gradients in one step, or must wait for the step's
/// end: gradients in slots, grouped by row, summed and applied once.
final class RowUpdates {
  private final Kernels kernels;
  private final Team team;
  private final ItemTable table;
  private final boolean biased;
  private final float[] kept;
  final RowGroups groups;
  final float[] slots;
  private int inputs;

  /// @param slots the most gradients a step can have
  /// @param biased whether the last column is a bias that inputs have no part in
  RowUpdates(Kernels kernels, Team team, ItemTable table, int slots, boolean biased) {
    this.biased = biased;
    this.kernels = kernels;
    this.team = team;
    this.table = table;
    this.groups = new RowGroups(table.items(), slots);
    this.slots = new float[slots * table.width()];
    this.kept = new float[team.size() * 4];
  }

  /// Starts a step; the first slots are the input items'.
  void start(int[] items, int active) {
    groups.clear();
    inputs = active;
    for (int b = 0; b < active; b++) {
      groups.add(items[b]);
    }
  }

  /// Sums the slots of this thread's groups into the first of each and returns the sum of squares.
  double sum(int t) {
    int width = table.width();
    double squares = 0;
    for (int g = 0; g < groups.groups(); g++) {
      if (Columns.owner(groups.item[g], team.size()) != t) {
        continue;
      }
      int first = groups.slot(groups.start(g)) * width;
      for (int i = groups.start(g) + 1; i < groups.end(g); i++) {
        int other = groups.slot(i) * width;
        for (int k = 0; k < width; k++) {
          slots[first + k] += slots[other + k];
        }
      }
      for (int k = first; k < first + width; k++) {
        squares += (double) slots[k] * slots[k];
      }
    }
    return squares;
  }

  /// Updates the rows of this thread's groups, whose slots have been summed.
  void update(int t, Optimizer optimizer, float scale, long step) {
    int width = table.width();
    for (int g = 0; g < groups.groups(); g++) {
      if (Columns.owner(groups.item[g], team.size()) != t) {
        continue;
      }
      int row = table.row(groups.item[g]);
      int slot = groups.slot(groups.start(g)) * width;
      // Momentum must not move the bias of an item that is but an input of this step.
      boolean inputOnly = biased && groups.slot(groups.end(g) - 1) < inputs;
      keepBias(t, row, inputOnly, optimizer.states());
      optimizer.update(
          kernels,
          width,
          table.data(),
          row,
          table.data(),
          row + width,
          width,
          slots,
          slot,
          scale,
          step);
      restoreBias(t, row, inputOnly, optimizer.states());
    }
  }

  private void keepBias(int t, int row, boolean inputOnly, int states) {
    if (inputOnly) {
      for (int part = 0; part <= states; part++) {
        kept[t * 4 + part] = table.data()[bias(row, part)];
      }
    }
  }

  private void restoreBias(int t, int row, boolean inputOnly, int states) {
    if (inputOnly) {
      for (int part = 0; part <= states; part++) {
        table.data()[bias(row, part)] = kept[t * 4 + part];
      }
    }
  }

  private int bias(int row, int part) {
    return row + part * table.width() + table.columns() - 1;
  }
}
