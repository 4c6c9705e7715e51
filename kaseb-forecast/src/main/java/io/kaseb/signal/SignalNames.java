package io.kaseb.signal;

import java.util.ArrayList;
import java.util.List;

/// The names of what [SignalFeatures] gives, in its order. Written as generated features are where
/// there is one that is the same number.
public final class SignalNames {
  private static final String SCALED =
      "sign(x) ln(1 + |x|), less training's median, over its quartiles' distance; -6..6, 0 if none";
  private static final String RATE =
      "log odds that sessions with the value, or with none, reach the goal, above those of all";

  private final Schema schema;
  private final List<NamedFeature> names = new ArrayList<>();

  private SignalNames(Schema schema) {
    this.schema = schema;
  }

  /// Returns the names of the features of a session.
  public static List<NamedFeature> ofSession(Schema schema) {
    SignalNames all = new SignalNames(schema);
    if (!schema.actions().isEmpty()) {
      all.actions();
      all.cart();
    }
    schema.attributes().forEach(all::attribute);
    if (schema.visitors()) {
      all.add("user(sessions)", "earlier sessions of the visitor; -1 where it is not known");
      all.add("log_user_sessions", "ln(1 + earlier sessions)");
      all.add("user(bought)", "earlier sessions that bought");
      all.add("rate(user)", "(earlier sessions that bought + .1) / (earlier sessions + 1)");
      all.add("user(recency)", "1 / (1 + hours since the latest earlier session), 0 for none");
      all.add("user(items_seen)", "items of the session that the visitor saw or bought earlier");
      all.add("user(items_bought)", "items of the session that the visitor bought earlier");
    }
    return all.names;
  }

  /// Returns the names of the features of an item of a session.
  public static List<NamedFeature> ofItem(Schema schema) {
    SignalNames all = new SignalNames(schema);
    List<String> actions = schema.actions();
    if (!actions.isEmpty()) {
      for (int a = 0; a < Math.min(SignalFeatures.DETAILED, actions.size()); a++) {
        all.add("count(" + actions.get(a) + ")", "events of the action on the item");
      }
      all.add("in_cart", "1 if it lies in the cart, else 0");
      all.add("removed", "1 if it was taken out of the cart, else 0");
      all.add("cart_recency", "1 / (1 + events since it came into the cart), 0 if it never did");
      all.add("cart(items)", "distinct items in the cart");
      all.add("others_in_cart", "1 if other items lie in the cart and it does not, else 0");
    }
    if (schema.price() >= 0) {
      all.add("price_of_mean", "ln(its price) less the mean over the session's items, 0 unknown");
    }
    if (schema.visitors()) {
      all.add("seen_before", "1 if the visitor saw or bought it in an earlier session, else 0");
      all.add("bought_before", "1 if the visitor bought it in an earlier session, else 0");
    }
    return all.names;
  }

  private void add(String name, String meaning) {
    names.add(new NamedFeature(name, meaning));
  }

  private void actions() {
    List<String> actions = schema.actions();
    for (int a = 0; a < actions.size(); a++) {
      String action = actions.get(a);
      add("log_count(" + action + ")", "ln(1 + events of the action)");
      if (a < SignalFeatures.DETAILED) {
        add("share(" + action + ")", "share of the action in all events");
        add("recency(" + action + ")", "1 / (1 + events since the last of the action), 0 for none");
        add("freshness(" + action + ")", "1 / (1 + minutes since the last), 0 for none");
        add("first=" + action, "1 if the first event is of the action, else 0");
        add("last=" + action, "1 if the last event is of the action, else 0");
        add("previous=" + action, "1 if the event before the last is of the action, else 0");
      }
    }
    int n = Math.min(SignalFeatures.FOLLOWED, actions.size());
    for (String one : actions.subList(0, n)) {
      for (String other : actions.subList(0, n)) {
        String both = one + ">" + other;
        add("log_transition(" + both + ")", "ln(1 + how often the second followed at once)");
      }
    }
    add(
        "rate(item>cart)",
        "log odds that the last event's item is put into a cart, above the base");
    add("rate(item|cart)", "log odds that it is bought once in a cart, above the base");
  }

  private void cart() {
    add("cart(items)", "distinct items in the cart");
    add("cart(any)", "1 if an item lies in the cart, else 0");
    add("cart(ever)", "distinct items that were ever put into the cart");
    add("cart(emptied)", "1 if all were taken out again, else 0");
    add("log_cart_value", "ln(1 + what the items in the cart cost, in the log's unit)");
  }

  private void attribute(Coding coding) {
    String of = "(" + coding.attribute().name() + ")";
    boolean isNumber = coding.isNumber();
    String what = isNumber ? "value" : "rate";
    add(what + of, (isNumber ? SCALED : RATE) + ", of the last event");
    if (isNumber) {
      add("missing" + of, "1 if the last event lacks it, else 0");
    } else {
      add("support" + of, "mean over the words of ln(1 + training sessions with the value)");
    }
    if (coding.codes() == 1) {
      add("code" + of, "place of the value among the training's, most frequent first, from 0; -1");
    }
    if (!coding.isConstant()) {
      add("mean" + of, "mean of " + what + of + " over the events so far");
      add("most" + of, "the most of the same");
      add("least" + of, "the least of the same");
      add("known" + of, isNumber ? "share of events with one" : "1 behind any event");
      if (coding.codes() == 1) {
        add("changes" + of, "how often the value changed");
      }
    }
  }
}
