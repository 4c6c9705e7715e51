package io.kaseb.nas;

import io.kaseb.tune.trial.Fidelity;
import java.util.Arrays;
import java.util.List;
import java.util.SplittableRandom;
import java.util.function.ToDoubleBiFunction;

/// How well results with shared weights order networks as their own trainings do.
///
/// @param networks how many were trained by themselves, drawn at random
/// @param spearman Spearman's rank correlation
/// @param spearmanInterval its 95 % interval; empty for fewer than 5 networks
/// @param kendall Kendall's tau-b
/// @param kendallInterval its 95 % interval; empty likewise
public record RankCheck(
    int networks,
    double spearman,
    List<Double> spearmanInterval,
    double kendall,
    List<Double> kendallInterval) {
  /// From this correlation on, shared weights can be the first rung of a search.
  public static final double GOOD = .7;

  private static final int RESAMPLES = 2_000;
  private static final int LEAST = 5;

  /// Compares.
  ///
  /// @param shared results with shared weights
  /// @param own results of the same networks' own trainings
  static RankCheck of(double[] shared, double[] own) {
    return new RankCheck(
        own.length,
        Fidelity.spearman(shared, own),
        interval(shared, own, Fidelity::spearman),
        kendall(shared, own),
        interval(shared, own, RankCheck::kendall));
  }

  /// Returns whether the correlation is good enough to choose networks by shared weights.
  public boolean good() {
    return spearman >= GOOD;
  }

  /// Returns Kendall's tau-b, which takes equal values out of both sides; NaN where one side is
  /// constant.
  static double kendall(double[] a, double[] b) {
    double agree = 0;
    double untiedA = 0;
    double untiedB = 0;
    for (int i = 0; i < a.length; i++) {
      for (int j = 0; j < i; j++) {
        double x = Math.signum(a[i] - a[j]);
        double y = Math.signum(b[i] - b[j]);
        agree += x * y;
        untiedA += x * x;
        untiedB += y * y;
      }
    }
    return agree / Math.sqrt(untiedA * untiedB);
  }

  /// Draws the networks anew.
  private static List<Double> interval(
      double[] a, double[] b, ToDoubleBiFunction<double[], double[]> measure) {
    int n = a.length;
    if (n < LEAST) {
      return List.of();
    }
    SplittableRandom random = new SplittableRandom(1);
    double[] values = new double[RESAMPLES];
    for (int r = 0; r < RESAMPLES; r++) {
      double[] x = new double[n];
      double[] y = new double[n];
      for (int i = 0; i < n; i++) {
        int drawn = random.nextInt(n);
        x[i] = a[drawn];
        y[i] = b[drawn];
      }
      values[r] = measure.applyAsDouble(x, y);
    }
    // A resample of a single network has no correlation.
    double[] sorted = Arrays.stream(values).filter(Double::isFinite).sorted().toArray();
    return sorted.length == 0
        ? List.of()
        : List.of(
            sorted[(int) (.025 * (sorted.length - 1))],
            sorted[(int) Math.ceil(.975 * (sorted.length - 1))]);
  }
}
