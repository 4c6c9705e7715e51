package io.kaseb.tune.space;

import java.util.Comparator;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// A choice among numbers, seen in their order: neighbours are near each other, whatever the
/// distance between their values. Made by [Space#ordered()] alone.
///
/// @param values the numbers, ascending
public record Steps(List<Object> values) implements Domain {
  /// Copies the list.
  public Steps {
    values = List.copyOf(values);
  }

  /// Returns the order of a choice among three numbers or more; null where it has none.
  static @Nullable Steps of(Choice choice) {
    boolean isOrdered =
        choice.options().size() > 2
            && choice.options().stream().allMatch(o -> o.value() instanceof Number && !o.named());
    return isOrdered
        ? new Steps(
            choice.options().stream()
                .map(Choice.Option::value)
                .sorted(Comparator.comparingDouble(value -> ((Number) value).doubleValue()))
                .toList())
        : null;
  }

  @Override
  public Object value(double coordinate) {
    return values.get((int) indexOf(coordinate));
  }

  @Override
  public @Nullable Object canonical(Object value) {
    for (Object own : values) {
      if (value instanceof Number given && ((Number) own).doubleValue() == given.doubleValue()) {
        return own;
      }
    }
    return null;
  }

  @Override
  public double coordinate(Object value) {
    Object own = canonical(value);
    if (own == null) {
      throw new IllegalArgumentException(value + "; must be " + describe());
    }
    return coordinateAt(values.indexOf(own));
  }

  @Override
  public long size() {
    return values.size();
  }

  @Override
  public double coordinateAt(long index) {
    return (index + .5) / values.size();
  }

  @Override
  public long indexOf(double coordinate) {
    return Math.clamp((long) (coordinate * values.size()), 0, values.size() - 1);
  }

  @Override
  public String describe() {
    return "one of " + values;
  }
}
