package io.kaseb.network;

import io.kaseb.kernel.Kernels;
import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/// The rows of an item table that get several gradients in one step, or must wait for the step's
/// end: gradients in slots, grouped by row, summed and applied once, each row by the thread that
/// owns its item.
///
/// The first slots, one for each session of the batch, are the input items'; all threads write
/// them. Each thread's columns have slots of its own after those.
final class RowUpdates {
  private final Kernels kernels;
  private final int threads;
  private final ItemTable table;
  private final int batch;
  private final boolean biased;

  /// Gradients of the input items' rows, [batch x the table's width].
  final float[] inputSlots;

  private final Share[] shares;

  /// What one thread owns.
  private static final class Share {
    final RowGroups groups;
    final float[] keptBias = new float[4];
    float[] slots = {};

    @SuppressWarnings("UnusedVariable") // kept, so that touching is not optimised away
    float touched;

    int used;

    Share(RowGroups groups) {
      this.groups = groups;
    }
  }

  /// @param columns the most columns a step can have
  /// @param biased whether the last column is a bias that inputs have no part in
  RowUpdates(
      Kernels kernels, int threads, ItemTable table, int batch, int columns, boolean biased) {
    this.kernels = kernels;
    this.threads = threads;
    this.table = table;
    this.batch = batch;
    this.biased = biased;
    inputSlots = new float[batch * table.width()];
    shares = new Share[threads];
    Arrays.setAll(shares, t -> new Share(new RowGroups(table.items(), batch + columns, threads)));
  }

  /// Starts a step with the input items that thread `t` owns.
  void start(int t, int[] items, int active) {
    Share share = shares[t];
    share.groups.clear();
    share.used = 0;
    for (int b = 0; b < active; b++) {
      if (Owners.of(items[b], threads) == t) {
        share.groups.add(items[b], b);
      }
    }
  }

  /// Takes a slot for the gradient of an item that thread `t` owns, and returns where it will be in
  /// [#slots].
  int add(int t, int item) {
    Share share = shares[t];
    share.groups.add(item, batch + share.used);
    return share.used++ * table.width();
  }

  /// Ends the taking of slots.
  void close(int t) {
    Share share = shares[t];
    share.groups.close();
    int floats = share.used * table.width();
    if (floats > share.slots.length) {
      share.slots = new float[2 * floats];
    }
  }

  /// Returns where thread `t`'s columns' gradients go.
  float[] slots(int t) {
    return shares[t].slots;
  }

  /// Sums the slots of each of thread `t`'s groups into its first.
  void sum(int t) {
    RowGroups groups = shares[t].groups;
    int width = table.width();
    for (int g = 0; g < groups.groups(); g++) {
      int slot = groups.slot(groups.start(g));
      float[] to = array(t, slot);
      int first = place(slot);
      for (int i = groups.start(g) + 1; i < groups.end(g); i++) {
        float[] from = array(t, groups.slot(i));
        int other = place(groups.slot(i));
        for (int k = 0; k < width; k++) {
          to[first + k] += from[other + k];
        }
      }
    }
  }

  /// Returns the sum of squares of the gradients that [#sum] has summed.
  double squaredGradient(int t) {
    RowGroups groups = shares[t].groups;
    double squares = 0;
    for (int g = 0; g < groups.groups(); g++) {
      int slot = groups.slot(groups.start(g));
      float[] gradient = array(t, slot);
      int first = place(slot);
      for (int k = first; k < first + table.width(); k++) {
        squares += (double) gradient[k] * gradient[k];
      }
    }
    return squares;
  }

  private float[] array(int t, int slot) {
    return slot < batch ? inputSlots : shares[t].slots;
  }

  private int place(int slot) {
    return (slot < batch ? slot : slot - batch) * table.width();
  }

  /// Updates the rows of thread `t`'s groups, whose slots have been summed.
  ///
  /// @param parts hears of each row's gradient, before it is applied; null for none
  void update(int t, Optimizer optimizer, float scale, long step, @Nullable SharedParts parts) {
    RowGroups groups = shares[t].groups;
    int width = table.width();
    shares[t].touched = table.touch(groups.item, 0, groups.groups(), table.rowLength());
    for (int g = 0; g < groups.groups(); g++) {
      int row = table.row(groups.item[g]);
      int slot = groups.slot(groups.start(g));
      // Momentum must not move the bias of an item that is but an input of this step.
      boolean inputOnly = biased && groups.slot(groups.end(g) - 1) < batch;
      if (parts != null) {
        parts.add(t, groups.item[g], array(t, slot), place(slot), scale);
      }
      keepBias(t, row, inputOnly, optimizer.states());
      optimizer.update(
          kernels,
          width,
          table.data(),
          row,
          table.data(),
          row + width,
          width,
          array(t, slot),
          place(slot),
          scale,
          step);
      restoreBias(t, row, inputOnly, optimizer.states());
    }
  }

  private void keepBias(int t, int row, boolean inputOnly, int states) {
    if (inputOnly) {
      for (int part = 0; part <= states; part++) {
        shares[t].keptBias[part] = table.data()[bias(row, part)];
      }
    }
  }

  private void restoreBias(int t, int row, boolean inputOnly, int states) {
    if (inputOnly) {
      for (int part = 0; part <= states; part++) {
        table.data()[bias(row, part)] = shares[t].keptBias[part];
      }
    }
  }

  private int bias(int row, int part) {
    return row + part * table.width() + table.columns() - 1;
  }
}
