package io.kaseb.bench;

import io.kaseb.base.Json;
import io.kaseb.base.KasebException;
import io.kaseb.base.Progress;
import io.kaseb.base.Workers;
import io.kaseb.tune.math.SeededRandom;
import io.kaseb.tune.study.MemoryStore;
import io.kaseb.tune.study.MethodSpec;
import io.kaseb.tune.study.Objective;
import io.kaseb.tune.study.Settings;
import io.kaseb.tune.study.Study;
import io.kaseb.tune.trial.Trial;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.SplittableRandom;
import java.util.concurrent.atomic.AtomicLong;
import java.util.stream.IntStream;
import tools.jackson.core.type.TypeReference;

/// Measures samplers on tabular benchmarks. A trial's result is that of one of its configuration's
/// seeds, drawn; the incumbent is the best by what was seen ([io.kaseb.tune.trial.History#best()]:
/// of configurations that were measured again, the mean); it is judged by its mean over seeds.
public final class BenchTables {
  private static final int RESAMPLES = 2_000;
  private static final String ALL = "all";

  /// Where a run stood after some trials.
  ///
  /// @param table the table's name
  /// @param sampler the sampler's name
  /// @param seed the run's number
  /// @param after trials
  /// @param loss the incumbent's mean loss over seeds: the table's value, negative where that is
  ///   maximised
  public record Incumbent(String table, String sampler, int seed, int after, double loss) {}

  /// A sampler's figures on one table, or over all.
  ///
  /// @param table its name; `all` over all of them
  /// @param after trials
  /// @param rank mean place among the samplers, 1 being the best, ties shared
  /// @param rankLow of its 95 % bootstrap interval over runs
  /// @param rankHigh of the same
  /// @param regret median, over runs, of how far the incumbent lies above the best; NaN over all
  /// @param better median share of the configurations that are better than the incumbent
  /// @param betterLow of its 95 % bootstrap interval
  /// @param betterHigh of the same
  public record Row(
      String sampler,
      String table,
      int after,
      double rank,
      double rankLow,
      double rankHigh,
      double regret,
      double better,
      double betterLow,
      double betterHigh) {}

  /// What was measured.
  ///
  /// @param incumbents every run
  /// @param millis of suggesting, a trial, by sampler
  public record Result(List<Row> rows, List<Incumbent> incumbents, Map<String, Double> millis) {}

  private final List<HpoTable> tables;
  private final int trials;
  private final int seeds;
  private final List<Integer> budgets;

  private BenchTables(List<HpoTable> tables, int trials, int seeds) {
    this.tables = tables;
    this.trials = trials;
    this.seeds = seeds;
    this.budgets =
        IntStream.of(trials / 4, trials / 2, trials).filter(n -> n > 0).distinct().boxed().toList();
  }

  /// Measures.
  ///
  /// @param samplers what to measure, by name
  /// @param peers runs of others on the same tables, as [Incumbent]s
  /// @param trials of each run; figures are taken at a quarter, a half and all of them
  /// @param seeds runs of each sampler on each table
  public static Result run(
      List<HpoTable> tables,
      Map<String, MethodSpec> samplers,
      List<Incumbent> peers,
      int trials,
      int seeds,
      Workers workers,
      Progress progress) {
    BenchTables bench = new BenchTables(tables, trials, seeds);
    List<Incumbent> all = new ArrayList<>();
    Map<String, Double> millis = new LinkedHashMap<>();
    AtomicLong done = new AtomicLong();
    long total = (long) samplers.size() * tables.size() * seeds;
    samplers.forEach(
        (name, spec) -> {
          AtomicLong nanos = new AtomicLong();
          for (HpoTable table : tables) {
            Incumbent[][] runs = new Incumbent[seeds][];
            workers.forEach(
                seeds,
                seed -> {
                  long started = System.nanoTime();
                  runs[seed] = bench.one(table, name, spec, seed);
                  nanos.addAndGet(System.nanoTime() - started);
                  progress.at("searching tables", done.incrementAndGet(), total, "runs");
                });
            Arrays.stream(runs).forEach(run -> all.addAll(Arrays.asList(run)));
          }
          millis.put(name, nanos.get() / 1e6 / seeds / tables.size() / trials);
        });
    all.addAll(peers);
    return new Result(bench.rows(all), all, millis);
  }

  /// Reads runs of others: a JSON list of [Incumbent]s.
  public static List<Incumbent> peers(Path file) throws IOException {
    List<Incumbent> peers =
        Json.MAPPER.convertValue(
            Json.read(file, tools.jackson.databind.JsonNode.class),
            new TypeReference<List<Incumbent>>() {});
    return List.copyOf(peers);
  }

  private Incumbent[] one(HpoTable table, String name, MethodSpec spec, int seed) {
    Settings settings =
        Settings.of(table.space(), table.goal())
            .withMethod(spec, MethodSpec.of("None"))
            .withMaxTrials(trials)
            .withSeed(seed);
    Study study = Study.create(new MemoryStore(), settings);
    AtomicLong number = new AtomicLong();
    study.run(
        Objective.of(
            parameters -> {
              SplittableRandom chance =
                  new SplittableRandom(SeededRandom.resample(seed, number.getAndIncrement()));
              return table.value(table.drawn(table.key(parameters), chance));
            }));
    List<Trial> done = study.trials();
    return budgets.stream()
        .map(
            after -> {
              Trial best =
                  study
                      .history()
                      .with(done.subList(0, Math.min(after, done.size())))
                      .best()
                      .getFirst();
              double mean = table.meanLoss(table.key(best.parameters()));
              return new Incumbent(table.name(), name, seed, after, mean);
            })
        .toArray(Incumbent[]::new);
  }

