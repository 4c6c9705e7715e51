package io.kaseb.search;

import io.kaseb.base.KasebException;
import io.kaseb.base.Workers;
import io.kaseb.data.OpenDataset;
import io.kaseb.pipeline.ConfigFile;
import io.kaseb.store.ExperimentFile;
import io.kaseb.tune.study.MethodSpec;
import io.kaseb.tune.study.Objective;
import io.kaseb.tune.study.StudyState;
import io.kaseb.tune.study.StudyStatus;
import io.kaseb.tune.trial.Trial;
import java.io.IOException;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.BooleanSupplier;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/// Tunes hyper-parameters and architecture of GRU4Rec on a dataset: trials train side by side in
/// this process, promoted ones go on from their weights, everything is kept in the experiment's
/// folder. Ends with a config file that `train` takes as it is.
public final class Tune {
  /// The configuration of the best trial, in the experiment's folder.
  public static final String BEST = "best.yaml";

  /// The report, in the experiment's folder.
  public static final String REPORT = "report.txt";

  /// The report as a web page, in the experiment's folder.
  public static final String PAGE = "report.html";

  /// A search.
  ///
  /// @param dataset folder that `prepare` wrote
  /// @param out the experiment's folder
  /// @param subject what is tuned
  /// @param goals what for
  /// @param part what trials train on and are measured on
  /// @param search how long and how
  /// @param threads threads of all trials together, each of which has one at least
  public record Options(
      Path dataset, Path out, Subject subject, Goals goals, Part part, Search search, int threads) {
    /// Returns the same search in another way.
    public Options withSearch(Search other) {
      return new Options(dataset, out, subject, goals, part, other, threads);
    }
  }

  /// What is tuned.
  ///
  /// @param base the configuration that parameters change, which is tried first
  /// @param space NNI's search space or experiment, or GRU4Rec's space; null for Kaseb's own
  public record Subject(ConfigFile.Resolved base, @Nullable Path space) {}

  /// What a search is for.
  ///
  /// @param names [TuneGoal]s, the first decides where only one can
  /// @param constraints as in `p99_ms<2`
  public record Goals(List<String> names, List<String> constraints) {
    /// Copies the lists.
    public Goals {
      names = List.copyOf(names);
      constraints = List.copyOf(constraints);
    }

    /// Creates goals without constraints.
    public static Goals of(String... names) {
      return new Goals(List.of(names), List.of());
    }
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

  /// How long and how to search; null leaves the choice to the space's file or the defaults.
  ///
  /// @param trials trials in all; 60
  /// @param seconds limit of the whole search; none
  /// @param concurrency trials at work at the same time; one for each thread, 8 at most
  /// @param sampler Auto
  /// @param pruner ASHA
  /// @param deterministic whether the list of trials must not depend on the workers' speed
  /// @param warmCheck null where trials start from random weights; else they start from the nearest
  ///   trial's, and so many of the best are trained from scratch in the end
  public record Search(
      @Nullable Integer trials,
      @Nullable Double seconds,
      @Nullable Integer concurrency,
      @Nullable MethodSpec sampler,
      @Nullable MethodSpec pruner,
      boolean deterministic,
      @Nullable Integer warmCheck) {
    /// Leaves every choice to the defaults.
    public static final Search DEFAULT = new Search(null, null, null, null, null, false, null);

    /// Returns the same search, whose list of trials does not depend on the workers' speed.
    public Search deterministically() {
      return new Search(trials, seconds, concurrency, sampler, pruner, true, warmCheck);
    }

    /// Returns the same search with warm starts.
    ///
    /// @param check how many of the best are trained from scratch in the end
    public Search warm(int check) {
      return new Search(trials, seconds, concurrency, sampler, pruner, deterministic, check);
    }
  }

  /// How a run ended.
  ///
  /// @param status why it ended
  /// @param figures what it came to
  public record Result(StudyStatus status, TuneFigures figures) {}

  private Tune() {}

  /// Creates an experiment.
  ///
  /// @return keys of NNI's experiment file that mean nothing here
  public static List<String> create(Options options) throws IOException {
    return create(options, OpenDataset.of(options.dataset(), Workers.of(options.threads())));
  }

