package io.kaseb.model;

import io.kaseb.base.Workers;
import io.kaseb.kernel.Kernels;
import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/// The output table in a quarter of its size, for finding the few items of a large catalogue that
/// can be among the best: a scan over bytes gives every item's score between two bounds, and what
/// survives is scored in full.
///
/// # The bound, and why it holds
///
/// Item i has the row w, the bias b and, in floats, the score S = fl(D + b), where D is the float
/// sum of h x w over the d units, by fused multiply-adds. Its row is kept as w = s (q + r): s a
/// float of at least 2^-100, q whole numbers of -127..127, r what rounding left. Let e = 2^-24, g =
/// d e / (1 - d e) and |.| be Euclidean norms of exact values.
///
/// 1. A sum of d fused multiply-adds of x and y differs from the exact one by at most g |x| |y| + d
///    2^-149: Higham, Accuracy and Stability of Numerical Algorithms, section 3.1, with one
///    rounding a term; the second part is for products below 2^-126; then Cauchy-Schwarz. So |D -
///    h.w| <= g |h| s (|q| + |r|) + d 2^-149.
/// 2. The scan's sum A = fl(h.q) differs from h.q by at most g |h| |q| + d 2^-149.
/// 3. h.w / s = h.q + h.r, and |h.r| <= |h| |r|.
/// 4. Together |D / s - A| <= E with E = |h| (|r| + 2 g (|q| + |r|)) + d 2^-48, as 1 / s <= 2^100.
/// 5. fl(A + C) >= A + C - e (|A| + C), and |A| <= 2 |h| |q| + d 2^-149, so fl(A + C) >= D / s for
///    every C >= (E + 2 e |h| |q| + d 2^-149) / (1 - e); likewise fl(A - C) <= D / s.
/// 6. Rounding never changes an order: s fl(A + C) >= D gives fl(s fl(A + C) + b) >= fl(D + b) = S,
///    where the left side is one fused multiply-add; likewise the lower bound. The bias adds no
///    error.
///
/// `C = |h| x spread + d 2^-47`, where `spread = (1 + 2^-20) (|r| + 2 g (|q| + |r|) + 2 e |q|)`
/// with the largest |q| and |r| of the item's block: 2^-20 covers the 1 / (1 - e) and the few
/// roundings in making spread, |h| and C themselves. All this needs that no sum overflows:
/// [#survivors] asks that |h| times the largest row is below 10^37. Which items survive, and why
/// none is lost, is [Candidates]'s part.
final class QuantisedItems {
  private static final int BLOCK = Kernels.SCAN;
  private static final float SMALLEST_SCALE = 0x1p-100f;
  private static final int MOST_UNITS = 1 << 20;

  /// Bytes before the first row: with the array's header of 16, rows start on a cache line.
  private static final int START = 48;

  private final int items;
  private final int units;
  private final byte[] rows;
  private final float[] scales;
  private final float[] spread;
  private final double longestHidden;

  /// The scales and biases times a sharpness; the last one that was asked for.
  private volatile @Nullable Sharp sharp;

  private record Sharp(float sharpness, float[] scales) {}

  private QuantisedItems(int items, int units, float[][] blocks, float[] bias, Workers workers) {
    this.items = items;
    this.units = units;
    rows = new byte[START + blocks.length * units * BLOCK + 8];
    scales = new float[blocks.length * 2 * BLOCK];
    spread = new float[blocks.length];
    double[] lengths = workers.mapToDouble(blocks.length, b -> quantise(b, blocks[b], bias));
    double longest = Arrays.stream(lengths).max().orElse(0);
    longestHidden = 1e37 / Math.max(longest, 256 * Math.sqrt(units));
  }

  /// Quantises the packed table of an [ItemScorer]: blocks of [units x 64] and the biases [items].
  /// A table that cannot be (values that are no numbers, more bytes than an array holds) gives one
  /// that declines every search.
  static QuantisedItems of(int items, int units, float[][] blocks, float[] bias, Workers workers) {
    boolean fits =
        units < MOST_UNITS && (long) blocks.length * units * BLOCK < Integer.MAX_VALUE - 128;
    return fits
        ? new QuantisedItems(items, units, blocks, bias, workers)
        : new QuantisedItems(0, units, new float[0][], bias, workers);
  }

