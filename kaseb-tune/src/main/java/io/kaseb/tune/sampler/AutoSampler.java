package io.kaseb.tune.sampler;

import io.kaseb.tune.trial.History;
import java.util.Optional;
import java.util.random.RandomGenerator;

/// Chooses among the samplers by what is searched and how far the search is:
///
/// - one goal, up to [#FEW] results: a Gaussian process ([GpSampler]), which estimates how noisy
///   results are;
/// - several goals, up to [#FEW_OF_SEVERAL] results: the same, each suggestion for another weighing
///   of the goals; then [NsgaSampler];
/// - more results, or more than [#MOST_DIMENSIONS] parameters: multivariate TPE ([TpeSampler]),
///   which costs little however many there are.
///
/// @param gp for few results
/// @param tpe for many
/// @param nsga for many of several goals
public record AutoSampler(GpSampler gp, TpeSampler tpe, NsgaSampler nsga) implements Sampler {
  /// Results of one goal that a Gaussian process learns from.
  public static final int FEW = 250;

  /// Results of several goals that it learns from.
  public static final int FEW_OF_SEVERAL = 150;

  /// Parameters that it copes with.
  public static final int MOST_DIMENSIONS = 40;

  /// {@return the sampler of a study}
  ///
  /// @param seed of the trials at the start
  public static AutoSampler of(long seed) {
    return new AutoSampler(
        GpSampler.of(seed),
        new TpeSampler(TpeSampler.Config.of(TpeMode.OPTUNA5)),
        new NsgaSampler(50, .9, new SobolSampler(seed)));
  }

  @Override
  public Optional<Suggestion> suggest(History history, RandomGenerator random) {
    int results = history.measured().size();
    if (history.goals().size() > 1) {
      return results <= FEW_OF_SEVERAL
          ? gp.suggest(history, random)
          : nsga.suggest(history, random);
    }
    if (results > FEW || history.space().dimensions().size() > MOST_DIMENSIONS) {
      return tpe.suggest(history, random);
    }
    return gp.suggest(history, random);
  }
}
