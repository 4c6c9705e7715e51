package io.kaseb.tune.space;

/// One parameter of a flattened search space.
///
/// @param index its place among the coordinates
/// @param path names from the root with the options on the way, as in `layer/conv/size`
/// @param parameter the parameter itself
/// @param parent the index of the choice that it hangs on, or -1
/// @param option the index of that choice's option under which it exists
public record Dimension(int index, String path, Parameter parameter, int parent, int option) {
  /// {@return the values that the parameter may take}
  public Domain domain() {
    return parameter.domain();
  }

  /// {@return whether the parameter exists at a point, given the coordinates before its own}
  ///
  /// @param point a coordinate for each dimension, in their order; NaN where it does not exist
  public boolean active(double[] point) {
    return parent < 0 || point[parent] == option;
  }

  /// {@return the number of options, 0 for numbers}
  public int options() {
    return domain() instanceof Choice choice ? choice.options().size() : 0;
  }

  /// {@return the lower and upper edge in 0..1 of the coordinates that give the same number}
  ///
  /// @param coordinate 0..1, of a range
  public double[] bin(double coordinate) {
    double half0 = halfBin(coordinate, false);
    double half1 = halfBin(coordinate, true);
    return new double[] {Math.max(0, coordinate - half0), Math.min(1, coordinate + half1)};
  }

  private double halfBin(double coordinate, boolean upper) {
    return switch (domain()) {
      case Range range -> range.halfBin(coordinate, upper);
      case NormalRange bell -> bell.halfBin(coordinate, upper);
      case Choice choice -> 0;
      case Steps steps -> .5 / steps.size();
    };
  }
}
