package io.kaseb.event;

import java.util.Map;
import org.jspecify.annotations.Nullable;

/// Something that a shopper did.
///
/// @param action a word of [Actions]; `view` is a click on an item
/// @param item the item's id; null for a search, a page
/// @param category the item's category, or null
/// @param time milliseconds since 1970, -1 where there is none
/// @param attributes values by attribute name, of any level: texts, numbers; those that are missing
///   are left out
public record Event(
    String action,
    @Nullable String item,
    @Nullable String category,
    long time,
    Map<String, Object> attributes) {
  /// Copies the attributes.
  public Event {
    attributes = Map.copyOf(attributes);
  }

  /// {@return a click on an item}
  ///
  /// @param item its id
  /// @param category the click's category, or null
  /// @param time milliseconds since 1970, or -1 where there is none
  public static Event view(String item, @Nullable String category, long time) {
    return new Event("view", item, category, time, Map.of());
  }

  /// {@return an action on an item, or on none}
  ///
  /// @param action one of [Actions#STANDARD] or the shop's own word
  /// @param item its id, or null
  /// @param time milliseconds since 1970, or -1 where there is none
  public static Event of(String action, @Nullable String item, long time) {
    return new Event(action, item, null, time, Map.of());
  }

  /// {@return the same event with attributes}
  ///
  /// @param values by attribute: a number, or text for categories and words
  public Event with(Map<String, Object> values) {
    return new Event(action, item, category, time, values);
  }
}
