package io.kaseb.tune.space;

import java.util.Collections;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.Map;

/// The values that a trial is run with, in NNI's form: an option with parameters of its own is a
/// map `{_name: option, inner: value ...}`.
///
/// @param values by name, in the space's order: Long, Double, String, Boolean, List or Map
public record Parameters(Map<String, Object> values) {
  /// Copies the values.
  public Parameters {
    Map<String, Object> plain = new LinkedHashMap<>();
    values.forEach((k, v) -> plain.put(k, Choice.plain(v)));
    values = Collections.unmodifiableMap(plain);
  }

  /// {@return all values by their own names, inner ones included and options by their name; a name
  /// that stands more than once is given with its path, as in `layer0/size`}
  public Map<String, Object> flat() {
    Map<String, Integer> counts = new HashMap<>();
    count(values, counts);
    Map<String, Object> flat = new LinkedHashMap<>();
    flatten(values, "", counts, flat);
    return flat;
  }

  private static void count(Map<?, ?> level, Map<String, Integer> counts) {
    level.forEach(
        (k, v) -> {
          if (!k.equals("_name")) {
            counts.merge(k.toString(), 1, Integer::sum);
            if (named(v)) {
              count((Map<?, ?>) v, counts);
            }
          }
        });
  }

  private static void flatten(
      Map<?, ?> level, String prefix, Map<String, Integer> counts, Map<String, Object> flat) {
    level.forEach(
        (k, v) -> {
          if (!k.equals("_name")) {
            String name = counts.getOrDefault(k.toString(), 1) == 1 ? k.toString() : prefix + k;
            if (named(v)) {
              flat.put(name, ((Map<?, ?>) v).get("_name"));
              flatten((Map<?, ?>) v, prefix + k + "/", counts, flat);
            } else {
              flat.put(name, v);
            }
          }
        });
  }

  private static boolean named(Object value) {
    return value instanceof Map<?, ?> map && map.containsKey("_name");
  }

  /// {@return whether a parameter exists here}
  ///
  /// @param name of a parameter of any option that was chosen
  public boolean has(String name) {
    return flat().containsKey(name);
  }

  /// {@return a number}
  ///
  /// @param name of a parameter that exists here
  /// @throws IllegalArgumentException where it does not, or is no number
  public double number(String name) {
    if (value(name) instanceof Number number) {
      return number.doubleValue();
    }
    throw new IllegalArgumentException(name + "=" + value(name) + "; must be a number");
  }

  /// {@return an integer}
  ///
  /// @param name of a parameter that exists here
  /// @throws IllegalArgumentException where it does not, or is no whole number of 32 bits
  public int integer(String name) {
    double number = number(name);
    if (number != (int) number) {
      throw new IllegalArgumentException(name + "=" + number + "; must be an integer");
    }
    return (int) number;
  }

  /// {@return a value as text; an option with parameters of its own gives its name}
  ///
  /// @param name of a parameter that exists here
  /// @throws IllegalArgumentException where it does not
  public String text(String name) {
    return value(name).toString();
  }

  /// {@return a truth value}
  ///
  /// @param name of a parameter that exists here
  /// @throws IllegalArgumentException where it does not, or is neither true nor false
  public boolean flag(String name) {
    if (value(name) instanceof Boolean flag) {
      return flag;
    }
    throw new IllegalArgumentException(name + "=" + value(name) + "; must be true or false");
  }

  private Object value(String name) {
    Object value = flat().get(name);
    if (value == null) {
      throw new IllegalArgumentException(
          "no parameter " + name + " in this trial; it has " + flat().keySet());
    }
    return value;
  }
}