  /// Creates an experiment on the options' dataset, which is open already.
  ///
  /// @return keys of NNI's experiment file that mean nothing here
  public static List<String> create(Options options, OpenDataset dataset) throws IOException {
    ExperimentFolder.refuseContent(options.out());
    String hash = dataset.manifest().datasetHash();
    ExperimentFile.Read read = TuneSettings.of(options, hash);
    TunePlan plan = TunePlan.of(options, hash, read.settings().concurrency());
    Path space = options.subject().space();
    String place = space == null ? "the search space" : space.toString();
    TuneSpace.check(place, read.settings().space(), plan.purchases());
    // What its trials could not begin with leaves no folder behind.
    TuneObjective.of(plan, dataset, TrialStates.of(options.out(), false), null);
    ExperimentFolder.create(options.out(), plan, read.settings());
    return read.ignored();
  }

  /// Runs an experiment until it is done, stopped or out of time, from wherever it stands.
  ///
  /// @param listener hears of every trial that began or whose segment ended
  /// @param stop asked often; where it says yes, the run ends and can be resumed
  public static Result run(Path folder, Consumer<Trial> listener, BooleanSupplier stop)
      throws IOException {
    return run(folder, TunePlan.read(folder).open(), listener, stop);
  }

  /// Does the same as [#run(Path, Consumer, BooleanSupplier)] on the plan's dataset, which is open
  /// already.
  public static Result run(
      Path folder, OpenDataset dataset, Consumer<Trial> listener, BooleanSupplier stop)
      throws IOException {
    return run(folder, dataset, null, listener, stop);
  }

  /// Runs an experiment whose trials another objective trains, in other processes. How trials are
  /// chosen, stopped and kept is the same.
  ///
  /// @param trials hands each trial on to a [TrialWorker]
  public static Result runElsewhere(
      Path folder, Objective trials, Consumer<Trial> listener, BooleanSupplier stop)
      throws IOException {
    TunePlan plan = TunePlan.read(folder);
    if (plan.warmCheck() != null) {
      throw new KasebException(
          new KasebException.Problem(
              folder.toString(),
              "its trials start from each other's weights, which other processes do not see",
              null,
              "begin a search without " + KasebException.setting("warm_start")));
    }
    return run(folder, plan.open(), trials, listener, stop);
  }

  private static Result run(
      Path folder,
      OpenDataset dataset,
      @Nullable Objective trials,
      Consumer<Trial> listener,
      BooleanSupplier stop)
      throws IOException {
    try (TuneExperiment experiment = TuneExperiment.openToRun(folder)) {
      StudyStatus status = TuneRun.run(experiment, dataset, trials, listener, stop);
      TuneFigures figures = TuneResults.figures(experiment, status);
      TuneResults.write(experiment, figures);
      return new Result(status, figures);
    }
  }

  /// Returns how an experiment stands.
  public static StudyState state(Path folder) throws IOException {
    try (TuneExperiment experiment = TuneExperiment.open(folder)) {
      return experiment.status().status();
    }
  }

  /// Returns an experiment's figures as it stands, running or not.
  public static TuneFigures figures(Path folder) throws IOException {
    try (TuneExperiment experiment = TuneExperiment.open(folder)) {
      return TuneResults.figures(experiment, experiment.status());
    }
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

  /// Reads a sampler or pruner as `NAME` or `NAME:key=value,...`, as in `TPE:mode=nni`.
  ///
  /// @param setting what the text was given for, for messages
  public static MethodSpec method(String setting, String text) {
    int colon = text.indexOf(':');
    Map<String, Object> args = new LinkedHashMap<>();
    String rest = colon < 0 ? "" : text.substring(colon + 1);
    for (String pair : rest.isEmpty() ? new String[0] : rest.split(",")) {
      int at = pair.indexOf('=');
      if (at < 1) {
        throw KasebException.ofSetting(
            setting, text, "NAME or NAME:key=value,..., as in TPE:mode=nni");
      }
      args.put(pair.substring(0, at).strip(), value(pair.substring(at + 1).strip()));
    }
    return new MethodSpec(colon < 0 ? text : text.substring(0, colon), args);
  }

  private static Object value(String text) {
    if (text.equals("true") || text.equals("false")) {
      return Boolean.parseBoolean(text);
    }
    try {
      double number = Double.parseDouble(text);
      return number == Math.rint(number) ? (Object) (long) number : number;
    } catch (NumberFormatException e) {
      return text;
    }
  }
}
