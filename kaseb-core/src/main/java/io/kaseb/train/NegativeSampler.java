package io.kaseb.train;

import io.kaseb.tune.math.SeededRandom;

/// Draws items with probability proportional to popularity^`sample_alpha`, each draw in constant
/// time by an alias table (Walker 1977, built by Vose's method).
public final class NegativeSampler {
  /// For each item, side by side: how many of 2^24 draws it keeps, and the item that gets the rest.
  private final int[] table;

  private NegativeSampler(float[] keep, int[] alias) {
    table = new int[2 * keep.length];
    for (int i = 0; i < keep.length; i++) {
      table[2 * i] = (int) Math.ceil(keep[i] * 0x1p24);
      table[2 * i + 1] = alias[i];
    }
  }

  /// Creates a sampler.
  ///
  /// @param counts training events of each item; an item that never occurs is never drawn unless
  ///   `alpha` is 0
  /// @param alpha the exponent: 0 draws uniformly, 1 by popularity
  public static NegativeSampler of(long[] counts, double alpha) {
    int n = counts.length;
    double[] scaled = new double[n];
    double sum = 0;
    for (int i = 0; i < n; i++) {
      scaled[i] = Math.pow((double) counts[i], alpha);
      sum += scaled[i];
    }
    if (!(sum > 0)) {
      throw new IllegalArgumentException("no item to sample from");
    }
    int[] alias = new int[n];
    float[] keep = new float[n];
    // One array holds both stacks: items below their fair share from the left, others from the
    // right.
    int[] stacks = new int[n];
    int small = 0;
    int large = n;
    for (int i = 0; i < n; i++) {
      scaled[i] *= n / sum;
      alias[i] = i;
      if (scaled[i] < 1) {
        stacks[small++] = i;
      } else {
        stacks[--large] = i;
      }
    }
    while (small > 0 && large < n) {
      int poor = stacks[--small];
      int rich = stacks[large];
      keep[poor] = (float) scaled[poor];
      alias[poor] = rich;
      scaled[rich] -= 1 - scaled[poor];
      if (scaled[rich] < 1) {
        large++;
        stacks[small++] = rich;
      }
    }
    while (small > 0) {
      keep[stacks[--small]] = 1;
    }
    while (large < n) {
      keep[stacks[large++]] = 1;
    }
    return new NegativeSampler(keep, alias);
  }

  /// Draws items into `out[from..to]`. Each place's draw depends on the seed and the place alone,
  /// so that threads can share the work: place `i` takes the `i`-th number of `SplittableRandom`'s
  /// sequence (Steele et al. 2014).
  public void sample(long seed, int[] out, int from, int to) {
    long items = table.length / 2;
    for (int i = from; i < to; i++) {
      long bits = SeededRandom.nth(seed, i);
      int item = (int) (((bits >>> 32) * items) >>> 32);
      // All ones where the item is kept. A branch here is mispredicted every other time, and waits
      // for the table each time.
      int kept = ((int) (bits & 0xffffff) - table[2 * item]) >> 31;
      out[i] = (item & kept) | (table[2 * item + 1] & ~kept);
    }
  }

  /// Returns the probability that a draw gives each item.
  public double[] probabilities() {
    int n = table.length / 2;
    double[] p = new double[n];
    for (int i = 0; i < n; i++) {
      float keep = table[2 * i] * 0x1p-24f;
      p[i] += keep / (double) n;
      p[table[2 * i + 1]] += (1 - keep) / (double) n;
    }
    return p;
  }
}
