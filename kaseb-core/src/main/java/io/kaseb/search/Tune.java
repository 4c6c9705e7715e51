package io.kaseb.search;

import io.kaseb.base.AtomicFiles;
import io.kaseb.base.Json;
import io.kaseb.base.KasebException;
import io.kaseb.data.Manifest;
import io.kaseb.pipeline.ConfigFile;
import io.kaseb.store.Experiment;
import io.kaseb.store.ExperimentFile;
import io.kaseb.store.SpaceFile;
import io.kaseb.tune.space.Parameters;
import io.kaseb.tune.space.Space;
import io.kaseb.tune.study.Request;
import io.kaseb.tune.study.Settings;
import io.kaseb.tune.study.Spec;
import io.kaseb.tune.study.Standing;
import io.kaseb.tune.study.Study;
import io.kaseb.tune.trial.Goal;
import io.kaseb.tune.trial.Trial;
import io.kaseb.tune.trial.TrialState;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.function.BooleanSupplier;
import java.util.function.Consumer;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/// Tunes hyper-parameters and architecture of GRU4Rec on a dataset: trials train side by side in
/// this process, promoted ones go on from their weights, everything is kept in the experiment's
/// folder. Ends with a config file that `train` takes as it is.
public final class Tune {
  /// The configuration of the best trial, in the experiment's folder.
  public static final String BEST = "best.yaml";

  /// The report, in the experiment's folder.
  public static final String REPORT = "report.txt";

  private static final String CONFIRMATION = "confirmation.json";

  /// How many segments a deterministic experiment looks past, and so its workers at most.
  private static final int LAG = 8;

  /// Steps of a full trial where a step is a share of the sessions.
  private static final int SHARES = 9;

  private static final int TRIALS = 60;
  private static final long WATCH_MILLIS = 100;

  /// What to search, where and for what.
  ///
  /// @param dataset folder that `prepare` wrote
  /// @param out the experiment's folder
  /// @param space NNI's search space or experiment, or GRU4Rec's space; null for Kaseb's own
  /// @param base the configuration that parameters change
  /// @param goals [TuneGoal]s, the first decides where only one can
  /// @param constraints as in `p99_ms<2`
  /// @param search how long and how
  /// @param part what trials train on
  /// @param threads threads of all trials together
  /// @param deterministic whether the list of trials must not depend on the workers' speed
  /// @param warmCheck null where trials start from random weights; else they start from the nearest
  ///   trial's, and so many of the best are trained from scratch in the end
  public record Options(
      Path dataset,
      Path out,
      @Nullable Path space,
      ConfigFile.Resolved base,
      List<String> goals,
      List<String> constraints,
      Search search,
      Part part,
      int threads,
      boolean deterministic,
      @Nullable Integer warmCheck) {
    /// Copies the lists.
    public Options {
      goals = List.copyOf(goals);
      constraints = List.copyOf(constraints);
    }
  }

  /// How long and how to search; null leaves the choice to the space's file or the defaults.
  ///
  /// @param trials trials in all; 60
  /// @param seconds limit of the whole search; none
  /// @param concurrency trials at work at the same time; one for each thread, 8 at most
  /// @param sampler TPE
  /// @param pruner ASHA
  public record Search(
      @Nullable Integer trials,
      @Nullable Double seconds,
      @Nullable Integer concurrency,
      @Nullable Spec sampler,
      @Nullable Spec pruner) {
    /// Leaves every choice to the defaults.
    public static final Search DEFAULT = new Search(null, null, null, null, null);
  }

  /// What trials train on and are measured on.
  ///
  /// @param valid share of the latest training sessions that the objective is measured on
  /// @param validSessions those sessions at most
  /// @param share share of the others that trials train on, the most recent ones
  /// @param fidelity `epochs` or `sessions`, see [TunePlan]
  public record Part(double valid, int validSessions, double share, String fidelity) {
    /// A tenth or 5,000 sessions, all others, epochs.
    public static final Part DEFAULT = new Part(.1, 5_000, 1, "epochs");
  }

