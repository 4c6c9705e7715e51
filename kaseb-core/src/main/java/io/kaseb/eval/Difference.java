package io.kaseb.eval;

import com.fasterxml.jackson.annotation.JsonIgnore;
import com.fasterxml.jackson.annotation.JsonProperty;
import io.kaseb.base.MaybeNumber;
import io.kaseb.base.Workers;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.List;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.annotation.JsonSerialize;

/// How far one model lies above another on the same predictions: paired by session, so that what
/// makes a session easy or hard for both cancels out.
///
/// @param model the model
/// @param other the one it is compared with
/// @param metric as in `mrr@20`
/// @param difference the model's value less the other's
/// @param relative the difference as a share of the other's value
/// @param low 2.5th percentile of the difference over bootstrap resamples of sessions; NaN, and
///   null in JSON, of too few sessions, as are `high` and `p`; no verdict is given then
/// @param high 97.5th percentile
/// @param p two-sided bootstrap p-value, at least 2 / (resamples + 1); corrected by Holm (1979) for
///   all comparisons of the model on this metric
/// @param significant whether p is below .05
public record Difference(
    String model,
    String other,
    String metric,
    double difference,
    double relative,
    @JsonSerialize(using = MaybeNumber.Writer.class) double low,
    @JsonSerialize(using = MaybeNumber.Writer.class) double high,
    @JsonSerialize(using = MaybeNumber.Writer.class) double p,
    @JsonIgnore boolean significant) {
  private static final double LEVEL = .05;

  /// Compares the first of the models with each other, for each metric.
  ///
  /// @param samples bootstrap resamples, at least 1
  /// @param seed fixes them
  /// @param workers threads; the figures do not depend on their number
  public static List<Difference> ofFirst(
      List<Measured> models, List<String> metrics, int samples, long seed, Workers workers) {
    List<Difference> all = new ArrayList<>();
    if (models.size() < 2 || models.getFirst().evaluation().events() == 0 || samples == 0) {
      return all;
    }
    Measured first = models.getFirst();
    List<double @Nullable [][]> drawn = new ArrayList<>();
    for (Measured other : models.subList(1, models.size())) {
      if (other.evaluation().events() != first.evaluation().events()) {
        throw new IllegalArgumentException(
            first.name() + " and " + other.name() + " were measured on different predictions");
      }
      Bootstrap paired =
          new Bootstrap(first.evaluation().perSession(), other.evaluation().perSession());
      drawn.add(paired.suffices() ? paired.means(samples, seed, workers) : null);
    }
    for (String metric : metrics) {
      int column = first.evaluation().perSession().names().indexOf(metric);
      double[] p = new double[drawn.size()];
      for (int m = 0; m < p.length; m++) {
        double[][] resamples = drawn.get(m);
        p[m] = resamples == null ? Double.NaN : p(resamples[column]);
      }
      double[] holm = holm(p);
      for (int m = 0; m < p.length; m++) {
        Measured other = models.get(m + 1);
        double base = other.evaluation().metric(metric);
        double difference = first.evaluation().metric(metric) - base;
        double[][] resamples = drawn.get(m);
        double[] ends = Bootstrap.ends(resamples == null ? new double[0] : resamples[column]);
        all.add(
            new Difference(
                first.name(),
                other.name(),
                metric,
                difference,
                difference / Math.max(base, 1e-12),
                ends[0],
                ends[1],
                holm[m],
                holm[m] < LEVEL));
      }
    }
    return all;
  }

  /// Returns `significant` for JSON: null where there are too few sessions to tell.
  @JsonProperty("significant")
  public @Nullable Boolean verdict() {
    return Double.isNaN(p) ? null : significant;
  }

  /// Returns how rarely resamples fall on the other side of 0, twice the smaller side.
  private static double p(double[] differences) {
    long below = Arrays.stream(differences).filter(d -> d <= 0).count();
    long above = Arrays.stream(differences).filter(d -> d >= 0).count();
    return Math.min(1, 2.0 * (Math.min(below, above) + 1) / (differences.length + 1));
  }

  /// Corrects p-values for their number (Holm 1979): the smallest times n, the next times n - 1,
  /// and so on, never falling.
  static double[] holm(double[] p) {
    int[] order =
        IntStream.range(0, p.length)
            .boxed()
            .sorted(Comparator.comparingDouble(i -> p[i]))
            .mapToInt(Integer::intValue)
            .toArray();
    double[] corrected = new double[p.length];
    double before = 0;
    for (int i = 0; i < order.length; i++) {
      before = Math.max(before, Math.min(1, p[order[i]] * (order.length - i)));
      corrected[order[i]] = before;
    }
    return corrected;
  }
}
