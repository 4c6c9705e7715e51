package io.kaseb.base;

/// A failure that the user can act on: its message names the place, the value, what is allowed and
/// the way out. Commands print the message alone and exit with 1.
public class KasebException extends RuntimeException {
  private static final long serialVersionUID = 1L;

  /// Creates the exception from a message for the user.
  public KasebException(String message) {
    super(message);
  }

  /// Creates the exception from a message for the user and what caused it.
  public KasebException(String message, Throwable cause) {
    super(message, cause);
  }
}
