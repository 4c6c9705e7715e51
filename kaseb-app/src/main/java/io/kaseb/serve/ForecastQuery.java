package io.kaseb.serve;

import io.helidon.common.uri.UriQuery;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/// What a request's query says about the answer.
///
/// @param k how many items
/// @param exclude item ids to leave out
/// @param categories an item must be in one of them; empty for no such filter
/// @param isExplained whether the answer tells how it came about
/// @param model the name of a model, or null
/// @param isFollowingUnknown whether a click on an unknown item is taken
record ForecastQuery(
    int k,
    List<String> exclude,
    List<String> categories,
    boolean isExplained,
    @Nullable String model,
    boolean isFollowingUnknown) {
  /// Items that an answer can have.
  static final int MOST_ITEMS = 1000;

  private static final int MOST_EXCLUDED = 1000;
  private static final Set<String> NAMES =
      Set.of("k", "exclude", "category", "explain", "model", "unknown");

  /// Reads the query.
  static ForecastQuery of(UriQuery query, ServeConfig.Models config) {
    for (String name : query.names()) {
      if (!NAMES.contains(name)) {
        throw Problem.field(
            Text.quoted(name).replace("\"", ""),
            "no such query parameter; there are k, exclude, category, explain, model, unknown");
      }
    }
    String unknown = one(query, "unknown");
    if (unknown != null && !unknown.equals("follow") && !unknown.equals("reject")) {
      throw Problem.field("unknown", "must be follow or reject");
    }
    return new ForecastQuery(
        k(query, config.k()),
        many(query, "exclude"),
        many(query, "category"),
        flag(query, "explain"),
        one(query, "model"),
        unknown == null ? config.isFollowingUnknown() : unknown.equals("follow"));
  }

  private static int k(UriQuery query, int otherwise) {
    String text = one(query, "k");
    if (text == null) {
      return otherwise;
    }
    int k = text.matches("[0-9]{1,4}") ? Integer.parseInt(text) : -1;
    if (k < 1 || k > MOST_ITEMS) {
      throw Problem.field("k", "must be 1.." + MOST_ITEMS);
    }
    return k;
  }

  /// Returns a parameter that may occur once, or null.
  static @Nullable String one(UriQuery query, String name) {
    List<String> all = query.all(name, List::of);
    if (all.size() > 1) {
      throw Problem.field(name, "occurs " + all.size() + " times; must occur once");
    }
    return all.isEmpty() ? null : all.getFirst();
  }

  /// Returns true or false, false where it is missing.
  static boolean flag(UriQuery query, String name) {
    String text = one(query, name);
    if (text != null && !text.equals("true") && !text.equals("false")) {
      throw Problem.field(name, "must be true or false");
    }
    return "true".equals(text);
  }

  /// Returns values that are given several times or apart by commas.
  private static List<String> many(UriQuery query, String name) {
    List<String> all = new ArrayList<>();
    for (String value : query.all(name, List::of)) {
      for (String part : value.split(",")) {
        if (!part.isEmpty()) {
          all.add(JsonFields.checkId(name, part));
        }
      }
    }
    if (all.size() > MOST_EXCLUDED) {
      throw Problem.field(
          name, "has " + all.size() + " values; must be " + MOST_EXCLUDED + " or fewer");
    }
    return all;
  }
}