  /// How a run ended.
  ///
  /// @param standing why it ended
  /// @param figures what it came to
  public record Result(Standing standing, TuneFigures figures) {}

  private Tune() {}

  /// Creates an experiment.
  ///
  /// @return keys of NNI's experiment file that mean nothing here
  public static List<String> create(Options options) throws IOException {
    ExperimentFile.Read read = settings(options, plan(options, concurrency(options)));
    Settings settings = read.settings();
    TunePlan plan = plan(options, settings.concurrency());
    String place = options.space() == null ? "the search space" : options.space().toString();
    TuneSpace.check(place, settings.space(), plan.purchases());
    Files.createDirectories(options.out());
    if (Experiment.list(options.out()).contains(options.out())) {
      throw new KasebException(
          new KasebException.Problem(
              options.out().toString(),
              "an experiment already",
              null,
              "resume it, or take another folder"));
    }
    plan.write(options.out());
    try (Experiment experiment = Experiment.create(options.out(), settings)) {
      Parameters base = base(settings.space(), plan);
      if (base != null) {
        experiment.store().request(new Request.Enqueue(base));
      }
    }
    return read.ignored();
  }

  private static TunePlan plan(Options options, int concurrency) throws IOException {
    return new TunePlan(
        options.dataset().toAbsolutePath().normalize().toString(),
        Manifest.read(options.dataset()).datasetHash(),
        TunePlan.texts(options.base()),
        options.part().valid(),
        options.part().validSessions(),
        options.part().share(),
        options.part().fidelity(),
        options.goals(),
        options.constraints(),
        options.deterministic() ? 1 : Math.max(1, options.threads() / concurrency),
        options.warmCheck());
  }

  private static int concurrency(Options options) {
    Integer asked = options.search().concurrency();
    return asked == null ? Math.clamp(options.threads(), 1, LAG) : asked;
  }

  private static ExperimentFile.Read settings(Options options, TunePlan plan) throws IOException {
    List<Goal> goals = plan.goalList().stream().map(TuneGoal::goal).toList();
    int budget = plan.fidelity().equals("epochs") ? options.base().config().nEpochs() : SHARES;
    ExperimentFile.Read read = file(options, plan, goals, budget);
    Settings settings = read.settings();
    Search search = options.search();
    try {
      settings =
          new Settings(
              options.out().toAbsolutePath().normalize().getFileName().toString(),
              settings.space(),
              goals,
              search.sampler() == null ? settings.sampler() : search.sampler(),
              search.pruner() == null ? settings.pruner() : search.pruner(),
              search.concurrency() == null ? settings.concurrency() : search.concurrency(),
              search.trials() == null ? settings.maxTrials() : search.trials(),
              settings.budget(),
              options.base().config().seed(),
              options.deterministic() ? LAG : 0,
              search.seconds() == null
                  ? settings.limits()
                  : new Settings.Limits(search.seconds(), settings.limits().trial()));
    } catch (IllegalArgumentException e) {
      throw KasebException.at("tune", e);
    }
    if (options.deterministic() && settings.concurrency() > LAG) {
      throw KasebException.ofSetting(
          "concurrency",
          settings.concurrency(),
          "1.." + LAG + " with " + KasebException.setting("deterministic"));
    }
    if (options.warmCheck() != null && options.deterministic()) {
      throw new KasebException(
          new KasebException.Problem(
              KasebException.setting("warm_start")
                  + " with "
                  + KasebException.setting("deterministic"),
              null,
              null,
              "which trial is nearest depends on the workers' speed; leave one of them out"));
    }
    if (options.warmCheck() != null && copies(settings)) {
      throw new KasebException(
          new KasebException.Problem(
              KasebException.setting("warm_start")
                  + " with "
                  + KasebException.setting("sampler", "PBT"),
              null,
              null,
              "its trials start from other trials' weights already; leave one of them out"));
    }
    return new ExperimentFile.Read(settings, read.ignored());
  }

