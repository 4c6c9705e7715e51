package io.kaseb.tune.space;

import org.jspecify.annotations.Nullable;

/// The values that one parameter may take. Samplers see a value as a coordinate: a number in 0..1
/// that is uniform under the domain's own distribution, or an option's index.
public sealed interface Domain permits Choice, Range, NormalRange, Steps {
  /// Returns the value at a coordinate.
  Object value(double coordinate);

  /// Returns a value as this domain writes it, or null where it is none of this domain's values.
  @Nullable Object canonical(Object value);

  /// Returns the coordinate of a value of this domain.
  double coordinate(Object value);

  /// Returns how many values there are; [#UNLIMITED] for continuous or endless domains.
  long size();

  /// Returns the coordinate of the `index`-th value of a limited domain, in order.
  double coordinateAt(long index);

  /// Returns where a coordinate's value stands in the order of a limited domain.
  long indexOf(double coordinate);

  /// Describes the values for error messages, as in `2..10 in steps of 5`.
  String describe();

  /// The size of a domain without end.
  long UNLIMITED = Long.MAX_VALUE;
}
