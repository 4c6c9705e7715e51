package io.kaseb.search;

import io.kaseb.tune.trial.Segment;
import io.kaseb.tune.trial.Trial;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;

/// The states that trials leave to go on from: a checkpoint for each trial and step, in the folder
/// `trials` of an experiment.
///
/// @param folder where they lie
/// @param shared whether trials may go on from other trials' states, which are then kept until the
///   study is done
record TrialStates(Path folder, boolean shared) {
  /// Returns the states of an experiment's trials.
  static TrialStates of(Path experiment, boolean shared) {
    return new TrialStates(experiment.resolve("trials"), shared);
  }

  /// Returns where a trial's state after a step lies.
  Path file(int trial, int step) {
    return folder.resolve(trial + "-" + step + ".checkpoint");
  }

  /// Returns where a trial's state lies while it is on its way to a step.
  Path going(int trial, int until) {
    return folder.resolve(trial + "-" + until + ".going");
  }

  /// Deletes a trial's state after a step, which the trial has gone on from.
  void passed(int trial, int step) throws IOException {
    if (!shared) {
      Files.deleteIfExists(file(trial, step));
    }
  }

  /// Deletes the states of a trial that has finished.
  void release(Trial trial) {
    if (shared || !trial.state().finished()) {
      return;
    }
    for (Segment segment : trial.segments()) {
      try {
        Files.deleteIfExists(file(trial.id(), segment.until()));
        Files.deleteIfExists(going(trial.id(), segment.until()));
      } catch (IOException e) {
        throw new UncheckedIOException(e);
      }
    }
  }

  /// Deletes all states.
  void clear() throws IOException {
    ExperimentFolder.deleteInner(folder);
  }
}
