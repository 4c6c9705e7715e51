package io.kaseb.model;

import io.kaseb.data.Catalogue;

/// Scores every item of a catalogue as the next click of a session. Immutable and safe to share
/// between threads; what changes is the [SessionState].
public interface NextItemModel {
  /// Returns the model's kind as reports print it, such as `gru4rec` or `popularity`.
  String name();

  /// Returns the items that the model can score.
  Catalogue catalogue();

  /// Returns the state of a session without clicks.
  SessionState newSession();

  /// Takes a click into the state.
  ///
  /// @param item index in [#catalogue()]
  void click(SessionState state, int item);

  /// Scores all items for each of the first `n` states; higher is likelier, the scale is the
  /// model's own.
  ///
  /// @param states sessions with at least one click each
  /// @param out `n` rows of `catalogue().size()` scores, overwritten
  void scores(SessionState[] states, int n, float[][] out);
}
