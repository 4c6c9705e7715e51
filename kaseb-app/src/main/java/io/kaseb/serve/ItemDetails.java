package io.kaseb.serve;

import io.kaseb.base.TextFiles;
import java.io.IOException;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/// What people want to see of items beside their ids: a name, and values of attributes. Models read
/// none of it. Immutable.
final class ItemDetails {
  /// Columns of a table that can be an item's name, the first that is there.
  private static final List<String> NAMES = List.of("name", "title");

  private final Map<String, Map<String, ?>> table = new HashMap<>();
  private final Map<String, Map<String, Object>> logged;

  private ItemDetails(Map<String, Map<String, Object>> logged) {
    this.logged = logged;
  }

  /// Reads a table.
  ///
  /// @param file CSV with a header whose first column, or the one named `id`, has the items; null
  ///   for none
  /// @param logged what a log knows of items; the table's own values count first
  static ItemDetails read(@Nullable Path file, Map<String, Map<String, Object>> logged)
      throws IOException {
    ItemDetails details = new ItemDetails(logged);
    if (file != null) {
      for (CsvRows.Row row : CsvRows.of(TextFiles.read(file), file)) {
        details.table.put(row.id(), row.values());
      }
    }
    return details;
  }

  /// Returns what is known of an item.
  ///
  /// @param others what else is known of it, such as a new item's attributes; counts last
  Map<String, Object> of(String item, Map<String, Object> others) {
    Map<String, Object> all = new LinkedHashMap<>(table.getOrDefault(item, Map.of()));
    logged.getOrDefault(item, Map.of()).forEach(all::putIfAbsent);
    others.forEach(all::putIfAbsent);
    return all;
  }

  /// Takes the name out of what is known of an item; null where it has none.
  static @Nullable String takeName(Map<String, Object> details) {
    for (String name : NAMES) {
      Object value = details.remove(name);
      if (value != null) {
        return value.toString();
      }
    }
    return null;
  }
}
