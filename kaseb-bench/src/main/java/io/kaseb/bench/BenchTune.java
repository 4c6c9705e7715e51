package io.kaseb.bench;

import io.kaseb.base.KasebException;
import io.kaseb.base.Progress;
import io.kaseb.tune.study.MemoryStore;
import io.kaseb.tune.study.MethodSpec;
import io.kaseb.tune.study.Objective;
import io.kaseb.tune.study.Settings;
import io.kaseb.tune.study.Study;
import io.kaseb.tune.trial.Goal;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.SplittableRandom;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.atomic.AtomicLong;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;

/// Measures samplers on functions with known minima: the median over seeds of the best regret after
/// some trials, with a bootstrap interval, beside the figures of NNI and Optuna and against random
/// search.
public final class BenchTune {
  private static final int RESAMPLES = 2000;
  private static final int[] AFTER = {50, 100, 200};

  /// The samplers by the name that the bench gives them.
  private static final Map<String, MethodSpec> SAMPLERS = samplers();

  /// A figure.
  ///
  /// @param after trials
  /// @param median of the best regret so far, over the seeds
  /// @param low of its 95 % bootstrap interval
  /// @param high of the same
  /// @param target what NNI or Optuna reached (automl reference, 50 seeds), or null
  /// @param reached whether the interval reaches or beats the target; true without one
  /// @param pAgainstRandom one-sided Mann-Whitney p of being no better than random search
  /// @param millisPerTrial the study's whole work for a trial, in milliseconds
  public record Row(
      String sampler,
      String function,
      int after,
      double median,
      double low,
      double high,
      @Nullable Double target,
      boolean reached,
      double pAgainstRandom,
      double millisPerTrial) {}

  private BenchTune() {}

  private static Map<String, MethodSpec> samplers() {
    Map<String, MethodSpec> samplers = new LinkedHashMap<>();
    samplers.put("random", MethodSpec.of("Random"));
    samplers.put("tpe-nni", new MethodSpec("TPE", Map.of("mode", "nni")));
    samplers.put("tpe-optuna4", new MethodSpec("TPE", Map.of("mode", "optuna4")));
    samplers.put("tpe-optuna5", MethodSpec.of("TPE"));
    samplers.put("auto", MethodSpec.of("Auto"));
    samplers.put("gp", MethodSpec.of("GP"));
    samplers.put("gp-local", new MethodSpec("GP", Map.of("local_share", .1)));
    samplers.put("smac", MethodSpec.of("SMAC"));
    samplers.put("cma-es", MethodSpec.of("CMA-ES"));
    samplers.put("nsga-ii", new MethodSpec("NSGA-II", Map.of("population_size", 20)));
    samplers.put("sobol", MethodSpec.of("Sobol"));
    samplers.put("anneal", MethodSpec.of("Anneal"));
    samplers.put(
        "evolution",
        new MethodSpec("RegularizedEvolution", Map.of("population_size", 20, "sample_size", 5)));
    samplers.put("bohb", MethodSpec.of("BOHB"));
    return samplers;
  }

  /// Returns the names of the samplers that can be measured.
  public static List<String> names() {
    return List.copyOf(SAMPLERS.keySet());
  }

  /// Returns what samplers' names stand for; without names all but those that need a pruner.
  public static Map<String, MethodSpec> specs(List<String> names) {
    Map<String, MethodSpec> specs = new LinkedHashMap<>();
    for (String name : names.isEmpty() ? names() : names) {
      MethodSpec spec = SAMPLERS.get(name);
      if (spec == null) {
        throw new KasebException("sampler " + name + "; must be one of " + names());
      }
      if (!names.isEmpty() || !name.equals("bohb")) {
        specs.put(name, spec);
      }
    }
    return specs;
  }

  /// Measures samplers on all functions.
  ///
  /// @param names of samplers; random search is measured in any case
  /// @param trials of each study, one after the other
  /// @param seeds studies for each sampler and function
  /// @param threads studies side by side
  public static List<Row> run(
      List<String> names, int trials, int seeds, int threads, Progress progress) {
    specs(names);
    List<Row> rows = new ArrayList<>();
    AtomicLong done = new AtomicLong();
    long total =
        (long) (names.size() + (names.contains("random") ? 0 : 1))
            * seeds
            * BenchFunction.values().length;
    Runnable tick = () -> progress.at("studies", done.incrementAndGet(), total, "studies");
    try (ExecutorService pool = Executors.newFixedThreadPool(threads)) {
      for (BenchFunction function : BenchFunction.values()) {
        Measured chance = measure("random", function, trials, seeds, pool, tick);
        for (String name : names) {
          Measured measured =
              name.equals("random") ? chance : measure(name, function, trials, seeds, pool, tick);
          for (int after : AFTER) {
            if (after <= trials) {
              rows.add(row(name, function, after, measured, chance));
            }
          }
        }
      }
    }
    return rows;
  }

