package io.kaseb.intent;

import io.kaseb.config.Feature;
import java.util.List;
import java.util.Set;

/// Follows sessions with the purchase networks: what training needs of an [IntentModel] before
/// there is one. Immutable; what changes is the [IntentState].
public final class IntentFollower {
  private final List<IntentScorer> nets;
  private final Set<Feature> features;
  private final ClickInputs inputs;
  private final HandFeatures hand;

  /// Creates a follower.
  ///
  /// @param features the groups of features that are switched on
  /// @param nets networks of the same inputs
  public IntentFollower(Set<Feature> features, List<IntentScorer> nets) {
    this.nets = List.copyOf(nets);
    this.features = features;
    this.inputs = new ClickInputs(features);
    this.hand = new HandFeatures(features);
  }

  /// Begins a session.
  public IntentState newSession() {
    return new IntentState(nets, inputs, hand, features);
  }
}
