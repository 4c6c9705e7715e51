package io.kaseb.serve.session;

import org.jspecify.annotations.Nullable;

/// A click as it is kept.
///
/// @param item its id
/// @param category the click's category, or null
/// @param time milliseconds since 1970, -1 where the client of a stateless forecast gave none
/// @param event a hash of the client's event id, 0 where it gave none
public record Click(String item, @Nullable String category, long time, long event) {
  /// Returns the same click at another time.
  public Click at(long newTime) {
    return new Click(item, category, newTime, event);
  }
}
