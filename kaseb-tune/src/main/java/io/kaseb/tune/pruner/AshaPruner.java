package io.kaseb.tune.pruner;

import io.kaseb.tune.trial.History;
import io.kaseb.tune.trial.Measurement;
import io.kaseb.tune.trial.Trial;
import io.kaseb.tune.trial.TrialState;
import java.util.List;

/// Asynchronous successive halving (Li et al. 2020): at each rung only the best 1 / eta of the
/// trials that came so far go on.
///
/// @param type how trials are held back
/// @param grace steps of the first rung
/// @param eta how many trials compete for one place
public record AshaPruner(Type type, int grace, double eta) implements Pruner {
  /// How trials are held back.
  public enum Type {
    /// A trial runs on unless it is not among the best at a rung; then it is stopped for good.
    STOP,
    /// Every trial pauses at every rung; it goes on as soon as it is among the best.
    PROMOTE
  }

  /// Checks the numbers.
  public AshaPruner {
    if (grace < 1 || !(eta >= 2)) {
      throw new IllegalArgumentException(
          "grace=%d, eta=%s; must be 1 or more, 2 or more".formatted(grace, eta));
    }
  }

  /// Returns how many of `n` trials at a rung go on.
  int top(int n) {
    return Math.max(1, (int) Math.floor(n / eta));
  }

  @Override
  public boolean stops(History history, Trial trial) {
    if (type == Type.PROMOTE) {
      return false;
    }
    List<Integer> rungs = Rungs.of(grace, eta, history.budget());
    for (int rung : rungs.subList(0, rungs.size() - 1)) {
      Measurement report = trial.reached(rung);
      if (report != null && report.step() == trial.lastStep()) {
        List<Trial> ranked = Rungs.ranked(history, Rungs.with(history, trial), rung);
        int place = ranked.indexOf(trial);
        if (place >= top(ranked.size())) {
          return true;
        }
      }
    }
    return false;
  }

  @Override
  public Decision next(History history, boolean mayStart) {
    if (type == Type.STOP) {
      return Pruner.super.next(history, mayStart);
    }
    List<Integer> rungs = Rungs.of(grace, eta, history.budget());
    for (int k = rungs.size() - 2; k >= 0; k--) {
      List<Trial> ranked = Rungs.ranked(history, history.trials(), rungs.get(k));
      for (Trial trial : ranked.subList(0, Math.min(ranked.size(), top(ranked.size())))) {
        if (trial.state() == TrialState.WAITING && trial.until() == rungs.get(k)) {
          return new Decision.Continue(trial.id(), rungs.get(k + 1));
        }
      }
    }
    return mayStart ? new Decision.Start(0, rungs.getFirst(), -1) : new Decision.Nothing();
  }
}
