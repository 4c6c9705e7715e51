package io.kaseb.pipeline;

import io.kaseb.base.KasebException;
import io.kaseb.data.Dataset;
import io.kaseb.model.Catalogue;
import java.nio.file.Path;
import java.util.Locale;
import java.util.Map;

/// How much of a dataset's test part a model knows: little, where it is a model of another shop.
///
/// @param items items that the test part clicks
/// @param knownItems those of them that the model knows
/// @param clicks clicks of the test part
/// @param knownClicks those of them on items that the model knows
record KnownItems(int items, int knownItems, long clicks, long knownClicks) {
  /// Below this share of the clicks a report warns.
  private static final double LEAST_SHARE = .8;

  /// Counts.
  static KnownItems of(Catalogue model, Dataset dataset) {
    int[] index = dataset.catalogue().indicesIn(model);
    boolean[] clicked = new boolean[index.length];
    long known = 0;
    for (int item : dataset.test().items()) {
      clicked[item] = true;
      known += index[item] >= 0 && index[item] < model.size() ? 1 : 0;
    }
    int items = 0;
    int knownItems = 0;
    for (int item = 0; item < index.length; item++) {
      items += clicked[item] ? 1 : 0;
      knownItems += clicked[item] && index[item] >= 0 && index[item] < model.size() ? 1 : 0;
    }
    return new KnownItems(items, knownItems, dataset.test().events(), known);
  }

  /// Fails where a model knows nothing of what it is to be measured on.
  ///
  /// @param predictions that can be made
  void check(Path model, Path dataset, long predictions) {
    if (predictions > 0 && knownItems > 0) {
      return;
    }
    throw new KasebException(
        new KasebException.Problem(
            model.toString(),
            knownItems == 0
                ? String.format(
                    Locale.ROOT,
                    "knows none of the %,d items that the test part of %s clicks",
                    items,
                    dataset)
                : String.format(
                    Locale.ROOT,
                    "has nothing to predict: no session in the test part of %s has two clicks on"
                        + " items that it knows (%,d of %,d)",
                    dataset,
                    knownItems,
                    items),
            null,
            "measure it on a dataset of the shop that it was trained on"));
  }

  /// Adds to a report's facts what is known, with a warning where that is little.
  ///
  /// @param name what tells the model from others; empty for the only one
  void addTo(Map<String, String> facts, String name) {
    double share = (double) knownClicks / Math.max(1, clicks);
    String words =
        String.format(
            Locale.ROOT,
            "%,d of %,d test items (%.1f %%), %.1f %% of the test clicks",
            knownItems,
            items,
            100.0 * knownItems / Math.max(1, items),
            100 * share);
    String of = name.isEmpty() ? "" : " " + name;
    if (share < LEAST_SHARE) {
      facts.put("warning" + of, "the model knows only " + words + "; is it another shop's?");
    } else {
      facts.put("known to the model" + of, words);
    }
  }
}
