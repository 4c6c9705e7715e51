package io.kaseb.baseline;

import io.kaseb.model.Catalogue;
import io.kaseb.model.NextItemModel;
import io.kaseb.model.SessionState;

/// What models without a network have in common: a session is its last clicks.
abstract sealed class CountedModel implements NextItemModel
    permits PairModel, Popularity, SessionKnn {
  private final String name;
  private final Catalogue catalogue;
  private final int memory;

  /// @param memory how many of a session's last clicks are remembered
  CountedModel(String name, Catalogue catalogue, int memory) {
    this.name = name;
    this.catalogue = catalogue;
    this.memory = memory;
  }

  /// Returns the numbers that the kind's `read` takes.
  abstract StoredArrays numbers();

  @Override
  public final String name() {
    return name;
  }

  @Override
  public final Catalogue catalogue() {
    return catalogue;
  }

  @Override
  public final SessionState newSession() {
    return new SessionState(0, memory);
  }

  @Override
  public final void click(SessionState state, int item) {
    state.add(item);
  }
}
