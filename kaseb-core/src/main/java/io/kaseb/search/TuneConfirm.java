package io.kaseb.search;

import io.kaseb.base.Json;
import io.kaseb.base.KasebException;
import io.kaseb.base.Progress;
import io.kaseb.data.Dataset;
import io.kaseb.eval.EvalConfig;
import io.kaseb.eval.Evaluation;
import io.kaseb.eval.Paired;
import io.kaseb.eval.SessionSums;
import io.kaseb.eval.Ties;
import io.kaseb.forecast.Forecaster;
import io.kaseb.pipeline.ConfigFile;
import io.kaseb.pipeline.Evaluate;
import io.kaseb.pipeline.Train;
import io.kaseb.store.Experiment;
import io.kaseb.train.TrainConfig;
import io.kaseb.tune.study.Settings;
import io.kaseb.tune.study.Spec;
import io.kaseb.tune.study.Standing;
import io.kaseb.tune.study.Study;
import io.kaseb.tune.trial.Trial;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.BooleanSupplier;
import org.jspecify.annotations.Nullable;

/// Tests a search's winner: it, the configuration that the search began with (also with the number
/// of epochs that was best for it) and, where wanted, the winner of a random search at equal cost
/// are trained with several new seeds on all of train and compared on the test part. Goes on where
/// it was stopped.
public final class TuneConfirm {
  private static final int RESAMPLES = 2_000;

  private final Options options;
  private final TunePlan plan;
  private final Settings settings;
  private final Dataset dataset;
  private final Progress progress;
  private final BooleanSupplier stop;

  /// What to confirm.
  ///
  /// @param folder the experiment's
  /// @param seeds seeds of each configuration, 2 or more
  /// @param top how many of the best trials
  /// @param random whether a random search at equal cost is made and compared
  public record Options(Path folder, int seeds, int top, boolean random) {}

  /// What one training came to on the test part, as kept in a file.
  ///
  /// @param config what was trained
  /// @param events events of each test session
  /// @param mrr sum of mrr@20 over each session's events
  /// @param recall sum of recall@20
  private record Measured(String config, int[] events, double[] mrr, double[] recall) {
    double metric(double[] sums) {
      return Arrays.stream(sums).sum() / Math.max(1, Arrays.stream(events).asLongStream().sum());
    }
  }

  private TuneConfirm(
      Options options,
      TunePlan plan,
      Settings settings,
      Dataset dataset,
      Progress progress,
      BooleanSupplier stop) {
    this.options = options;
    this.plan = plan;
    this.settings = settings;
    this.dataset = dataset;
    this.progress = progress;
    this.stop = stop;
  }

  /// Confirms an experiment's winner and keeps what came out in its folder.
  ///
  /// @return the experiment's figures with the confirmation, or null where it was stopped
  public static @Nullable TuneFigures run(Options options, Progress progress, BooleanSupplier stop)
      throws IOException {
    long started = System.nanoTime();
    TunePlan plan = TunePlan.read(options.folder());
    Dataset dataset = Dataset.load(Path.of(plan.dataset())).withTest(plan.dataset());
    Map<String, ConfigFile.Resolved> wanted = new LinkedHashMap<>();
    long steps;
    Settings settings;
    try (Experiment experiment = Experiment.open(options.folder())) {
      settings = experiment.settings();
      Study study = Study.open(experiment.store());
      if (study.best().isEmpty()) {
        throw new KasebException(
            new KasebException.Problem(
                options.folder().toString(), "no trial has a result to confirm", null, null));
      }
      for (Trial trial : Tune.top(study, options.top())) {
        wanted.put("trial " + trial.id(), Tune.config(plan, trial, settings));
      }
      steps = study.trials().stream().mapToLong(Trial::lastStep).sum();
      wanted.put("base", plan.base());
      // What choosing the number of epochs alone would have given.
      study.trials().stream()
          .filter(t -> t.origin().equals(Trial.Origin.USER) && !t.measurements().isEmpty())
          .map(t -> Tune.config(plan, t, settings))
          .filter(config -> !config.config().equals(plan.base().config()))
          .findFirst()
          .ifPresent(config -> wanted.put("base, best epoch", config));
    }
    TuneConfirm confirm = new TuneConfirm(options, plan, settings, dataset, progress, stop);
    if (options.random()) {
      ConfigFile.Resolved best = confirm.randomSearch(steps);
      if (best == null) {
        return null;
      }
      wanted.put("random search", best);
    }
    Map<String, List<Measured>> measured = confirm.measure(wanted);
    if (measured == null) {
      return null;
    }
    double seconds = (System.nanoTime() - started) / 1e9;
    return Tune.confirmed(options.folder(), confirm.compared(measured, seconds));
  }

