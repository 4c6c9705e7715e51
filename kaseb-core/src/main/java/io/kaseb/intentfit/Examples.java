package io.kaseb.intentfit;

import io.kaseb.data.LabelledSessions;
import io.kaseb.data.Visitors;
import io.kaseb.intent.IntentModel;
import io.kaseb.intent.IntentState;
import io.kaseb.intent.SessionEvent;
import io.kaseb.intent.SessionFeatures;
import io.kaseb.intent.Statistics;
import io.kaseb.model.Sessions;
import io.kaseb.signal.Past;
import io.kaseb.signal.Schema;
import io.kaseb.signal.VisitorPast;
import java.util.Arrays;
import java.util.function.ObjIntConsumer;

/// Labelled sessions with the statistics that each of their events may know.
///
/// @param labelled sessions with their purchases
/// @param statistics of each event, [events x Statistics.WIDTH]; see [Statistics] for what they
///   know
/// @param schema what events have beyond clicks
/// @param signals that of each event, [events x schema.width()]
public record Examples(
    LabelledSessions labelled, float[] statistics, Schema schema, float[] signals) {
  /// Creates examples of clicks alone.
  public Examples(LabelledSessions labelled, float[] statistics) {
    this(labelled, statistics, Schema.NONE, new float[0]);
  }

  /// Checks the sizes.
  public Examples {
    int events = labelled.sessions().events();
    if (statistics.length != events * Statistics.WIDTH
        || signals.length != events * schema.width()) {
      throw new IllegalArgumentException(
          statistics.length
              + " statistics, "
              + signals.length
              + " signals of "
              + events
              + " events");
    }
  }

  /// Prepares labelled sessions of any log for a model: its item and category numbers, and the
  /// statistics of its training period.
  ///
  /// @param itemNumbers the model's number of each item of the log, negative where it lacks one
  public static Examples of(IntentModel model, LabelledSessions labelled, int[] itemNumbers) {
    Schema schema = model.signals().schema();
    LabelledSessions own =
        read(labelled, schema).indexed(itemNumbers).categorised(model.categories());
    return new Examples(
        own,
        StatisticsCounter.fixed(model.statistics(), own),
        schema,
        SignalRows.fixed(own, model.signals()));
  }

  /// Returns the events that a model reads: where it does not tell actions apart, clicks alone.
  static LabelledSessions read(LabelledSessions labelled, Schema schema) {
    return schema.actions().isEmpty() ? labelled.clicks() : labelled;
  }

  /// Returns the number of sessions.
  public int count() {
    return labelled.count();
  }

  /// Returns sessions `from` (inclusive) to `to` (exclusive).
  Examples slice(int from, int to) {
    Sessions sessions = labelled.sessions();
    int first = sessions.offsets()[from];
    int last = sessions.offsets()[to];
    return new Examples(
        labelled.slice(from, to),
        Arrays.copyOfRange(statistics, first * Statistics.WIDTH, last * Statistics.WIDTH),
        schema,
        Arrays.copyOfRange(signals, first * schema.width(), last * schema.width()));
  }

  /// Returns some of the sessions, in ascending order; the others are left without events.
  Examples select(int[] chosen) {
    boolean[] keep = new boolean[count()];
    for (int s : chosen) {
      keep[s] = true;
    }
    LabelledSessions part = labelled.masked(keep);
    return new Examples(
        part,
        selected(keep, part, statistics, Statistics.WIDTH),
        schema,
        selected(keep, part, signals, schema.width()));
  }

  private float[] selected(boolean[] keep, LabelledSessions part, float[] rows, int width) {
    float[] kept = new float[part.sessions().events() * width];
    int at = 0;
    for (int s = 0; s < keep.length; s++) {
      if (keep[s]) {
        int n = labelled.sessions().length(s) * width;
        System.arraycopy(rows, labelled.sessions().start(s) * width, kept, at, n);
        at += n;
      }
    }
    return kept;
  }

  /// Follows a session event by event.
  ///
  /// @param state reset first, then given each event
  /// @param after hears of the state and the event's number after each
  void walk(int session, SessionFeatures state, ObjIntConsumer<SessionFeatures> after) {
    state.reset();
    Sessions sessions = labelled.sessions();
    Visitors visitors = labelled.signals().visitors();
    if (schema.visitors()) {
      state.signals.visitor(
          new VisitorPast(
              visitors.sessions()[session], visitors.bought()[session], visitors.ended()[session]));
    }
    SessionEvent event = new SessionEvent();
    event.realTime = labelled.realTimes();
    event.statistics = statistics;
    event.signals = signals;
    for (int e = sessions.start(session); e < sessions.end(session); e++) {
      event.key = sessions.items()[e];
      event.item = labelled.item(e);
      event.category = labelled.categories()[e];
      event.time = sessions.times() == null ? -1 : sessions.times()[e];
      event.statisticsAt = e * Statistics.WIDTH;
      event.signalsAt = e * schema.width();
      if (schema.visitors() && event.key >= 0) {
        event.past = past(visitors, session, event.key);
      }
      state.event(event);
      after.accept(state, e);
    }
  }

  private static Past past(Visitors visitors, int session, int item) {
    for (int i = visitors.offsets()[session]; i < visitors.offsets()[session + 1]; i++) {
      if (visitors.items()[i] == item) {
        return visitors.taken()[i] ? Past.BOUGHT : Past.SEEN;
      }
    }
    return Past.NONE;
  }

  /// Follows a session; afterwards `state` has seen all its events.
  ///
  /// @param after told after each event
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
