package io.kaseb.serve;

import io.kaseb.model.Catalogue;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Map;

/// Finds items of a model by what people type: those that have every word in their ids, names or
/// attributes, in any case. Those that no answer may have are never found.
///
/// @param model whose items
/// @param details what else is known of items
/// @param words in lower case; none for all items
record CatalogueSearch(ServedModel model, ItemDetails details, List<String> words) {
  /// Returns a search for a text's words.
  static CatalogueSearch of(ServedModel model, ItemDetails details, String text) {
    return new CatalogueSearch(
        model,
        details,
        Arrays.stream(text.toLowerCase(Locale.ROOT).split("\\s+", -1))
            .filter(word -> !word.isEmpty())
            .toList());
  }

  /// Returns the ids of the first that are found: the popular ones, then the others in the
  /// catalogue's order.
  List<String> first(int limit) {
    Catalogue catalogue = model.forecaster().catalogue();
    ServedModel.Popular popular = model.popular();
    List<String> found = new ArrayList<>();
    for (int i = 0; i < popular.items().length && found.size() < limit; i++) {
      take(catalogue.id(popular.items()[i]), found);
    }
    for (int i = 0; i < catalogue.size() && found.size() < limit; i++) {
      if (!popular.members().get(i)) {
        take(catalogue.id(i), found);
      }
    }
    return found;
  }

  private void take(String item, List<String> found) {
    if (!model.hides(item) && isMatch(item)) {
      found.add(item);
    }
  }

  private boolean isMatch(String item) {
    String id = item.toLowerCase(Locale.ROOT);
    Map<String, Object> known = null;
    for (String word : words) {
      if (id.contains(word)) {
        continue;
      }
      known = known == null ? details.of(item, model.attributes(item)) : known;
      if (known.values().stream()
          .noneMatch(value -> value.toString().toLowerCase(Locale.ROOT).contains(word))) {
        return false;
      }
    }
    return true;
  }
}
