package io.kaseb.tune.pruner;

import io.kaseb.tune.trial.History;
import io.kaseb.tune.trial.Trial;
import java.util.List;

/// Decides how much work a trial is worth. Keeps no state: it decides from the history alone.
public interface Pruner {
  /// Decides what a free worker does.
  ///
  /// @param history what is known
  /// @param mayStart whether a new trial is allowed
  /// @return start a new trial, let one go on, or nothing for now
  default Decision next(History history, boolean mayStart) {
    return mayStart ? new Decision.Start(0, history.budget(), -1) : new Decision.Nothing();
  }

  /// {@return whether a trial that has just reported is stopped}
  ///
  /// @param history what is known
  /// @param trial the trial with all its reports, which the history may not hold
  boolean stops(History history, Trial trial);

  /// {@return the paused trials that will never go on}
  ///
  /// @param history what is known
  default List<Integer> dropped(History history) {
    return List.of();
  }

  /// Lets every trial run to its end.
  Pruner NONE = (history, trial) -> false;
}
