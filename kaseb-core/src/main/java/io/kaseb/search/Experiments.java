package io.kaseb.search;

import io.kaseb.base.AtomicFiles;
import io.kaseb.base.KasebException;
import io.kaseb.base.NewFolder;
import io.kaseb.store.Experiment;
import io.kaseb.store.Results;
import io.kaseb.store.ResultsCsv;
import io.kaseb.tune.study.Request;
import io.kaseb.tune.study.Settings;
import io.kaseb.tune.study.StudyStatus;
import io.kaseb.tune.trial.Goal;
import io.kaseb.tune.trial.History;
import io.kaseb.tune.trial.Measurement;
import io.kaseb.tune.trial.Trial;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/// Looks at experiments and asks things of them, whether they run in some process or not.
public final class Experiments {
  private Experiments() {}

  /// An experiment at a glance.
  ///
  /// @param folder where it lies
  /// @param name its name
  /// @param standing how it stands
  /// @param trials trials that it has begun itself
  /// @param maxTrials how many it may begin, never fewer than it has
  /// @param goal the first goal's name
  /// @param best the first goal's value of the best trial, null where there is none yet
  /// @param imported trials that were measured elsewhere, which are not among the others
  public record Row(
      String folder,
      String name,
      StudyStatus standing,
      int trials,
      int maxTrials,
      String goal,
      @Nullable Double best,
      int imported) {
    /// Returns the number of trials as people read it, as in `8 of 20`, with those that were
    /// imported.
    public String progress() {
      String own = trials + " of " + maxTrials;
      return imported == 0 ? own : own + " + " + imported + " imported";
    }
  }

  /// An experiment's trials; `kaseb experiment trials --json` writes it.
  public record Trials(List<TrialRow> trials) {}

  /// One trial.
  ///
  /// @param id its number
  /// @param state where it stands
  /// @param metric the first goal's value, null where there is none yet
  /// @param parameters by name
  /// @param intermediate the first goal's value at each report
  /// @param seconds of work
  /// @param step how far it went
  /// @param reason why it failed or was stopped, or empty
  public record TrialRow(
      int id,
      String state,
      @Nullable Double metric,
      Map<String, Object> parameters,
      List<Double> intermediate,
      double seconds,
      int step,
      String reason) {
    /// Returns a trial as a row.
    public static TrialRow of(Trial trial) {
      return new TrialRow(
          trial.id(),
          trial.state().name(),
          trial.values().isEmpty() ? null : trial.values().getFirst(),
          trial.parameters().flat(),
          trial.measurements().stream().map(Measurement::value).toList(),
          trial.seconds(),
          trial.lastStep(),
          trial.reason());
    }
  }

  /// Returns whether a folder is an experiment's.
  public static boolean isOne(Path folder) throws IOException {
    return Files.isDirectory(folder) && Experiment.list(folder).contains(folder);
  }

  /// What a folder's experiments look like.
  ///
  /// @param rows those that can be read
  /// @param damaged what is wrong with the others, one text each
  public record Listing(List<Row> rows, List<String> damaged) {
    /// Copies the lists.
    public Listing {
      rows = List.copyOf(rows);
      damaged = List.copyOf(damaged);
    }
  }

  /// Returns the experiments in a folder, itself included.
  public static List<Row> list(Path folder) throws IOException {
    return listing(folder).rows();
  }

  /// Returns the experiments in a folder, itself included; one that is damaged hides no other.
  public static Listing listing(Path folder) throws IOException {
    if (!Files.isDirectory(folder)) {
      throw new KasebException(
          new KasebException.Problem(folder.toString(), "no such folder", null, null));
    }
    List<Row> rows = new ArrayList<>();
    List<String> damaged = new ArrayList<>();
    for (Path path : Experiment.list(folder)) {
      try (Experiment experiment = Experiment.open(path)) {
        rows.add(row(experiment, history(experiment)));
      } catch (KasebException e) {
        damaged.add(e.getMessage());
      }
    }
    return new Listing(rows, damaged);
  }

  private static Row row(Experiment experiment, History history) throws IOException {
    Settings settings = experiment.settings();
    List<Trial> best = history.best();
    int begun = Experiment.begun(history.trials());
    return new Row(
        experiment.folder().toString(),
        settings.name(),
        experiment.status(),
        begun,
        Math.max(settings.maxTrials(), begun),
        settings.goals().getFirst().name(),
        best.isEmpty() ? null : best.getFirst().values().getFirst(),
        history.trials().size() - begun);
  }

  private static History history(Experiment experiment) {
    Settings settings = experiment.settings();
    return History.of(
        settings.space(), settings.goals(), settings.budget(), experiment.store().trials());
  }

