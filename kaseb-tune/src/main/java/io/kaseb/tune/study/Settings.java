package io.kaseb.tune.study;

import io.kaseb.tune.space.Space;
import io.kaseb.tune.trial.Goal;
import java.util.List;

/// Everything that decides a study besides its objective.
///
/// @param name shown to the user
/// @param space what is searched
/// @param goals what is optimised
/// @param sampler see [Method#SAMPLERS]
/// @param pruner see [Method#PRUNERS]
/// @param concurrency trials at work at the same time
/// @param maxTrials trials in all, imported ones not counted
/// @param budget steps of a full trial
/// @param seed of everything random
/// @param lag 0: suggestions use whatever has ended. Otherwise the study is deterministic: a
///   segment is decided when all but the last `lag - 1` before it have ended, and from those alone;
///   the list of trials then depends on seed and lag, not on the workers' speed
/// @param limits times after which work is stopped
public record Settings(
    String name,
    Space space,
    List<Goal> goals,
    MethodSpec sampler,
    MethodSpec pruner,
    int concurrency,
    int maxTrials,
    int budget,
    long seed,
    int lag,
    Limits limits) {
  /// Times in seconds; [Double#POSITIVE_INFINITY] for none.
  ///
  /// @param study for the whole study, interruptions not counted
  /// @param trial for one trial
  public record Limits(double study, double trial) {
    /// No limits.
    public static final Limits NONE =
        new Limits(Double.POSITIVE_INFINITY, Double.POSITIVE_INFINITY);

    /// Checks the times.
    public Limits {
      if (!(study > 0) || !(trial > 0)) {
        throw new IllegalArgumentException(
            "limits of %s s and %s s a trial; must be above 0".formatted(study, trial));
      }
    }
  }

  /// Checks everything that can be checked without an objective.
  public Settings {
    goals = List.copyOf(goals);
    if (goals.isEmpty()) {
      throw new IllegalArgumentException("no goals; give at least one");
    }
    check("concurrency", concurrency, 1, 1024);
    check("max_trials", maxTrials, 1, 1_000_000);
    check("budget", budget, 1, 1_000_000);
    check("lag", lag, 0, 1024);
    Method.of(sampler, pruner, budget);
  }

  /// {@return the sampler and pruner} In a deterministic study what trials cost does not count, as
  /// that differs from run to run.
  public Method method() {
    double seconds = lag > 0 ? Double.POSITIVE_INFINITY : limits.study() * concurrency;
    return Method.of(sampler, pruner, budget, seed, maxTrials, seconds);
  }

  private static void check(String key, int value, int least, int most) {
    if (value < least || value > most) {
      throw new IllegalArgumentException(
          "%s=%d; must be %d..%d".formatted(key, value, least, most));
    }
  }

  /// Creates settings with the defaults: Auto, no pruner, one worker, 100 trials of one step.
  ///
  /// @param space what is searched
  /// @param goals what is optimised; at least one, the first decides where only one can
  /// @return settings named `study`, with seed 1 and without limits
  public static Settings of(Space space, Goal... goals) {
    return new Settings(
        "study",
        space,
        List.of(goals),
        Method.defaultSampler(),
        MethodSpec.of("None"),
        1,
        100,
        1,
        1,
        0,
        Limits.NONE);
  }

  /// {@return the same with another name}
  ///
  /// @param other what stores and reports call the study
  public Settings withName(String other) {
    return new Settings(
        other, space, goals, sampler, pruner, concurrency, maxTrials, budget, seed, lag, limits);
  }

  /// {@return the same with another space}
  ///
  /// @param other what is searched
  public Settings withSpace(Space other) {
    return new Settings(
        name, other, goals, sampler, pruner, concurrency, maxTrials, budget, seed, lag, limits);
  }

  /// {@return the same with another sampler and pruner}
  ///
  /// @param otherSampler one of [Method#SAMPLERS]
  /// @param otherPruner one of [Method#PRUNERS]
  public Settings withMethod(MethodSpec otherSampler, MethodSpec otherPruner) {
    return new Settings(
        name,
        space,
        goals,
        otherSampler,
        otherPruner,
        concurrency,
        maxTrials,
        budget,
        seed,
        lag,
        limits);
  }

  /// {@return the same with another number of workers}
  ///
  /// @param workers trials at work at the same time, 1 to 1,024
  public Settings withConcurrency(int workers) {
    return new Settings(
        name, space, goals, sampler, pruner, workers, maxTrials, budget, seed, lag, limits);
  }

  /// {@return the same with another number of trials}
  ///
  /// @param trials how many begin at most, 1 to 1,000,000
  public Settings withMaxTrials(int trials) {
    return new Settings(
        name, space, goals, sampler, pruner, concurrency, trials, budget, seed, lag, limits);
  }

  /// {@return the same with another number of steps of a full trial}
  ///
  /// @param steps 1 to 1,000,000, in the objective's own unit (epochs)
  public Settings withBudget(int steps) {
    return new Settings(
        name, space, goals, sampler, pruner, concurrency, maxTrials, steps, seed, lag, limits);
  }

  /// {@return the same with another seed}
  ///
  /// @param other from it come all draws
  public Settings withSeed(long other) {
    return new Settings(
        name, space, goals, sampler, pruner, concurrency, maxTrials, budget, other, lag, limits);
  }

  /// {@return the same as a deterministic study, or with 0 as one that is not}
  ///
  /// @param segments decisions know all but the last `segments` - 1 ones; 0 to 1,024
  public Settings withLag(int segments) {
    return new Settings(
        name,
        space,
        goals,
        sampler,
        pruner,
        concurrency,
        maxTrials,
        budget,
        seed,
        segments,
        limits);
  }

  /// {@return the same with other limits}
  ///
  /// @param other times in seconds after which work is stopped
  public Settings withLimits(Limits other) {
    return new Settings(
        name, space, goals, sampler, pruner, concurrency, maxTrials, budget, seed, lag, other);
  }
}
