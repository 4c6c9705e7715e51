package io.kaseb.baseline;

import io.kaseb.model.Catalogue;
import io.kaseb.model.NextItemModel;
import io.kaseb.model.Sessions;

/// A first-order Markov chain (`markov`): scores an item by how often it followed the session's
/// last item in train. Equal counts stand in the order in which the pairs first occurred there; an
/// item that never followed scores 0, there is no back-off. Known as MC in Ludewig and Jannach,
/// "Evaluation of session-based recommendation algorithms" (2018), section 3.1.1.
public final class Markov {
  /// The kind's name.
  public static final String KIND = "markov";

  private Markov() {}

  /// Counts the pairs of consecutive clicks of the sessions.
  ///
  /// @param train sessions whose items all lie in the catalogue
  public static NextItemModel of(Catalogue catalogue, Sessions train) {
    return PairModel.of(
        KIND,
        catalogue,
        train,
        (sessions, s, at, row) -> {
          if (at + 1 < sessions.end(s)) {
            row.add(sessions.items()[at + 1], 1);
          }
        },
        // Less than one half falls along the row: the order of first occurrence.
        (item, other, sum, place, count) -> sum + .5f * (count - place) / (count + 1),
        Integer.MAX_VALUE);
  }
}
