package io.kaseb.config;

import io.kaseb.base.KasebException;
import io.kaseb.base.KasebException.Problem;
import java.util.List;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;

/// One key of a configuration.
///
/// @param <T> its value's Java type
/// @param name as users write it
/// @param type what its value may be
/// @param fallback the value where the user gives none
/// @param doc what it means, one line of Markdown
/// @param aliases other tools' names for it
/// @param searches how `tune` searches it; empty for not at all
/// @param own whether it is a value of the record; else it is only another way to write one
/// @param quiet whether files leave the fallback out
public record Key<T>(
    String name,
    KeyType<T> type,
    T fallback,
    String doc,
    List<String> aliases,
    List<Search> searches,
    boolean own,
    boolean quiet) {
  /// Copies the lists.
  public Key {
    aliases = List.copyOf(aliases);
    searches = List.copyOf(searches);
  }

  /// Declares a key.
  public static <T> Key<T> of(String name, KeyType<T> type, T fallback, String doc) {
    return new Key<>(name, type, fallback, doc, List.of(), List.of(), true, false);
  }

  /// Returns the same with other tools' names.
  public Key<T> alias(String... names) {
    return new Key<>(name, type, fallback, doc, List.of(names), searches, own, quiet);
  }

  /// Returns the same with the ways in which `tune` searches it.
  public Key<T> searched(Search... ways) {
    return new Key<>(name, type, fallback, doc, aliases, List.of(ways), own, quiet);
  }

  /// Returns the same as a key that is rewritten to others before it is read.
  public Key<T> rewritten() {
    return new Key<>(name, type, fallback, doc, aliases, searches, false, quiet);
  }

  /// Returns the same as a key that files leave out at its fallback, as those written before it was
  /// there do.
  public Key<T> unsaid() {
    return new Key<>(name, type, fallback, doc, aliases, searches, own, true);
  }

  /// Reads a value.
  ///
  /// @param place where it stands, for messages, or null
  /// @throws KasebException naming the key, the value and what is allowed
  public T parse(@Nullable String place, String text) {
    T value;
    try {
      value = type.parse(text);
    } catch (IllegalArgumentException e) {
      throw wrong(place, text, String.valueOf(e.getMessage()), e);
    }
    if (!type.allows(value)) {
      throw wrong(place, text, type.range(), null);
    }
    return value;
  }

  /// Checks a value.
  ///
  /// @throws KasebException naming the key, the value and what is allowed
  void check(Object value) {
    T own = cast(value);
    if (!type.allows(own)) {
      throw wrong(null, type.text(own), type.range(), null);
    }
  }

  private KasebException wrong(
      @Nullable String place, String value, String allowed, @Nullable Throwable cause) {
    return new KasebException(new Problem(place, name + "=" + value, allowed, null), cause);
  }

  /// Returns a value as files have it.
  JsonNode json(Object value) {
    return type.json(cast(value));
  }

  /// Returns whether files leave a value out.
  boolean isLeftOut(Object value) {
    return (quiet && value.equals(fallback)) || type.isLeftOut(cast(value));
  }

  @SuppressWarnings("unchecked")
  private T cast(Object value) {
    return (T) value;
  }
}
