package io.kaseb.network;

import io.kaseb.config.LossKind;
import io.kaseb.kernel.Kernels;
import io.kaseb.kernel.LossBlock;
import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/// Scores, loss and their gradients: where a step spends most of its time.
///
/// Each thread works on its own columns, block by block, so that what belongs to a block stays in
/// the first-level cache. [#score] gathers the items' rows into a packed panel, scores them and
/// adds up the loss's sums. After a barrier [#finish] finishes the sums. [#updateRows] turns the
/// gradients by the scores into the rows' and applies them: a row that gets one gradient only is
/// updated on the spot; the others' go to slots of [RowUpdates].
///
/// Cross-entropy needs no more than that. Its gradient is exp(score) / Z less the target's part, so
/// [#score] keeps the exponentials, multiplies them by the rows while those are at hand, and the
/// division by Z is made up for later, on the few floats of the hidden state. The other losses'
/// gradients need the finished sums, so that they take another pass, [#rankingGradients].
final class OutputLayer {
  /// Columns a block: its rows, scores and gradients stay in the first-level cache.
  private static final int BLOCK = 48;

  private final Kernels kernels;
  private final Loss loss;
  private final FinalActivation activation;
  private final ItemTable table;
  private final boolean crossEntropy;
  private final int units;
  private final int width;
  private final int batch;
  private final int stride;
  private final Share[] shares;

  /// Each session's target score, put there by the thread that owns the target; cross-entropy only.
  private final float[] targetScores;

  /// What one thread works with.
  private final class Share {
    final LossBlock block = new LossBlock();

    /// Gradient by the score of each column [columns x stride], or what will become it. For
    /// cross-entropy, in units of `scale`.
    final float[] kept;

    /// Running maxima at each block, [blocks x stride]; cross-entropy only.
    final float[] maxima;

    final float[] panel = new float[BLOCK * width];
    final float[] rows = new float[BLOCK * width];
    final float[] hiddenGradient = new float[units * stride];
    final float[] max = new float[stride];
    final float[] sums = new float[4 * stride];
    final float[] totalMax = new float[stride];
    final float[] totalSums = new float[4 * stride];

    /// Gradient by each session's target's score, from the target's own cell alone.
    final float[] ownGradient = new float[stride];

    /// For each thread what its sums, and cross-entropy's kept gradients, must be multiplied by,
    /// [threads x stride].
    final float[][] scale;

    /// The hidden state times `scale`, [batch x hidden width].
    float[] scaledHidden = {};

    final int[] columnSlot;
    boolean raised;

    @SuppressWarnings("UnusedVariable") // kept, so that touching is not optimised away
    float touched;

    Share(int columns, int threads) {
      kept = new float[columns * stride];
      maxima = crossEntropy ? new float[(columns / BLOCK + 1) * stride] : new float[0];
      scale = new float[threads][stride];
      columnSlot = new int[columns];
      block.kind = loss.kind();
      block.stride = stride;
      block.bpreg = loss.bpreg();
      block.target = new float[stride];
      block.newMax = new float[stride];
      block.coefficients = new float[4 * stride];
      if (crossEntropy) {
        block.scores = new float[BLOCK * stride];
        block.gradient = kept;
      } else {
        block.scores = kept;
        block.gradient = new float[BLOCK * stride];
        block.own = new float[(batch + 1) * stride];
      }
    }
  }

  OutputLayer(
      Kernels kernels,
      int threads,
      Loss loss,
      FinalActivation activation,
      ItemTable table,
      int batch,
      int samples) {
    this.kernels = kernels;
    this.loss = loss;
    this.activation = activation;
    this.table = table;
    this.crossEntropy = loss.kind() == LossKind.CROSS_ENTROPY;
    this.units = table.columns() - 1;
    this.width = table.width();
    this.batch = batch;
    this.stride = Kernels.stride(batch);
    targetScores = new float[stride];
    shares = new Share[threads];
    Arrays.setAll(shares, t -> new Share(batch + samples, threads));
  }

  /// Decides which of thread `t`'s columns' rows need a slot.
  ///
  /// @param all whether every row must wait for the whole gradient (clipping)
  void assignSlots(int t, ScoreColumns columns, RowUpdates rows, boolean all) {
    int[] columnSlot = shares[t].columnSlot;
    for (int c = 0; c < columns.count(); c++) {
      columnSlot[c] = all || columns.shared[c] ? rows.add(t, columns.item[c]) : -1;
    }
  }

