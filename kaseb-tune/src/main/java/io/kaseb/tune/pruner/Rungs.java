package io.kaseb.tune.pruner;

import io.kaseb.tune.trial.History;
import io.kaseb.tune.trial.Measurement;
import io.kaseb.tune.trial.Pareto;
import io.kaseb.tune.trial.Trial;
import io.kaseb.tune.trial.TrialState;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// What ASHA and Hyperband share: steps at which trials are compared.
public final class Rungs {
  private Rungs() {}

  /// Returns `first`, `first * eta`, ... below `budget`, then `budget`. A rung from which less than
  /// half a rung is left to the budget (on the scale of logarithms) is passed over.
  static List<Integer> of(int first, double eta, int budget) {
    List<Integer> rungs = new ArrayList<>();
    for (double r = first; r * Math.sqrt(eta) < budget - 1e-6; r *= eta) {
      int rung = (int) Math.rint(r);
      if (rungs.isEmpty() || rung > rungs.getLast()) {
        rungs.add(rung);
      }
    }
    if (rungs.isEmpty() || rungs.getLast() < budget) {
      rungs.add(budget);
    }
    return rungs;
  }

  /// Returns a trial's first report at a rung or after, or null.
  static @Nullable Measurement reached(Trial trial, int rung) {
    for (Measurement report : trial.measurements()) {
      if (report.step() >= rung) {
        return report;
      }
    }
    return null;
  }

  /// Returns the trials that reached a rung, best there first; earlier trials first where equal.
  public static List<Trial> ranked(History history, List<Trial> trials, int rung) {
    List<Trial> there = new ArrayList<>();
    List<double[]> losses = new ArrayList<>();
    for (Trial trial : trials) {
      Measurement report = reached(trial, rung);
      if (report != null && trial.state() != TrialState.FAILED) {
        there.add(trial);
        losses.add(history.losses(report.values()));
      }
    }
    List<Trial> ranked = new ArrayList<>();
    for (int i : Pareto.order(losses)) {
      ranked.add(there.get(i));
    }
    return ranked;
  }

  /// Returns a history's trials with one of them replaced or added.
  static List<Trial> with(History history, Trial trial) {
    List<Trial> trials = new ArrayList<>(history.trials());
    trials.removeIf(t -> t.id() == trial.id());
    trials.add(trial);
    trials.sort(Comparator.comparingInt(Trial::id));
    return trials;
  }
}
