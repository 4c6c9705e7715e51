package io.kaseb.model;

import io.kaseb.base.Workers;
import io.kaseb.kernel.Kernels;
import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/// The output table, packed for scoring all items at once: blocks of 64 items, each [units x 64],
/// so that the lanes of a vector are items and memory is read from front to back. For finding the
/// best items of a large catalogue there is a second table of bytes beside it, [QuantisedItems],
/// made by [#prepare], else by the first such search on its own thread.
final class ItemScorer {
  private static final int BLOCK = Kernels.SCAN;

  /// Items from which on the bytes are scanned; below, all scores are as quick.
  static final int SCAN_FROM = 5_000;

  /// One item in this many may survive the scan: a survivor reads the cache lines of 16 items, and
  /// the scan was not free.
  private static final int SURVIVORS = 32;

  private final int items;
  private final int units;
  private final float[][] blocks;
  private final float[] bias;
  private volatile @Nullable QuantisedItems quantised;

  /// The table once more, row after row, for a large catalogue of which some items are asked for: a
  /// row then is a few cache lines side by side, where in a block it is as many as there are units.
  /// Each array has the rows of a block.
  private volatile float @Nullable [][] rows;

  /// Packs a table [items x units] and its biases [items].
  ItemScorer(int items, int units, float[] table, float[] bias) {
    this.items = items;
    this.units = units;
    this.bias = bias;
    this.blocks = new float[(items + BLOCK - 1) / BLOCK][units * BLOCK];
    for (int i = 0; i < items; i++) {
      float[] block = blocks[i / BLOCK];
      for (int u = 0; u < units; u++) {
        block[u * BLOCK + i % BLOCK] = table[i * units + u];
      }
    }
  }

  /// Copies an item's row to `out`.
  void row(int item, float[] out) {
    row(item, out, 0);
  }

  private void row(int item, float[] out, int at) {
    float[] block = blocks[item / BLOCK];
    for (int u = 0; u < units; u++) {
      out[at + u] = block[u * BLOCK + item % BLOCK];
    }
  }

  /// Returns a copy of the biases, one for each item.
  float[] biases() {
    return Arrays.copyOf(bias, items);
  }

  /// Scores all items for `n` hidden states: score = hidden . row + bias.
  ///
  /// @param hidden [n x units]
  /// @param out `n` rows of scores, one for each item
  void scores(int n, float[] hidden, float[][] out) {
    float[] scratch = new float[n * BLOCK];
    for (int b = 0; b < blocks.length; b++) {
      Kernels.BEST.multiply(
          n, BLOCK, units, hidden, 0, units, blocks[b], 0, BLOCK, scratch, 0, BLOCK, false);
      int first = b * BLOCK;
      int count = Math.min(BLOCK, items - first);
      for (int i = 0; i < n; i++) {
        float[] row = out[i];
        for (int j = 0; j < count; j++) {
          row[first + j] = scratch[i * BLOCK + j] + bias[first + j];
        }
      }
    }
  }

  /// Finds the best items for one hidden state, with the very scores of [#scores]; of equal scores
  /// the lower index leads.
  ///
  /// @param hidden [units] from `hidden0`
  /// @param allowed which items may be found; null for all
  /// @param sharpness what scores are multiplied by in the returned value, 0 where nobody asks
  /// @return ln of the sum of exp(sharpness x score) over all items, from exact scores or, in a
  ///   large catalogue, from those of the bytes ([QuantisedItems] bounds their error), whatever is
  ///   allowed and however many are looked for; NaN where not asked
  double top(
      float[] hidden, int hidden0, TopItems top, @Nullable ItemMask allowed, float sharpness) {
    top.clear();
    float[] scores = new float[BLOCK];
    double[] weight = sharpness > 0 ? new double[] {Double.NEGATIVE_INFINITY, 0} : null;
    if (items < SCAN_FROM || !topByScan(hidden, hidden0, scores, top, allowed, weight, sharpness)) {
      // What the bytes said of the weight holds, so that it never hangs on what is looked for.
      boolean missing = weight != null && weight[1] == 0;
      topByAll(hidden, hidden0, scores, top, allowed, missing ? weight : null, sharpness);
    }
    return weight == null ? Double.NaN : weight[0] + Math.log(weight[1]);
  }

  /// Finds the best by all scores.
  private void topByAll(
      float[] hidden,
      int hidden0,
      float[] scores,
      TopItems top,
      @Nullable ItemMask allowed,
      double @Nullable [] weight,
      float sharpness) {
    float[] scales = new float[2 * BLOCK];
    Arrays.fill(scales, 0, BLOCK, sharpness);
    for (int first = 0; first < items; first += BLOCK) {
      part(hidden, hidden0, first, BLOCK, scores);
      int count = Math.min(BLOCK, items - first);
      long bits = allowed == null ? -1 : allowed.word(first / BLOCK);
      for (int j = 0; j < count; j++) {
        if ((bits >>> j & 1) != 0) {
          top.offer(first + j, scores[j] + bias[first + j]);
        }
      }
      if (weight != null) {
        for (int j = 0; j < count; j++) {
          scales[BLOCK + j] = sharpness * bias[first + j];
        }
        Kernels.BEST.addExponentials(count, scores, scales, 0, weight);
      }
    }
  }

