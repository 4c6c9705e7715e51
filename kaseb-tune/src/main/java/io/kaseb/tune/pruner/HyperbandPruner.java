package io.kaseb.tune.pruner;

import io.kaseb.tune.trial.History;
import io.kaseb.tune.trial.Trial;
import io.kaseb.tune.trial.TrialState;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;

/// Hyperband (Li et al. 2018): brackets of successive halving, from many short trials to few full
/// ones, over and over. Promoted trials go on from where they paused. While a bracket waits for its
/// last trials, free workers begin the next one.
///
/// @param least smallest budget of a trial in steps
/// @param eta how many trials compete for one place
public record HyperbandPruner(int least, double eta) implements Pruner {
  /// Checks the numbers.
  public HyperbandPruner {
    if (least < 1 || !(eta >= 2)) {
      throw new IllegalArgumentException(
          "min_budget=%d, eta=%s; must be 1 or more, 2 or more".formatted(least, eta));
    }
  }

  /// A bracket.
  ///
  /// @param trials how many trials each rung has
  /// @param budgets how many steps they have done after it
  public record Bracket(List<Integer> trials, List<Integer> budgets) {
    /// {@return the steps of the whole bracket}
    ///
    /// @param continued whether promoted trials go on instead of beginning anew
    public long steps(boolean continued) {
      long sum = 0;
      for (int i = 0; i < trials.size(); i++) {
        int before = continued && i > 0 ? budgets.get(i - 1) : 0;
        sum += (long) trials.get(i) * (budgets.get(i) - before);
      }
      return sum;
    }
  }

  /// {@return the brackets of one round, the most exploring first}
  ///
  /// @param budget steps of a full trial
  public List<Bracket> brackets(int budget) {
    // The small term keeps log_3 243 at 5.
    int most = (int) Math.floor(Math.log((double) budget / least) / Math.log(eta) + 1e-6);
    List<Bracket> brackets = new ArrayList<>();
    for (int s = Math.max(0, most); s >= 0; s--) {
      double n = Math.ceil((most + 1) * Math.pow(eta, s) / (s + 1) - 1e-9);
      List<Integer> trials = new ArrayList<>();
      List<Integer> budgets = new ArrayList<>();
      for (int i = 0; i <= s; i++) {
        int steps = (int) Math.max(1, Math.floor(budget * Math.pow(eta, i - s) + 1e-6));
        if (budgets.isEmpty() || steps > budgets.getLast()) {
          trials.add((int) Math.max(1, Math.floor(n * Math.pow(eta, -i) + 1e-9)));
          budgets.add(steps);
        }
      }
      brackets.add(new Bracket(List.copyOf(trials), List.copyOf(budgets)));
    }
    return brackets;
  }

  @Override
  public boolean stops(History history, Trial trial) {
    return false;
  }

  @Override
  public Decision next(History history, boolean mayStart) {
    List<Bracket> round = brackets(history.budget());
    for (int b = 0; ; b++) {
      Bracket bracket = round.get(b % round.size());
      List<Trial> members = members(history, b);
      if (members.size() < bracket.trials().getFirst() && mayStart) {
        return new Decision.Start(0, bracket.budgets().getFirst(), b);
      }
      if (members.isEmpty()) {
        return new Decision.Nothing();
      }
      for (int rung = 0; rung < bracket.budgets().size() - 1; rung++) {
        for (Trial trial : promoted(history, bracket, members, rung)) {
          if (trial.state() == TrialState.WAITING && trial.until() == bracket.budgets().get(rung)) {
            return new Decision.Continue(trial.id(), bracket.budgets().get(rung + 1));
          }
        }
      }
    }
  }

  private static List<Trial> members(History history, int bracket) {
    return history.trials().stream().filter(t -> t.origin().bracket() == bracket).toList();
  }

  /// Returns the trials that go on from a rung; none until all that can come have come.
  private static List<Trial> promoted(
      History history, Bracket bracket, List<Trial> members, int rung) {
    List<Trial> coming = members;
    for (int k = 0; k <= rung; k++) {
      int budget = bracket.budgets().get(k);
      for (Trial trial : coming) {
        if (!trial.state().finished() && trial.lastStep() < budget) {
          return List.of();
        }
      }
      List<Trial> ranked = Rungs.ranked(history, coming, budget);
      coming = ranked.subList(0, Math.min(ranked.size(), bracket.trials().get(k + 1)));
    }
    return coming;
  }

  @Override
  public List<Integer> dropped(History history) {
    List<Bracket> round = brackets(history.budget());
    List<Integer> dropped = new ArrayList<>();
    for (int b = 0; ; b++) {
      List<Trial> members = members(history, b);
      if (members.isEmpty()) {
        return dropped;
      }
      Bracket bracket = round.get(b % round.size());
      if (members.size() < bracket.trials().getFirst()) {
        continue;
      }
      for (int rung = 0; rung < bracket.budgets().size() - 1; rung++) {
        Set<Integer> on = new HashSet<>();
        promoted(history, bracket, members, rung).forEach(t -> on.add(t.id()));
        for (Trial trial : members) {
          boolean here = trial.until() == bracket.budgets().get(rung);
          boolean paused = trial.state() == TrialState.WAITING && !trial.segments().isEmpty();
          if (paused && here && !on.isEmpty() && !on.contains(trial.id())) {
            dropped.add(trial.id());
          }
        }
      }
    }
  }
}
