package io.kaseb.config;

import java.util.Collections;
import java.util.EnumSet;
import java.util.Set;

/// The groups of features that `intent_features` switches. The number of clicks is always there.
public enum Feature {
  /// The item's embedding, initialised from the next-item network.
  ITEM,
  /// The click's category.
  CATEGORY,
  /// Time between clicks and on items. Gaps inside a session are real even where times of day are
  /// not.
  DWELL,
  /// Repeated views, distinct items.
  REPEATS,
  /// Hour and weekday (UTC), where the log's times are real.
  TIME,
  /// The buy rate of the session's day. It helps only where forecasts are made for days that the
  /// training period has, as a random split or the challenge's test does; off by default.
  DATE,
  /// Price of the item in earlier purchases.
  PRICE,
  /// How often sessions with this item bought, and bought it, in the training period.
  RATES,
  /// How often sessions with this item and one clicked before it bought.
  PAIRS,
  /// What each event is: view, cart, search, a shop's own words; what lies in the cart. Without
  /// this group all events look alike.
  ACTIONS,
  /// The log's attributes of events, sessions, users and items.
  ATTRIBUTES,
  /// Earlier sessions of the visitor.
  VISITOR;

  /// Returns the groups that are on by default: all but [#DATE].
  public static Set<Feature> usual() {
    return Collections.unmodifiableSet(EnumSet.complementOf(EnumSet.of(DATE)));
  }

  /// Returns a copy that can be changed.
  public static Set<Feature> copy(Set<Feature> features) {
    Set<Feature> copy = EnumSet.noneOf(Feature.class);
    copy.addAll(features);
    return copy;
  }
}
