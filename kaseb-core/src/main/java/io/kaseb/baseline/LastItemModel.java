package io.kaseb.baseline;

import io.kaseb.data.Catalogue;
import io.kaseb.model.NextItemModel;
import io.kaseb.model.SessionState;

/// A model that remembers no more of a session than its last item.
abstract sealed class LastItemModel implements NextItemModel permits Markov, Popularity {
  private final Catalogue catalogue;

  LastItemModel(Catalogue catalogue) {
    this.catalogue = catalogue;
  }

  @Override
  public final Catalogue catalogue() {
    return catalogue;
  }

  @Override
  public final SessionState newSession() {
    return new SessionState(0, 1);
  }

  @Override
  public final void click(SessionState state, int item) {
    state.add(item);
  }
}
