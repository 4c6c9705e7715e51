package io.kaseb.intentfit;

import io.kaseb.base.KasebException;
import io.kaseb.data.AttributeColumn;
import io.kaseb.data.LabelledSessions;
import io.kaseb.data.Signals;
import io.kaseb.event.Actions;
import io.kaseb.event.Attribute;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.function.IntFunction;

/// Looks for signs that tell a goal too well to be true: what is logged by a purchase itself, such
/// as the page that confirms an order, but stands before it in the log. A forecast that reads such
/// a sign looks splendid and knows nothing in time.
///
/// A sign is suspected where at least [#LEAST] sessions of the goal have it, and of all sessions
/// that have it fewer than one in twenty lack the goal, while of all others at least one in five
/// does. Honest signs are far from that: of the sessions with an item in the cart, a third to a
/// half buys.
public final class LeakCheck {
  /// Sessions of the goal that must have a sign.
  static final int LEAST = 10;

  /// What the order writes, it writes every day: more sessions would only cost time.
  private static final int MOST = 200_000;

  private static final double MOST_WITHOUT = .05;
  private static final double LEAST_OTHERS_WITHOUT = .2;
  private static final int SHOWN = 5;

  private final LabelledSessions live;
  private final String goal;
  private final int reached;
  private final List<Suspect> suspects = new ArrayList<>();

  private record Suspect(String words, int hits) {}

  /// Counts in how many sessions each of a kind's signs occurs.
  private static final class Counts {
    final int[] sessions;
    final int[] hits;
    private final int[] seenIn;

    Counts(int signs) {
      sessions = new int[signs];
      hits = new int[signs];
      seenIn = new int[signs];
      Arrays.fill(seenIn, -1);
    }

    void see(int sign, int session, boolean hasGoal) {
      if (sign >= 0 && seenIn[sign] != session) {
        seenIn[sign] = session;
        sessions[sign]++;
        hits[sign] += hasGoal ? 1 : 0;
      }
    }
  }

  private LeakCheck(LabelledSessions live, String goal) {
    this.live = live;
    this.goal = goal;
    this.reached = live.purchases().buyers();
  }

  /// Returns a warning for each suspected sign, the commonest first. Looks at the latest 200,000
  /// sessions.
  ///
  /// @param sessions labelled by the goal
  /// @param itemName the id of each item of the log
  public static List<String> warnings(
      LabelledSessions sessions, String goal, IntFunction<String> itemName) {
    int count = sessions.count();
    LabelledSessions latest = sessions.slice(Math.max(0, count - MOST), count);
    LeakCheck check = new LeakCheck(latest.live(), goal);
    check.actions();
    check.emptiedCarts();
    check.live.signals().attributes().forEach(check::attribute);
    check.items(itemName);
    check.suspects.sort((a, b) -> Integer.compare(b.hits, a.hits));
    return check.suspects.stream().limit(SHOWN).map(Suspect::words).toList();
  }

  private String words(String sign, String wayOut, int sessions, int hits) {
    int others = live.count() - sessions;
    return String.format(
        Locale.ROOT,
        "%s tells %s too well to be true: %,d of the %,d sessions with it have a %s afterwards"
            + " (%.1f %%), of all others %.1f %%. If the %s itself writes it into the log, the"
            + " forecast will fail in use; leave it out: %s",
        sign,
        goal,
        hits,
        sessions,
        goal,
        100.0 * hits / sessions,
        100.0 * (reached - hits) / Math.max(1, others),
        goal,
        wayOut);
  }

  private boolean hasGoal(int session) {
    return live.purchases().any(session);
  }

  private void collect(Counts counts, IntFunction<String> sign, IntFunction<String> wayOut) {
    for (int i = 0; i < counts.sessions.length; i++) {
      int without = counts.sessions[i] - counts.hits[i];
      int others = live.count() - counts.sessions[i];
      int othersWithout = live.count() - reached - without;
      boolean isSure =
          without < MOST_WITHOUT * counts.sessions[i]
              && othersWithout > 0
              && othersWithout >= LEAST_OTHERS_WITHOUT * others;
      if (counts.hits[i] >= LEAST && isSure) {
        String words = words(sign.apply(i), wayOut.apply(i), counts.sessions[i], counts.hits[i]);
        suspects.add(new Suspect(words, counts.hits[i]));
      }
    }
  }

