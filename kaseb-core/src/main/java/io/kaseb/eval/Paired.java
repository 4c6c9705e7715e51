package io.kaseb.eval;

import io.kaseb.base.Workers;
import io.kaseb.tune.math.SeededRandom;
import java.util.SplittableRandom;
import java.util.stream.IntStream;

/// By how much one configuration's metric lies above another's, on the same test sessions, each
/// trained with several seeds.
///
/// @param ahead the difference of the means over seeds
/// @param low lower end of its 95 % interval; NaN of too few sessions
/// @param high upper end
public record Paired(double ahead, double low, double high) {
  /// Compares by a percentile bootstrap (Efron 1979) that draws sessions, the same ones for both,
  /// and seeds, apart for each: a difference must hold for other sessions and for other seeds.
  ///
  /// @param a the first one's sums of the metric over each session's events [seeds x sessions]
  /// @param b the second one's [seeds x sessions]
  /// @param events events of each session
  /// @param samples resamples
  /// @param seed fixes them
  /// @param workers threads; the figures do not depend on their number
  public static Paired of(
      double[][] a, double[][] b, int[] events, int samples, long seed, Workers workers) {
    int[] used = IntStream.range(0, events.length).filter(s -> events[s] > 0).toArray();
    double[] differences =
        workers.mapToDouble(
            SampleSize.suffices(used.length) ? samples : 0,
            i -> resampled(a, b, events, used, SeededRandom.resample(seed, i)));
    double ahead = mean(a, events) - mean(b, events);
    double[] ends = Bootstrap.ends(differences);
    return new Paired(ahead, ends[0], ends[1]);
  }

  private static double mean(double[][] sums, int[] events) {
    double total = 0;
    for (double[] seed : sums) {
      for (double sum : seed) {
        total += sum;
      }
    }
    return total / sums.length / Math.max(1, IntStream.of(events).asLongStream().sum());
  }

  private static double resampled(double[][] a, double[][] b, int[] events, int[] used, long seed) {
    SplittableRandom random = new SplittableRandom(seed);
    int[] seedsOfA = drawn(a.length, random);
    int[] seedsOfB = drawn(b.length, random);
    double difference = 0;
    long count = 0;
    for (int i = 0; i < used.length; i++) {
      int s = used[random.nextInt(used.length)];
      difference += mean(a, seedsOfA, s) - mean(b, seedsOfB, s);
      count += events[s];
    }
    return difference / Math.max(1, count);
  }

  private static int[] drawn(int n, SplittableRandom random) {
    return IntStream.range(0, n).map(i -> random.nextInt(n)).toArray();
  }

  private static double mean(double[][] sums, int[] seeds, int session) {
    double total = 0;
    for (int k : seeds) {
      total += sums[k][session];
    }
    return total / seeds.length;
  }
}
