package io.kaseb.tune.sampler;

import io.kaseb.tune.space.Dimension;
import io.kaseb.tune.trial.Observation;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// What a step costs at a point: a Gaussian process of the logarithm of a step's seconds, to a
/// power. A trial that reports nothing is one step.
///
/// @param process of the logarithms less their mean
/// @param power of the seconds
record StepPrices(GaussianProcess process, double power) {
  /// Trials whose time must be known.
  private static final int LEAST = 5;

  /// Learns from trials that took time; null where they are too few.
  static @Nullable StepPrices fit(
      List<Dimension> dimensions, List<Observation> trials, int evaluations, double power) {
    List<Observation> timed =
        trials.stream()
            .filter(o -> o.kind() != Observation.Kind.FAILED && o.trial().seconds() > 0)
            .toList();
    if (timed.size() < LEAST) {
      return null;
    }
    double[] logs =
        timed.stream()
            .mapToDouble(o -> Math.log(o.trial().seconds() / Math.max(1, o.trial().lastStep())))
            .toArray();
    double sum = 0;
    for (double log : logs) {
      sum += log;
    }
    for (int i = 0; i < logs.length; i++) {
      logs[i] -= sum / logs.length;
    }
    List<double[]> points = timed.stream().map(Observation::point).toList();
    return new StepPrices(GaussianProcess.fit(dimensions, points, logs, evaluations), power);
  }

  /// {@return the price of a step, 1 for the geometric mean of those seen}
  double of(double[] point) {
    return Math.exp(power * process.mean(point));
  }
}
