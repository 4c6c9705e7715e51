package io.kaseb.tune.space;

import org.jspecify.annotations.Nullable;

/// The values that one parameter may take. Samplers see a value as a coordinate: a number in 0..1
/// that is uniform under the domain's own distribution, or an option's index.
public sealed interface Domain permits Choice, Range, NormalRange, Steps {
  /// {@return the value at a coordinate}
  ///
  /// @param coordinate 0..1 of a range, an option's index of a choice
  Object value(double coordinate);

  /// {@return a value as this domain writes it, or null where it is none of this domain's values}
  ///
  /// @param value any, as a user or a file gives it
  @Nullable Object canonical(Object value);

  /// {@return the coordinate of a value of this domain}
  ///
  /// @param value as [#canonical] writes it
  double coordinate(Object value);

  /// {@return how many values there are; [#UNLIMITED] for continuous or endless domains}
  long size();

  /// {@return the coordinate of the `index`-th value of a limited domain, in order}
  ///
  /// @param index 0 to [#size] - 1
  double coordinateAt(long index);

  /// {@return where a coordinate's value stands in the order of a limited domain}
  ///
  /// @param coordinate 0..1 of a range, an option's index of a choice
  long indexOf(double coordinate);

  /// Describes the values for error messages, as in `2..10 in steps of 5`.
  ///
  /// @return text that stands behind `must be`
  String describe();

  /// The size of a domain without end.
  long UNLIMITED = Long.MAX_VALUE;
}
