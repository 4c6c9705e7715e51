package io.kaseb.config;

import io.kaseb.base.KasebException;
import io.kaseb.base.KasebException.Problem;
import io.kaseb.base.Nearest;
import java.lang.reflect.Constructor;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.RecordComponent;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.function.BiConsumer;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;

/// All keys of one record of settings: what reads it, checks it and writes it.
///
/// @param <R> the record, one component for each key of its own
public final class KeyTable<R extends Record> {
  private final String prefix;
  private final List<Key<?>> keys;
  private final Set<String> ignored;
  private final BiConsumer<Map<String, String>, R> rewriting;
  private final Map<String, Key<?>> byName = new LinkedHashMap<>();
  private final RecordComponent[] components;
  private final Key<?>[] order;
  private final Constructor<R> constructor;

  /// Declares a table.
  ///
  /// @param prefix what all its keys begin with, empty for nothing in common
  /// @param ignored keys of other tools that mean nothing here
  /// @param rewriting changes what users wrote, by canonical names and each of its own form, to
  ///   values of the record's own keys, given the record that is changed
  /// @param keys in the order in which people read them and `tune` searches them; files have the
  ///   record's order
  KeyTable(
      Class<R> type,
      String prefix,
      Set<String> ignored,
      BiConsumer<Map<String, String>, R> rewriting,
      List<Key<?>> keys) {
    this.prefix = prefix;
    this.ignored = Set.copyOf(ignored);
    this.rewriting = rewriting;
    this.keys = List.copyOf(keys);
    for (Key<?> key : keys) {
      byName.put(key.name(), key);
      key.aliases().forEach(alias -> byName.put(alias, key));
    }
    components = type.getRecordComponents();
    order = new Key<?>[components.length];
    for (int i = 0; i < order.length; i++) {
      order[i] = keyOf(components[i].getName());
    }
    if (keys.stream().filter(Key::own).count() != order.length) {
      throw new IllegalArgumentException(type + " has other components than keys");
    }
    try {
      constructor =
          type.getDeclaredConstructor(
              Arrays.stream(components).map(RecordComponent::getType).toArray(Class<?>[]::new));
    } catch (NoSuchMethodException e) {
      throw new IllegalArgumentException(e);
    }
  }

  /// Returns the key of a component: `dropoutPEmbed` is `dropout_p_embed`.
  private Key<?> keyOf(String component) {
    String name = component.replaceAll("([A-Z])", "_$1").toLowerCase(Locale.ROOT);
    Key<?> key = byName.get(name.startsWith(prefix) ? name : prefix + name);
    if (key == null || !key.own()) {
      throw new IllegalArgumentException("no key is declared for " + component);
    }
    return key;
  }

  /// Returns all keys, in the order in which people read them.
  public List<Key<?>> keys() {
    return keys;
  }

  /// Returns all names that are understood, other tools' among them.
  public Collection<String> names() {
    return byName.keySet();
  }

  /// Returns keys of other tools that mean nothing here.
  public Set<String> ignored() {
    return ignored;
  }

  /// Returns whether a key is in the table, by its own or another tool's name.
  public boolean has(String key) {
    return byName.containsKey(plain(key));
  }

  /// Returns whether a key begins as all of the table do.
  public boolean claims(String key) {
    return plain(key).startsWith(prefix);
  }

  /// Returns our name of a key, in case another tool's is given.
  public String canonical(String key) {
    String plain = plain(key);
    Key<?> found = byName.get(plain);
    return found == null ? plain : found.name();
  }

  private static String plain(String key) {
    return key.strip().toLowerCase(Locale.ROOT);
  }

  /// Returns the record of all defaults.
  R defaults() {
    return create(null, Arrays.stream(order).map(Key::fallback).toArray());
  }

  /// Checks a record's values, from its compact constructor.
  ///
  /// @param values in the order of its components
  void check(Object... values) {
    for (int i = 0; i < order.length; i++) {
      order[i].check(values[i]);
    }
  }

  /// Returns a record changed by key-value pairs as users write them; other tools' keys that mean
  /// nothing here are passed over.
  ///
  /// @param place where they stand, for messages, or null
  /// @throws KasebException naming the place, the key, its value and what is allowed
  public R changed(@Nullable String place, R base, Map<String, String> pairs) {
    Map<String, Object> parsed = parsed(place, base, pairs);
    Object[] values = values(base);
    for (int i = 0; i < order.length; i++) {
      values[i] = parsed.getOrDefault(order[i].name(), values[i]);
    }
    return create(place, values);
  }

  /// Reads key-value pairs, each by itself.
  ///
  /// @throws KasebException naming the place, the key, its value and what is allowed
  public Map<String, Object> parsed(@Nullable String place, R base, Map<String, String> pairs) {
    Map<String, String> own = new LinkedHashMap<>();
    Map<String, String> written = new LinkedHashMap<>();
    pairs.forEach(
        (key, value) -> {
          String before = written.put(canonical(key), key);
          if (before != null) {
            throw new KasebException(
                new Problem(
                    place,
                    key + " and " + before + " are the same key",
                    null,
                    "leave one of them out"));
          }
          own.put(canonical(key), value.strip());
        });
    own.forEach(
        (name, text) -> {
          Key<?> key = byName.get(name);
          if (key != null && !key.own()) {
            key.parse(place, text);
          }
        });
    try {
      rewriting.accept(own, base);
    } catch (KasebException e) {
      throw place == null ? e : KasebException.at(place, e);
    }
    Map<String, Object> parsed = new LinkedHashMap<>();
    own.forEach(
        (name, text) -> {
          Key<?> key = byName.get(name);
          if (key != null) {
            parsed.put(name, key.parse(place, text));
          } else if (!ignored.contains(name)) {
            throw unknown(place, name, text);
          }
        });
    return parsed;
  }

  private KasebException unknown(@Nullable String place, String name, String text) {
    return new KasebException(
        new Problem(
            place,
            name + "=" + text + ": no such key",
            null,
            "the nearest is " + Nearest.of(name, names())),
        null);
  }

  /// Returns the keys among some that mean nothing here.
  public List<String> ignored(Collection<String> given) {
    return given.stream().map(this::canonical).filter(ignored::contains).toList();
  }

  /// Returns all values as files have them, by key.
  public Map<String, JsonNode> json(R record) {
    Object[] values = values(record);
    Map<String, JsonNode> json = new LinkedHashMap<>();
    for (int i = 0; i < order.length; i++) {
      if (!order[i].isLeftOut(values[i])) {
        json.put(order[i].name(), order[i].json(values[i]));
      }
    }
    return json;
  }

  private Object[] values(R record) {
    List<Object> values = new ArrayList<>();
    for (RecordComponent component : components) {
      try {
        values.add(component.getAccessor().invoke(record));
      } catch (ReflectiveOperationException e) {
        throw new IllegalStateException(e);
      }
    }
    return values.toArray();
  }

  private R create(@Nullable String place, Object[] values) {
    try {
      return constructor.newInstance(values);
    } catch (InvocationTargetException e) {
      if (e.getCause() instanceof KasebException known && known.problem() != null) {
        Problem p = known.problem();
        throw new KasebException(new Problem(place, p.value(), p.allowed(), p.wayOut()), known);
      }
      throw new IllegalStateException(e.getCause());
    } catch (ReflectiveOperationException e) {
      throw new IllegalStateException(e);
    }
  }
}
