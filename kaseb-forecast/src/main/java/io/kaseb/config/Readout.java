package io.kaseb.config;

/// What item scores are made from.
public enum Readout {
  /// The last layer's state.
  LAST,
  /// The last layer's state and a weighted mean of the embeddings of the session's items.
  CORE
}
