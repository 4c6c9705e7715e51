package io.kaseb.network;

import io.kaseb.kernel.Kernels;
import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/// What rows of an item table have in common: each attribute value has a part, and an item's row is
/// its own part plus the shares of those that it has.
///
/// The table holds the sums, so that scoring reads one row an item as it does without parts, and a
/// trained table is a model's as it is. A step adds the gradients of the rows that it touched up by
/// part; the optimiser makes of them how each part changes, and every item that has it moves along.
/// Since that touches items far beyond the step's own, it is done only every [#every] steps, by the
/// sum of their gradients, so that it costs no more than the steps themselves.
final class SharedParts {
  /// How many rows moved along cost about what one scored candidate of a step does.
  private static final int ROWS_PER_CANDIDATE = 8;

  /// Parts change after so many steps at least, and at a part of the rows' learning rate: every
  /// item that has a part moves with it, at each change. Chosen on sessions held back.
  private static final int LEAST_STEPS = 5;

  static final float RATE = .3f;

  private final Kernels kernels;
  private final ItemTable table;
  private final ItemParts parts;
  private final int threads;
  private final int width;
  private final int every;
  private final Optimizer optimizer;

  /// Each part's weights and the optimiser's state beside them, as an [ItemTable] has rows.
  private final ItemTable values;

  /// Sum of the gradients since the last change, for each thread [parts x width].
  private final float[][] gradients;

  /// What each part was changed by last, [parts x width].
  private final float[] changes;

  private final boolean[] isChanged;

  /// Makes those of a table; none where it has no table or no parts.
  static @Nullable SharedParts of(
      Kernels kernels,
      int threads,
      @Nullable ItemTable table,
      @Nullable ItemParts parts,
      Optimizer optimizer,
      int candidates) {
    return table == null || parts == null
        ? null
        : new SharedParts(kernels, threads, table, parts, optimizer, candidates);
  }

  private SharedParts(
      Kernels kernels,
      int threads,
      ItemTable table,
      ItemParts parts,
      Optimizer optimizer,
      int candidates) {
    this.kernels = kernels;
    this.threads = threads;
    this.table = table;
    this.parts = parts;
    this.width = table.width();
    this.values = new ItemTable(parts.count(), table.columns(), optimizer.states());
    this.optimizer = optimizer.withLearningRate(RATE * optimizer.learningRate());
    this.gradients = new float[threads][parts.count() * width];
    this.changes = new float[parts.count() * width];
    this.isChanged = new boolean[parts.count()];
    int moved = parts.entries();
    this.every = Math.max(LEAST_STEPS, moved / (candidates * ROWS_PER_CANDIDATE));
  }

  /// Adds a row's gradient to those of the item's parts; called by the thread that owns the item.
  ///
  /// @param gradient [width] from `g0`; left as it is
  /// @param scale factor on it (clipping)
  void add(int t, int item, float[] gradient, int g0, float scale) {
    float[] sums = gradients[t];
    for (int i = parts.start(item); i < parts.end(item); i++) {
      float share = scale * parts.share(i);
      int to = parts.part(i) * width;
      for (int k = 0; k < width; k++) {
        sums[to + k] += share * gradient[g0 + k];
      }
    }
  }

  /// Returns whether the parts change after this step.
  boolean isDue(long step) {
    return step % every == 0;
  }

  /// Changes thread `t`'s share of the parts; a barrier must stand before and after.
  void change(int t, long step) {
    int from = (int) ((long) parts.count() * t / threads);
    int to = (int) ((long) parts.count() * (t + 1) / threads);
    float[] sum = gradients[0];
    float[] data = values.data();
    for (int p = from; p < to; p++) {
      int at = p * width;
      for (int other = 1; other < threads; other++) {
        kernels.add(width, sum, at, gradients[other], at);
        Arrays.fill(gradients[other], at, at + width, 0);
      }
      isChanged[p] = false;
      for (int k = at; k < at + width && !isChanged[p]; k++) {
        isChanged[p] = sum[k] != 0;
      }
      if (!isChanged[p]) {
        continue;
      }
      int row = values.row(p);
      System.arraycopy(data, row, changes, at, width);
      long changed = Math.max(1, step / every);
      optimizer.update(kernels, width, data, row, data, row + width, width, sum, at, 1, changed);
      for (int k = 0; k < width; k++) {
        changes[at + k] = data[row + k] - changes[at + k];
      }
      Arrays.fill(sum, at, at + width, 0);
    }
  }

  /// Moves the rows that thread `t` owns along with their parts.
  void move(int t) {
    float[] data = table.data();
    for (int item = 0; item < table.items(); item++) {
      if (Owners.of(item, threads) != t) {
        continue;
      }
      int row = table.row(item);
      for (int i = parts.start(item); i < parts.end(item); i++) {
        int p = parts.part(i);
        if (isChanged[p]) {
          float share = parts.share(i);
          int from = p * width;
          for (int k = 0; k < width; k++) {
            data[row + k] += share * changes[from + k];
          }
        }
      }
    }
  }

  ItemTable values() {
    return values;
  }
}
