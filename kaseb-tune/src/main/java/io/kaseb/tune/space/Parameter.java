package io.kaseb.tune.space;

/// A named parameter of a search space.
///
/// @param name as the objective knows it
/// @param domain the values it may take
public record Parameter(String name, Domain domain) {
  /// Checks the name.
  public Parameter {
    if (name.isBlank() || name.equals("_name")) {
      throw new IllegalArgumentException(
          "parameter named '" + name + "'; a name must not be blank and not _name");
    }
  }
}
