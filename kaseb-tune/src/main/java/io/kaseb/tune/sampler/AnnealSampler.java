package io.kaseb.tune.sampler;

import io.kaseb.tune.space.Dimension;
import io.kaseb.tune.space.Space;
import io.kaseb.tune.trial.History;
import io.kaseb.tune.trial.Observation;
import java.util.List;
import java.util.Optional;
import java.util.random.RandomGenerator;

/// Draws near one of the best trials so far, ever nearer as trials go by (Hyperopt's `anneal`).
///
/// @param meanRank mean place, counted from 1, of the trial that is drawn around
/// @param shrinking how fast the neighbourhood shrinks: its share is 1 / (1 + trials * this)
public record AnnealSampler(double meanRank, double shrinking) implements Sampler {
  /// Hyperopt's defaults.
  public static final AnnealSampler DEFAULT = new AnnealSampler(2, .1);

  /// Checks the numbers.
  public AnnealSampler {
    if (!(meanRank >= 1) || !(shrinking >= 0)) {
      throw new IllegalArgumentException(
          "mean_rank=%s, shrinking=%s; must be 1 or more, 0 or more"
              .formatted(meanRank, shrinking));
    }
  }

  @Override
  public Optional<Suggestion> suggest(History history, RandomGenerator random) {
    Space space = history.space();
    List<Observation> ranked = history.measured();
    if (ranked.isEmpty()) {
      return Suggestion.unseen(history, space.random(random), random);
    }
    int place = 0;
    while (place < ranked.size() - 1 && random.nextDouble() >= 1 / meanRank) {
      place++;
    }
    double share = 1 / (1 + ranked.size() * shrinking);
    double[] point = ranked.get(place).point().clone();
    for (Dimension dimension : space.dimensions()) {
      int i = dimension.index();
      if (Double.isNaN(point[i])) {
        continue;
      }
      if (dimension.options() > 0) {
        point[i] = random.nextDouble() < share ? random.nextInt(dimension.options()) : point[i];
      } else {
        double low = Math.max(0, point[i] - share / 2);
        double high = Math.min(1, point[i] + share / 2);
        point[i] = low + random.nextDouble() * (high - low);
      }
    }
    return Suggestion.unseen(history, space.repaired(point, random), random);
  }
}
