package io.kaseb.intent;

import io.kaseb.base.KasebException;
import io.kaseb.base.Nearest;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.List;
import java.util.Locale;
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
  PAIRS;

  /// Returns the name in configurations.
  public String key() {
    return name().toLowerCase(Locale.ROOT);
  }

  /// Returns the groups that are on by default: all but [#DATE].
  public static Set<Feature> usual() {
    return EnumSet.complementOf(EnumSet.of(DATE));
  }

  /// Reads names apart by commas; empty for none.
  public static Set<Feature> parse(String text) {
    Set<Feature> features = EnumSet.noneOf(Feature.class);
    List<String> known = new ArrayList<>();
    for (Feature feature : values()) {
      known.add(feature.key());
    }
    for (String part : text.replaceAll("[\\[\\]\\s]", "").split(",")) {
      String name = part.toLowerCase(Locale.ROOT);
      if (name.isEmpty()) {
        continue;
      }
      if (!known.contains(name)) {
        throw new KasebException(
            "intent_features="
                + text
                + ": no group "
                + part
                + "; the nearest is "
                + Nearest.of(name, known)
                + ", all are "
                + String.join(",", known));
      }
      features.add(valueOf(name.toUpperCase(Locale.ROOT)));
    }
    return features;
  }

  /// Writes names apart by commas, in their fixed order.
  public static String text(Set<Feature> features) {
    List<String> names = new ArrayList<>();
    for (Feature feature : values()) {
      if (features.contains(feature)) {
        names.add(feature.key());
      }
    }
    return String.join(",", names);
  }
}