  /// Best regret so far, `[seed][trial]`, and what a trial cost.
  private record Measured(double[][] best, double millis) {
    double[] after(int trials) {
      return Arrays.stream(best).mapToDouble(b -> b[Math.min(trials, b.length) - 1]).toArray();
    }
  }

  private static Measured measure(
      String name,
      BenchFunction function,
      int trials,
      int seeds,
      ExecutorService pool,
      Runnable tick) {
    AtomicLong nanos = new AtomicLong();
    double[][] best =
        IntStream.range(0, seeds)
            .mapToObj(
                seed ->
                    pool.submit(
                        () -> {
                          long started = System.nanoTime();
                          double[] curve = study(name, function, trials, seed);
                          nanos.addAndGet(System.nanoTime() - started);
                          tick.run();
                          return curve;
                        }))
            .toList()
            .stream()
            .map(
                future -> {
                  try {
                    return future.get();
                  } catch (InterruptedException | ExecutionException e) {
                    throw new IllegalStateException(e);
                  }
                })
            .toArray(double[][]::new);
    return new Measured(best, nanos.get() / 1e6 / seeds / trials);
  }

  private static double[] study(String name, BenchFunction function, int trials, int seed) {
    Settings settings =
        Settings.of(function.space(), Goal.minimize("regret"))
            .withMethod(SAMPLERS.getOrDefault(name, MethodSpec.of(name)), MethodSpec.of("None"))
            .withMaxTrials(trials)
            .withSeed(seed);
    Study study = Study.create(new MemoryStore(), settings);
    study.run(Objective.of(function::regret));
    double[] best = new double[trials];
    double least = Double.POSITIVE_INFINITY;
    for (int t = 0; t < trials; t++) {
      least = Math.min(least, study.trials().get(t).values().getFirst());
      best[t] = least;
    }
    return best;
  }

  private static Row row(
      String name, BenchFunction function, int after, Measured measured, Measured chance) {
    double[] regrets = measured.after(after);
    double[] medians = new double[RESAMPLES];
    SplittableRandom random = new SplittableRandom(1);
    for (int r = 0; r < RESAMPLES; r++) {
      medians[r] =
          median(
              IntStream.range(0, regrets.length)
                  .mapToDouble(i -> regrets[random.nextInt(regrets.length)])
                  .toArray());
    }
    Arrays.sort(medians);
    double low = medians[(int) (.025 * RESAMPLES)];
    Double target = target(name, function, after);
    return new Row(
        name,
        function.name().toLowerCase(Locale.ROOT),
        after,
        median(regrets),
        low,
        medians[(int) (.975 * RESAMPLES)],
        target,
        target == null || low <= target,
        noBetter(regrets, chance.after(after)),
        measured.millis());
  }

  private static double median(double[] values) {
    double[] sorted = values.clone();
    Arrays.sort(sorted);
    return (sorted[(sorted.length - 1) / 2] + sorted[sorted.length / 2]) / 2;
  }

  /// Returns the one-sided p of `a` not being smaller than `b` (Mann and Whitney 1947), by the
  /// normal approximation.
  static double noBetter(double[] a, double[] b) {
    double wins = 0;
    for (double x : a) {
      for (double y : b) {
        wins += x < y ? 1 : x == y ? .5 : 0;
      }
    }
    double pairs = (double) a.length * b.length;
    double z = (wins - pairs / 2) / Math.sqrt(pairs * (a.length + b.length + 1) / 12);
    // Upper tail of the normal (Abramowitz and Stegun 26.2.17), to 1e-7.
    double t = 1 / (1 + .2316419 * Math.abs(z));
    double poly =
        t
            * (.319381530
                + t * (-.356563782 + t * (1.781477937 + t * (-1.821255978 + t * 1.330274429))));
    double tail = Math.exp(-z * z / 2) / Math.sqrt(2 * Math.PI) * poly;
    return z > 0 ? tail : 1 - tail;
  }

  /// What others reached: median of 50 seeds, measured with the originals.
  private static @Nullable Double target(String name, BenchFunction function, int after) {
    int column = Arrays.binarySearch(AFTER, after);
    double[] row =
        switch (function) {
          case BRANIN -> targets(name, .70, .34, .17, .35, .11, .032, .15, .030, .0032);
          case HARTMANN6 -> targets(name, 1.65, 1.36, 1.06, .99, .46, .26, .36, .099, .032);
          case RASTRIGIN5 -> targets(name, 43, 38, 34, 36, 23, 16, 34, 27, 20);
          case ACKLEY5 -> targets(name, 18.3, 17.4, 16.5, 15.5, 12.1, 10.1, 11.3, 6.9, 4.3);
          default -> new double[0];
        };
    return row.length == 0 ? null : row[column];
  }

  private static double[] targets(String name, double... all) {
    return switch (name) {
      case "random" -> Arrays.copyOfRange(all, 0, 3);
      case "tpe-nni" -> Arrays.copyOfRange(all, 3, 6);
      case "tpe-optuna5" -> Arrays.copyOfRange(all, 6, 9);
      default -> new double[0];
    };
  }
}