  private void actions() {
    Signals signals = live.signals();
    if (signals.isClicksOnly()) {
      return;
    }
    Counts counts = new Counts(signals.names().count());
    for (int s = 0; s < live.count(); s++) {
      for (int e = live.sessions().start(s); e < live.sessions().end(s); e++) {
        int action = signals.action(e);
        counts.see(action == Actions.VIEW ? -1 : action, s, hasGoal(s));
      }
    }
    collect(
        counts,
        a -> "the action " + signals.names().word(a),
        a -> KasebException.setting("actions", "ignore=" + signals.names().word(a)));
  }

  /// Who buys has something in the cart; where most carts of the goal's sessions are empty, the
  /// order emptied them before its own row.
  private void emptiedCarts() {
    Signals signals = live.signals();
    if (signals.isClicksOnly()) {
      return;
    }
    int carted = 0;
    int emptied = 0;
    Set<Integer> cart = new HashSet<>();
    for (int s = 0; s < live.count(); s++) {
      boolean isCarted = false;
      cart.clear();
      for (int e = live.sessions().start(s); hasGoal(s) && e < live.sessions().end(s); e++) {
        int item = live.sessions().items()[e];
        if (signals.action(e) == Actions.CART) {
          cart.add(item);
          isCarted = true;
        } else if (signals.action(e) == Actions.REMOVE) {
          cart.remove(item);
        }
      }
      carted += isCarted ? 1 : 0;
      emptied += isCarted && cart.isEmpty() ? 1 : 0;
    }
    if (emptied >= LEAST && 2 * emptied > carted) {
      suspects.add(
          new Suspect(
              String.format(
                  Locale.ROOT,
                  "of the %,d sessions that have something in the cart and a %s afterwards, %,d"
                      + " have emptied the cart before it. If the %s itself empties it, the"
                      + " forecast will fail in use; leave removals out: %s",
                  carted,
                  goal,
                  emptied,
                  goal,
                  KasebException.setting("actions", "ignore=remove")),
              emptied));
    }
  }

  private void attribute(AttributeColumn column) {
    Attribute.Level level = column.attribute().level();
    if (level == Attribute.Level.ITEM) {
      return;
    }
    boolean isNumber = column.attribute().kind() == Attribute.Kind.NUMBER;
    Counts counts = new Counts(isNumber ? 1 : column.names().size());
    for (int s = 0; s < live.count(); s++) {
      if (level == Attribute.Level.EVENT) {
        for (int e = live.sessions().start(s); e < live.sessions().end(s); e++) {
          row(column, e, s, counts);
        }
      } else {
        row(column, s, s, counts);
      }
    }
    String name = column.attribute().name();
    collect(
        counts,
        v -> isNumber ? "a known " + name : name + "=" + column.names().get(v),
        v -> "take " + name + " out of " + KasebException.setting("attributes"));
  }

  private void row(AttributeColumn column, int row, int session, Counts counts) {
    switch (column.attribute().kind()) {
      case CATEGORY -> counts.see(column.codes()[row], session, hasGoal(session));
      case NUMBER ->
          counts.see(Float.isNaN(column.numbers()[row]) ? -1 : 0, session, hasGoal(session));
      case WORDS -> {
        for (int i = column.offsets()[row]; i < column.offsets()[row + 1]; i++) {
          counts.see(column.codes()[i], session, hasGoal(session));
        }
      }
    }
  }

  /// Pages that a log has as items.
  private void items(IntFunction<String> itemName) {
    int[] items = live.sessions().items();
    int most = Arrays.stream(items).max().orElse(-1);
    Counts counts = new Counts(most + 1);
    for (int s = 0; s < live.count(); s++) {
      for (int e = live.sessions().start(s); e < live.sessions().end(s); e++) {
        counts.see(items[e], s, hasGoal(s));
      }
    }
    collect(counts, i -> "the item " + itemName.apply(i), i -> "take its rows out of the log");
  }
}
