package io.kaseb.serve;

import io.kaseb.base.KasebException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/// The shop's own word about items, whatever model is served.
///
/// @param hidden items that no answer holds
/// @param categories the items of each category
record ItemRules(Set<String> hidden, Map<String, List<String>> categories) {
  /// Copies the sets.
  ItemRules {
    hidden = Set.copyOf(hidden);
    categories = Map.copyOf(categories);
  }

  /// Reads both files as they are now.
  ///
  /// @param hidden one item id a line; null for none
  /// @param categories item, tab, category a line; an item may have several; null for none
  static ItemRules read(@Nullable Path hidden, @Nullable Path categories) throws IOException {
    Set<String> ids = new HashSet<>();
    if (hidden != null) {
      Files.readAllLines(hidden).stream()
          .map(String::strip)
          .filter(line -> !line.isEmpty())
          .forEach(ids::add);
    }
    Map<String, List<String>> members = new HashMap<>();
    if (categories != null) {
      int number = 0;
      for (String line : Files.readAllLines(categories)) {
        number++;
        int tab = line.indexOf('\t');
        if (tab < 1 || tab == line.length() - 1) {
          if (line.isBlank()) {
            continue;
          }
          throw new KasebException(
              new KasebException.Problem(
                  categories + ":" + number, null, "an item, a tab and a category", null));
        }
        members
            .computeIfAbsent(line.substring(tab + 1).strip(), c -> new ArrayList<>())
            .add(line.substring(0, tab).strip());
      }
    }
    return new ItemRules(ids, members);
  }
}
