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
    float[] block = blocks[item / BLOCK];
    for (int u = 0; u < units; u++) {
      out[u] = block[u * BLOCK + item % BLOCK];
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
  /// @param total whether to work out the returned value
  /// @return ln of the sum of exp(score) over all items, from exact scores or, in a large
  ///   catalogue, from those of the bytes ([QuantisedItems] bounds their error); NaN where not
  ///   asked
  double top(float[] hidden, int hidden0, TopItems top, @Nullable ItemMask allowed, boolean total) {
    top.clear();
    float[] scores = new float[BLOCK];
    double[] weight = {Double.NEGATIVE_INFINITY, 0};
    if (items < SCAN_FROM
        || !topByScan(hidden, hidden0, scores, top, allowed, total ? weight : null)) {
      weight = new double[] {Double.NEGATIVE_INFINITY, 0};
      float[] scales = new float[2 * BLOCK];
      Arrays.fill(scales, 0, BLOCK, 1);
      for (int first = 0; first < items; first += BLOCK) {
        part(hidden, hidden0, first, BLOCK, scores);
        int count = Math.min(BLOCK, items - first);
        long bits = allowed == null ? -1 : allowed.word(first / BLOCK);
        for (int j = 0; j < count; j++) {
          if ((bits >>> j & 1) != 0) {
            top.offer(first + j, scores[j] + bias[first + j]);
          }
        }
        if (total) {
          System.arraycopy(bias, first, scales, BLOCK, count);
          Kernels.BEST.addExponentials(count, scores, scales, 0, weight);
        }
      }
    }
    return total ? weight[0] + Math.log(weight[1]) : Double.NaN;
  }

  /// Finds the best by scan and full scores of the survivors; false where too many survive.
  private boolean topByScan(
      float[] hidden,
      int hidden0,
      float[] scores,
      TopItems top,
      @Nullable ItemMask allowed,
      double @Nullable [] weight) {
    Candidates candidates = top.candidates(items / SURVIVORS);
    int survivors =
        quantised(Workers.ONE).survivors(hidden, hidden0, scores, candidates, allowed, weight);
    for (int i = 0; i < survivors; i++) {
      int item = candidates.survivor(i);
      int first = item - item % Kernels.LANES;
      part(hidden, hidden0, first, Kernels.LANES, scores);
      top.offer(item, scores[item - first] + bias[item]);
    }
    return survivors >= 0;
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
