package io.kaseb.tune.study;

import io.kaseb.tune.space.Parameters;
import io.kaseb.tune.trial.Outcome;
import java.util.function.ToDoubleFunction;

/// What is tuned. Runs in one of the study's worker threads, several at a time.
@FunctionalInterface
public interface Objective {
  /// Runs a trial: works until step [TrialRun#until], reports on the way, ends soon once
  /// [TrialRun#stopped] says so, and keeps what it needs to go on later by [TrialRun#keep]. What it
  /// throws makes the trial FAILED; the study goes on.
  ///
  /// @param trial its parameters, where it begins and ends, and where it reports
  /// @return one value for each goal of the study
  /// @throws Exception anything: the trial has failed
  Outcome run(TrialRun trial) throws Exception;

  /// Makes an objective of a plain function.
  ///
  /// @param function gives the value of the first goal; it ends a trial in one go, without reports
  /// @return an objective of one goal
  static Objective of(ToDoubleFunction<Parameters> function) {
    return trial -> Outcome.of(function.applyAsDouble(trial.parameters()));
  }
}
