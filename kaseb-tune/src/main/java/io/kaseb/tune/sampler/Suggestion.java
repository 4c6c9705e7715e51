package io.kaseb.tune.sampler;

import io.kaseb.tune.space.Parameters;
import io.kaseb.tune.trial.History;
import java.util.Optional;
import java.util.random.RandomGenerator;

/// What a sampler suggests.
///
/// @param parameters of the new trial
/// @param parent the trial whose state it goes on from, or -1
public record Suggestion(Parameters parameters, int parent) {
  /// Suggests the point or, where it was tried already, the nearest one that was not; empty where
  /// there is none.
  static Optional<Suggestion> unseen(History history, double[] point, RandomGenerator random) {
    return UnseenPoint.nearest(history, point, random).map(p -> new Suggestion(p, -1));
  }
}
