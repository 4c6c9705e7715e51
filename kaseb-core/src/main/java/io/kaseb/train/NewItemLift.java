package io.kaseb.train;

import io.kaseb.baseline.ModelKinds;
import io.kaseb.model.ModelFile;
import io.kaseb.model.NextItemModel;
import io.kaseb.model.SessionState;
import io.kaseb.model.Sessions;
import java.util.Arrays;

/// How much the scores of items without clicks are raised: rows made of attributes are averages,
/// and an average loses against rows that learned one item each.
///
/// It is chosen on training sessions with some of their items in the place of new ones: the lift
/// with the best recall@20 over all predictions, of those items and of the others, so that a new
/// item is shown where it is likelier to be clicked than what it takes the place of.
final class NewItemLift {
  private static final int TOP = 20;
  private static final int STEPS = 24;

  /// The lift that takes a typical new item to the edge of a list is tried in so many steps.
  private static final int STEPS_TO_EDGE = 12;

  /// Where the best lift is the largest that was tried, twice as large ones are tried, so often.
  private static final int MOST_WIDENED = 6;

  private static final int MOST_EVENTS = 5_000;
  private static final long MOST_SCORES = 50_000_000;

  private final boolean[] isCold;
  private final int items;

  private NewItemLift(boolean[] isCold) {
    this.isCold = isCold;
    this.items = isCold.length;
  }

  /// Chooses the lift.
  ///
  /// @param file a network in which some items have the rows that their attributes give them
  /// @param isCold which items those are
  /// @param sessions training sessions in the model's numbers, of which the latest are looked at
  /// @return what is to be added to the scores of items without clicks, 0 or more
  static float of(ModelFile file, boolean[] isCold, Sessions sessions) {
    NewItemLift lift = new NewItemLift(isCold);
    NextItemModel model = ModelKinds.of(file);
    long most = Math.min(MOST_EVENTS, MOST_SCORES / Math.max(1, isCold.length));
    // First how far new items are from a list's edge, then what raising them by parts of it gives.
    double[] gaps = new double[2];
    pass(
        model,
        sessions,
        most,
        (row, target) -> {
          gaps[0] += lift.gap(row);
          gaps[1]++;
        });
    double step = Math.max(0, gaps[0] / Math.max(1, gaps[1])) / STEPS_TO_EDGE;
    int best = STEPS - 1;
    for (int widened = 0; best == STEPS - 1 && step > 0 && widened < MOST_WIDENED; widened++) {
      step *= widened == 0 ? 1 : 2;
      int[] hits = new int[STEPS];
      double each = step;
      pass(model, sessions, most, (row, target) -> lift.count(row, target, each, hits));
      best = 0;
      for (int i = 1; i < STEPS; i++) {
        best = hits[i] > hits[best] ? i : best;
      }
    }
    return (float) (best * step);
  }

  /// Hears of the scores before a click, and of what was clicked.
  @FunctionalInterface
  private interface Listener {
    void hear(float[] scores, int target);
  }

  /// Follows the latest sessions, `most` predictions and those of a session that is begun.
  private static void pass(NextItemModel model, Sessions sessions, long most, Listener listener) {
    float[][] scores = new float[1][model.catalogue().size()];
    int events = 0;
    for (int s = sessions.count() - 1; s >= 0 && events < most; s--) {
      SessionState state = model.newSession();
      for (int e = sessions.start(s); e + 1 < sessions.end(s); e++) {
        model.click(state, sessions.items()[e]);
        model.scores(new SessionState[] {state}, 1, scores);
        listener.hear(scores[0], sessions.items()[e + 1]);
        events++;
      }
    }
  }

  /// Returns how far the best new item lies below the last place of a list.
  private double gap(float[] scores) {
    float[] warm = new float[items];
    int n = 0;
    float most = Float.NEGATIVE_INFINITY;
    for (int i = 0; i < items; i++) {
      if (isCold[i]) {
        most = Math.max(most, scores[i]);
      } else {
        warm[n++] = scores[i];
      }
    }
    if (n < TOP || most == Float.NEGATIVE_INFINITY) {
      return 0;
    }
    Arrays.sort(warm, 0, n);
    return warm[n - TOP] - most;
  }

  /// Counts with which lifts the target is in the list.
  private void count(float[] scores, int target, double step, int[] hits) {
    for (int k = 0; k < STEPS; k++) {
      float lift = (float) (k * step);
      float own = scores[target] + (isCold[target] ? lift : 0);
      int above = 0;
      for (int i = 0; i < items && above < TOP; i++) {
        above += scores[i] + (isCold[i] ? lift : 0) > own ? 1 : 0;
      }
      hits[k] += above < TOP ? 1 : 0;
    }
  }
}
