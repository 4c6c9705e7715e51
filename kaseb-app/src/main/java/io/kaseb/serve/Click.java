package io.kaseb.serve;

import io.kaseb.tune.math.SeededRandom;
import java.nio.charset.StandardCharsets;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// A click as it is kept.
///
/// @param item its id
/// @param category the click's category, or null
/// @param time milliseconds since 1970, -1 where the client of a stateless forecast gave none
/// @param event a hash of the client's event id, 0 where it gave none
record Click(String item, @Nullable String category, long time, long event) {
  /// The names that a click's JSON object may have.
  static final List<String> FIELDS = List.of("item", "time", "category", "price", "event_id");

  /// Reads a click of a request.
  static Click of(JsonFields fields) {
    String id = fields.text("event_id");
    fields.checkAmount("price");
    return new Click(
        fields.needed("item"),
        fields.text("category"),
        fields.time("time"),
        id == null ? 0 : hash(id));
  }

  /// Returns the same click at another time.
  Click at(long newTime) {
    return new Click(item, category, newTime, event);
  }

  /// Returns 64 bits of a text, never 0: FNV-1a (Fowler, Noll, Vo), then the finisher of
  /// SplittableRandom (Steele, Lea, Flood 2014).
  static long hash(String text) {
    long h = 0xcbf29ce484222325L;
    for (byte b : text.getBytes(StandardCharsets.UTF_8)) {
      h = (h ^ (b & 0xff)) * 0x100000001b3L;
    }
    h = SeededRandom.mix64(h);
    return h == 0 ? 1 : h;
  }
}
