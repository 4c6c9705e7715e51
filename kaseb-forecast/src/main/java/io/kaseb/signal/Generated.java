package io.kaseb.signal;

import java.util.HashSet;
import java.util.List;

/// The generated features that a purchase forecast has besides those of its groups, by name, and
/// the crosses among them, whose rates every event carries.
public final class Generated {
  /// The most features.
  public static final int MOST = 1_024;

  /// No features.
  public static final Generated NONE = new Generated(List.of());

  private final List<String> names;
  private final List<Cross> crosses;

  private Generated(List<String> names) {
    this.names = List.copyOf(names);
    this.crosses = names.stream().filter(Cross::is).map(Cross::parse).toList();
    if (names.size() > MOST || new HashSet<>(names).size() < names.size()) {
      throw new IllegalArgumentException(
          names.size() + " generated features; each once, at most " + MOST);
    }
  }

  /// Returns features by their names.
  public static Generated of(List<String> names) {
    return names.isEmpty() ? NONE : new Generated(names);
  }

  /// Returns the names, in the order of the features.
  public List<String> names() {
    return names;
  }

  /// Returns the crosses, in the same order.
  public List<Cross> crosses() {
    return crosses;
  }

  @Override
  public boolean equals(Object other) {
    return other instanceof Generated that && names.equals(that.names);
  }

  @Override
  public int hashCode() {
    return names.hashCode();
  }

  @Override
  public String toString() {
    return names.toString();
  }
}
