package io.kaseb.model;

import java.util.HashMap;
import java.util.List;
import java.util.Map;

/// The items that a dataset or a model knows: text ids, each with a fixed index from 0.
public final class Catalogue {
  private final List<String> ids;
  private final Map<String, Integer> indices;

  private Catalogue(List<String> ids) {
    this.ids = List.copyOf(ids);
    this.indices = HashMap.newHashMap(ids.size());
    for (int i = 0; i < ids.size(); i++) {
      Integer before = indices.put(ids.get(i), i);
      if (before != null) {
        throw new IllegalArgumentException(
            "item id " + ids.get(i) + " at both " + before + " and " + i);
      }
    }
  }

  /// Creates a catalogue from ids in index order; every id must occur once.
  public static Catalogue of(List<String> ids) {
    return new Catalogue(ids);
  }

  /// Returns the number of items.
  public int size() {
    return ids.size();
  }

  /// Returns the id of an item index.
  public String id(int index) {
    return ids.get(index);
  }

  /// Returns the index of an item id, or -1 where it is unknown.
  public int index(String id) {
    return indices.getOrDefault(id, -1);
  }

  /// Returns all ids in index order.
  public List<String> ids() {
    return ids;
  }

  /// Returns, for each item here, its index in another catalogue, or -1 where that lacks it.
  public int[] indicesIn(Catalogue other) {
    int[] indices = new int[size()];
    for (int i = 0; i < indices.length; i++) {
      indices[i] = other == this ? i : other.index(ids.get(i));
    }
    return indices;
  }

  /// Returns the catalogue of the first `n` items.
  public Catalogue first(int n) {
    return n == size() ? this : new Catalogue(ids.subList(0, n));
  }
}
