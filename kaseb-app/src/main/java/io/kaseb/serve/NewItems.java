package io.kaseb.serve;

import io.kaseb.newitem.NewItem;
import io.kaseb.serve.http.Problem;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/// Items that came after the training, with their attributes: those of the file that the server was
/// started with, and those that were put over HTTP, which come first. Immutable.
///
/// @param file by id, in the file's order
/// @param put by id, in the order in which they were first put
record NewItems(Map<String, NewItem> file, Map<String, NewItem> put) {
  /// How many there may be of each.
  static final int MOST = 100_000;

  /// No items.
  static final NewItems NONE = new NewItems(Map.of(), Map.of());

  /// Reads items by their ids.
  static Map<String, NewItem> byId(List<GivenItem> items) {
    Map<String, NewItem> all = new LinkedHashMap<>();
    items.forEach(given -> all.put(given.item().id(), given.item()));
    return all;
  }

  /// Returns the same with other items of the file.
  NewItems withFile(List<GivenItem> items) {
    return new NewItems(byId(items), put);
  }

  /// Returns the same with further items; one of the same id takes the other's place.
  NewItems with(List<GivenItem> items) {
    Map<String, NewItem> all = new LinkedHashMap<>(put);
    all.putAll(byId(items));
    if (all.size() > MOST) {
      throw Problem.of(
          413,
          "Content too large",
          "there would be %d items; must be %d or fewer".formatted(all.size(), MOST));
    }
    return new NewItems(file, all);
  }

  /// Returns the same without an item that was put.
  NewItems without(String id) {
    Map<String, NewItem> all = new LinkedHashMap<>(put);
    all.remove(id);
    return new NewItems(file, all);
  }

  /// Returns every item once.
  Collection<NewItem> all() {
    Map<String, NewItem> all = new LinkedHashMap<>(file);
    all.putAll(put);
    return all.values();
  }

  /// Returns how many there are.
  int size() {
    return put.isEmpty() ? file.size() : all().size();
  }

  /// Returns an item's attributes; none of one that is not here.
  Map<String, Object> attributes(@Nullable String id) {
    if (id == null || (put.isEmpty() && file.isEmpty())) {
      return Map.of();
    }
    NewItem item = put.getOrDefault(id, file.get(id));
    return item == null ? Map.of() : item.attributes();
  }
}
