package io.kaseb.baseline;

import io.kaseb.model.Sessions;

/// Which items of past sessions were more than looked at, and what they count for [SessionKnn]: a
/// neighbour gives such an item `weight` times what it gives others.
///
/// @param items of each session, in the same order, the items that were put into the cart, wished
///   for or bought; those that the session did not click do not matter
/// @param weight 1 or more
public record ActedOn(Sessions items, float weight) {
  /// Checks the weight.
  public ActedOn {
    if (!(weight >= 1) || !Float.isFinite(weight)) {
      throw new IllegalArgumentException("a weight of " + weight + "; must be 1 or more");
    }
  }

  /// Returns the weight of each item of some sessions.
  ///
  /// @param sets the sessions
  float[] weights(Sessions sets) {
    float[] weights = new float[sets.events()];
    for (int s = 0; s < sets.count(); s++) {
      for (int e = sets.start(s); e < sets.end(s); e++) {
        weights[e] = has(s, sets.items()[e]) ? weight : 1;
      }
    }
    return weights;
  }

  private boolean has(int session, int item) {
    for (int e = items.start(session); e < items.end(session); e++) {
      if (items.items()[e] == item) {
        return true;
      }
    }
    return false;
  }
}
