package io.kaseb.serve;

import java.util.Arrays;
import java.util.concurrent.locks.ReentrantLock;

/// How far the best scores have moved from those that a model gave when it was new: the population
/// stability index of the last forecasts against the first ones, sum (p - q) ln(p / q) over ten
/// bins that held a tenth of the first ones each. Below 0.1 nothing has moved, above 0.25 much has.
final class Drift {
  private static final int BINS = 10;
  private static final int WINDOW = 5_000;

  private final ReentrantLock lock = new ReentrantLock();
  private final float[] first = new float[WINDOW];
  private final float[] edges = new float[BINS - 1];
  private final byte[] recent = new byte[WINDOW];
  private final int[] counts = new int[BINS];
  private long seen;

  /// Takes the best score of a forecast.
  void add(float score) {
    lock.lock();
    try {
      if (seen < WINDOW) {
        first[(int) seen] = score;
        if (seen == WINDOW - 1) {
          Arrays.sort(first);
          for (int b = 0; b < edges.length; b++) {
            edges[b] = first[(b + 1) * WINDOW / BINS];
          }
        }
      } else {
        int at = (int) (seen % WINDOW);
        if (seen >= 2L * WINDOW) {
          counts[recent[at]]--;
        }
        int bin = 0;
        while (bin < edges.length && score >= edges[bin]) {
          bin++;
        }
        recent[at] = (byte) bin;
        counts[recent[at]]++;
      }
      seen++;
    } finally {
      lock.unlock();
    }
  }

  /// Returns the index, NaN before 10,000 forecasts.
  double index() {
    lock.lock();
    try {
      if (seen < 2L * WINDOW) {
        return Double.NaN;
      }
      double sum = 0;
      int from = 0;
      for (int b = 0; b < BINS; b++) {
        // Of equal scores a bin may hold more or less than a tenth, so the first ones are counted.
        int to = b < edges.length ? below(edges[b]) : WINDOW;
        double q = (to - from + .5) / (WINDOW + .5 * BINS);
        double p = (counts[b] + .5) / (WINDOW + .5 * BINS);
        sum += (p - q) * Math.log(p / q);
        from = to;
      }
      return sum;
    } finally {
      lock.unlock();
    }
  }

  private int below(float edge) {
    int at = Arrays.binarySearch(first, edge);
    while (at > 0 && first[at - 1] == edge) {
      at--;
    }
    return at;
  }
}
