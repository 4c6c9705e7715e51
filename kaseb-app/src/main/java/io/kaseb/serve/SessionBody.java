package io.kaseb.serve;

import io.kaseb.event.Visitor;
import io.kaseb.serve.http.JsonFields;
import io.kaseb.serve.http.Problem;
import io.kaseb.serve.session.Click;
import io.kaseb.serve.session.IdHash;
import io.kaseb.serve.session.SessionClicks;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;

/// Holds a session that a request brings along, and reads it from the body.
///
/// @param id the session's id, or null
/// @param clicks its clicks
/// @param over whether it is known that no more clicks come
/// @param visitor what the client knows of the visitor's earlier sessions, or null
record SessionBody(
    @Nullable String id, SessionClicks clicks, boolean over, @Nullable Visitor visitor) {
  private static final int MOST_CLICKS = 10_000;

  private static final int MOST_SESSIONS = 1_000_000;
  private static final List<String> SESSION_FIELDS =
      List.of("session", "clicks", "over", "session_attributes", "visitor");
  private static final List<String> VISITOR_FIELDS =
      List.of("sessions", "bought", "ended", "seen", "taken");
  private static final List<String> CLICK_FIELDS =
      List.of("item", "time", "category", "price", "event_id", "action", "attributes");
  private static final List<String> EVENT_FIELDS =
      Stream.concat(CLICK_FIELDS.stream(), Stream.of("session_attributes", "user", "user_consent"))
          .toList();

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
      Click click =
          click(JsonFields.of(clicks.get(i), fields.name("clicks") + "[" + i + "]", CLICK_FIELDS));
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
        new SessionClicks(Math.max(0, recent.getFirst().time()), all.size(), recent)
            .with(fields.attributes("session_attributes")),
        fields.flag("over"),
        visitor(fields));
  }

  private static @Nullable Visitor visitor(JsonFields fields) {
    JsonNode node = fields.node("visitor");
    if (node == null) {
      return null;
    }
    JsonFields given = JsonFields.of(node, fields.name("visitor"), VISITOR_FIELDS);
    int sessions = given.count("sessions", MOST_SESSIONS);
    return new Visitor(
        sessions,
        given.count("bought", sessions),
        given.time("ended"),
        Set.copyOf(given.ids("seen", Visitor.MOST_ITEMS)),
        Set.copyOf(given.ids("taken", Visitor.MOST_ITEMS)));
  }

  /// Returns whether a visitor may be remembered, and the session with it.
  ///
  /// @throws Problem where a user is named and nothing is said of consent
  static boolean consents(JsonFields event) {
    if (event.node("user_consent") != null) {
      return event.flag("user_consent");
    }
    if (event.node("user") != null) {
      throw Problem.field(
          "user_consent", "is missing; a user is remembered with true, and nothing with false");
    }
    return true;
  }

  /// Takes the one event of a body.
  static JsonFields event(JsonNode body) {
    return JsonFields.of(body, "", EVENT_FIELDS);
  }

  /// Reads an event.
  static Click click(JsonFields fields) {
    String event = fields.text("event_id");
    fields.checkAmount("price");
    String given = fields.text("action");
    String action = given == null ? Click.VIEW : given;
    Map<String, String> attributes = new TreeMap<>(fields.attributes("attributes"));
    JsonNode price = fields.node("price");
    if (price != null) {
      attributes.putIfAbsent("price", price.asString());
    }
    return new Click(
        action.equals(Click.VIEW) ? fields.needed("item") : fields.text("item"),
        fields.text("category"),
        fields.time("time"),
        event == null ? 0 : IdHash.of(event),
        action,
        attributes);
  }
}
