package io.kaseb.intent;

import io.kaseb.config.Feature;
import io.kaseb.signal.Schema;
import java.util.List;
import java.util.Set;

/// Follows sessions with the purchase networks: what training needs of an [IntentModel] before
/// there is one. Immutable; what changes is the [IntentState].
public final class IntentFollower {
  private final List<IntentScorer> nets;
  private final Schema schema;
  private final ClickInputs inputs;
  private final HandFeatures hand;
  private final ItemInputs items;

  /// Creates a follower.
  ///
  /// @param features the groups of features that are switched on
  /// @param schema what events have beyond clicks
  /// @param nets networks of the same inputs
  public IntentFollower(Set<Feature> features, Schema schema, List<IntentScorer> nets) {
    this.nets = List.copyOf(nets);
    this.schema = schema;
    this.inputs = new ClickInputs(features, schema);
    this.hand = new HandFeatures(features, schema);
    this.items = new ItemInputs(features, schema);
  }

  /// Begins a session.
  public IntentState newSession() {
    return new IntentState(nets, inputs, hand, items, new SessionFeatures(schema));
  }
}
