package io.kaseb.serve.pages;

import io.kaseb.event.Event;
import java.util.Collections;
import java.util.List;
import java.util.Map;

/// Sessions of a log that the live shop can play again, and what the log knows of its items.
///
/// @param source where they come from, for people
/// @param visits the sessions
/// @param items values of attributes by item id and name, such as `category`, `brand`, `price`
public record Replay(String source, List<Visit> visits, Map<String, Map<String, Object>> items) {
  /// Nothing to play.
  public static final Replay NONE = new Replay("", List.of(), Map.of());

  /// Copies the list.
  public Replay {
    visits = List.copyOf(visits);
    items = Collections.unmodifiableMap(items);
  }

  /// A session.
  ///
  /// @param events what happened, in order
  /// @param attributes of the session
  /// @param bought ids of the items that it bought in the end
  public record Visit(List<Event> events, Map<String, Object> attributes, List<String> bought) {
    /// Copies the lists.
    public Visit {
      events = List.copyOf(events);
      bought = List.copyOf(bought);
    }
  }
}
