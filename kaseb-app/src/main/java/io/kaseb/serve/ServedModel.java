package io.kaseb.serve;

import io.kaseb.base.Workers;
import io.kaseb.event.Attribute;
import io.kaseb.forecast.Forecaster;
import io.kaseb.model.Catalogue;
import io.kaseb.model.ItemMask;
import io.kaseb.model.TopItems;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.BitSet;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/// A model under its name, together with new items and the item rules as its catalogue sees them.
/// Immutable: a request that holds one is untouched by swaps and reloads.
final class ServedModel {
  private static final int MOST_POPULAR = 5_000;

  private final String name;
  private final Path file;
  private final Forecaster forecaster;
  private final Set<String> hidden;
  private final @Nullable ItemMask shown;
  private final Map<String, int[]> categories = new HashMap<>();
  private final boolean isNumeric;
  private final ItemRules rules;
  private final NewItems items;
  private final Map<String, Attribute.Kind> itemAttributes;
  private volatile @Nullable Popular popular;

  /// A model without new items.
  ServedModel(String name, Path file, Forecaster forecaster, ItemRules rules) {
    this(name, file, forecaster, rules, NewItems.NONE);
  }

  /// A model with new items, which the forecaster has already where it takes any.
  ServedModel(String name, Path file, Forecaster forecaster, ItemRules rules, NewItems items) {
    this.name = name;
    this.file = file;
    this.forecaster = forecaster;
    this.rules = rules;
    this.items = items;
    this.itemAttributes = forecaster.itemAttributes();
    this.hidden = rules.hidden();
    Catalogue catalogue = forecaster.catalogue();
    shown =
        hidden.isEmpty()
            ? null
            : ItemMask.all(catalogue.size()).without(indices(catalogue, hidden.stream()));
    rules
        .categories()
        .forEach((category, ids) -> categories.put(category, indices(catalogue, ids.stream())));
    isNumeric = catalogue.ids().stream().allMatch(id -> id.matches("0|[1-9][0-9]{0,14}"));
  }

  private static int[] indices(Catalogue catalogue, Stream<String> items) {
    return items.mapToInt(catalogue::index).filter(i -> i >= 0).toArray();
  }

  /// Returns the same model under other rules.
  ServedModel with(ItemRules other) {
    return new ServedModel(name, file, forecaster, other, items);
  }

  /// Returns the same model with other new items; one that cannot place items only knows their
  /// attributes.
  ServedModel with(NewItems other) {
    if (other == items) {
      return this;
    }
    Forecaster placed =
        itemAttributes.isEmpty() ? forecaster : forecaster.with(other.all(), Workers.ofAllCores());
    return new ServedModel(name, file, placed, rules, other);
  }

  /// Returns the attributes by which it places new items; none where it cannot.
  Map<String, Attribute.Kind> itemAttributes() {
    return itemAttributes;
  }

  /// Returns the attributes of a new item; none of any other.
  Map<String, Object> attributes(@Nullable String item) {
    return items.attributes(item);
  }

  String name() {
    return name;
  }

  /// Returns the name of the model's file, without its folder.
  String file() {
    return String.valueOf(file.getFileName());
  }

  /// Returns the model's file.
  Path path() {
    return file;
  }

  /// Items by popularity.
  ///
  /// @param items index of each, the most popular first; not all of a large catalogue
  /// @param members the same as a set
  record Popular(int[] items, BitSet members) {}

  /// Returns the most popular items, counted when they are first asked for.
  Popular popular() {
    Popular known = popular;
    if (known == null) {
      TopItems top = TopItems.of(Math.min(MOST_POPULAR, forecaster.catalogue().size()));
      forecaster.popular(top);
      known = new Popular(Arrays.copyOf(top.items(), top.size()), new BitSet());
      for (int item : known.items) {
        known.members.set(item);
      }
      popular = known;
    }
    return known;
  }

  Forecaster forecaster() {
    return forecaster;
  }

  String version() {
    return forecaster.version();
  }

  /// Returns whether every item id is a whole number, as Serenade's are.
  boolean isNumeric() {
    return isNumeric;
  }

  /// Returns whether an item may not be answered.
  boolean hides(String item) {
    return hidden.contains(item);
  }

  /// Returns which items a request may be answered with; null for all.
  ///
  /// @param exclude item ids to leave out
  /// @param within categories, of which an item must be in one; empty for no such filter
  @Nullable ItemMask allowed(List<String> exclude, List<String> within) {
    Catalogue catalogue = forecaster.catalogue();
    ItemMask mask = shown;
    if (!within.isEmpty()) {
      int[] members =
          within.stream()
              .flatMapToInt(c -> Arrays.stream(categories.getOrDefault(c, new int[0])))
              .toArray();
      ItemMask only = ItemMask.only(catalogue.size(), members);
      mask = mask == null ? only : mask.and(only);
    }
    if (!exclude.isEmpty()) {
      mask =
          (mask == null ? ItemMask.all(catalogue.size()) : mask)
              .without(indices(catalogue, exclude.stream()));
    }
    return mask;
  }
}
