package io.kaseb.tune.space;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/// One of some options without an order; each may bring parameters of its own (NNI's `choice`).
///
/// @param options the options, at least one, all different
public record Choice(List<Option> options) implements Domain {
  /// An option.
  ///
  /// @param value a text, number, truth value, list or map; an option with parameters of its own is
  ///   known by a text (NNI's `_name`)
  /// @param named whether it is written as NNI's `{"_name": ...}`
  /// @param inner the parameters that exist only where this option is taken; may be empty
  public record Option(Object value, boolean named, List<Parameter> inner) {
    /// Checks that parameters of its own belong to a named option.
    public Option {
      value = plain(value);
      inner = List.copyOf(inner);
      if (named && !(value instanceof String)) {
        throw new IllegalArgumentException("_name=" + value + "; must be a text");
      }
      if (!inner.isEmpty() && !named) {
        throw new IllegalArgumentException("option " + value + " has parameters but no _name");
      }
    }
  }

  /// Checks the options.
  public Choice {
    options = List.copyOf(options);
    if (options.isEmpty()) {
      throw new IllegalArgumentException("choice has no options; give at least one");
    }
    for (int i = 0; i < options.size(); i++) {
      for (int j = 0; j < i; j++) {
        if (same(options.get(i).value(), options.get(j).value())) {
          throw new IllegalArgumentException(
              "option " + options.get(i).value() + " stands twice; options must differ");
        }
      }
    }
  }

  /// Creates a choice among plain values.
  ///
  /// @param values texts, numbers or truth values; at least one, each once
  /// @return a choice whose coordinate is an option's index, 0 to values - 1
  public static Choice of(Object... values) {
    return new Choice(Arrays.stream(values).map(v -> new Option(v, false, List.of())).toList());
  }

  @Override
  public Object value(double coordinate) {
    return options.get((int) coordinate).value();
  }

  @Override
  public @Nullable Object canonical(Object value) {
    for (Option option : options) {
      if (same(option.value(), plain(value))) {
        return option.value();
      }
    }
    return null;
  }

  @Override
  public double coordinate(Object value) {
    for (int i = 0; i < options.size(); i++) {
      if (same(options.get(i).value(), value)) {
        return i;
      }
    }
    throw new IllegalArgumentException(value + "; must be " + describe());
  }

  @Override
  public long size() {
    return options.size();
  }

  @Override
  public double coordinateAt(long index) {
    return index;
  }

  @Override
  public long indexOf(double coordinate) {
    return (long) coordinate;
  }

  @Override
  public String describe() {
    return "one of " + options.stream().map(o -> String.valueOf(o.value())).toList();
  }

  /// {@return a value in the form that parameters keep: whole numbers as Long, others as Double}
  ///
  /// @param value a text, a truth value or any number
  public static Object plain(Object value) {
    return switch (value) {
      case Integer n -> n.longValue();
      case Short n -> n.longValue();
      case Byte n -> n.longValue();
      case Float n -> Double.parseDouble(n.toString());
      case String s -> s;
      case Long n -> n;
      case Double n -> n;
      case Boolean b -> b;
      case Enum<?> e -> e.name();
      case List<?> list -> {
        List<Object> plain = new ArrayList<>();
        list.forEach(v -> plain.add(plain(v)));
        yield List.copyOf(plain);
      }
      case Map<?, ?> map -> {
        Map<String, Object> plain = new LinkedHashMap<>();
        map.forEach((k, v) -> plain.put(k.toString(), plain(v)));
        yield plain;
      }
      default ->
          throw new IllegalArgumentException(
              value
                  + " is a "
                  + value.getClass().getName()
                  + "; must be a text, number, truth value, list or map");
    };
  }

  private static boolean same(Object a, Object b) {
    return (a instanceof Number x && b instanceof Number y)
        ? x.doubleValue() == y.doubleValue()
        : a.equals(b);
  }
}