  private List<Row> rows(List<Incumbent> all) {
    Set<String> samplers = new LinkedHashSet<>();
    all.forEach(one -> samplers.add(one.sampler()));
    List<String> names = List.copyOf(samplers);
    List<Row> rows = new ArrayList<>();
    for (int after : budgets) {
      double[][][] losses = losses(all, names, after);
      double[][][] ranks = ranks(losses);
      for (int s = 0; s < names.size(); s++) {
        for (int t = 0; t < tables.size(); t++) {
          rows.add(row(names.get(s), tables.get(t).name(), after, List.of(t), s, losses, ranks));
        }
        List<Integer> whole = IntStream.range(0, tables.size()).boxed().toList();
        rows.add(row(names.get(s), ALL, after, whole, s, losses, ranks));
      }
    }
    return rows;
  }

  /// Returns losses, `[table][seed][sampler]`; runs that others did not make are NaN.
  private double[][][] losses(List<Incumbent> all, List<String> names, int after) {
    double[][][] losses = new double[tables.size()][seeds][names.size()];
    Map<String, Integer> places = new LinkedHashMap<>();
    for (int t = 0; t < tables.size(); t++) {
      places.put(tables.get(t).name(), t);
      for (double[] run : losses[t]) {
        Arrays.fill(run, Double.NaN);
      }
    }
    for (Incumbent one : all) {
      Integer table = places.get(one.table());
      if (table != null && one.after() == after && one.seed() >= 0 && one.seed() < seeds) {
        losses[table][one.seed()][names.indexOf(one.sampler())] = one.loss();
      }
    }
    for (int t = 0; t < tables.size(); t++) {
      for (int s = 0; s < names.size(); s++) {
        if (Double.isNaN(losses[t][0][s]) || Double.isNaN(losses[t][seeds - 1][s])) {
          throw new KasebException(
              "%s: no %d runs of %s to %d trials among the peers' results"
                  .formatted(tables.get(t).name(), seeds, names.get(s), after));
        }
      }
    }
    return losses;
  }

  private static double[][][] ranks(double[][][] losses) {
    double[][][] ranks = new double[losses.length][][];
    for (int t = 0; t < losses.length; t++) {
      ranks[t] = new double[losses[t].length][];
      for (int r = 0; r < losses[t].length; r++) {
        double[] run = losses[t][r];
        ranks[t][r] = new double[run.length];
        for (int s = 0; s < run.length; s++) {
          double place = .5;
          for (double other : run) {
            place += other < run[s] ? 1 : other == run[s] ? .5 : 0;
          }
          ranks[t][r][s] = place;
        }
      }
    }
    return ranks;
  }

  private Row row(
      String name,
      String of,
      int after,
      List<Integer> places,
      int sampler,
      double[][][] losses,
      double[][][] ranks) {
    double[] rankSamples = new double[RESAMPLES];
    double[] betterSamples = new double[RESAMPLES];
    SplittableRandom random = new SplittableRandom(1);
    int[] drawn = new int[seeds];
    for (int b = 0; b < RESAMPLES; b++) {
      Arrays.setAll(drawn, i -> random.nextInt(seeds));
      rankSamples[b] = meanRank(places, drawn, sampler, ranks);
      betterSamples[b] = better(places, drawn, sampler, losses);
    }
    Arrays.sort(rankSamples);
    Arrays.sort(betterSamples);
    int[] each = IntStream.range(0, seeds).toArray();
    boolean isOne = !of.equals(ALL);
    HpoTable table = tables.get(places.getFirst());
    double regret =
        isOne
            ? median(
                Arrays.stream(losses[places.getFirst()])
                    .mapToDouble(run -> table.regret(run[sampler]))
                    .toArray())
            : Double.NaN;
    return new Row(
        name,
        of,
        after,
        meanRank(places, each, sampler, ranks),
        rankSamples[(int) (.025 * RESAMPLES)],
        rankSamples[(int) (.975 * RESAMPLES)],
        regret,
        better(places, each, sampler, losses),
        betterSamples[(int) (.025 * RESAMPLES)],
        betterSamples[(int) (.975 * RESAMPLES)]);
  }

  private static double meanRank(List<Integer> of, int[] runs, int sampler, double[][][] ranks) {
    double sum = 0;
    for (int t : of) {
      for (int r : runs) {
        sum += ranks[t][r][sampler];
      }
    }
    return sum / of.size() / runs.length;
  }

  /// Returns the median share over runs; over several tables the mean of their medians.
  private double better(List<Integer> of, int[] runs, int sampler, double[][][] losses) {
    double sum = 0;
    for (int t : of) {
      HpoTable table = tables.get(t);
      sum +=
          median(
              Arrays.stream(runs)
                  .mapToDouble(r -> table.shareBetter(losses[t][r][sampler]))
                  .toArray());
    }
    return sum / of.size();
  }

  private static double median(double[] values) {
    double[] sorted = values.clone();
    Arrays.sort(sorted);
    return (sorted[(sorted.length - 1) / 2] + sorted[sorted.length / 2]) / 2;
  }
}
