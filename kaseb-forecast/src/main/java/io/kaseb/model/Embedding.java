package io.kaseb.model;

/// How the clicked item enters the network.
public enum Embedding {
  /// One-hot: the first layer has a row of gate weights for each item.
  NONE,
  /// An input table of its own.
  SEPARATE,
  /// The output table serves as input table too (GRU4Rec's `constrained_embedding`).
  CONSTRAINED
}
