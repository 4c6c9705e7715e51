package io.kaseb.serve;

import java.util.HashMap;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;

/// What was changed while the server ran, and is to hold after its next start too.
///
/// @param kasebState version of this form, 1
/// @param models by name, those that were loaded
/// @param removed names of models that were taken out
/// @param shares that were set; null where they are as the server was started
record ServeState(
    int kasebState,
    Map<String, Kept> models,
    Set<String> removed,
    @Nullable Map<String, Integer> shares) {
  /// Nothing was changed.
  static final ServeState NONE = new ServeState(1, Map.of(), Set.of(), null);

  /// Copies the collections.
  ServeState {
    models = Map.copyOf(models);
    removed = Set.copyOf(removed);
    shares = shares == null ? null : Map.copyOf(shares);
  }

  /// A model that was loaded.
  ///
  /// @param file its name in the folder of the first model
  record Kept(String file, boolean shadow) {}

  ServeState with(String name, Kept kept) {
    Map<String, Kept> all = new HashMap<>(models);
    all.put(name, kept);
    Set<String> gone = new TreeSet<>(removed);
    gone.remove(name);
    return new ServeState(1, all, gone, shares);
  }

  ServeState without(String name) {
    Map<String, Kept> all = new HashMap<>(models);
    all.remove(name);
    Set<String> gone = new TreeSet<>(removed);
    gone.add(name);
    return new ServeState(1, all, gone, shares);
  }

  ServeState withShares(Map<String, Integer> now) {
    return new ServeState(1, models, removed, now);
  }
}
