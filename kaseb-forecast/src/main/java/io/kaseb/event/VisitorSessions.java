package io.kaseb.event;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/// What is remembered of a visitor's sessions, event by event, so that each of them can be told
/// what came before it, as sessions of a dataset are in training. Bounded: the last
/// [#MOST_SESSIONS] to end are kept apart, those before them together; of each, the last
/// [Visitor#MOST_ITEMS] items. Immutable.
///
/// A session counts as an earlier one of another where its last event came before the other's
/// first. Where that cannot be told any more, it does not count.
///
/// @param older the sessions that are not kept apart, taken together; null where there are none
/// @param visits the others, in the order in which they were first told
public record VisitorSessions(@Nullable Visit older, List<Visit> visits) {
  /// Sessions that are kept apart.
  public static final int MOST_SESSIONS = 8;

  /// A visitor without sessions.
  public static final VisitorSessions NONE = new VisitorSessions(null, List.of());

  private static final String PURCHASE = Actions.STANDARD.get(Actions.PURCHASE);

  /// Copies the list.
  public VisitorSessions {
    visits = List.copyOf(visits);
  }

  /// One session, or several together.
  ///
  /// @param key tells the visitor's sessions apart
  /// @param sessions how many they are
  /// @param bought how many of them bought
  /// @param start the time of the first event, milliseconds since 1970
  /// @param end the time of the last event, milliseconds since 1970
  /// @param items distinct items, the latest last, behind all others those that were bought
  public record Visit(long key, int sessions, int bought, long start, long end, List<Item> items) {
    /// Copies the list.
    public Visit {
      items = List.copyOf(items);
    }

    private Visit plus(Event event) {
      boolean buys = event.action().equals(PURCHASE);
      return new Visit(
          key,
          1,
          buys ? 1 : bought,
          Math.min(start, event.time()),
          Math.max(end, event.time()),
          event.item() == null ? items : with(event.item(), buys));
    }

    private List<Item> with(String id, boolean buys) {
      List<Item> seen = new ArrayList<>();
      List<Item> taken = new ArrayList<>();
      boolean wasTaken = false;
      for (Item item : items) {
        if (!item.id.equals(id)) {
          (item.taken ? taken : seen).add(item);
        } else if (item.taken && !buys) {
          taken.add(item);
          wasTaken = true;
        }
      }
      if (!wasTaken) {
        (buys ? taken : seen).add(new Item(id, buys));
      }
      seen.addAll(taken);
      return latest(seen);
    }
  }

  /// An item of a session.
  ///
  /// @param id its id
  /// @param taken whether it was bought
  public record Item(String id, boolean taken) {}

  private static List<Item> latest(List<Item> items) {
    return items.subList(Math.max(0, items.size() - Visitor.MOST_ITEMS), items.size());
  }

  /// {@return whether a session is kept apart}
  ///
  /// @param key tells a visitor's sessions apart, as given to [#plus]
  public boolean has(long key) {
    return visit(key) != null;
  }

  private @Nullable Visit visit(long key) {
    return visits.stream().filter(v -> v.key == key).findFirst().orElse(null);
  }

  /// {@return the same with an event of a session, new or known}
  ///
  /// @param key tells the visitor's sessions apart
  /// @param event with its time
  public VisitorSessions plus(long key, Event event) {
    if (event.time() < 0) {
      throw new IllegalArgumentException("an event of a visitor without its time");
    }
    List<Visit> all = new ArrayList<>(visits);
    int at = all.indexOf(visit(key));
    if (at < 0) {
      at = all.size();
      all.add(new Visit(key, 1, 0, event.time(), event.time(), List.of()));
    }
    all.set(at, all.get(at).plus(event));
    Visit before = older;
    while (all.size() > MOST_SESSIONS) {
      Visit first =
          all.stream()
              .filter(v -> v.key != key)
              .min(Comparator.comparingLong(Visit::end))
              .orElseThrow();
      all.remove(first);
      before = before == null ? first : together(before, first);
    }
    return new VisitorSessions(before, all);
  }

  /// {@return the same without a session that is kept apart}
  ///
  /// @param key tells a visitor's sessions apart, as given to [#plus]
  public VisitorSessions without(long key) {
    Visit gone = visit(key);
    if (gone == null) {
      return this;
    }
    return new VisitorSessions(older, visits.stream().filter(v -> v != gone).toList());
  }

  private static Visit together(Visit first, Visit second) {
    Map<String, Boolean> items = new LinkedHashMap<>();
    remember(items, first);
    remember(items, second);
    return new Visit(
        0,
        first.sessions + second.sessions,
        first.bought + second.bought,
        Math.min(first.start, second.start),
        Math.max(first.end, second.end),
        items.entrySet().stream().map(e -> new Item(e.getKey(), e.getValue())).toList());
  }

  private static void remember(Map<String, Boolean> items, Visit visit) {
    for (Item item : visit.items) {
      boolean was = Boolean.TRUE.equals(items.remove(item.id));
      items.put(item.id, was || item.taken);
      if (items.size() > Visitor.MOST_ITEMS) {
        items.remove(items.keySet().iterator().next());
      }
    }
  }

  /// {@return what is known of the visitor from the sessions that ended before one began; null
  /// where that one is not kept apart}
  ///
  /// @param key tells a visitor's sessions apart, as given to [#plus]
  public @Nullable Visitor before(long key) {
    Visit present = visit(key);
    if (present == null) {
      return null;
    }
    List<Visit> earlier = new ArrayList<>();
    // Several together count only where all of them came before.
    if (older != null && older.end < present.start) {
      earlier.add(older);
    }
    visits.stream()
        .filter(v -> v.key != key && v.end < present.start)
        .sorted(Comparator.comparingLong(Visit::end))
        .forEach(earlier::add);
    return visitor(earlier);
  }

  /// {@return what is known of the visitor from all sessions}
  public Visitor all() {
    List<Visit> all = new ArrayList<>();
    if (older != null) {
      all.add(older);
    }
    visits.stream().sorted(Comparator.comparingLong(Visit::end)).forEach(all::add);
    return visitor(all);
  }

  private static Visitor visitor(List<Visit> visits) {
    int sessions = 0;
    int bought = 0;
    long ended = -1;
    Map<String, Boolean> items = new LinkedHashMap<>();
    for (Visit visit : visits) {
      sessions += visit.sessions;
      bought += visit.bought;
      ended = Math.max(ended, visit.end);
      remember(items, visit);
    }
    Set<String> seen = new LinkedHashSet<>();
    Set<String> taken = new LinkedHashSet<>();
    items.forEach((id, isTaken) -> (isTaken ? taken : seen).add(id));
    return new Visitor(sessions, bought, ended, seen, taken);
  }
}