  private static boolean copies(Settings settings) {
    return settings.sampler().name().toLowerCase(Locale.ROOT).startsWith("pbt");
  }

  private static ExperimentFile.Read file(
      Options options, TunePlan plan, List<Goal> goals, int budget) throws IOException {
    Path file = options.space();
    if (file != null && ExperimentFile.isOne(file)) {
      ExperimentFile.Read read = ExperimentFile.read(file, goals.getFirst(), budget);
      if (!read.settings().goals().getFirst().equals(goals.getFirst())) {
        throw new KasebException(
            file + ": optimize_mode turns " + goals.getFirst().name() + " round; leave it out");
      }
      return read;
    }
    Space space = file == null ? TuneSpace.usual(plan.purchases()) : SpaceFile.read(file);
    Settings settings =
        Settings.of(space, goals.toArray(Goal[]::new))
            .withBudget(budget)
            .withMaxTrials(TRIALS)
            .withConcurrency(concurrency(options))
            .withMethod(Spec.of("TPE"), Spec.of(budget > 1 ? "ASHA" : "None"));
    return new ExperimentFile.Read(settings, List.of());
  }

  /// Returns the user's own configuration as a first trial, or null where the space cannot say it.
  private static @Nullable Parameters base(Space space, TunePlan plan) {
    Map<String, Object> values = TuneSpace.values(space, TuneSpace.texts(plan.base()));
    try {
      return space.checked(new Parameters(values));
    } catch (IllegalArgumentException e) {
      return null;
    }
  }

  /// Runs an experiment until it is done, stopped or out of time, from wherever it stands.
  ///
  /// @param listener hears of every trial that began or whose segment ended
  /// @param stop asked often; where it says yes, the run ends and can be resumed
  public static Result run(Path folder, Consumer<Trial> listener, BooleanSupplier stop)
      throws IOException {
    TunePlan plan = TunePlan.read(folder);
    try (Experiment experiment = Experiment.open(folder)) {
      experiment.lock();
      boolean copies = copies(experiment.settings());
      Study study = open(experiment);
      WarmWeights warm =
          plan.warmCheck() == null
              ? null
              : WarmWeights.open(folder, experiment.settings().space(), study.trials());
      TuneObjective objective = TuneObjective.open(folder, plan, copies, warm);
      Thread watch = Thread.ofVirtual().start(() -> watch(study, stop));
      Standing standing;
      try {
        standing =
            study.run(
                objective,
                trial -> {
                  listener.accept(trial);
                  if (!copies) {
                    forget(folder, trial);
                  }
                });
      } catch (IllegalArgumentException e) {
        throw KasebException.at(folder.toString(), e);
      } finally {
        watch.interrupt();
      }
      if (standing.status() == Standing.Status.DONE) {
        deleteStates(folder);
        if (warm != null) {
          warm.clear();
          if (!WarmStartCheck.run(folder, plan, study, stop)) {
            standing = new Standing(Standing.Status.STOPPED, "", standing.seconds());
          }
        }
      }
      TuneFigures figures = figures(folder, study, standing);
      write(folder, plan, study, figures);
      return new Result(standing, figures);
    }
  }

  private static Study open(Experiment experiment) {
    try {
      return Study.open(experiment.store());
    } catch (IllegalArgumentException e) {
      throw KasebException.at(experiment.folder().toString(), e);
    }
  }

  private static void watch(Study study, BooleanSupplier stop) {
    try {
      while (true) {
        if (stop.getAsBoolean()) {
          study.stop();
          return;
        }
        Thread.sleep(WATCH_MILLIS);
      }
    } catch (InterruptedException e) {
      // The study ended by itself.
    }
  }

  /// Deletes the states that a finished trial left.
  private static void forget(Path folder, Trial trial) {
    if (trial.state().finished()) {
      trial
          .segments()
          .forEach(
              segment -> {
                try {
                  Files.deleteIfExists(TuneTrial.file(folder, trial.id(), segment.until()));
                } catch (IOException e) {
                  throw new UncheckedIOException(e);
                }
              });
    }
  }

