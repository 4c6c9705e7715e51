package io.kaseb.eval;

import io.kaseb.base.Workers;
import io.kaseb.tune.math.SeededRandom;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.SplittableRandom;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;

/// Percentile bootstrap over sessions (Efron 1979): sessions are drawn with replacement, because
/// the events of one session are not independent of each other.
public final class Bootstrap {
  /// Above this number sessions are dealt into as many groups, which are then drawn: the same
  /// variance at a bounded cost.
  private static final int MOST_GROUPS = 16_384;

  private final SessionSums sums;
  private final int width;
  private final int groups;
  private final boolean suffices;
  private final double[] table;

  /// Groups the sessions that have events.
  public Bootstrap(SessionSums sums) {
    this(sums, null);
  }

  /// Groups the sessions that have events, with how far their sums lie above another model's on the
  /// same events.
  public Bootstrap(SessionSums sums, @Nullable SessionSums other) {
    this.sums = sums;
    this.width = sums.names().size() + 1;
    int[] used = IntStream.range(0, sums.sessions()).filter(s -> sums.events(s) > 0).toArray();
    groups = Math.min(used.length, MOST_GROUPS);
    suffices = SampleSize.suffices(used.length);
    table = new double[groups * width];
    for (int i = 0; i < used.length; i++) {
      int at = i % groups * width;
      for (int c = 0; c + 1 < width; c++) {
        table[at + c] += sums.sum(used[i], c) - (other == null ? 0 : other.sum(used[i], c));
      }
      table[at + width - 1] += sums.events(used[i]);
    }
  }

  /// Returns whether there are sessions enough for intervals and verdicts.
  boolean suffices() {
    return suffices;
  }

  /// Returns the 2.5th and 97.5th percentile of each metric; none of too few sessions.
  public Map<String, double[]> intervals(int samples, long seed, Workers workers) {
    Map<String, double[]> intervals = new LinkedHashMap<>();
    if (!suffices) {
      return intervals;
    }
    double[][] means = means(samples, seed, workers);
    for (int c = 0; c < means.length; c++) {
      intervals.put(sums.names().get(c), ends(means[c]));
    }
    return intervals;
  }

  /// Returns each metric's mean in each resample, `[metrics][samples]`; empty without sessions or
  /// samples. The resamples depend on the seed and the number of sessions alone.
  double[][] means(int samples, long seed, Workers workers) {
    if (groups == 0 || samples == 0) {
      return new double[0][];
    }
    double[][] means = new double[width - 1][samples];
    workers.forEach(samples, b -> resample(b, seed, means));
    return means;
  }

  private void resample(int sample, long seed, double[][] means) {
    SplittableRandom random = new SplittableRandom(SeededRandom.resample(seed, sample));
    double[] total = new double[width];
    for (int i = 0; i < groups; i++) {
      int row = random.nextInt(groups) * width;
      for (int c = 0; c < width; c++) {
        total[c] += table[row + c];
      }
    }
    for (int c = 0; c + 1 < width; c++) {
      means[c][sample] = total[c] / total[width - 1];
    }
  }

  /// Returns the 2.5th and 97.5th percentile of values, which are left sorted; NaN without any.
  static double[] ends(double[] values) {
    if (values.length == 0) {
      return new double[] {Double.NaN, Double.NaN};
    }
    Arrays.sort(values);
    return new double[] {at(values, .025), at(values, .975)};
  }

  private static double at(double[] sorted, double quantile) {
    double place = quantile * (sorted.length - 1);
    int below = (int) place;
    int above = Math.min(below + 1, sorted.length - 1);
    return sorted[below] + (place - below) * (sorted[above] - sorted[below]);
  }
}
