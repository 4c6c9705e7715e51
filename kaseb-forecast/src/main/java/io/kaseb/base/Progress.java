package io.kaseb.base;

/// Hears how far a long job has come. Implementations must be cheap: jobs call this often.
@FunctionalInterface
public interface Progress {
  /// Ignores everything.
  Progress NONE = (task, done, total, unit) -> {};

  /// Reports that `done` of `total` units of a task are finished; a task ends when both are equal.
  ///
  /// @param task what is being done, as in "reading clicks"
  /// @param done units finished so far
  /// @param total units in all, or -1 where that is unknown
  /// @param unit what is counted, as in "events"
  void at(String task, long done, long total, String unit);
}
