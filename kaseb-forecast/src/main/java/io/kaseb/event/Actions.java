package io.kaseb.event;

import java.util.ArrayList;
import java.util.Collection;
import java.util.List;

/// The actions of a log, numbered. The first [#STANDARD] have the same numbers everywhere; a shop's
/// own words come after them, in the order of the list.
///
/// @param own words that are no standard action, in order of their numbers
public record Actions(List<String> own) {
  /// The look at an item: what a click is.
  public static final int VIEW = 0;

  /// An item goes into the cart.
  public static final int CART = 1;

  /// An item is taken out of the cart.
  public static final int REMOVE = 2;

  /// An item is put on a list of wishes, or followed.
  public static final int WISHLIST = 3;

  /// A search, with its words among the event's attributes.
  public static final int SEARCH = 4;

  /// A page without an item, such as a category's.
  public static final int PAGE = 5;

  /// The order is begun.
  public static final int CHECKOUT = 6;

  /// The order is placed.
  public static final int PURCHASE = 7;

  /// The words of the standard actions, in order of their numbers.
  public static final List<String> STANDARD =
      List.of("view", "cart", "remove", "wishlist", "search", "page", "checkout", "purchase");

  /// The most actions that are told apart.
  public static final int MOST = 64;

  /// The standard actions alone.
  public static final Actions USUAL = new Actions(List.of());

  /// Checks that the words are new and not too many.
  public Actions {
    own = List.copyOf(own);
    if (own.size() > MOST - STANDARD.size()
        || own.stream().anyMatch(STANDARD::contains)
        || own.stream().distinct().count() < own.size()) {
      throw new IllegalArgumentException(
          "own actions " + own + "; must be distinct, not standard, at most " + (MOST - 8));
    }
  }

  /// {@return the actions of some words, in alphabetical order after the standard ones}
  ///
  /// @param words any, each as often as it likes; the standard ones are always there
  public static Actions of(Collection<String> words) {
    return new Actions(
        words.stream().filter(w -> !STANDARD.contains(w)).distinct().sorted().toList());
  }

  /// {@return the number of an action's word, -1 for one that is not among them}
  ///
  /// @param word as logs and programs give it, such as `cart`
  public int number(String word) {
    int standard = STANDARD.indexOf(word);
    int at = own.indexOf(word);
    return standard >= 0 ? standard : at < 0 ? -1 : STANDARD.size() + at;
  }

  /// {@return the word of a number}
  ///
  /// @param number 0 to [#count()] - 1
  public String word(int number) {
    return number < STANDARD.size() ? STANDARD.get(number) : own.get(number - STANDARD.size());
  }

  /// {@return how many there are}
  public int count() {
    return STANDARD.size() + own.size();
  }

  /// {@return all words, in order of their numbers}
  public List<String> words() {
    List<String> all = new ArrayList<>(STANDARD);
    all.addAll(own);
    return all;
  }
}
