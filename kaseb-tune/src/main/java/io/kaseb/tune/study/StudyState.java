package io.kaseb.tune.study;

/// What a study does; the names are NNI's, besides PAUSED.
public enum StudyState {
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
