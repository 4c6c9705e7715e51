package io.kaseb.baseline;

import io.kaseb.model.Catalogue;
import io.kaseb.model.Sessions;

/// Sequential rules (`sequential-rules`): scores an item by how often, and how soon, it came after
/// the session's last item in train: 1 / d for d clicks later, d up to 10. Known as SR in Ludewig
/// and Jannach, "Evaluation of session-based recommendation algorithms" (2018), equation 3; their
/// defaults: 10 steps, weight 1 / d, the 20 best rules of each item.
public final class SequentialRules {
  /// The kind's name.
  public static final String KIND = "sequential-rules";

  private static final int STEPS = 10;
  private static final int KEPT = 20;

  private SequentialRules() {}

  /// Weighs the rules of the sessions.
  ///
  /// @param train sessions whose items all lie in the catalogue
  static PairModel of(Catalogue catalogue, Sessions train) {
    return PairModel.of(
        KIND,
        catalogue,
        train,
        (sessions, s, at, row) -> {
          int to = Math.min(sessions.end(s), at + STEPS + 1);
          for (int e = at + 1; e < to; e++) {
            row.add(sessions.items()[e], 1f / (e - at));
          }
        },
        (item, other, sum, place, count) -> sum,
        KEPT);
  }
}