  private static void deleteStates(Path folder) throws IOException {
    Path states = folder.resolve("trials");
    if (Files.exists(states)) {
      try (Stream<Path> files = Files.walk(states)) {
        for (Path path : files.sorted(Comparator.reverseOrder()).toList()) {
          Files.delete(path);
        }
      }
    }
  }

  /// Returns an experiment's figures as it stands, running or not.
  public static TuneFigures figures(Experiment experiment) throws IOException {
    return figures(experiment.folder(), open(experiment), experiment.standing());
  }

  private static TuneFigures figures(Path folder, Study study, Standing standing)
      throws IOException {
    WarmStartCheck warm = WarmStartCheck.read(folder, study.trials());
    return TuneReport.figures(study, standing, confirmation(folder), warm);
  }

  private static @Nullable TuneConfirmation confirmation(Path folder) throws IOException {
    Path file = folder.resolve(CONFIRMATION);
    return Files.exists(file)
        ? Json.MAPPER.readValue(Files.readString(file), TuneConfirmation.class)
        : null;
  }

  /// Returns figures as lines for a terminal.
  public static String text(Path folder, TuneFigures figures) {
    return TuneReport.text(folder.toString(), figures);
  }

  /// Returns what confirming came to, as lines for a terminal.
  public static String confirmationText(TuneFigures figures) {
    TuneConfirmation confirmation = figures.confirmation();
    return confirmation == null ? "" : confirmation.text();
  }

  private static void write(Path folder, TunePlan plan, Study study, TuneFigures figures)
      throws IOException {
    TuneFigures.Best best = figures.best();
    if (best != null) {
      Trial trial = study.trials().get(best.trial());
      ConfigFile.write(
          folder.resolve(BEST),
          config(plan, trial, study.settings()),
          plan.purchases(),
          "kaseb tune: trial "
              + best.trial()
              + " of "
              + figures.trials()
              + ", "
              + best.values()
              + " on sessions held back from train");
    }
    String text = text(folder, figures);
    AtomicFiles.write(folder.resolve(REPORT), path -> Files.writeString(path, text));
  }

  /// Returns the configuration that trains a trial's model anew: with as many epochs as were best.
  static ConfigFile.Resolved config(TunePlan plan, Trial trial, Settings settings) {
    ConfigFile.Resolved config = TunePlan.changed(plan.base(), trial.parameters());
    int epochs = TuneReport.bestStep(trial, settings.goals().getFirst());
    boolean counts = plan.fidelity().equals("epochs") && epochs > 0;
    return counts
        ? ConfigFile.changed("trial", config, Map.of("n_epochs", Integer.toString(epochs)))
        : config;
  }

  /// Keeps what confirming an experiment's winner came to, and returns all figures with it.
  static TuneFigures confirmed(Path folder, TuneConfirmation confirmation) throws IOException {
    Json.write(folder.resolve(CONFIRMATION), confirmation);
    try (Experiment experiment = Experiment.open(folder)) {
      TuneFigures figures = figures(experiment);
      write(folder, TunePlan.read(folder), open(experiment), figures);
      return figures;
    }
  }

  /// Returns the trials that have a full result, best first by the first goal.
  static List<Trial> top(Study study, int count) {
    Goal goal = study.settings().goals().getFirst();
    Trial best = study.best().orElseThrow();
    Comparator<Trial> order = Comparator.comparingDouble(t -> t.values().getFirst());
    List<Trial> others =
        study.trials().stream()
            .filter(t -> t.state() == TrialState.SUCCEEDED && t.id() != best.id())
            .filter(t -> t.outcome() == null || t.outcome().violation() == 0)
            .sorted(goal.maximize() ? order.reversed() : order)
            .toList();
    return Stream.concat(Stream.of(best), others.stream()).limit(count).toList();
  }
}
