package io.kaseb.serve;

import io.kaseb.base.KasebException;
import io.kaseb.base.TextFiles;
import io.kaseb.model.Catalogue;
import io.kaseb.serve.http.Text;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/// The shop's own word about items, whatever model is served.
///
/// @param hidden items that no answer holds
/// @param categories the items of each category
record ItemRules(Set<String> hidden, Map<String, List<String>> categories) {
  private static final int SHOWN = 3;

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
      TextFiles.lines(hidden).stream()
          .map(String::strip)
          .filter(line -> !line.isEmpty())
          .forEach(ids::add);
    }
    Map<String, List<String>> members = new HashMap<>();
    if (categories != null) {
      int number = 0;
      for (String line : TextFiles.lines(categories)) {
        number++;
        if (line.isBlank()) {
          continue;
        }
        int tab = line.indexOf('\t');
        String item = line.substring(0, Math.max(tab, 0)).strip();
        String category = line.substring(tab + 1).strip();
        if (item.isEmpty() || category.isEmpty()) {
          throw new KasebException(
              new KasebException.Problem(
                  categories + ":" + number, null, "an item, a tab and a category", null));
        }
        members.computeIfAbsent(category, c -> new ArrayList<>()).add(item);
      }
    }
    return new ItemRules(ids, members);
  }

  /// Returns one warning for each file whose ids no model knows: such ids hide and select nothing.
  ///
  /// @param catalogues the models' items
  List<String> warnings(Collection<Catalogue> catalogues) {
    List<String> warnings = new ArrayList<>();
    warn(warnings, "hidden", hidden.stream(), catalogues);
    warn(warnings, "categories", categories.values().stream().flatMap(List::stream), catalogues);
    return warnings;
  }

  private static void warn(
      List<String> warnings, String setting, Stream<String> ids, Collection<Catalogue> catalogues) {
    Set<String> given = ids.collect(Collectors.toCollection(TreeSet::new));
    List<String> unknown =
        given.stream().filter(id -> catalogues.stream().allMatch(c -> c.index(id) < 0)).toList();
    if (!unknown.isEmpty()) {
      boolean quoted = unknown.stream().anyMatch(id -> id.matches("(?s)([\"'`]).*\\1"));
      warnings.add(
          "the file of %s: %,d of its %,d item ids are unknown to every model and have no effect: %s%s%s"
              .formatted(
                  setting,
                  unknown.size(),
                  given.size(),
                  unknown.stream().limit(SHOWN).map(Text::quoted).collect(Collectors.joining(", ")),
                  unknown.size() > SHOWN ? ", ..." : "",
                  quoted ? "; ids stand in the file as they are, without quotation marks" : ""));
    }
  }
}
