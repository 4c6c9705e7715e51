package io.kaseb.tune.pruner;

import io.kaseb.tune.trial.History;
import io.kaseb.tune.trial.Ranking;
import io.kaseb.tune.trial.Trial;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;

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

  /// {@return the trials that reached a rung, best there first; earlier trials first where equal}
  ///
  /// @param history of the study: its goals rank
  /// @param trials any of its trials
  /// @param rung a step, 1 or more
  public static List<Trial> ranked(History history, List<Trial> trials, int rung) {
    return Ranking.at(rung, history.goals(), trials);
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
