package io.kaseb.intentfit;

import io.kaseb.event.Actions;
import io.kaseb.feature.GeneratedFeatures;
import io.kaseb.signal.Coding;
import io.kaseb.signal.Generated;
import io.kaseb.signal.Schema;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;

/// Names all generated features that a log has the parts for.
final class Candidates {
  private static final List<String> FACTS =
      List.of(
          "events",
          "clicks",
          "items",
          "repeats",
          "duration",
          "gap",
          "longest_gap",
          "pace",
          "hour",
          "weekday",
          "category_changes",
          "pairs");
  private static final List<String> ITEM_RATES =
      List.of("rate(item)", "rate(item|bought)", "rate(category)", "rate(support)");
  private static final int MOST_ACTIONS = 16;
  private static final int MOST_FOLLOWED = 7;
  private static final int MOST_CROSSED = 4;

  private final Schema schema;
  private final Set<String> names = new LinkedHashSet<>();

  private Candidates(Schema schema) {
    this.schema = schema;
  }

  /// Returns the names, at most [Generated#MOST].
  static List<String> of(Schema schema) {
    Candidates all = new Candidates(schema);
    all.names.addAll(FACTS);
    ITEM_RATES.forEach(all::over);
    all.names.add("ratio(clicks/items)");
    all.names.add("ratio(repeats/clicks)");
    all.actions();
    all.attributes();
    if (schema.visitors()) {
      all.names.add("rate(user)");
      for (String what : List.of("sessions", "bought", "recency", "items_seen", "items_bought")) {
        all.names.add("user(" + what + ")");
      }
      all.names.add("ratio(user(items_seen)/items)");
      all.names.add("ratio(user(bought)/user(sessions))");
    }
    List<String> known = new ArrayList<>();
    for (String name : all.names) {
      if (known.size() < Generated.MOST && all.isKnown(name)) {
        known.add(name);
      }
    }
    return known;
  }

  /// An attribute may be named in a way that no feature's name can hold.
  private boolean isKnown(String name) {
    try {
      return !GeneratedFeatures.known(schema, List.of(name)).isEmpty();
    } catch (IllegalArgumentException unnameable) {
      return false;
    }
  }

  private void over(String value) {
    names.add(value);
    names.add("mean(" + value + ")");
    names.add("most(" + value + ")");
    names.add("least(" + value + ")");
  }

  private void actions() {
    List<String> actions =
        schema.actions().subList(0, Math.min(MOST_ACTIONS, schema.actions().size()));
    for (String a : actions) {
      for (String form : List.of("count(%s)", "share(%s)", "recency(%s)", "freshness(%s)")) {
        names.add(form.formatted(a));
      }
      for (String form : List.of("first=%s", "last=%s", "previous=%s")) {
        names.add(form.formatted(a));
      }
      if (!a.equals(Actions.STANDARD.get(Actions.VIEW))) {
        names.add("ratio(count(%s)/clicks)".formatted(a));
      }
    }
    List<String> followed = actions.subList(0, Math.min(MOST_FOLLOWED, actions.size()));
    for (String a : followed) {
      for (String b : followed) {
        names.add("transition(%s>%s)".formatted(a, b));
      }
    }
    for (String what : List.of("items", "ever", "value", "emptied")) {
      names.add("cart(" + what + ")");
    }
    names.add("ratio(cart(items)/items)");
    names.add("rate(item>cart)");
    names.add("rate(item|cart)");
  }

  private void attributes() {
    List<String> crossed = new ArrayList<>();
    if (!schema.actions().isEmpty()) {
      crossed.add("last");
    }
    for (Coding coding : schema.attributes()) {
      String name = coding.attribute().name();
      names.add("missing(" + name + ")");
      if (coding.isNumber()) {
        over("value(" + name + ")");
        names.add(name + "(current/mean)");
        continue;
      }
      boolean isTaken = Set.of("item", "category", "support", "user").contains(name);
      over("rate(" + (isTaken ? "@" : "") + name + ")");
      names.add("changes(" + name + ")");
      if (coding.codes() == 1 && crossed.size() <= MOST_CROSSED) {
        crossed.add(name);
      }
    }
    for (int one = 0; one < crossed.size(); one++) {
      for (int other = one + 1; other < crossed.size(); other++) {
        names.add("cross(%s x %s)".formatted(crossed.get(other), crossed.get(one)));
      }
    }
  }
}
