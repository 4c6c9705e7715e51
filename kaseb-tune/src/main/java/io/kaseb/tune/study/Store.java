package io.kaseb.tune.study;

import io.kaseb.tune.trial.Measurement;
import io.kaseb.tune.trial.Trial;
import io.kaseb.tune.trial.TrialState;
import java.util.List;
import java.util.Optional;

/// Keeps one study. What a method has written is there after the process is killed, for stores that
/// outlive a process at all. Methods may be called from several threads.
public interface Store extends AutoCloseable {
  /// {@return the settings, or empty where the study is new}
  Optional<Settings> settings();

  /// Writes the settings.
  ///
  /// @param settings those that were there are replaced
  void settings(Settings settings);

  /// {@return how the study stands}
  StudyStatus status();

  /// Writes how the study stands.
  ///
  /// @param status replaces the one before
  void status(StudyStatus status);

  /// {@return all trials by ascending id}
  List<Trial> trials();

  /// Writes a trial without its reports: a new one, whose id must be the number of trials so far,
  /// or a new state of one that is not finished.
  ///
  /// @param trial its reports are not looked at
  /// @throws IllegalStateException where the trial is finished already or its id leaves a gap
  void save(Trial trial);

  /// Writes a report of an unfinished trial; drops its reports of the same and later steps.
  ///
  /// @param trial its id, from 0
  /// @param report at a step of 1 or more
  void report(int trial, Measurement report);

  /// Adds a request.
  ///
  /// @param request what a user asks of the running study
  void request(Request request);

  /// {@return the requests that wait, oldest first}
  List<Request> requests();

  /// Removes the oldest requests.
  ///
  /// @param requests how many, 0 to all that wait
  void fulfilled(int requests);

  @Override
  void close();

  /// Checks that a trial may be written over what is stored.
  ///
  /// @param stored the trial's stored state, or empty where there is none
  /// @param count how many trials are stored
  /// @param trial what is to be written
  static void checkSave(Optional<TrialState> stored, int count, Trial trial) {
    if (stored.isEmpty() && trial.id() != count) {
      throw new IllegalStateException(
          "trial " + trial.id() + " after " + count + " trials; ids leave no gaps");
    }
    if (stored.isPresent() && stored.get().finished()) {
      throw new IllegalStateException(
          "trial " + trial.id() + " is " + stored.get() + "; finished trials do not change");
    }
  }
}