  /// Finds the best by scan and full scores of the survivors; false where too many survive.
  private boolean topByScan(
      float[] hidden,
      int hidden0,
      float[] scores,
      TopItems top,
      @Nullable ItemMask allowed,
      double @Nullable [] weight,
      float sharpness) {
    Candidates candidates = top.candidates(items / SURVIVORS);
    int survivors =
        quantised(Workers.ONE)
            .survivors(hidden, hidden0, scores, candidates, allowed, weight, sharpness);
    float[][] table = rows;
    if (table != null && survivors > 0) {
      int[] found = candidates.items(survivors);
      float[] exact = new float[survivors];
      byRows(hidden, hidden0, table, found, exact);
      for (int i = 0; i < survivors; i++) {
        top.offer(found[i], exact[i]);
      }
      return true;
    }
    for (int i = 0; i < survivors; i++) {
      int item = candidates.survivor(i);
      int first = item - item % Kernels.LANES;
      part(hidden, hidden0, first, Kernels.LANES, scores);
      top.offer(item, scores[item - first] + bias[item]);
    }
    return survivors >= 0;
  }

  /// Scores some items for one hidden state: the very scores of [#scores(int, float[], float[][])].
  ///
  /// @param hidden [units] from `hidden0`
  /// @param out their scores in the same order
  void scores(float[] hidden, int hidden0, int[] chosen, float[] out) {
    if (items >= SCAN_FROM) {
      byRows(hidden, hidden0, rows(), chosen, out);
      return;
    }
    float[] lanes = new float[Kernels.LANES];
    for (int i = 0; i < chosen.length; i++) {
      int first = chosen[i] - chosen[i] % Kernels.LANES;
      part(hidden, hidden0, first, Kernels.LANES, lanes);
      out[i] = lanes[chosen[i] - first] + bias[chosen[i]];
    }
  }

  private void byRows(float[] hidden, int hidden0, float[][] table, int[] chosen, float[] out) {
    int at = 0;
    for (; at + 4 <= chosen.length; at += 4) {
      four(hidden, hidden0, table, chosen, at, out);
    }
    for (; at < chosen.length; at++) {
      float[] row = table[chosen[at] / BLOCK];
      int start = chosen[at] % BLOCK * units;
      float sum = 0;
      for (int u = 0; u < units; u++) {
        sum = Math.fma(hidden[hidden0 + u], row[start + u], sum);
      }
      out[at] = sum + bias[chosen[at]];
    }
  }

  /// Scores four items side by side: each sum must be made in the order of the units, to have the
  /// bits that the kernels give, and so waits for itself.
  private void four(
      float[] hidden, int hidden0, float[][] table, int[] chosen, int at, float[] out) {
    float[] a = table[chosen[at] / BLOCK];
    float[] b = table[chosen[at + 1] / BLOCK];
    float[] c = table[chosen[at + 2] / BLOCK];
    float[] d = table[chosen[at + 3] / BLOCK];
    int a0 = chosen[at] % BLOCK * units;
    int b0 = chosen[at + 1] % BLOCK * units;
    int c0 = chosen[at + 2] % BLOCK * units;
    int d0 = chosen[at + 3] % BLOCK * units;
    float ofA = 0;
    float ofB = 0;
    float ofC = 0;
    float ofD = 0;
    for (int u = 0; u < units; u++) {
      float h = hidden[hidden0 + u];
      ofA = Math.fma(h, a[a0 + u], ofA);
      ofB = Math.fma(h, b[b0 + u], ofB);
      ofC = Math.fma(h, c[c0 + u], ofC);
      ofD = Math.fma(h, d[d0 + u], ofD);
    }
    out[at] = ofA + bias[chosen[at]];
    out[at + 1] = ofB + bias[chosen[at + 1]];
    out[at + 2] = ofC + bias[chosen[at + 2]];
    out[at + 3] = ofD + bias[chosen[at + 3]];
  }

  /// Returns the table of rows, made by the first caller while others wait.
  private float[][] rows() {
    float[][] made = rows;
    if (made == null) {
      synchronized (this) {
        made = rows;
        if (made == null) {
          made = new float[blocks.length][BLOCK * units];
          for (int i = 0; i < items; i++) {
            row(i, made[i / BLOCK], i % BLOCK * units);
          }
          rows = made;
        }
      }
    }
    return made;
  }

  /// Sums hidden x row for `width` items of a block.
  private void part(float[] hidden, int hidden0, int first, int width, float[] out) {
    Kernels.BEST.multiply(
        1,
        width,
        units,
        hidden,
        hidden0,
        units,
        blocks[first / BLOCK],
        first % BLOCK,
        BLOCK,
        out,
        0,
        width,
        false);
  }

  /// Makes the table of bytes where searches need one.
  void prepare(Workers workers) {
    if (items >= SCAN_FROM) {
      quantised(workers);
    }
  }

  /// Returns the table of bytes, made by the first caller while others wait.
  private QuantisedItems quantised(Workers workers) {
    QuantisedItems made = quantised;
    if (made == null) {
      synchronized (this) {
        made = quantised;
        if (made == null) {
          made = QuantisedItems.of(items, units, blocks, bias, workers);
          quantised = made;
        }
      }
    }
    return made;
  }
}