  /// Scores thread `t`'s columns and adds up their sums.
  ///
  /// @param targets each session's target item
  void score(int t, ScoreColumns columns, int[] targets, Activations hidden, int active) {
    Share share = shares[t];
    LossBlock b = share.block;
    b.lanes = Kernels.pad(active);
    b.weight = columns.weight;
    b.correction = columns.correction;
    b.max = share.max;
    b.sums = share.sums;
    Arrays.fill(b.sums, 0);
    Arrays.fill(b.max, LossBlock.NO_MAX);
    share.raised = false;
    if (crossEntropy) {
      Arrays.fill(share.hiddenGradient, 0);
    } else {
      scoreTargets(b, targets, hidden, active);
      markOwn(b, columns, active);
    }
    for (int c = 0; c < columns.count(); c += BLOCK) {
      int n = Math.min(BLOCK, columns.count() - c);
      gather(share, columns, c, n);
      aim(b, columns, c, n);
      kernels.multiply(
          n,
          b.lanes,
          units + 1,
          share.panel,
          0,
          width,
          hidden.byFeature,
          0,
          stride,
          b.scores,
          b.scores0,
          stride,
          false);
      activation.apply(kernels, n * stride, b.scores, b.scores0);
      kernels.lossSums(b);
      if (crossEntropy) {
        keepTargets(b, columns, c, n, active);
        checkMaxima(share, c, active);
        activation.slope(n * stride, share.kept, c * stride, b.scores, 0);
        addToHiddenGradient(share, n, share.kept, c * stride, true);
      }
    }
  }

  private void gather(Share share, ScoreColumns columns, int c, int n) {
    share.touched = table.touch(columns.item, c, c + n, width);
    for (int r = 0; r < n; r++) {
      kernels.copy(width, table.data(), table.row(columns.item[c + r]), share.panel, r * width);
    }
  }

  /// Adds the panel's rows times the gradients by their scores to the hidden state's gradient.
  private void addToHiddenGradient(Share share, int n, float[] gradient, int g0, boolean add) {
    kernels.multiplyTransposed(
        units,
        share.block.lanes,
        n,
        share.panel,
        0,
        width,
        gradient,
        g0,
        stride,
        share.hiddenGradient,
        0,
        stride,
        add);
  }

  /// Keeps the scores of those targets that are among a block's columns.
  private void keepTargets(LossBlock b, ScoreColumns columns, int c, int n, int active) {
    for (int j = 0; j < active && c < columns.targets(); j++) {
      int r = columns.own[j] - c;
      if (r >= 0 && r < n) {
        targetScores[j] = b.scores[r * stride + j];
      }
    }
  }

  /// Remembers the running maxima of a block, and scales what was summed before where they rose.
  private void checkMaxima(Share share, int c, int active) {
    float[] max = share.block.max;
    int now = c / BLOCK * stride;
    System.arraycopy(max, 0, share.maxima, now, stride);
    for (int j = 0; j < active && c > 0; j++) {
      float before = share.maxima[now - stride + j];
      if (before != max[j]) {
        share.raised = true;
        float scale = (float) Math.exp(before - max[j]);
        for (int f = 0; f < units; f++) {
          share.hiddenGradient[f * stride + j] *= scale;
        }
      }
    }
  }

  /// Marks each session's own target among the thread's columns.
  private void markOwn(LossBlock b, ScoreColumns columns, int active) {
    Arrays.fill(b.own, 0, (columns.targets() + 1) * stride, 0);
    for (int j = 0; j < active; j++) {
      if (columns.own[j] >= 0) {
        b.own[(1 + columns.own[j]) * stride + j] = 1;
      }
    }
  }

  private void aim(LossBlock b, ScoreColumns columns, int c, int n) {
    b.rows = n;
    b.row0 = c;
    b.scores0 = crossEntropy ? 0 : c * stride;
    b.gradient0 = crossEntropy ? c * stride : 0;
    b.ownRows = crossEntropy ? 0 : Math.clamp(columns.targets() - c, 0, n);
    b.own0 = (1 + c) * stride;
  }

