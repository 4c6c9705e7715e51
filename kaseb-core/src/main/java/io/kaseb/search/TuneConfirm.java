package io.kaseb.search;

import io.kaseb.base.Json;
import io.kaseb.base.KasebException;
import io.kaseb.base.Progress;
import io.kaseb.base.Workers;
import io.kaseb.config.TrainConfig;
import io.kaseb.config.TrainKeys;
import io.kaseb.data.OpenDataset;
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
import io.kaseb.tune.study.Settings;
import io.kaseb.tune.study.Spec;
import io.kaseb.tune.study.Standing;
import io.kaseb.tune.study.Study;
import io.kaseb.tune.trial.Trial;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
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
  private final OpenDataset dataset;
  private final Progress progress;
  private final BooleanSupplier stop;

  /// Threads that each train a configuration.
  private final Workers workers;

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
      OpenDataset dataset,
      Progress progress,
      BooleanSupplier stop) {
    this.options = options;
    this.plan = plan;
    this.settings = settings;
    this.dataset = dataset;
    this.progress = progress;
    this.stop = stop;
    this.workers = Workers.of(Math.min(Workers.MOST, settings.concurrency()));
  }

  /// Confirms an experiment's winner and keeps what came out in its folder.
  ///
  /// @return the experiment's figures with the confirmation, or null where it was stopped
  public static @Nullable TuneFigures run(Options options, Progress progress, BooleanSupplier stop)
      throws IOException {
    return run(options, TunePlan.read(options.folder()).open(), progress, stop);
  }

  /// Does the same as [#run(Options, Progress, BooleanSupplier)] on the experiment's dataset, which
  /// is open already.
  public static @Nullable TuneFigures run(
      Options options, OpenDataset dataset, Progress progress, BooleanSupplier stop)
      throws IOException {
    long started = System.nanoTime();
    TunePlan plan = TunePlan.read(options.folder());
    dataset.withTest();
    Map<String, ConfigFile.Resolved> wanted = new LinkedHashMap<>();
    long steps;
    Settings settings;
    try (Experiment experiment = Experiment.open(options.folder())) {
      settings = experiment.settings();
      Study study = Study.open(experiment.store());
      if (study.best().isEmpty()) {
        throw new KasebException(options.folder() + ": no trial has a result to confirm");
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
            dataset,
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
    List<String> names = List.copyOf(wanted.keySet());
    List<ConfigFile.Resolved> configs = List.copyOf(wanted.values());
    List<Optional<Measured>> all;
    try {
      all =
          workers.map(
              total,
              i -> {
                int n = i / options.seeds();
                long seed = configs.get(n).config().seed() + 1 + i % options.seeds();
                Measured one = unchecked(names.get(n), configs.get(n), seed);
                progress.at("confirming", done.incrementAndGet(), total, "trainings");
                return Optional.ofNullable(one);
              });
    } catch (UncheckedIOException e) {
      throw new KasebException("confirming failed: " + e.getCause(), e);
    } catch (RuntimeException e) {
      if (Thread.currentThread().isInterrupted()) {
        return null;
      }
      throw new KasebException("confirming failed: " + e, e);
    }
    if (all.stream().anyMatch(Optional::isEmpty)) {
      return null;
    }
    Map<String, List<Measured>> measured = new LinkedHashMap<>();
    for (int n = 0; n < names.size(); n++) {
      int from = n * options.seeds();
      measured.put(
          names.get(n),
          all.subList(from, from + options.seeds()).stream().map(Optional::orElseThrow).toList());
    }
    return measured;
  }

  private @Nullable Measured unchecked(String name, ConfigFile.Resolved config, long seed) {
    try {
      return one(name, config, seed);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
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
    String trained = TrainKeys.TABLE.json(config).toString();
    if (Files.exists(file)) {
      Measured before = Json.MAPPER.readValue(Files.readString(file), Measured.class);
      if (before.config().equals(trained)) {
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
    if (Train.run(training, dataset, e -> {}, Progress.NONE, stop) == null) {
      return null;
    }
    EvalConfig how = new EvalConfig(List.of(20), Ties.CONSERVATIVE, plan.threads(), 0, 1);
    Evaluation evaluation =
        Evaluate.measure(Forecaster.load(model), dataset.dataset(), how, false, Progress.NONE)
            .getFirst()
            .evaluation();
    Measured found = measured(trained, evaluation.perSession());
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
                  : Paired.of(sums(winner), sums(seeds), events, RESAMPLES, 1, workers);
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
