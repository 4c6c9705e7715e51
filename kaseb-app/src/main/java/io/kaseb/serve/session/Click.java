package io.kaseb.serve.session;

import java.util.Map;
import org.jspecify.annotations.Nullable;

/// An event as it is kept: a click on an item, or another action.
///
/// @param item the item's id; null where the action has none, such as a search
/// @param category the item's category, or null
/// @param time milliseconds since 1970, -1 where the client of a stateless forecast gave none
/// @param event a hash of the client's event id, 0 where it gave none
/// @param action what was done, as in `view`, `cart`
/// @param attributes the event's own attributes by name, numbers as texts
public record Click(
    @Nullable String item,
    @Nullable String category,
    long time,
    long event,
    String action,
    Map<String, String> attributes) {
  /// The action of a click.
  public static final String VIEW = "view";

  /// Copies the attributes.
  public Click {
    attributes = Map.copyOf(attributes);
  }

  /// Creates a click on an item.
  public Click(String item, @Nullable String category, long time, long event) {
    this(item, category, time, event, VIEW, Map.of());
  }

  /// Returns the same event at another time.
  public Click at(long newTime) {
    return new Click(item, category, newTime, event, action, attributes);
  }

  /// Returns whether it is nothing but a click.
  boolean isPlain() {
    return item != null && action.equals(VIEW) && attributes.isEmpty();
  }
}
