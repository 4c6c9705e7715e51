package io.kaseb.search;

import io.kaseb.tune.space.Parameters;
import io.kaseb.tune.study.TrialRun;

/// A segment of a trial as whoever trains it sees it: in the study's own process a [TrialRun],
/// elsewhere what tells it of the study.
public interface TrialWork {
  /// Returns the trial's id.
  int id();

  /// Returns the id of the trial whose state the segment goes on from.
  int origin();

  /// Returns what to run with.
  Parameters parameters();

  /// Returns how many trials before this one have the same parameters.
  int repeat();

  /// Returns how many steps are done already.
  int from();

  /// Returns how many steps are to be done when the segment ends.
  int until();

  /// Returns the steps of a full trial.
  int budget();

  /// Reports the values that the goals have after a step.
  ///
  /// @param values one for each goal
  void report(int step, double... values);

  /// Returns whether to end soon; asked often.
  boolean stopped();

  /// Returns a trial of this process.
  static TrialWork of(TrialRun trial) {
    return new TrialWork() {
      @Override
      public int id() {
        return trial.id();
      }

      @Override
      public int origin() {
        return trial.origin();
      }

      @Override
      public Parameters parameters() {
        return trial.parameters();
      }

      @Override
      public int repeat() {
        return trial.repeat();
      }

      @Override
      public int from() {
        return trial.from();
      }

      @Override
      public int until() {
        return trial.until();
      }

      @Override
      public int budget() {
        return trial.budget();
      }

      @Override
      public void report(int step, double... values) {
        trial.report(step, values);
      }

      @Override
      public boolean stopped() {
        return trial.stopped();
      }
    };
  }
}
