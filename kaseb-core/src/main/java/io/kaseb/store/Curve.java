package io.kaseb.store;

/// A trial's reports, of the first goal alone.
///
/// @param steps of the reports, ascending
/// @param values one for each step
public record Curve(int[] steps, float[] values) {}
