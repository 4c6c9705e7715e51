package io.kaseb.pipeline;

import io.kaseb.data.AttributeColumn;
import io.kaseb.data.LabelledSessions;
import io.kaseb.data.Signals;
import io.kaseb.data.Visitors;
import io.kaseb.event.Attribute;
import io.kaseb.event.Event;
import io.kaseb.event.Visitor;
import io.kaseb.forecast.Session;
import io.kaseb.model.Sessions;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/// A session of a log, told to a model as a program would tell it.
///
/// @param labelled the log's sessions
/// @param itemIds the log's items by their numbers
/// @param number the session's number in the log
record LoggedSession(LabelledSessions labelled, List<String> itemIds, int number) {
  /// Tells all that the log has of it.
  void into(Session session) {
    into(session, labelled.sessions().length(number));
  }

  /// Tells its first events.
  void into(Session session, int events) {
    visitor(session);
    session.attributes(attributes());
    events().subList(0, events).forEach(session::event);
  }

  /// Returns the attributes of the session and its user.
  Map<String, Object> attributes() {
    return values(-1, -1);
  }

  /// Returns its events in order, with their attributes and those of their items.
  List<Event> events() {
    Sessions sessions = labelled.sessions();
    Signals signals = labelled.signals();
    List<Event> events = new ArrayList<>();
    for (int e = sessions.start(number); e < sessions.end(number); e++) {
      int item = sessions.items()[e];
      int category = labelled.categories()[e];
      events.add(
          new Event(
              signals.names().word(signals.action(e)),
              item < 0 ? null : itemIds.get(item),
              category < 0 ? null : labelled.categoryNames().get(category),
              sessions.times() == null ? -1 : sessions.times()[e],
              values(e, item)));
    }
    return events;
  }

  /// Returns the values of an event and its item; those of the session where there is no event.
  private Map<String, Object> values(int event, int item) {
    Map<String, Object> values = new HashMap<>();
    for (AttributeColumn column : labelled.signals().attributes()) {
      boolean isOfSession =
          column.attribute().level() == Attribute.Level.SESSION
              || column.attribute().level() == Attribute.Level.USER;
      int row =
          column.attribute().level() == Attribute.Level.ITEM ? item : isOfSession ? number : event;
      Object value = isOfSession == event < 0 && row >= 0 ? value(column, row) : null;
      if (value != null) {
        values.put(column.attribute().name(), value);
      }
    }
    return values;
  }

  /// Returns the value of a row: a number or a text, null where it is missing.
  static @Nullable Object value(AttributeColumn column, int row) {
    return switch (column.attribute().kind()) {
      case NUMBER -> Float.isNaN(column.numbers()[row]) ? null : column.numbers()[row];
      case CATEGORY -> column.codes()[row] < 0 ? null : column.names().get(column.codes()[row]);
      case WORDS ->
          column.offsets()[row] == column.offsets()[row + 1]
              ? null
              : Arrays.stream(column.codes(), column.offsets()[row], column.offsets()[row + 1])
                  .mapToObj(column.names()::get)
                  .collect(Collectors.joining(" "));
    };
  }

  private void visitor(Session session) {
    Visitors visitors = labelled.signals().visitors();
    if (visitors.sessions()[number] < 0) {
      return;
    }
    Set<String> seen = new HashSet<>();
    Set<String> taken = new HashSet<>();
    for (int i = visitors.offsets()[number]; i < visitors.offsets()[number + 1]; i++) {
      (visitors.taken()[i] ? taken : seen).add(itemIds.get(visitors.items()[i]));
    }
    session.visitor(
        new Visitor(
            visitors.sessions()[number],
            visitors.bought()[number],
            visitors.ended()[number],
            seen,
            taken));
  }
}
