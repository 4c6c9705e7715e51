package io.kaseb.tune.sampler;

import io.kaseb.tune.trial.History;
import java.util.Optional;
import java.util.random.RandomGenerator;

/// Suggests the parameters of the next trial. Keeps no state: the same history and the same chance
/// give the same suggestion.
public interface Sampler {
  /// Suggests parameters that no trial of the history has.
  ///
  /// @param history what is known
  /// @param random this trial's own chance
  /// @return a suggestion, or empty where the space is exhausted
  Optional<Suggestion> suggest(History history, RandomGenerator random);
}
