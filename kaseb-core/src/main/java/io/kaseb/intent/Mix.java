package io.kaseb.intent;

/// Blends the log odds of three forecasts: shares that sum to 1.
///
/// @param net share of the network
/// @param boosted share of the boosted trees that see the network's output
/// @param logistic share of the logistic regression on hand features
record Mix(float net, float boosted, float logistic) {
  private static final int STEPS = 10;

  /// Nothing but the network.
  static final Mix NET = new Mix(1, 0, 0);

  /// Returns the blend.
  double of(double fromNet, double fromBoosted, double fromLogistic) {
    return net * fromNet + boosted * fromBoosted + logistic * fromLogistic;
  }

  /// Finds the shares, in tenths, of least log loss, each blend under its own Platt curve.
  ///
  /// @param scores log odds of network, trees and regression, [3][rows]
  /// @param labels what happened
  static Mix fit(double[][] scores, boolean[] labels) {
    Mix best = new Mix(.4f, .3f, .3f);
    double least = Double.POSITIVE_INFINITY;
    double[] mixed = new double[labels.length];
    for (int n = 0; n <= STEPS; n++) {
      for (int b = 0; n + b <= STEPS; b++) {
        Mix mix = new Mix(n / (float) STEPS, b / (float) STEPS, (STEPS - n - b) / (float) STEPS);
        for (int r = 0; r < mixed.length; r++) {
          mixed[r] = mix.of(scores[0][r], scores[1][r], scores[2][r]);
        }
        Calibration curve = Calibration.fit("platt", mixed, labels);
        double loss = 0;
        for (int r = 0; r < mixed.length; r++) {
          double p = curve.probability(mixed[r]);
          loss -= Math.log(labels[r] ? p : 1 - p);
        }
        if (loss < least) {
          least = loss;
          best = mix;
        }
      }
    }
    return best;
  }
}
