package io.kaseb.train;

import io.kaseb.kernel.Kernels;
import io.kaseb.kernel.LossBlock;
import java.util.Arrays;

/// Scores, loss and their gradients: where a step spends most of its time.
///
/// Two passes over blocks of columns. The first gathers the items' rows into a packed panel, scores
/// them and adds up the loss's sums; the second turns scores into gradients, adds to the hidden
/// state's gradient, and updates the rows. Between them lie a barrier and the finishing of the
/// sums. Each thread owns a share of the columns. A row that gets one gradient only is updated on
/// the spot; the others' gradients go to slots, summed later by [RowUpdates].
final class OutputLayer {
  /// Columns a block: its rows, scores and gradients stay in the first-level cache.
  private static final int BLOCK = 48;

  private final Kernels kernels;
  private final Team team;
  private final Loss loss;
  private final FinalActivation activation;
  private final ItemTable table;
  private final int units;
  private final int width;
  private final int batch;
  private final int stride;
  private final float[] panel;
  private final float[] scores;
  private final float[] own;
  private final LossBlock[] blocks;
  private final float[][] rowGradients;
  private final float[][] ownGradients;
  private final float[][] partialMax;
  private final float[][] partialSums;
  private final float[][] totalMax;
  private final float[][] totalSums;
  final float[][] hiddenGradients;
  private final int[] columnSlot;
  private final float[] touched;

  OutputLayer(
      Kernels kernels,
      Team team,
      Loss loss,
      FinalActivation activation,
      ItemTable table,
      int batch,
      int samples) {
    this.kernels = kernels;
    this.team = team;
    this.loss = loss;
    this.activation = activation;
    this.table = table;
    this.units = table.columns() - 1;
    this.width = table.width();
    this.batch = batch;
    this.stride = Kernels.pad(batch);
    int columns = batch + samples;
    panel = new float[columns * width];
    scores = new float[columns * stride];
    own = new float[(batch + 1) * stride];
    columnSlot = new int[columns];
    touched = new float[team.size()];
    int threads = team.size();
    blocks = new LossBlock[threads];
    rowGradients = new float[threads][BLOCK * width];
    ownGradients = new float[threads][stride];
    hiddenGradients = new float[threads][units * stride];
    partialMax = new float[threads][stride];
    partialSums = new float[threads][4 * stride];
    totalMax = new float[threads][stride];
    totalSums = new float[threads][4 * stride];
    for (int t = 0; t < threads; t++) {
      LossBlock b = new LossBlock();
      b.kind = loss.kind();
      b.stride = stride;
      b.bpreg = loss.bpreg();
      b.target = new float[stride];
      b.newMax = new float[stride];
      b.coefficients = new float[4 * stride];
      b.gradient = new float[BLOCK * stride];
      b.scores = scores;
      b.own = own;
      blocks[t] = b;
    }
  }

  /// Decides which columns' rows need a slot; called by one thread.
  ///
  /// @param groups holds the slots of inputs already, where the table is the input's too
  /// @param all whether every row must wait for the whole gradient (clipping)
  void assignSlots(Columns columns, RowGroups groups, boolean all) {
    for (int c = 0; c < columns.count(); c++) {
      columnSlot[c] = all || columns.shared[c] ? groups.add(columns.item[c]) : -1;
    }
  }

  /// First pass: scores of this thread's columns and their sums.
  void score(int t, Columns columns, Activations hidden, int active) {
    LossBlock b = blocks[t];
    b.lanes = Kernels.pad(active);
    b.weight = columns.weight;
    b.correction = columns.correction;
    b.max = partialMax[t];
    b.sums = partialSums[t];
    Arrays.fill(b.max, LossBlock.NO_MAX);
    Arrays.fill(b.sums, 0);
    scoreTargets(b, columns, hidden, active);
    int from = columns.from[t];
    int to = columns.from[t + 1];
    if (loss.leavesOwnOut()) {
      markOwn(t, columns, active);
    }
    for (int c = from; c < to; c += BLOCK) {
      int rows = Math.min(BLOCK, to - c);
      for (int r = c; r < c + rows; r++) {
        kernels.copy(width, table.data(), table.row(columns.item[r]), panel, r * width);
      }
      kernels.multiply(
          rows,
          b.lanes,
          units + 1,
          panel,
          c * width,
          width,
          hidden.byFeature,
          0,
          stride,
          scores,
          c * stride,
          stride,
          false);
      activation.apply(kernels, rows * stride, scores, c * stride);
      aim(t, columns, c, rows);
      kernels.lossSums(b);
    }
  }

  /// Marks each session's own target among this thread's columns.
  private void markOwn(int t, Columns columns, int active) {
    int from = columns.from[t];
    int targets = columns.targetsOf[t];
    int first = 1 + firstTarget(t, columns);
    Arrays.fill(own, first * stride, (first + targets) * stride, 0);
    for (int j = 0; j < active; j++) {
      int k = columns.own[j] - from;
      if (k >= 0 && k < targets) {
        own[(first + k) * stride + j] = 1;
      }
    }
  }

  /// Returns how many targets' columns the threads before this one have.
  private static int firstTarget(int t, Columns columns) {
    int first = 0;
    for (int other = 0; other < t; other++) {
      first += columns.targetsOf[other];
    }
    return first;
  }

