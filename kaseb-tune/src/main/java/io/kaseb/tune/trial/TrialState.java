package io.kaseb.tune.trial;

/// Where a trial stands; the names are NNI's.
public enum TrialState {
  /// Not started yet, or paused at a rung until it is promoted.
  WAITING,
  /// At work.
  RUNNING,
  /// Ended by itself.
  SUCCEEDED,
  /// Ended by an error; the trial tells the reason.
  FAILED,
  /// Ended by the user.
  USER_CANCELED,
  /// Ended by the pruner or a limit; its last report counts.
  EARLY_STOPPED;

  /// {@return whether a trial in this state cannot change any more}
  public boolean finished() {
    return this != WAITING && this != RUNNING;
  }
}
