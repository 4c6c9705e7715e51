package io.kaseb.signal;

/// One number of a row that trees and regressions read, for readers of rows elsewhere.
///
/// @param name unique within a row
/// @param meaning how it is made, with its unit
public record NamedFeature(String name, String meaning) {}
