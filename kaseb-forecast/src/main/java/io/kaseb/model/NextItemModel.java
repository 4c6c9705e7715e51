package io.kaseb.model;

import io.kaseb.base.Workers;
import org.jspecify.annotations.Nullable;

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

  /// Returns a number for each item that grows with how often it is clicked, whatever the session:
  /// `catalogue().size()` of them, all 0 where the model cannot tell.
  default float[] popularity() {
    return new float[catalogue().size()];
  }

  /// Makes now what the first search for the best items would make on its own thread.
  default void prepare(Workers workers) {}

  /// Finds the best items for a state with at least one click: the same items, scores and order as
  /// all scores of [#scores] would give, of equal ones the lower index first.
  ///
  /// @param top overwritten; its capacity says how many
  default void top(SessionState state, TopItems top) {
    top(state, top, null, 0);
  }

  /// Finds the best of the allowed items like [#top(SessionState, TopItems)], and where asked how
  /// much all items, allowed or not, weigh together.
  ///
  /// @param allowed which items may be found; null for all
  /// @param sharpness what scores are multiplied by in the returned value, 1 for the scores
  ///   themselves; 0 where nobody asks for it
  /// @return ln of the sum of exp(sharpness x score) over all items, to within the scores' own
  ///   error; NaN where not asked
  default double top(
      SessionState state, TopItems top, @Nullable ItemMask allowed, float sharpness) {
    int items = catalogue().size();
    float[][] scores = new float[1][items];
    scores(new SessionState[] {state}, 1, scores);
    top.clear();
    double largest = Double.NEGATIVE_INFINITY;
    for (int i = 0; i < items; i++) {
      largest = Math.max(largest, scores[0][i]);
      if (allowed == null || allowed.allows(i)) {
        top.offer(i, scores[0][i]);
      }
    }
    double sum = 0;
    for (int i = 0; sharpness > 0 && i < items; i++) {
      sum += Math.exp(sharpness * (scores[0][i] - largest));
    }
    return sharpness > 0 ? sharpness * largest + Math.log(sum) : Double.NaN;
  }

  /// Scores some items for a state with at least one click: the very scores of [#scores].
  ///
  /// @param items indices in [#catalogue()]
  /// @param out their scores in the same order; what lies behind them stays
  default void scores(SessionState state, int[] items, float[] out) {
    float[][] all = new float[1][catalogue().size()];
    scores(new SessionState[] {state}, 1, all);
    for (int i = 0; i < items.length; i++) {
      out[i] = all[0][items[i]];
    }
  }
}
