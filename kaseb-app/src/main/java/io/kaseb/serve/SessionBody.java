package io.kaseb.serve;

import io.kaseb.serve.http.JsonFields;
import io.kaseb.serve.http.Problem;
import io.kaseb.serve.session.Click;
import io.kaseb.serve.session.IdHash;
import io.kaseb.serve.session.SessionClicks;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;

/// Holds a session that a request brings along, and reads it from the body.
///
/// @param id the session's id, or null
/// @param clicks its clicks
/// @param over whether it is known that no more clicks come
record SessionBody(@Nullable String id, SessionClicks clicks, boolean over) {
  private static final int MOST_CLICKS = 10_000;
  private static final List<String> SESSION_FIELDS = List.of("session", "clicks", "over");
  private static final List<String> CLICK_FIELDS =
      List.of("item", "time", "category", "price", "event_id");

  /// Reads a session.
  ///
  /// @param place where it stands in the body, empty for the whole
  /// @param kept how many of its last clicks are kept
  static SessionBody of(JsonNode node, String place, int kept) {
    JsonFields fields = JsonFields.of(node, place, SESSION_FIELDS);
    JsonNode clicks = fields.node("clicks");
    if (clicks == null || !clicks.isArray() || clicks.isEmpty() || clicks.size() > MOST_CLICKS) {
      throw Problem.field(
          fields.name("clicks"), "must be an array of 1.." + MOST_CLICKS + " clicks");
    }
    List<Click> all = new ArrayList<>();
    Set<Long> events = new HashSet<>();
    long before = -1;
    for (int i = 0; i < clicks.size(); i++) {
      Click click = click(clicks.get(i), fields.name("clicks") + "[" + i + "]");
      if (click.event() == 0 || events.add(click.event())) {
        // A click without time stands where it was given.
        all.add(click.time() < 0 && before >= 0 ? click.at(before) : click);
        before = all.getLast().time();
      }
    }
    all.sort(Comparator.comparingLong(Click::time));
    List<Click> recent = all.subList(Math.max(0, all.size() - kept), all.size());
    return new SessionBody(
        fields.text("session"),
        new SessionClicks(Math.max(0, recent.getFirst().time()), all.size(), recent),
        fields.flag("over"));
  }

  /// Reads a click.
  ///
  /// @param place where it stands in the body, empty for the whole
  static Click click(JsonNode node, String place) {
    JsonFields fields = JsonFields.of(node, place, CLICK_FIELDS);
    String event = fields.text("event_id");
    fields.checkAmount("price");
    return new Click(
        fields.needed("item"),
        fields.text("category"),
        fields.time("time"),
        event == null ? 0 : IdHash.of(event));
  }
}
