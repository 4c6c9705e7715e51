package io.kaseb.tune.study;

import java.util.Locale;
import java.util.Map;
import java.util.TreeSet;

/// Reads the arguments of a [MethodSpec] and complains about those that nobody asked for.
final class SpecArguments {
  private final MethodSpec spec;
  private final TreeSet<String> known = new TreeSet<>();

  SpecArguments(MethodSpec spec) {
    this.spec = spec;
    // NNI's direction of the only goal: the study has its own.
    known.add("optimize_mode");
  }

  double number(String name, double otherwise) {
    Object value = value(name, otherwise);
    if (value instanceof Number number) {
      return number.doubleValue();
    }
    throw new IllegalArgumentException(place(name, value) + "must be a number");
  }

  int integer(String name, int otherwise) {
    double number = number(name, otherwise);
    if (number != (int) number) {
      throw new IllegalArgumentException(place(name, number) + "must be an integer");
    }
    return (int) number;
  }

  boolean flag(String name, boolean otherwise) {
    Object value = value(name, otherwise);
    if (value instanceof Boolean flag) {
      return flag;
    }
    throw new IllegalArgumentException(place(name, value) + "must be true or false");
  }

  String text(String name, String otherwise) {
    return value(name, otherwise).toString();
  }

  /// Returns the constant of an enum that a text names, in any case.
  <E extends Enum<E>> E constant(String name, Class<E> type, E otherwise) {
    String text = value(name, otherwise.name()).toString();
    for (E constant : type.getEnumConstants()) {
      if (constant.name().equals(text.toUpperCase(Locale.ROOT))) {
        return constant;
      }
    }
    StringBuilder known = new StringBuilder();
    for (E constant : type.getEnumConstants()) {
      known.append(known.isEmpty() ? "" : ", ").append(constant.name().toLowerCase(Locale.ROOT));
    }
    throw new IllegalArgumentException(place(name, text) + "must be one of " + known);
  }

  private Object value(String name, Object otherwise) {
    known.add(name);
    Map<String, Object> args = spec.args();
    return args.getOrDefault(name, otherwise);
  }

  private String place(String name, Object value) {
    return spec.name() + ": " + name + "=" + value + "; ";
  }

  /// Complains about arguments that are not known.
  void done() {
    for (String name : new TreeSet<>(spec.args().keySet())) {
      if (!known.contains(name)) {
        throw new IllegalArgumentException(
            spec.name() + ": unknown argument " + name + "; known are " + known);
      }
    }
  }
}
