package io.kaseb.serve;

import io.kaseb.event.Event;
import io.kaseb.event.Visitor;
import io.kaseb.event.VisitorSessions;
import io.kaseb.serve.http.Call;
import io.kaseb.serve.http.Problem;
import io.kaseb.serve.http.Reply;
import io.kaseb.serve.http.Route;
import io.kaseb.serve.session.Click;
import io.kaseb.serve.session.IdHash;
import io.kaseb.serve.session.SessionClicks;
import io.kaseb.serve.session.SessionStore;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/// Remembers which sessions are whose, and tells of a session's visitor what was before it began.
final class Users {
  private final SessionStore store;
  private final Supplier<Set<String>> hidden;

  /// @param hidden the items that no answer may hold
  Users(SessionStore store, Supplier<Set<String>> hidden) {
    this.store = store;
    this.hidden = hidden;
  }

  List<Route> routes() {
    return List.of(
        new Route("GET", "/v1/users/{id}", Route.Kind.SESSION, this::show),
        new Route("DELETE", "/v1/users/{id}", Route.Kind.SESSION, this::forget));
  }

  /// Adds an event of a session to what is remembered of its visitor.
  ///
  /// @param id the session's id
  /// @param session with the event
  /// @param named the visitor that the event names, or null: only such an event begins a session of
  ///   the visitor's, so that who was forgotten stays forgotten
  /// @param added the event; null where it was known
  /// @return what the visitor did before the session began; null where it is nobody's
  @Nullable Visitor remember(
      String id, SessionClicks session, @Nullable String named, @Nullable Click added)
      throws SessionStore.Unavailable {
    String user = session.user();
    if (user == null) {
      return null;
    }
    long key = key(id, session);
    return store
        .updateVisitor(
            user,
            before -> {
              if (before.has(key)) {
                return added == null ? before : before.plus(key, event(added));
              }
              if (!user.equals(named)) {
                return before;
              }
              VisitorSessions begun = before;
              for (Click click : session.recent()) {
                begun = begun.plus(key, event(click));
              }
              return begun;
            })
        .before(key);
  }

  /// Takes a session out of what is remembered of its visitor.
  void forgetSession(String id, SessionClicks session) throws SessionStore.Unavailable {
    if (session.user() != null) {
      store.updateVisitor(session.user(), before -> before.without(key(id, session)));
    }
  }

  /// A session that has the id of one that is over is another one.
  private static long key(String id, SessionClicks session) {
    return IdHash.of(id + " " + session.created());
  }

  private static Event event(Click click) {
    return new Event(click.action(), click.item(), null, click.time(), Map.of());
  }

  private record View(String user, int sessions, int bought, long ended, List<Item> items) {}

  /// @param bought whether the visitor bought it
  private record Item(String item, boolean bought) {}

  private Reply show(Call call) {
    String id = call.path("id");
    VisitorSessions found;
    try {
      found = store.findVisitor(id);
    } catch (SessionStore.Unavailable e) {
      throw away(e);
    }
    if (found == null) {
      throw Problem.of(404, "Not found", "nothing is remembered of this user");
    }
    Visitor all = found.all();
    List<Item> items = new ArrayList<>();
    all.seen().stream().sorted().forEach(item -> items.add(new Item(item, false)));
    all.taken().stream().sorted().forEach(item -> items.add(new Item(item, true)));
    items.removeIf(item -> hidden.get().contains(item.item));
    return Reply.ok(new View(id, all.sessions(), all.bought(), all.ended(), items));
  }

  private Reply forget(Call call) {
    try {
      store.deleteVisitor(call.path("id"));
      return Reply.done();
    } catch (SessionStore.Unavailable e) {
      throw away(e);
    }
  }

  private static Problem away(SessionStore.Unavailable e) {
    return Problem.busy("users cannot be reached: " + e.getMessage());
  }
}
