package io.kaseb.intent;

import io.kaseb.config.Feature;
import io.kaseb.signal.NamedFeature;
import io.kaseb.signal.Schema;
import io.kaseb.signal.SignalNames;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;

/// The names of the rows that [HandFeatures] and the networks give to trees and regressions, in
/// their order, each with how it is made. Rates are log odds above the base, pulled to it, so that
/// what is rare or unknown is 0 ([Statistics]).
final class HandFeatureNames {
  private static final List<String> DAYS =
      List.of("monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday");
  private static final String BUYS = "log odds that a session with the item buys, above the base";
  private static final String BOUGHT =
      "log odds that a buyer who clicked the item buys it, above the base";
  private static final String SUPPORT = "ln(1 + training sessions with the item)";
  private static final String PRICE = "ln(mean price of the item over that of all items)";

  private final Set<Feature> features;
  private final Schema schema;

  /// Prepares the names of some groups.
  HandFeatureNames(Set<Feature> features, Schema schema) {
    this.features = features;
    this.schema = schema;
  }

  /// Returns the names of a session's row.
  List<NamedFeature> session() {
    Names names = new Names();
    names.add("over", "1 if it is known that no more events come, else 0");
    names.add("events", "events so far");
    names.add("log_events", "ln(events)");
    if (features.contains(Feature.REPEATS)) {
      repeats(names);
    }
    if (features.contains(Feature.DWELL)) {
      names.add("log_duration", "ln(1 + seconds from the first to the last event)");
      names.add("mean_log_gap", "mean of ln(1 + seconds) between events, 0 for one event");
      names.add("log_longest_gap", "ln(1 + most seconds between two events)");
      names.add("log_gap", "ln(1 + seconds between the last two events)");
      names.add("mean_gap", "seconds between events, mean; 0 for one event");
      names.add("sum_log_gaps", "sum of ln(1 + seconds) between events");
    }
    if (features.contains(Feature.TIME)) {
      time(names);
    }
    if (features.contains(Feature.DATE)) {
      names.add("day_rate", "log odds that a session of the day buys, above the base");
    }
    if (features.contains(Feature.PRICE)) {
      names.statistic("price", PRICE);
    }
    if (features.contains(Feature.RATES)) {
      names.statistic("session_rate", BUYS);
      names.statistic("item_rate", BOUGHT);
      names.statistic("support", SUPPORT);
      names.add("first_session_rate", BUYS + "; of the first item, at its last click");
      names.add("sum_session_rate", "mean_session_rate times clicks");
      if (features.contains(Feature.CATEGORY)) {
        names.statistic(
            "category_rate", "log odds that a session with the category buys, above the base");
      }
    }
    if (features.contains(Feature.PAIRS)) {
      names.add("pair_rate", "weighted mean of the pairs' log odds above the base, 0 for none");
      names.add("pair_support", "ln(1 + the weight behind pair_rate)");
      names.add("latest_pair_sum", "the pairs' log odds times weight at the last event's item");
    }
    if (features.contains(Feature.CATEGORY)) {
      names.add("category", "place of the last event's category in the model's list, -1 for none");
      names.add("category_changes", "how often the category changed");
    }
    names.all.addAll(SignalNames.ofSession(schema));
    for (String generated : schema.generated().names()) {
      names.add("generated:" + generated, "as docs/purchase-forecast.md says of " + generated);
    }
    names.add("network_log_odds", "the networks' mean log odds that the session buys");
    return names.all;
  }

  private static void repeats(Names names) {
    names.add("distinct", "distinct items");
    names.add("repeats", "clicks less distinct items");
    names.add("distinct_share", "distinct items over clicks");
    names.add("immediate", "clicks on the item of the event before");
    names.add("most_clicks", "most clicks on one item");
    names.add("clicks_on_current", "clicks on the last event's item, 0 where it has none");
    names.add("clicks_on_first", "clicks on the first item");
    names.add("moves", "clicks less 1 less immediate");
  }

  private static void time(Names names) {
    String real = ", of the first event in UTC; 0 where times are not real";
    names.add("hour", "hours of the day, minutes as fractions" + real);
    names.add("hour_sin", "sine of the hour on a circle of 24" + real);
    names.add("hour_cos", "cosine of the hour on a circle of 24" + real);
    names.add("weekday", "1 for Monday to 7" + real);
    DAYS.forEach(day -> names.add(day, "1 on that weekday, else 0" + real));
  }

  /// Returns the names of an item's row.
  List<NamedFeature> item() {
    Names names = new Names();
    names.add("events", "events of the session so far");
    names.add("distinct", "distinct items of the session");
    names.add("events_since", "events since its last one, that one included");
    names.add("is_last", "1 if the last event is on it, else 0");
    names.add("first_at", "events of the session before its first one");
    names.add("place", "its place among the distinct items by their first events, from 0");
    names.add("items_since", "distinct items less place");
    if (features.contains(Feature.REPEATS)) {
      names.add("clicks", "clicks on it");
      names.add("click_share", "clicks on it over all clicks");
      names.add("behind_most", "most clicks on one item less those on it");
    }
    if (features.contains(Feature.DWELL)) {
      names.add("log_dwell", "ln(1 + seconds on it, until the next event each time)");
      names.add("dwell_share", "seconds on it over the session's, those being 1 at least");
      names.add("mean_dwell", "seconds on it for each click on it");
    }
    if (features.contains(Feature.PRICE)) {
      names.add("price", PRICE);
      names.add("price_above_mean", "price less the session's mean_price");
    }
    if (features.contains(Feature.RATES)) {
      names.add("item_rate", BOUGHT);
      names.add("session_rate", BUYS);
      names.add("support", SUPPORT);
      names.add("item_rate_above_mean", "item_rate less the session's mean");
      names.add("mean_session_rate", "mean over the session's clicks: " + BUYS);
    }
    names.all.addAll(SignalNames.ofItem(schema));
    names.add("network_log_odds", "the networks' mean log odds that it is bought, if anything is");
    names.add("session_network_log_odds", "their log odds that the session, being over, buys");
    return names.all;
  }

  private static final class Names {
    private final List<NamedFeature> all = new ArrayList<>();

    void add(String name, String meaning) {
      all.add(new NamedFeature(name, meaning));
    }

    void statistic(String name, String meaning) {
      add("mean_" + name, "mean over the clicks: " + meaning);
      add("most_" + name, "most over the clicks: " + meaning);
      add("latest_" + name, "of the last event: " + meaning);
    }
  }
}
