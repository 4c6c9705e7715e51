package io.kaseb.tune.sampler;

import io.kaseb.tune.trial.History;
import java.util.Locale;
import java.util.random.RandomGenerator;

/// Ends a study when what is left to gain is below the noise: when the best untried point is
/// expected to improve a result by less than a share of the standard deviation that equal trials
/// have between them, both by the Gaussian process of [GpSampler].
///
/// @param gp what believes
/// @param least results before which nothing is ended
/// @param share of the noise's standard deviation
public record Terminator(GpSampler gp, int least, double share) {
  /// Checks the numbers.
  public Terminator {
    if (least < 2 || !(share > 0)) {
      throw new IllegalArgumentException(
          "results=%d, share=%s; must be 2 or more, above 0".formatted(least, share));
    }
  }

  /// {@return the terminator with the defaults}
  ///
  /// @param seed the study's
  public static Terminator of(long seed) {
    return new Terminator(GpSampler.of(seed), 30, .05);
  }

  /// {@return why a study ends here, or an empty text where it goes on} A study of several goals
  /// goes on.
  ///
  /// @param history what is known
  /// @param random draws the untried points that are looked at
  public String reason(History history, RandomGenerator random) {
    int results = history.measured().size();
    if (history.goals().size() > 1 || results < least) {
      return "";
    }
    double left = gp.left(history, random);
    return left < share
        ? String.format(
            Locale.ROOT,
            "nothing left to gain above the noise: after %d results the best untried point promises"
                + " %.1f %% of the noise of one result",
            results,
            100 * left)
        : "";
  }
}
