package io.kaseb.model;

import io.kaseb.kernel.Kernels;

/// The output table, packed for scoring all items at once: blocks of 64 items, each [units x 64],
/// so that the lanes of a vector are items and memory is read from front to back.
final class ItemScorer {
  private static final int BLOCK = 64;

  private final int items;
  private final int units;
  private final float[][] blocks;
  private final float[] bias;

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
}
