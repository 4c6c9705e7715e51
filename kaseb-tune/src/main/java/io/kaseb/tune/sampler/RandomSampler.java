package io.kaseb.tune.sampler;

import io.kaseb.tune.trial.History;
import java.util.Optional;
import java.util.random.RandomGenerator;

/// Draws every trial anew from the space's own distributions.
public final class RandomSampler implements Sampler {
  /// Creates the sampler; it keeps nothing between trials.
  public RandomSampler() {}

  @Override
  public Optional<Suggestion> suggest(History history, RandomGenerator random) {
    return Suggestion.unseen(history, history.space().random(random), random);
  }
}
