package io.kaseb.tune.sampler;

import io.kaseb.tune.math.Sobol;
import io.kaseb.tune.space.Dimension;
import io.kaseb.tune.space.Space;
import io.kaseb.tune.trial.History;
import java.util.Optional;
import java.util.random.RandomGenerator;

/// Fills the space evenly: trial after trial the points of a scrambled Sobol sequence. Better than
/// chance where nothing is learned, and as a start for what learns.
///
/// @param seed of the scrambling, the same for all trials of a study
public record SobolSampler(long seed) implements Sampler {
  @Override
  public Optional<Suggestion> suggest(History history, RandomGenerator random) {
    return Suggestion.unseen(history, point(history), random);
  }

  /// Returns the sequence's next point in the history's space.
  double[] point(History history) {
    Space space = history.space();
    int dimensions = space.dimensions().size();
    double[] even = Sobol.point(history.trials().size(), dimensions, seed);
    double[] point = new double[dimensions];
    for (Dimension dimension : space.dimensions()) {
      int i = dimension.index();
      int options = dimension.options();
      point[i] =
          !dimension.active(point)
              ? Double.NaN
              : options > 0 ? Math.min(options - 1, (int) (even[i] * options)) : even[i];
    }
    return point;
  }
}