  private void aim(int t, Columns columns, int column, int rows) {
    LossBlock b = blocks[t];
    int place = column - columns.from[t];
    b.rows = rows;
    b.scores0 = column * stride;
    b.row0 = column;
    b.ownRows = loss.leavesOwnOut() ? Math.clamp(columns.targetsOf[t] - place, 0, rows) : 0;
    b.own0 = (1 + firstTarget(t, columns) + place) * stride;
  }

  /// Every thread scores all targets for itself: their columns may lie in another's share.
  private void scoreTargets(LossBlock b, Columns columns, Activations hidden, int active) {
    float[] x = hidden.bySample;
    float[] y = table.data();
    for (int j = 0; j < active; j++) {
      int row = table.row(columns.item[columns.own[j]]);
      int sample = j * hidden.width;
      float s0 = 0;
      float s1 = 0;
      float s2 = 0;
      float s3 = 0;
      for (int f = 0; f < width; f += 4) {
        s0 = Math.fma(x[sample + f], y[row + f], s0);
        s1 = Math.fma(x[sample + f + 1], y[row + f + 1], s1);
        s2 = Math.fma(x[sample + f + 2], y[row + f + 2], s2);
        s3 = Math.fma(x[sample + f + 3], y[row + f + 3], s3);
      }
      b.target[j] = (s0 + s1) + (s2 + s3);
    }
    activation.apply(kernels, b.lanes, b.target, 0);
  }

  /// Adds up all threads' sums and finishes them; every thread does so for itself. Returns the
  /// step's loss.
  double finish(int t, Columns columns, int active, int negatives) {
    LossBlock mine = blocks[t];
    mine.max = totalMax[t];
    mine.sums = totalSums[t];
    double sum = 0;
    for (int j = 0; j < mine.lanes; j++) {
      if (j >= active) {
        Loss.zero(mine, j);
        continue;
      }
      total(mine, j);
      float correction = columns.correction[columns.own[j]];
      sum += loss.finish(mine, j, negatives, correction, batch, ownGradients[t]);
    }
    return sum / batch;
  }

  private void total(LossBlock mine, int j) {
    float max = LossBlock.NO_MAX;
    for (float[] part : partialMax) {
      max = Math.max(max, part[j]);
    }
    mine.max[j] = max;
    for (int i = 0; i < 4; i++) {
      double sum = 0;
      for (int t = 0; t < partialSums.length; t++) {
        double scale = loss.softmax() ? Math.exp(partialMax[t][j] - (double) max) : 1;
        sum += partialSums[t][i * stride + j] * scale;
      }
      mine.sums[i * stride + j] = (float) sum;
    }
  }

  /// Reads a float of each cache line of the rows to come, so that memory works while the block at
  /// hand is computed. Returns a sum, so that the reads are not dropped.
  private float touch(Columns columns, int from, int to) {
    float[] data = table.data();
    float sum = 0;
    for (int c = from; c < to; c++) {
      int row = table.row(columns.item[c]);
      for (int i = row; i < row + table.rowLength(); i += Kernels.LANES) {
        sum += data[i];
      }
    }
    return sum;
  }

  /// Second pass: gradients of this thread's columns, and the update of rows that have no slot.
  ///
  /// @param slots gradient slots, `width` floats each
  void backward(
      int t,
      Columns columns,
      Activations hidden,
      int active,
      Optimizer optimizer,
      float[] slots,
      long step) {
    LossBlock b = blocks[t];
    float[] hiddenGradient = hiddenGradients[t];
    float[] rows = rowGradients[t];
    float[] ownGradient = ownGradients[t];
    int from = columns.from[t];
    int to = columns.from[t + 1];
    int targetsEnd = from + columns.targetsOf[t];
    if (from == to) {
      Arrays.fill(hiddenGradient, 0);
    }
    for (int c = from; c < to; c += BLOCK) {
      int n = Math.min(BLOCK, to - c);
      aim(t, columns, c, n);
      kernels.lossGradient(b);
      if (c < targetsEnd) {
        for (int j = 0; j < active; j++) {
          int column = columns.own[j];
          if (column >= c && column < c + n) {
            b.gradient[(column - c) * stride + j] += ownGradient[j];
          }
        }
      }
      activation.slope(n * stride, b.gradient, 0, scores, c * stride);
      kernels.multiplyTransposed(
          units,
          b.lanes,
          n,
          panel,
          c * width,
          width,
          b.gradient,
          0,
          stride,
          hiddenGradient,
          0,
          stride,
          c > from);
      kernels.multiply(
          n,
          width,
          active,
          b.gradient,
          0,
          stride,
          hidden.bySample,
          0,
          width,
          rows,
          0,
          width,
          false);
      touched[t] = touch(columns, c + n, Math.min(to, c + n + BLOCK));
      for (int r = 0; r < n; r++) {
        int slot = columnSlot[c + r];
        if (slot >= 0) {
          System.arraycopy(rows, r * width, slots, slot * width, width);
        } else {
          int row = table.row(columns.item[c + r]);
          optimizer.update(
              kernels,
              width,
              table.data(),
              row,
              table.data(),
              row + width,
              width,
              rows,
              r * width,
              1,
              step);
        }
      }
    }
  }
}
