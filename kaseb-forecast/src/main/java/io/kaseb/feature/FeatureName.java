package io.kaseb.feature;

import java.util.List;
import java.util.Locale;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.IntStream;

/// The name of a generated feature, taken apart: `count(cart)` is the form [Form#COUNT] of `cart`.
/// The name is the whole definition: model files and configurations hold nothing else of it.
///
/// @param form what it is
/// @param of of what: actions, attributes, sides, or the two names of a ratio
public record FeatureName(Form form, List<String> of) {
  private static final int LONGEST = 400;
  private static final String WORD = "([^()>|,/\\s]+)";

  /// What a feature can be.
  public enum Form {
    /// A plain number of the session ([SessionFacts.Fact]).
    FACT(
        "(events|clicks|items|repeats|duration|gap|longest_gap|pace|hour|weekday|category_changes"
            + "|pairs)"),
    /// Events of an action.
    COUNT("count\\(" + WORD + "\\)"),
    /// Their share among all events.
    SHARE("share\\(" + WORD + "\\)"),
    /// 1 / (1 + events since the last one).
    RECENCY("recency\\(" + WORD + "\\)"),
    /// 1 / (1 + minutes since the last one).
    FRESHNESS("freshness\\(" + WORD + "\\)"),
    /// Whether the first event is of an action.
    FIRST("first=" + WORD),
    /// Whether the last one is.
    LAST("last=" + WORD),
    /// Whether the one before the last is.
    PREVIOUS("previous=" + WORD),
    /// How often an action was followed by another at once.
    TRANSITION("transition\\(" + WORD + ">" + WORD + "\\)"),
    /// Distinct items in the cart, ever put there, what they cost; whether all were taken out.
    CART("cart\\((items|ever|value|emptied)\\)"),
    /// A rate of the last event's item ([SessionFacts.Rate]).
    ITEM_RATE("rate\\((item|item\\|bought|category|support)\\)"),
    /// That an item is put into the cart, or bought from there.
    CART_RATE("rate\\((item>cart|item\\|cart)\\)"),
    /// The share of the visitor's earlier sessions that bought.
    USER_RATE("rate\\(user\\)"),
    /// Of an attribute's value: log odds that a session with it buys, above the base.
    RATE("rate\\(" + WORD + "\\)"),
    /// Earlier sessions, those that bought, how lately the last one was; items seen, bought before.
    USER("user\\((sessions|bought|recency|items_seen|items_bought)\\)"),
    /// The last event's number, scaled.
    VALUE("value\\(" + WORD + "\\)"),
    /// Whether the last event lacks a number.
    MISSING("missing\\(" + WORD + "\\)"),
    /// How often a category changed.
    CHANGES("changes\\(" + WORD + "\\)"),
    /// A pair's rate ([io.kaseb.signal.Cross]).
    CROSS("cross\\(" + WORD + " x " + WORD + "\\)"),
    /// The mean of a rate or number over the events.
    MEAN("mean\\((.+)\\)"),
    /// The highest.
    MOST("most\\((.+)\\)"),
    /// The lowest.
    LEAST("least\\((.+)\\)"),
    /// One feature over another, which counts as 1 at least.
    RATIO("ratio\\((.+)/(.+)\\)"),
    /// How far a number of the last event lies above the session's mean, scaled.
    AGAINST_MEAN(WORD + "\\(current/mean\\)");

    private final Pattern pattern;

    Form(String pattern) {
      this.pattern = Pattern.compile(pattern);
    }
  }

  /// Copies the list.
  public FeatureName {
    of = List.copyOf(of);
  }

  /// Reads a name.
  ///
  /// @throws IllegalArgumentException where it is none
  public static FeatureName parse(String name) {
    if (name.length() <= LONGEST) {
      for (Form form : Form.values()) {
        Matcher matcher = form.pattern.matcher(name);
        if (matcher.matches()) {
          return new FeatureName(
              form, matcher.toMatchResult().groupCount() == 0 ? List.of() : groups(matcher));
        }
      }
    }
    String start = name.length() > 60 ? name.substring(0, 60) + "..." : name;
    throw new IllegalArgumentException(start + " is no name of a generated feature");
  }

  private static List<String> groups(Matcher matcher) {
    return IntStream.rangeClosed(1, matcher.groupCount()).mapToObj(matcher::group).toList();
  }

  /// Returns the fact of a plain number.
  SessionFacts.Fact fact() {
    return SessionFacts.Fact.valueOf(of.getFirst().toUpperCase(Locale.ROOT));
  }
}
