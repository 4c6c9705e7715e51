package io.kaseb.tune.study;

/// How a study stands; the names are NNI's, besides PAUSED.
///
/// @param status what it does
/// @param reason why it does not go on, or empty
/// @param seconds it has run, interruptions not counted
public record Standing(Status status, String reason, double seconds) {
  /// What a study does.
  public enum Status {
    /// Trials are being run; or it was killed and can be resumed.
    RUNNING,
    /// No new trials begin; those at work go on.
    PAUSED,
    /// Asked to stop; trials at work are ending.
    STOPPING,
    /// Stopped; can be resumed.
    STOPPED,
    /// All trials are done; can be resumed with more.
    DONE,
    /// Not one trial succeeded, or the study itself failed.
    ERROR
  }

  /// A study that has not begun.
  public static final Standing NEW = new Standing(Status.STOPPED, "not started", 0);
}
