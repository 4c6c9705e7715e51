package io.kaseb.tune.study;

import org.jspecify.annotations.Nullable;

/// Not a trial has failed but what all trials stand on, such as the disk. An objective that throws
/// it ends its study: no trial fails by it, and those at work run again at the next start.
public final class BrokenStudyException extends RuntimeException {
  private static final long serialVersionUID = 1L;

  /// Creates the exception from a message for the user and what caused it.
  ///
  /// @param message for the user: what is broken, and what to do; null for none
  /// @param cause null where there is none
  public BrokenStudyException(@Nullable String message, @Nullable Throwable cause) {
    super(message, cause);
  }
}
