package io.kaseb.logfile;

import io.kaseb.base.KasebException;
import io.kaseb.duckdb.DuckDatabase;
import io.kaseb.event.Actions;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Collections;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/// Which action each word of a log stands for: the user's words, then the usual ones, which are
/// known without regard to case, blanks, `_` and `-`.
///
/// @param own action of each word that the user named: a standard one, one of the shop's own, or
///   [#IGNORE]
public record ActionWords(Map<String, String> own) {
  /// The action of events that are left out.
  public static final String IGNORE = "ignore";

  /// The usual words alone.
  public static final ActionWords USUAL = new ActionWords(Map.of());

  /// How users map words, for messages.
  private static final String EXAMPLE =
      "ACTION=WORD|WORD,... such as cart=addtocart|add,ignore=hover";

  private static final String SIGNS = ",=|\"";

  /// Words of shops, their trackers and public logs, lower case and without blanks, `_`, `-`, `.`.
  private static final Map<String, List<String>> KNOWN = known();

  /// Checks the actions' names and copies the map, its order kept.
  public ActionWords {
    for (String action : own.values()) {
      if (!action.matches("[\\w.-]{1,64}")) {
        throw KasebException.ofSetting(
            "actions", action, "an action of 1 to 64 letters, digits and . _ -");
      }
    }
    Map<String, String> ordered = new LinkedHashMap<>(own);
    if (new HashSet<>(ordered.values())
            .stream().filter(a -> !a.equals(IGNORE) && !Actions.STANDARD.contains(a)).count()
        > Actions.MOST - Actions.STANDARD.size()) {
      throw KasebException.ofSetting(
          "actions",
          ordered.size() + " words",
          "at most %d actions of the shop's own; let rare ones share one, or ignore them"
              .formatted(Actions.MOST - Actions.STANDARD.size()));
    }
    own = Collections.unmodifiableMap(ordered);
  }

  private static Map<String, List<String>> known() {
    Map<String, List<String>> words = new LinkedHashMap<>();
    words.put(
        "view",
        list(
            "view views click clicks clicked pv viewitem itemview viewproduct productview"
                + " productviewed productclicked detail"));
    words.put(
        "cart",
        list(
            "cart carts addtocart add addtobasket basket cartadd productadded addedtocart"
                + " addcart"));
    words.put(
        "remove",
        list("remove removefromcart removefrombasket cartremove productremoved removedfromcart"));
    words.put(
        "wishlist",
        list(
            "wishlist wish addtowishlist productaddedtowishlist favourite favorite fav favourites"
                + " favorites"));
    words.put(
        "search",
        list("search searches searched query productssearched viewsearchresults sitesearch"));
    words.put(
        "page",
        list(
            "page pages pageview pageviews pageviewed viewitemlist productlistviewed categoryview"
                + " viewcategory"));
    words.put("checkout", list("checkout begincheckout checkoutstarted startcheckout"));
    words.put(
        "purchase",
        list(
            "purchase purchases purchased order orders ordered transaction transactions buy buys"
                + " bought ordercompleted orderplaced"));
    return words;
  }

  private static List<String> list(String words) {
    return List.of(words.split(" "));
  }

  /// Reads a list such as `cart=addtocart|add_to_basket,ignore=hover`; a word that holds one of `,
  /// = |` stands within quotation marks.
  public static ActionWords parse(String text) {
    Map<String, String> own = new LinkedHashMap<>();
    @Nullable String action = null;
    StringBuilder word = new StringBuilder();
    boolean quoted = false;
    for (int i = 0; i <= text.length(); i++) {
      char c = i == text.length() ? ',' : text.charAt(i);
      if (c == '"' && i < text.length()) {
        quoted = !quoted;
      } else if ((quoted && i < text.length()) || SIGNS.indexOf(c) < 0) {
        word.append(c);
      } else if (c == '=' && action == null) {
        action = word.toString().strip();
        word.setLength(0);
      } else {
        if (action == null || quoted || c == '=' || word.toString().isBlank()) {
          throw KasebException.ofSetting("actions", text, EXAMPLE);
        }
        String before = own.putIfAbsent(word.toString().strip(), action);
        if (before != null) {
          throw KasebException.ofSetting(
              "actions", word.toString().strip(), "one action for each word");
        }
        word.setLength(0);
        action = c == ',' ? null : action;
      }
    }
    return new ActionWords(own);
  }

