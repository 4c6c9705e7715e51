package io.kaseb.cli.option;

import io.kaseb.eval.EvalConfig;
import io.kaseb.eval.Ties;
import java.util.List;
import java.util.stream.Collectors;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/// How `evaluate` and `compare` measure.
public final class EvalOptions {
  private static final int RESAMPLES = 1000;

  @Option(
      names = "--at",
      split = ",",
      hideParamSyntax = true,
      paramLabel = "N,...",
      defaultValue = "1,5,10,20",
      description = "Cut-offs. Default: ${DEFAULT-VALUE}.")
  private List<Integer> cutoffs;

  @Option(
      names = "--ties",
      paramLabel = "MODE",
      defaultValue = "conservative",
      description =
          "How equal scores count: conservative (against the target), standard (for it) or median. Default: ${DEFAULT-VALUE}.")
  private String ties;

  @Option(
      names = "--seed",
      paramLabel = "N",
      defaultValue = "1",
      description = "Of the bootstrap's resamples. Default: ${DEFAULT-VALUE}.")
  private long seed;

  @Mixin private ThreadsOption threads;

  /// Returns how to measure.
  public EvalConfig config() {
    List<Integer> ascending = cutoffs.stream().distinct().sorted().toList();
    return new EvalConfig(ascending, Ties.of(ties), threads.count(), RESAMPLES, seed);
  }

  /// Returns the options that repeat the measurement.
  public String command() {
    return " --at "
        + cutoffs.stream().map(String::valueOf).collect(Collectors.joining(","))
        + " --ties "
        + ties
        + " --seed "
        + seed;
  }
}
