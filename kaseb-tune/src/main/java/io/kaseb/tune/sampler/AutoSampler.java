package io.kaseb.tune.sampler;

import io.kaseb.tune.trial.History;
import io.kaseb.tune.trial.Observation;
import io.kaseb.tune.trial.Trial;
import io.kaseb.tune.trial.TrialState;
import java.util.List;
import java.util.Optional;
import java.util.random.RandomGenerator;

/// Chooses among the samplers by what is searched, how far the search is and how noisy results are:
///
/// - one goal, up to [#MOST_DIMENSIONS] parameters and [#FEW] results: a Gaussian process
///   ([GpSampler]), which estimates how noisy results are;
/// - one goal, more parameters, those under options counted too: multivariate TPE ([TpeSampler]),
///   which looks everywhere, for the first [#WIDE] results, then a random forest ([ForestSampler]),
///   which makes more of what they say. A Gaussian process stays near the best of its first trials
///   there, and never tries the other option of a choice;
/// - one goal, more results: multivariate TPE, which costs little however many there are;
/// - several goals, up to [#FEW_OF_SEVERAL] results: the Gaussian process, each suggestion for
///   another weighing of the goals; then [NsgaSampler];
/// - one goal, the last fifth of 20 trials or more, [#MOST_REPEATS] at most, where the same
///   parameters give different results and no pruner stops trials early: the best configuration
///   ([History#best()]) is measured again until it has been [#ENOUGH] times, or another is better.
///   The best of many noisy results is mostly luck.
///
/// Where the study has a time limit, "the last fifth" is of that time as well, and the Gaussian
/// process looks for improvement per second, the less so the more of the time is spent (Lee et al.
/// 2020, "Cost-aware Bayesian optimization"): a study of equal trials wants few of them, one of
/// equal time wants what they cost.
///
/// @param gp for few parameters
/// @param tpe for many results, and the first of many parameters
/// @param nsga for many of several goals
/// @param repeatFrom the trial from which on the best configuration is measured again;
///   [GpSampler#NEVER] for none
/// @param seconds of work, over all workers, that the study may take; positive infinity where time
///   does not count
public record AutoSampler(
    GpSampler gp, TpeSampler tpe, NsgaSampler nsga, int repeatFrom, double seconds)
    implements Sampler {
  /// Results of one goal that a Gaussian process or a forest learns from.
  public static final int FEW = 250;

  /// Results of several goals that a Gaussian process learns from.
  public static final int FEW_OF_SEVERAL = 150;

  /// Results of many parameters from which on a forest suggests.
  public static final int WIDE = 25;

  /// Parameters of one goal that a Gaussian process copes with.
  public static final int MOST_DIMENSIONS = 12;

  /// Trials at the end of a study that measure again.
  public static final int MOST_REPEATS = 20;

  /// Its seed is one of trials at the start, which are over before it is asked.
  private static final ForestSampler FOREST = ForestSampler.of(0);

  /// The share of a study's time from which on repeats begin.
  private static final double LATE = .8;

  /// How often a configuration is measured.
  public static final int ENOUGH = 10;

  /// Repeats that are worth keeping trials for.
  private static final int LEAST_REPEATS = 4;

  /// Trials of a search in which the best is measured again.
  private static final int LEAST_TRIALS = 5 * LEAST_REPEATS;

  /// {@return the sampler of a study}
  ///
  /// @param seed of the trials at the start
  /// @param maxTrials how long the study is to be; 0 where that is not known
  /// @param seconds of work, over all workers, that it may take; positive infinity where time does
  ///   not count
  public static AutoSampler of(long seed, int maxTrials, double seconds) {
    int repeats = Math.min(MOST_REPEATS, maxTrials / 5);
    return new AutoSampler(
        GpSampler.of(seed),
        new TpeSampler(TpeSampler.Config.of(TpeMode.OPTUNA5)),
        new NsgaSampler(50, .9, new SobolSampler(seed)),
        repeats < LEAST_REPEATS ? GpSampler.NEVER : maxTrials - repeats,
        seconds);
  }

  @Override
  public Optional<Suggestion> suggest(History history, RandomGenerator random) {
    return again(history).or(() -> fresh(history, random));
  }

  private Optional<Suggestion> fresh(History history, RandomGenerator random) {
    int results = history.measured().size();
    double thrift = Double.isFinite(seconds) ? Math.max(0, 1 - spent(history) / seconds) : 0;
    if (history.goals().size() > 1) {
      return results <= FEW_OF_SEVERAL
          ? gp.suggest(history, random, thrift)
          : nsga.suggest(history, random);
    }
    boolean isHigh = history.space().dimensions().size() > MOST_DIMENSIONS;
    if (results > FEW || (isHigh && results < WIDE)) {
      return tpe.suggest(history, random);
    }
    return isHigh ? FOREST.suggest(history, random) : gp.suggest(history, random, thrift);
  }

  private static List<Trial> own(History history) {
    return history.trials().stream()
        .filter(t -> t.origin().source() != Trial.Source.IMPORT)
        .toList();
  }

  /// Returns the seconds of work so far.
  private static double spent(History history) {
    return own(history).stream().mapToDouble(Trial::seconds).sum();
  }

  /// Suggests the best configuration once more, where that is due.
  private Optional<Suggestion> again(History history) {
    int counted = own(history).size();
    boolean isLate =
        counted >= repeatFrom || (counted >= LEAST_TRIALS && spent(history) >= LATE * seconds);
    if (history.goals().size() > 1 || !isLate || isCut(history) || isExact(history)) {
      return Optional.empty();
    }
    return history.best().stream()
        .findFirst()
        .filter(best -> best.state() == TrialState.SUCCEEDED)
        .filter(best -> history.trialsOf(best.parameters()).size() < ENOUGH)
        .map(best -> new Suggestion(best.parameters(), -1));
  }

  /// Returns whether a pruner stops trials early: most repeats would be stopped as well, and take
  /// the place of others among those that are not.
  private static boolean isCut(History history) {
    return history.measured().stream().anyMatch(o -> o.kind() == Observation.Kind.PRUNED);
  }

  /// Returns whether equal parameters were tried and gave equal results each time.
  private static boolean isExact(History history) {
    boolean isRepeated = false;
    for (Observation one : history.measured()) {
      List<Trial> same =
          history.trialsOf(one.trial().parameters()).stream()
              .filter(t -> t.state() == TrialState.SUCCEEDED)
              .toList();
      if (same.stream().anyMatch(t -> !t.values().equals(same.getFirst().values()))) {
        return false;
      }
      isRepeated |= same.size() > 1;
    }
    return isRepeated;
  }
}