  /// Returns these words and some actions that stand for themselves, where they mean nothing yet.
  public ActionWords with(Collection<String> actions) {
    Map<String, String> all = new LinkedHashMap<>(own);
    actions.stream()
        .filter(action -> !Actions.STANDARD.contains(action))
        .forEach(action -> all.putIfAbsent(action, action));
    return new ActionWords(all);
  }

  /// Returns the SQL of an event's action by the text of its word: NULL where there is none, `?`
  /// and the word where nobody knows it.
  String sql(String column) {
    StringBuilder sql = new StringBuilder("CASE WHEN " + column + " IS NULL THEN NULL");
    Map<String, List<String>> byAction =
        own.keySet().stream().collect(Collectors.groupingBy(this::ofWord));
    byAction.forEach(
        (action, words) ->
            sql.append(" WHEN %s IN (%s) THEN %s".formatted(column, quoted(words), text(action))));
    String bare = "lower(translate(%s, ' _-.', ''))".formatted(column);
    KNOWN.forEach(
        (action, words) ->
            sql.append(" WHEN %s IN (%s) THEN %s".formatted(bare, quoted(words), text(action))));
    return sql + " ELSE '?' || " + column + " END";
  }

  private String ofWord(String word) {
    return own.getOrDefault(word, IGNORE);
  }

  private static String text(String word) {
    return DuckDatabase.text(word);
  }

  private static String quoted(List<String> words) {
    return words.stream().map(DuckDatabase::text).collect(Collectors.joining(", "));
  }

  /// Returns the error of words that nobody knows, with what to give for them.
  ///
  /// @param counts how often each of them occurs, the most frequent first
  public KasebException unknown(Map<String, Long> counts) {
    List<String> shown = new ArrayList<>();
    List<String> pairs = new ArrayList<>();
    own.forEach((word, action) -> pairs.add(action + "=" + written(word)));
    counts.forEach(
        (word, count) -> {
          if (shown.size() < 60) {
            shown.add(String.format(Locale.ROOT, "%s %,d", word, count));
            pairs.add(name(word) + "=" + written(word));
          }
        });
    if (counts.size() > shown.size()) {
      shown.add("and %d more: is it the right column?".formatted(counts.size() - shown.size()));
    }
    return new KasebException(
        new KasebException.Problem(
            "the log's event types",
            "words that stand for no known action: " + String.join(", ", shown),
            null,
            "add %s, where the shop's own actions may stay as they are, stand for one of %s, or be %s"
                .formatted(
                    KasebException.setting("actions", forShell(String.join(",", pairs))),
                    String.join(", ", Actions.STANDARD),
                    IGNORE)));
  }

  /// Quotes what a shell would read otherwise, so that it can be pasted.
  private static String forShell(String text) {
    return text.matches("[\\p{L}\\p{N}_@%+=:,./-]+")
        ? text
        : "'" + text.replace("'", "'\\''") + "'";
  }

  private static String written(String word) {
    return word.chars().anyMatch(c -> SIGNS.indexOf(c) >= 0) ? "\"" + word + "\"" : word;
  }

  /// Returns a name for an own action, made of a log's word.
  private static String name(String word) {
    String name = word.strip().replaceAll("[^\\w.-]+", "_");
    return name.isEmpty() || name.equals("_")
        ? "other"
        : name.substring(0, Math.min(64, name.length()));
  }
}
