package io.kaseb.data;

import io.kaseb.event.Actions;
import java.util.Arrays;
import java.util.List;

/// What a log knows beyond clicks: actions, attributes, visitors. The arrays are shared: treat them
/// as read-only.
///
/// @param names the log's actions
/// @param actions each event's action, as `names` numbers it; empty where all events are views
/// @param attributes the log's attributes, by their level a row for each event, session or item of
///   the log
/// @param visitors what is known of each session's visitor
public record Signals(
    Actions names, byte[] actions, List<AttributeColumn> attributes, Visitors visitors) {
  /// Copies the list.
  public Signals {
    attributes = List.copyOf(attributes);
  }

  /// Returns those of a log of clicks alone.
  public static Signals none(int sessions) {
    return new Signals(Actions.USUAL, new byte[0], List.of(), Visitors.unknown(sessions));
  }

  /// Returns an event's action.
  public int action(int event) {
    return actions.length == 0 ? Actions.VIEW : actions[event];
  }

  /// Returns whether there are clicks alone: the same as of a log that knows nothing else.
  public boolean isClicksOnly() {
    return actions.length == 0;
  }

  /// Returns the same of some of the events, the sessions staying.
  ///
  /// @param events the kept events, ascending
  Signals ofEvents(int[] events) {
    byte[] kept = new byte[actions.length == 0 ? 0 : events.length];
    for (int e = 0; e < kept.length; e++) {
      kept[e] = actions[events[e]];
    }
    return new Signals(
        names, kept, attributes.stream().map(a -> a.ofEvents(events)).toList(), visitors);
  }

  /// Returns the same of sessions `from` (inclusive) to `to` (exclusive) with the events
  /// `firstEvent` to `lastEvent` (exclusive).
  Signals slice(int from, int to, int firstEvent, int lastEvent) {
    byte[] kept =
        actions.length == 0 ? actions : Arrays.copyOfRange(actions, firstEvent, lastEvent);
    return new Signals(
        names,
        kept,
        attributes.stream().map(a -> a.slice(from, to, firstEvent, lastEvent)).toList(),
        visitors.slice(from, to));
  }
}
