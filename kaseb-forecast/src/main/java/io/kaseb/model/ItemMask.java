package io.kaseb.model;

import java.util.Arrays;

/// Which items of a catalogue may be forecast: one bit an item, 64 to a word. Immutable.
public final class ItemMask {
  private static final int WORD = 64;

  private final int items;
  private final long[] words;

  private ItemMask(int items, long[] words) {
    this.items = items;
    this.words = words;
  }

  /// Returns a mask that allows every item.
  public static ItemMask all(int items) {
    long[] words = new long[(items + WORD - 1) / WORD];
    Arrays.fill(words, -1);
    if (items % WORD != 0) {
      words[words.length - 1] = (1L << items % WORD) - 1;
    }
    return new ItemMask(items, words);
  }

  /// Returns a mask that allows the given items alone.
  ///
  /// @param indices in any order; negative ones, of unknown items, are skipped
  public static ItemMask only(int items, int... indices) {
    ItemMask mask = new ItemMask(items, new long[(items + WORD - 1) / WORD]);
    for (int i : indices) {
      if (i >= 0) {
        mask.words[mask.check(i) / WORD] |= 1L << i;
      }
    }
    return mask;
  }

  /// Returns this mask without the given items.
  ///
  /// @param indices in any order; negative ones, of unknown items, are skipped
  public ItemMask without(int... indices) {
    long[] fewer = words.clone();
    for (int i : indices) {
      if (i >= 0) {
        fewer[check(i) / WORD] &= ~(1L << i);
      }
    }
    return new ItemMask(items, fewer);
  }

  /// Returns the mask of the items that both allow.
  public ItemMask and(ItemMask other) {
    if (other.items != items) {
      throw new IllegalArgumentException(items + " and " + other.items + " items");
    }
    long[] both = words.clone();
    for (int w = 0; w < both.length; w++) {
      both[w] &= other.words[w];
    }
    return new ItemMask(items, both);
  }

  private int check(int item) {
    if (item >= items) {
      throw new IllegalArgumentException("item " + item + " of " + items);
    }
    return item;
  }

  /// Returns whether an item is allowed.
  public boolean allows(int item) {
    return (words[item / WORD] >>> item & 1) != 0;
  }

  /// Returns the bits of items `64 word` to `64 word + 63`, the lowest bit the first.
  public long word(int word) {
    return words[word];
  }

  /// Returns the number of items of the catalogue.
  public int items() {
    return items;
  }

  /// Returns how many items are allowed.
  public int count() {
    return Arrays.stream(words).mapToInt(Long::bitCount).sum();
  }
}
