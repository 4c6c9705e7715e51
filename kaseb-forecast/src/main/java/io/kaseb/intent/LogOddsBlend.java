package io.kaseb.intent;

import io.kaseb.config.IntentConfig;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/// Blends the log odds of three forecasts: shares that sum to 1.
///
/// @param net share of the network
/// @param boosted share of the boosted trees that see the network's output
/// @param logistic share of the logistic regression on hand features
public record LogOddsBlend(float net, float boosted, float logistic) {
  private static final int STEPS = 10;

  /// Checks the shares.
  public LogOddsBlend {
    if (!Float.isFinite(net) || !Float.isFinite(boosted) || !Float.isFinite(logistic)) {
      throw new IllegalArgumentException(
          "shares of a blend: " + net + ", " + boosted + ", " + logistic);
    }
  }

  /// Nothing but the network.
  public static final LogOddsBlend NET = new LogOddsBlend(1, 0, 0);

  /// Returns the blend.
  double of(double fromNet, double fromBoosted, double fromLogistic) {
    return net * fromNet + boosted * fromBoosted + logistic * fromLogistic;
  }

  /// Finds the shares: the mean of all shares in tenths, each weighted by its likelihood under a
  /// Platt curve of its own (Bayesian model averaging with a flat prior, Hoeting et al. 1999). Many
  /// sessions single out the best blend; few leave about a third to each, which no noise can spoil.
  ///
  /// @param scores log odds of network, trees and regression, `[3][rows]`
  /// @param labels what happened
  public static LogOddsBlend fit(double[][] scores, boolean[] labels) {
    List<LogOddsBlend> all = new ArrayList<>();
    for (int n = 0; n <= STEPS; n++) {
      for (int b = 0; n + b <= STEPS; b++) {
        float step = 1f / STEPS;
        all.add(new LogOddsBlend(n * step, b * step, (STEPS - n - b) * step));
      }
    }
    double[] losses = all.stream().mapToDouble(mix -> mix.loss(scores, labels)).toArray();
    double least = Arrays.stream(losses).min().orElseThrow();
    double[] sums = new double[3];
    double total = 0;
    for (int i = 0; i < losses.length; i++) {
      double weight = Math.exp(least - losses[i]);
      sums[0] += weight * all.get(i).net;
      sums[1] += weight * all.get(i).boosted;
      sums[2] += weight * all.get(i).logistic;
      total += weight;
    }
    return new LogOddsBlend(
        (float) (sums[0] / total), (float) (sums[1] / total), (float) (sums[2] / total));
  }

  private double loss(double[][] scores, boolean[] labels) {
    double[] mixed = new double[labels.length];
    for (int r = 0; r < mixed.length; r++) {
      mixed[r] = of(scores[0][r], scores[1][r], scores[2][r]);
    }
    Calibration curve = Calibration.fit(IntentConfig.Calibrator.PLATT, mixed, labels);
    double loss = 0;
    for (int r = 0; r < mixed.length; r++) {
      double p = curve.probability(mixed[r]);
      loss -= Math.log(labels[r] ? p : 1 - p);
    }
    return loss;
  }
}