  /// Returns an experiment's trials.
  public static Trials trials(Path folder) throws IOException {
    try (Experiment experiment = Experiment.open(folder)) {
      return new Trials(experiment.store().trials().stream().map(TrialRow::of).toList());
    }
  }

  /// Returns an experiment's figures as it stands, running or not.
  public static TuneFigures figures(Path folder) throws IOException {
    return Tune.figures(folder);
  }

  /// Returns whether some process runs an experiment.
  public static boolean running(Path folder) throws IOException {
    try (Experiment experiment = Experiment.open(folder)) {
      return experiment.running();
    }
  }

  /// Asks something of an experiment: now where it runs, else at its next start.
  public static void request(Path folder, Request request) throws IOException {
    try (Experiment experiment = Experiment.open(folder)) {
      experiment.request(request);
    } catch (IllegalArgumentException e) {
      throw KasebException.at(folder.toString(), e);
    }
  }

  /// Writes the trials that have a result in NNI's form: CSV where the file's name ends so, else
  /// JSON.
  ///
  /// @param intermediate whether to add each trial's reports
  public static void export(Path folder, Path file, boolean intermediate) throws IOException {
    try (Experiment experiment = Experiment.open(folder)) {
      List<Goal> goals = experiment.settings().goals();
      List<Trial> trials = experiment.store().trials();
      String text =
          file.toString().toLowerCase(Locale.ROOT).endsWith(".csv")
              ? ResultsCsv.write(goals, trials, intermediate)
              : Results.json(goals, trials, intermediate);
      AtomicFiles.write(file, path -> Files.writeString(path, text));
    }
  }

  /// Adds results from NNI's JSON or CSV to an experiment that does not run.
  ///
  /// @return how many were new
  public static int add(Path folder, Path file) throws IOException {
    return imported(folder, file).added();
  }

  /// What an import came to.
  ///
  /// @param added results that were added
  /// @param known results whose parameters were there already
  /// @param skipped why others were left out, one text each
  public record Import(int added, int known, List<String> skipped) {
    /// Copies the list.
    public Import {
      skipped = List.copyOf(skipped);
    }
  }

  /// Adds results from NNI's JSON or CSV to an experiment that does not run. Those without a finite
  /// value or outside the search space are left out.
  ///
  /// @throws KasebException where none could be used
  public static Import imported(Path folder, Path file) throws IOException {
    try (Experiment experiment = Experiment.open(folder)) {
      Settings settings = experiment.settings();
      Results.Read read = Results.read(file, settings.space(), settings.goals());
      Experiment.Added added = experiment.add(read.results());
      List<String> skipped = new ArrayList<>(read.skipped());
      skipped.addAll(added.refused());
      if (added.added() + added.known() == 0 && !skipped.isEmpty()) {
        throw new KasebException(
            "none of %d results can be used; the first: %s"
                .formatted(skipped.size(), skipped.getFirst()));
      }
      return new Import(added.added(), added.known(), skipped);
    }
  }

  /// Creates another experiment with the same plan and settings.
  ///
  /// @param withResults whether it begins with this one's full results
  public static void copy(Path folder, Path target, boolean withResults) throws IOException {
    TunePlan plan = TunePlan.read(folder);
    ExperimentFolder.refuseContent(target);
    NewFolder made = NewFolder.make(target);
    try (Experiment experiment = Experiment.open(folder)) {
      plan.write(target);
      experiment.copyTo(target, withResults);
    } catch (IOException | RuntimeException e) {
      ExperimentFolder.clear(target);
      made.discard();
      throw e;
    }
  }

  /// Deletes an experiment that does not run: its own files, and its folder where nothing else lies
  /// in it.
  public static void delete(Path folder) throws IOException {
    remove(folder);
  }

  /// Does the same as [#delete].
  ///
  /// @return what stayed in the folder, because it is not the experiment's
  public static List<Path> remove(Path folder) throws IOException {
    return ExperimentFolder.delete(folder);
  }

  /// Returns a search as it stands as one web page that needs nothing else; what it came to, its
  /// charts, and where all that comes from.
  public static String page(Path folder) throws IOException {
    try (TuneExperiment experiment = TuneExperiment.open(folder)) {
      return TunePage.html(experiment, TuneResults.figures(experiment, experiment.status()));
    }
  }

  /// Returns an experiment's live view as lines: how it stands, trials at work, the best ones.
  public static String top(Path folder) throws IOException {
    try (Experiment experiment = Experiment.open(folder)) {
      History history = history(experiment);
      return ExperimentView.of(row(experiment, history), history);
    }
  }
}
