package io.kaseb.tune.study;

/// How a study stands.
///
/// @param status what it does
/// @param reason why it does not go on, or empty
/// @param seconds it has run, interruptions not counted
public record StudyStatus(StudyState status, String reason, double seconds) {
  /// A study that has not begun.
  public static final StudyStatus NEW = new StudyStatus(StudyState.STOPPED, "not started", 0);
}
