package io.kaseb.pipeline;

import io.kaseb.data.LabelledSessions;
import io.kaseb.data.Purchases;
import io.kaseb.event.Actions;
import io.kaseb.forecast.Forecaster;
import io.kaseb.model.Sessions;
import io.kaseb.tune.math.SeededRandom;
import java.util.LinkedHashSet;
import java.util.Set;
import java.util.SplittableRandom;
import org.jspecify.annotations.Nullable;

/// What sessions still do after a random one of their events, as the OTTO challenge of 2022 asks.
///
/// @param labelled sessions with all events
/// @param acted the events of the action that is asked for; null for the next click
record Remainder(LabelledSessions labelled, @Nullable Purchases acted) {
  /// Returns what they do of an action.
  ///
  /// @param target [Forecaster#NEXT_VIEW], or an action of the log
  static Remainder of(LabelledSessions labelled, String target) {
    if (target.equals(Forecaster.NEXT_VIEW)) {
      return new Remainder(labelled, null);
    }
    int action = labelled.signals().names().number(target);
    return new Remainder(
        labelled,
        action < 0 ? Purchases.none(labelled.count()) : labelled.forGoal(action).purchases());
  }

  /// Returns how many events of a session are shown: 1 to all but the last, the same for every
  /// action; 0 of a session without any.
  int shown(int session, long seed) {
    int events = labelled.sessions().length(session);
    return events < 2
        ? events
        : 1 + new SplittableRandom(SeededRandom.resample(seed, session)).nextInt(events - 1);
  }

  /// Returns the items that a session acts on after the events that are shown: of clicks the next
  /// one alone. Items that nobody clicked are told apart by negative numbers.
  Set<Integer> items(int session, int shown) {
    Set<Integer> items = new LinkedHashSet<>();
    Sessions sessions = labelled.sessions();
    if (acted == null) {
      for (int e = sessions.start(session) + shown; e < sessions.end(session); e++) {
        if (labelled.signals().action(e) == Actions.VIEW && sessions.items()[e] >= 0) {
          items.add(sessions.items()[e]);
          return items;
        }
      }
      return items;
    }
    long[] times = sessions.times();
    for (int r = acted.offsets()[session]; r < acted.offsets()[session + 1]; r++) {
      boolean isLater =
          acted.places().length > 0
              ? acted.places()[r] >= shown
              : times == null || acted.times()[r] > times[sessions.start(session) + shown - 1];
      int item = acted.items()[r];
      if (isLater && item != Sessions.UNKNOWN) {
        items.add(item);
      } else if (isLater && acted.keys()[r] != Sessions.UNKNOWN) {
        items.add(-2 - acted.keys()[r]);
      }
    }
    return items;
  }
}