  /// Quantises a block and returns the length of its longest row, NaN where a value is no number.
  private double quantise(int block, float[] x, float[] bias) {
    double longest = 0;
    double longestQ = 0;
    double longestR = 0;
    for (int j = 0; j < Math.min(BLOCK, items - block * BLOCK); j++) {
      float largest = 0;
      for (int u = 0; u < units; u++) {
        largest = Math.max(largest, Math.abs(x[u * BLOCK + j]));
      }
      float scale = Math.max(largest / 127, SMALLEST_SCALE);
      double ww = 0;
      double qq = 0;
      double rr = 0;
      for (int u = 0; u < units; u++) {
        double w = x[u * BLOCK + j];
        double y = w / scale;
        long q = Math.clamp(Math.round(y), -127, 127);
        rows[START + (block * units + u) * BLOCK + j] = (byte) q;
        ww += w * w;
        qq += q * q;
        rr += (y - q) * (y - q);
      }
      int at = block * 2 * BLOCK + j;
      float b = bias[block * BLOCK + j];
      scales[at] = scale;
      scales[at + BLOCK] = b;
      // 0 x infinity is NaN, and NaN stays to the end of Math.max.
      longest = Math.max(longest, Math.sqrt(ww) + 0 * ww + 0 * b);
      longestQ = Math.max(longestQ, Math.sqrt(qq));
      longestR = Math.max(longestR, Math.sqrt(rr));
    }
    double g = units * 0x1p-24 / (1 - units * 0x1p-24);
    double wide = longestR + 2 * g * (longestQ + longestR) + 0x1p-23 * longestQ;
    spread[block] = (float) (wide * (1 + 0x1p-20));
    return longest;
  }

  /// Finds the survivors of a search for the k best.
  ///
  /// @param hidden [units] from `hidden0`
  /// @param sums scratch, at least 64 floats
  /// @param candidates emptied; holds the survivors afterwards
  /// @param allowed which items may survive; null for all
  /// @param weight receives the sum of exp(sharpness x score) over all items as
  ///   [Kernels#addExponentials] keeps it, from scores s A + b that are off by s C at most, also
  ///   where too many survive; null where not wanted. Values outside the bound's reach leave it as
  ///   it is
  /// @return how many they are, or -1 where the search was given up: too many of them, or values
  ///   outside the bound's reach
  int survivors(
      float[] hidden,
      int hidden0,
      float[] sums,
      Candidates candidates,
      @Nullable ItemMask allowed,
      double @Nullable [] weight,
      float sharpness) {
    float length = length(hidden, hidden0);
    // NaN on either side is outside too.
    if (items == 0 || !(length <= longestHidden)) {
      return -1;
    }
    float[] sharpened = weight == null ? scales : sharpened(sharpness);
    boolean kept = true;
    for (int b = 0; b < spread.length; b++) {
      long bits = allowed == null ? -1 : allowed.word(b);
      if (bits == 0 && weight == null) {
        continue;
      }
      float slack = slack(b, length);
      long reached = bits & scan(b, hidden, hidden0, slack, candidates.threshold(), sums);
      if (kept && reached != 0 && !offer(b, slack, sums, candidates, reached)) {
        kept = false;
        if (weight == null) {
          return -1;
        }
      }
      if (weight != null) {
        int n = Math.min(BLOCK, items - b * BLOCK);
        Kernels.BEST.addExponentials(n, sums, sharpened, b * 2 * BLOCK, weight);
      }
    }
    return kept ? candidates.survivors() : -1;
  }

  private float[] sharpened(float sharpness) {
    if (sharpness == 1) {
      return scales;
    }
    Sharp made = sharp;
    if (made == null || made.sharpness != sharpness) {
      float[] all = scales.clone();
      for (int i = 0; i < all.length; i++) {
        all[i] *= sharpness;
      }
      made = new Sharp(sharpness, all);
      sharp = made;
    }
    return made.scales;
  }

  /// Returns |h|.
  float length(float[] hidden, int hidden0) {
    double square = 0;
    for (int u = 0; u < units; u++) {
      square += (double) hidden[hidden0 + u] * hidden[hidden0 + u];
    }
    return (float) Math.sqrt(square);
  }

  /// Returns C for a block's items and a hidden state of that length.
  float slack(int block, float length) {
    return Math.fma(length, spread[block], units * 0x1p-47f);
  }

  /// Writes A for a block's 64 items to `sums` and returns which upper bounds reach the threshold,
  /// a bit for each item.
  long scan(int block, float[] hidden, int hidden0, float slack, float threshold, float[] sums) {
    return Kernels.BEST.scan(
        units,
        hidden,
        hidden0,
        rows,
        START + block * units * BLOCK,
        scales,
        block * 2 * BLOCK,
        slack,
        threshold,
        sums);
  }

  /// Returns the bound of an item's score: the upper one for A + C, the lower one for A - C.
  float bound(int item, float sum) {
    int at = item / BLOCK * 2 * BLOCK + item % BLOCK;
    return Math.fma(sum, scales[at], scales[at + BLOCK]);
  }

  private boolean offer(int block, float slack, float[] sums, Candidates candidates, long reached) {
    int first = block * BLOCK;
    for (long rest = reached; rest != 0; rest &= rest - 1) {
      int j = Long.numberOfTrailingZeros(rest);
      float lower = bound(first + j, sums[j] - slack);
      float upper = bound(first + j, sums[j] + slack);
      if (first + j < items && !candidates.offer(first + j, lower, upper)) {
        return false;
      }
    }
    return true;
  }
}
