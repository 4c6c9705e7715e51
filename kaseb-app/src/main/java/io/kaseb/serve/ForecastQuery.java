package io.kaseb.serve;

import io.kaseb.base.KasebException;
import io.kaseb.forecast.Forecaster;
import io.kaseb.serve.http.Problem;
import io.kaseb.serve.http.Query;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// What a request's query says about the answer.
///
/// @param k how many items
/// @param exclude item ids to leave out
/// @param categories an item must be in one of them; empty for no such filter
/// @param isExplained whether the answer tells how it came about
/// @param model the name of a model, or null
/// @param isFollowingUnknown whether a click on an unknown item is taken
/// @param target the action that the items are likeliest to get
record ForecastQuery(
    int k,
    List<String> exclude,
    List<String> categories,
    boolean isExplained,
    @Nullable String model,
    boolean isFollowingUnknown,
    String target) {
  /// Items that an answer can have.
  static final int MOST_ITEMS = 1000;

  private static final List<String> NAMES =
      List.of("k", "exclude", "category", "explain", "model", "unknown", "target");

  /// Reads the query.
  static ForecastQuery of(Query query, ServeConfig.ModelFiles config) {
    query.checkNames(NAMES);
    String unknown = query.one("unknown");
    if (unknown != null && !unknown.equals("follow") && !unknown.equals("reject")) {
      throw Problem.field("unknown", "must be follow or reject");
    }
    String target = query.one("target");
    return new ForecastQuery(
        k(query, config.k()),
        query.ids("exclude"),
        query.ids("category"),
        query.flag("explain"),
        query.one("model"),
        unknown == null ? config.isFollowingUnknown() : unknown.equals("follow"),
        target == null ? Forecaster.NEXT_VIEW : target);
  }

  /// Returns the target as a model names it.
  String target(Forecaster forecaster) {
    try {
      return forecaster.target(target);
    } catch (KasebException e) {
      throw Problem.field("target", "must be one of " + String.join(", ", forecaster.targets()));
    }
  }

  private static int k(Query query, int otherwise) {
    String text = query.one("k");
    if (text == null) {
      return otherwise;
    }
    int k = text.matches("[0-9]{1,4}") ? Integer.parseInt(text) : -1;
    if (k < 1 || k > MOST_ITEMS) {
      throw Problem.field("k", "must be 1.." + MOST_ITEMS);
    }
    return k;
  }
}
