package io.kaseb.eval;

/// A model's name and what its evaluation found.
public record Measured(String name, Evaluation evaluation) {}
