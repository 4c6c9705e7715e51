package io.kaseb.intentfit;

import io.kaseb.data.Visits;
import io.kaseb.intent.IntentModel;
import io.kaseb.intent.IntentSession;
import io.kaseb.intent.Statistics;
import io.kaseb.intent.VisitState;
import io.kaseb.model.Sessions;
import java.util.Arrays;
import java.util.function.ObjIntConsumer;

/// Labelled sessions with the statistics that each of their clicks may know.
///
/// @param visits sessions with their purchases
/// @param statistics of each click, [events x Statistics.WIDTH]; see [Statistics] for what they
///   know
public record Examples(Visits visits, float[] statistics) {
  /// Checks the sizes.
  public Examples {
    if (statistics.length != visits.sessions().events() * Statistics.WIDTH) {
      throw new IllegalArgumentException(
          statistics.length + " statistics for " + visits.sessions().events() + " clicks");
    }
  }

  /// Prepares labelled sessions of any log for a model: its item and category numbers, and the
  /// statistics of its training period.
  ///
  /// @param itemNumbers the model's number of each item of the log, negative where it lacks one
  public static Examples of(IntentModel model, Visits visits, int[] itemNumbers) {
    Visits own = visits.indexed(itemNumbers).categorised(model.categories());
    return new Examples(own, StatisticsCounter.fixed(model.statistics(), own));
  }

  /// Returns the number of sessions.
  public int count() {
    return visits.count();
  }

  /// Returns sessions `from` (inclusive) to `to` (exclusive).
  Examples slice(int from, int to) {
    Sessions sessions = visits.sessions();
    int first = sessions.offsets()[from] * Statistics.WIDTH;
    int last = sessions.offsets()[to] * Statistics.WIDTH;
    return new Examples(visits.slice(from, to), Arrays.copyOfRange(statistics, first, last));
  }

  /// Returns some of the sessions, in ascending order; the others are left without clicks.
  Examples select(int[] chosen) {
    boolean[] keep = new boolean[count()];
    for (int s : chosen) {
      keep[s] = true;
    }
    Visits part = visits.masked(keep);
    float[] kept = new float[part.sessions().events() * Statistics.WIDTH];
    int at = 0;
    for (int s = 0; s < keep.length; s++) {
      if (keep[s]) {
        int n = visits.sessions().length(s) * Statistics.WIDTH;
        System.arraycopy(statistics, visits.sessions().start(s) * Statistics.WIDTH, kept, at, n);
        at += n;
      }
    }
    return new Examples(part, kept);
  }

  /// Follows a session click by click.
  ///
  /// @param state reset first, then given each click
  /// @param after hears of the state and the event after each click
  void walk(int session, VisitState state, ObjIntConsumer<VisitState> after) {
    state.reset();
    Sessions sessions = visits.sessions();
    for (int e = sessions.start(session); e < sessions.end(session); e++) {
      state.click(
          sessions.items()[e],
          visits.item(e),
          visits.categories()[e],
          sessions.times() == null ? -1 : sessions.times()[e],
          visits.realTimes(),
          statistics,
          e * Statistics.WIDTH);
      after.accept(state, e);
    }
  }

  /// Follows a session; afterwards `state` has seen all its clicks.
  ///
  /// @param after told after each click
  public void follow(int number, IntentSession state, Runnable after) {
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