  /// Every thread scores all targets for itself: their columns may be another's, and the losses
  /// other than cross-entropy need them at once.
  private void scoreTargets(LossBlock b, int[] targets, Activations hidden, int active) {
    float[] x = hidden.bySample;
    float[] y = table.data();
    for (int j = 0; j < active; j++) {
      int row = table.row(targets[j]);
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
  double finish(int t, ScoreColumns columns, int[] targets, int active, int negatives) {
    Share share = shares[t];
    LossBlock b = share.block;
    b.max = share.totalMax;
    b.sums = share.totalSums;
    if (crossEntropy) {
      System.arraycopy(targetScores, 0, b.target, 0, active);
    }
    double sum = 0;
    for (int j = 0; j < b.lanes; j++) {
      if (j >= active) {
        Loss.zero(b, j);
        continue;
      }
      total(share, j);
      float correction = columns.targetCorrection(targets[j]);
      sum += loss.finish(b, j, negatives, correction, batch, share.ownGradient);
    }
    activation.slope(active, share.ownGradient, 0, b.target, 0);
    if (crossEntropy) {
      for (float[] scale : share.scale) {
        kernels.times(b.lanes, scale, 0, b.coefficients, 0);
      }
    }
    return sum / batch;
  }

  private void total(Share share, int j) {
    float max = LossBlock.NO_MAX;
    for (Share part : shares) {
      max = Math.max(max, part.max[j]);
    }
    share.totalMax[j] = max;
    for (int t = 0; t < shares.length; t++) {
      float below = shares[t].max[j] - max;
      share.scale[t][j] = loss.softmax() && below < 0 ? (float) Math.exp(below) : 1;
    }
    for (int i = j; i < (crossEntropy ? stride : 4 * stride); i += stride) {
      float sum = 0;
      for (int t = 0; t < shares.length; t++) {
        sum = Math.fma(shares[t].sums[i], share.scale[t][j], sum);
      }
      share.totalSums[i] = sum;
    }
  }

  /// Returns whether [#rankingGradients] and a barrier must come before [#hiddenGradient].
  boolean ranking() {
    return !crossEntropy;
  }

  /// Turns thread `t`'s kept scores into gradients, for the losses other than cross-entropy.
  void rankingGradients(int t, ScoreColumns columns) {
    Share share = shares[t];
    LossBlock b = share.block;
    if (columns.count() == 0) {
      Arrays.fill(share.hiddenGradient, 0);
    }
    for (int c = 0; c < columns.count(); c += BLOCK) {
      int n = Math.min(BLOCK, columns.count() - c);
      gather(share, columns, c, n);
      aim(b, columns, c, n);
      kernels.lossGradient(b);
      activation.slope(n * stride, b.gradient, 0, b.scores, b.scores0);
      addToHiddenGradient(share, n, b.gradient, 0, c > 0);
      System.arraycopy(b.gradient, 0, share.kept, c * stride, n * stride);
    }
  }

  /// Sets features `from..to` of the hidden state's gradient [units x stride].
  void hiddenGradient(int t, int[] targets, int active, int from, int to, float[] gradient) {
    Share mine = shares[t];
    int lanes = mine.block.lanes;
    int start = from * stride;
    int rows = to - from;
    Arrays.fill(gradient, start, to * stride, 0);
    for (int i = 0; i < shares.length; i++) {
      float[] part = shares[i].hiddenGradient;
      if (crossEntropy) {
        kernels.addScaled(rows, lanes, gradient, start, part, start, stride, mine.scale[i]);
      } else {
        kernels.add(rows * stride, gradient, start, part, start);
      }
    }
    float[] weights = table.data();
    mine.touched = table.touch(targets, 0, active, width);
    for (int j = 0; j < active; j++) {
      int row = table.row(targets[j]);
      float own = mine.ownGradient[j];
      for (int f = from; f < to; f++) {
        gradient[f * stride + j] += own * weights[row + f];
      }
    }
  }

  /// Computes the gradients of thread `t`'s rows, and updates those that have no slot.
  ///
  /// @param slots gradient slots, `width` floats each
  /// @param parts hears of each gradient that is applied at once; null for none
  void updateRows(
      int t,
      ScoreColumns columns,
      Activations hidden,
      int active,
      Optimizer optimizer,
      float[] slots,
      long step,
      @Nullable SharedParts parts) {
    Share share = shares[t];
    float[] samples = crossEntropy ? scaledHidden(share, t, hidden, active) : hidden.bySample;
    float[] rows = share.rows;
    for (int c = 0; c < columns.count(); c += BLOCK) {
      int n = Math.min(BLOCK, columns.count() - c);
      share.touched = table.touch(columns.item, c, c + n, table.rowLength());
      if (share.raised) {
        lower(share, c, n, active);
      }
      kernels.multiply(
          n,
          width,
          active,
          share.kept,
          c * stride,
          stride,
          samples,
          0,
          width,
          rows,
          0,
          width,
          false);
      if (c < columns.targets()) {
        addOwn(share, columns, c, n, hidden, active);
      }
      for (int r = 0; r < n; r++) {
        int slot = share.columnSlot[c + r];
        if (slot >= 0) {
          System.arraycopy(rows, r * width, slots, slot, width);
        } else {
          int row = table.row(columns.item[c + r]);
          if (parts != null) {
            parts.add(t, columns.item[c + r], rows, r * width, 1);
          }
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

  private float[] scaledHidden(Share share, int t, Activations hidden, int active) {
    if (share.scaledHidden.length == 0) {
      share.scaledHidden = new float[batch * width];
    }
    float[] scale = share.scale[t];
    float[] scaled = share.scaledHidden;
    for (int j = 0; j < active; j++) {
      float s = scale[j];
      for (int i = j * width; i < (j + 1) * width; i++) {
        scaled[i] = hidden.bySample[i] * s;
      }
    }
    return scaled;
  }

  /// Brings a block's kept exponentials from the maxima of their time to the thread's last.
  private void lower(Share share, int c, int n, int active) {
    int then = c / BLOCK * stride;
    for (int j = 0; j < active; j++) {
      float before = share.maxima[then + j];
      if (before != share.max[j]) {
        float scale = (float) Math.exp(before - share.max[j]);
        for (int r = c; r < c + n; r++) {
          share.kept[r * stride + j] *= scale;
        }
      }
    }
  }

  private void addOwn(
      Share share, ScoreColumns columns, int c, int n, Activations hidden, int active) {
    for (int j = 0; j < active; j++) {
      int r = columns.own[j] - c;
      if (r >= 0 && r < n) {
        float own = share.ownGradient[j];
        for (int k = 0; k < width; k++) {
          share.rows[r * width + k] += own * hidden.bySample[j * width + k];
        }
      }
    }
  }
}
