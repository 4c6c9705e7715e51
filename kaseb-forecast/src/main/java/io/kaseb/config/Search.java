package io.kaseb.config;

import java.util.List;
import org.jspecify.annotations.Nullable;

/// How `tune` searches a key where the user gives no space.
///
/// @param domain what is tried
/// @param under the option of another key that the search needs, or null where it is always on
public record Search(Domain domain, @Nullable Condition under) {
  /// What is tried.
  public sealed interface Domain {}

  /// Some texts, without an order.
  ///
  /// @param texts values as users write them
  public record Options(List<String> texts) implements Domain {
    /// Copies the list.
    public Options {
      texts = List.copyOf(texts);
    }
  }

  /// Numbers between two bounds.
  ///
  /// @param low smallest
  /// @param high largest
  /// @param step of whole numbers, else 0
  /// @param log whether the logarithm is evenly likely
  /// @param whole whether values are whole numbers
  public record Span(double low, double high, double step, boolean log, boolean whole)
      implements Domain {}

  /// A value of another key.
  ///
  /// @param key its name
  /// @param option its value
  public record Condition(String key, String option) {}

  /// Tries some texts.
  public static Search among(String... texts) {
    return new Search(new Options(List.of(texts)), null);
  }

  /// Tries numbers.
  public static Search between(double low, double high) {
    return new Search(new Span(low, high, 0, false, false), null);
  }

  /// Tries numbers whose logarithm is evenly likely.
  public static Search logarithmic(double low, double high) {
    return new Search(new Span(low, high, 0, true, false), null);
  }

  /// Tries whole numbers `low`, `low + step` and so on.
  public static Search whole(int low, int high, int step) {
    return new Search(new Span(low, high, step, false, true), null);
  }

  /// Tries whole numbers whose logarithm is evenly likely.
  public static Search logarithmicWhole(int low, int high) {
    return new Search(new Span(low, high, 1, true, true), null);
  }

  /// Returns the same under one option of another key.
  public Search under(String key, String option) {
    return new Search(domain, new Condition(key, option));
  }
}
