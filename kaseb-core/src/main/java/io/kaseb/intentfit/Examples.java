package io.kaseb.intentfit;

import io.kaseb.data.LabelledSessions;
import io.kaseb.intent.IntentModel;
import io.kaseb.intent.IntentState;
import io.kaseb.intent.SessionFeatures;
import io.kaseb.intent.Statistics;
import io.kaseb.model.Sessions;
import java.util.Arrays;
import java.util.function.ObjIntConsumer;

/// Labelled sessions with the statistics that each of their clicks may know.
///
/// @param labelled sessions with their purchases
/// @param statistics of each click, [events x Statistics.WIDTH]; see [Statistics] for what they
///   know
public record Examples(LabelledSessions labelled, float[] statistics) {
  /// Checks the sizes.
  public Examples {
    if (statistics.length != labelled.sessions().events() * Statistics.WIDTH) {
      throw new IllegalArgumentException(
          statistics.length + " statistics for " + labelled.sessions().events() + " clicks");
    }
  }

  /// Prepares labelled sessions of any log for a model: its item and category numbers, and the
  /// statistics of its training period.
  ///
  /// @param itemNumbers the model's number of each item of the log, negative where it lacks one
  public static Examples of(IntentModel model, LabelledSessions labelled, int[] itemNumbers) {
    LabelledSessions own = labelled.indexed(itemNumbers).categorised(model.categories());
    return new Examples(own, StatisticsCounter.fixed(model.statistics(), own));
  }

  /// Returns the number of sessions.
  public int count() {
    return labelled.count();
  }

  /// Returns sessions `from` (inclusive) to `to` (exclusive).
  Examples slice(int from, int to) {
    Sessions sessions = labelled.sessions();
    int first = sessions.offsets()[from] * Statistics.WIDTH;
    int last = sessions.offsets()[to] * Statistics.WIDTH;
    return new Examples(labelled.slice(from, to), Arrays.copyOfRange(statistics, first, last));
  }

  /// Returns some of the sessions, in ascending order; the others are left without clicks.
  Examples select(int[] chosen) {
    boolean[] keep = new boolean[count()];
    for (int s : chosen) {
      keep[s] = true;
    }
    LabelledSessions part = labelled.masked(keep);
    float[] kept = new float[part.sessions().events() * Statistics.WIDTH];
    int at = 0;
    for (int s = 0; s < keep.length; s++) {
      if (keep[s]) {
        int n = labelled.sessions().length(s) * Statistics.WIDTH;
        System.arraycopy(statistics, labelled.sessions().start(s) * Statistics.WIDTH, kept, at, n);
        at += n;
      }
    }
    return new Examples(part, kept);
  }

  /// Follows a session click by click.
  ///
  /// @param state reset first, then given each click
  /// @param after hears of the state and the event after each click
  void walk(int session, SessionFeatures state, ObjIntConsumer<SessionFeatures> after) {
    state.reset();
    Sessions sessions = labelled.sessions();
    for (int e = sessions.start(session); e < sessions.end(session); e++) {
      state.click(
          sessions.items()[e],
          labelled.item(e),
          labelled.categories()[e],
          sessions.times() == null ? -1 : sessions.times()[e],
          labelled.realTimes(),
          statistics,
          e * Statistics.WIDTH);
      after.accept(state, e);
    }
  }

  /// Follows a session; afterwards `state` has seen all its clicks.
  ///
  /// @param after told after each click
  public void follow(int number, IntentState state, Runnable after) {
    state.reset();
    walk(
        number,
        state.state,
        (seen, event) -> {
          state.step();
          after.run();
        });
  }
}
