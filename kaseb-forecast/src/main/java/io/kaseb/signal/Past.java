package io.kaseb.signal;

/// What a visitor did with an item in earlier sessions.
public enum Past {
  /// Nothing that is known.
  NONE,
  /// Looked at it, or more, without buying it.
  SEEN,
  /// Bought it.
  BOUGHT
}