  /// Searches at random with full trials until as many steps are spent.
  private ConfigFile.@Nullable Resolved randomSearch(long steps) throws IOException {
    Path folder = options.folder().resolve("random");
    if (!Files.exists(folder.resolve("experiment.db"))) {
      Settings same =
          settings
              .withName(settings.name() + " at random")
              .withMethod(Spec.of("Random"), Spec.of("None"))
              .withMaxTrials((int) Math.max(1, steps / settings.budget()))
              .withLimits(Settings.Limits.NONE);
      plan.withWarmCheck(null).write(folder);
      Experiment.create(folder, same).close();
    }
    AtomicInteger done = new AtomicInteger();
    Tune.Result result =
        Tune.run(
            folder,
            trial -> {
              if (trial.state().finished()) {
                progress.at("random search", done.incrementAndGet(), -1, "trials");
              }
            },
            stop);
    if (result.standing().status() == Standing.Status.STOPPED) {
      return null;
    }
    try (Experiment experiment = Experiment.open(folder)) {
      Study study = Study.open(experiment.store());
      Trial best =
          study
              .best()
              .orElseThrow(() -> new KasebException(folder + ": no random trial has a result"));
      return Tune.config(plan, best, study.settings());
    }
  }

  private @Nullable Map<String, List<Measured>> measure(Map<String, ConfigFile.Resolved> wanted)
      throws IOException {
    int total = wanted.size() * options.seeds();
    AtomicInteger done = new AtomicInteger();
    Map<String, List<Future<Measured>>> futures = new LinkedHashMap<>();
    Map<String, List<Measured>> measured = new LinkedHashMap<>();
    try (ExecutorService team = Executors.newFixedThreadPool(settings.concurrency())) {
      wanted.forEach(
          (name, config) -> {
            List<Future<Measured>> seeds = new ArrayList<>();
            for (int seed = 1; seed <= options.seeds(); seed++) {
              long own = config.config().seed() + seed;
              seeds.add(
                  team.submit(
                      () -> {
                        Measured one = one(name, config, own);
                        progress.at("confirming", done.incrementAndGet(), total, "trainings");
                        return one;
                      }));
            }
            futures.put(name, seeds);
          });
      for (Map.Entry<String, List<Future<Measured>>> entry : futures.entrySet()) {
        List<Measured> seeds = new ArrayList<>();
        for (Future<Measured> future : entry.getValue()) {
          Measured one = future.get();
          if (one == null) {
            return null;
          }
          seeds.add(one);
        }
        measured.put(entry.getKey(), seeds);
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      return null;
    } catch (ExecutionException e) {
      throw new KasebException("confirming failed: " + e.getCause(), e);
    }
    return measured;
  }

  /// Trains and measures one configuration with one seed, or reads what an earlier run found; null
  /// where stopped.
  private @Nullable Measured one(String name, ConfigFile.Resolved resolved, long seed)
      throws IOException {
    String key = name.replace(",", "").replace(' ', '-') + "-" + seed;
    Path folder = options.folder().resolve("confirm");
    Path file = folder.resolve(key + ".json");
    TrainConfig config =
        ConfigFile.changed("confirm", resolved, Map.of("seed", Long.toString(seed))).config();
    if (Files.exists(file)) {
      Measured before = Json.MAPPER.readValue(Files.readString(file), Measured.class);
      if (before.config().equals(config.toString())) {
        return before;
      }
    }
    if (stop.getAsBoolean()) {
      return null;
    }
    Files.createDirectories(folder);
    Path model = folder.resolve(key + ".kaseb");
    Train.Options training =
        new Train.Options(Path.of(plan.dataset()), model, config, 0, null, true, plan.threads());
    if (Train.run(training, e -> {}, Progress.NONE, stop) == null) {
      return null;
    }
    EvalConfig how = new EvalConfig(List.of(20), Ties.CONSERVATIVE, plan.threads(), 0, 1);
    Evaluation evaluation =
        Evaluate.measure(Forecaster.load(model), dataset, how, false, Progress.NONE)
            .getFirst()
            .evaluation();
    Measured found = measured(config.toString(), evaluation.perSession());
    Json.write(file, found);
    Files.delete(model);
    return found;
  }

  private static Measured measured(String config, SessionSums sums) {
    int n = sums.sessions();
    Measured measured = new Measured(config, new int[n], new double[n], new double[n]);
    int mrr = sums.names().indexOf("mrr@20");
    int recall = sums.names().indexOf("recall@20");
    for (int s = 0; s < n; s++) {
      measured.events()[s] = sums.events(s);
      measured.mrr()[s] = sums.sum(s, mrr);
      measured.recall()[s] = sums.sum(s, recall);
    }
    return measured;
  }

  private TuneConfirmation compared(Map<String, List<Measured>> measured, double seconds) {
    List<TuneConfirmation.Entry> entries = new ArrayList<>();
    List<Measured> winner = measured.values().iterator().next();
    int[] events = winner.getFirst().events();
    measured.forEach(
        (name, seeds) -> {
          Paired paired =
              seeds == winner
                  ? new Paired(0, 0, 0)
                  : Paired.of(sums(winner), sums(seeds), events, RESAMPLES, 1);
          entries.add(
              new TuneConfirmation.Entry(
                  name,
                  seeds.getFirst().config(),
                  seeds.stream().map(m -> m.metric(m.mrr())).toList(),
                  seeds.stream().map(m -> m.metric(m.recall())).toList(),
                  paired.ahead(),
                  paired.low(),
                  paired.high()));
        });
    return new TuneConfirmation(Arrays.stream(events).asLongStream().sum(), entries, seconds);
  }

  private static double[][] sums(List<Measured> seeds) {
    return seeds.stream().map(Measured::mrr).toArray(double[][]::new);
  }
}
