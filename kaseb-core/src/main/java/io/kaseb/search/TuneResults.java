package io.kaseb.search;

import io.kaseb.base.AtomicFiles;
import io.kaseb.base.Json;
import io.kaseb.pipeline.ConfigFile;
import io.kaseb.trial.FormChoice;
import io.kaseb.tune.study.Settings;
import io.kaseb.tune.study.Study;
import io.kaseb.tune.study.StudyStatus;
import io.kaseb.tune.trial.Trial;
import io.kaseb.tune.trial.TrialState;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/// What an experiment came to, and the files that say so in its folder: the best configuration, the
/// report and the confirmation.
final class TuneResults {
  private static final String CONFIRMATION = "confirmation.json";

  private TuneResults() {}

  /// Returns an experiment's figures.
  ///
  /// @param status how it stands
  static TuneFigures figures(TuneExperiment experiment, StudyStatus status) throws IOException {
    Study study = experiment.study();
    WarmStartCheck warm =
        WarmStartCheck.read(experiment.folder(), experiment.plan(), study.trials());
    return TuneReport.figures(
        study, experiment.plan().constraints(), status, confirmation(experiment.folder()), warm);
  }

  private static @Nullable TuneConfirmation confirmation(Path folder) throws IOException {
    Path file = folder.resolve(CONFIRMATION);
    return Files.exists(file) ? Json.read(file, TuneConfirmation.class) : null;
  }

  /// Writes the best trial's configuration and the report.
  static void write(TuneExperiment experiment, TuneFigures figures) throws IOException {
    Path folder = experiment.folder();
    TunePlan plan = experiment.plan();
    TuneFigures.Best best = figures.best();
    if (best != null) {
      Study study = experiment.study();
      Trial trial = study.trials().get(best.trial());
      ConfigFile.write(
          folder.resolve(Tune.BEST),
          measuredAlone(plan, config(plan, trial, study.settings())),
          plan.purchases() || plan.uses(TuneGoal.MODEL_BYTES),
          "kaseb tune: trial %d of %d, %s on sessions held back from train%s"
              .formatted(
                  best.trial(),
                  figures.trials(),
                  best.values(),
                  FormChoice.remark(FormChoice.of(trial.parameters()))));
    }
    if (best == null) {
      // One of an earlier run would be taken for this one's.
      Files.deleteIfExists(folder.resolve(Tune.BEST));
    }
    String text = Tune.text(folder, figures);
    AtomicFiles.write(folder.resolve(Tune.REPORT), path -> Files.writeString(path, text));
    TunePage.write(experiment, figures, folder.resolve(Tune.PAGE));
  }

  /// Leaves the purchase forecast out of a configuration where the model's size was measured
  /// without one: trained, it would be larger than what was found.
  private static ConfigFile.Resolved measuredAlone(TunePlan plan, ConfigFile.Resolved config) {
    return plan.uses(TuneGoal.MODEL_BYTES) && !plan.purchases()
        ? ConfigFile.changed("trial", config, Map.of("intent", "off"))
        : config;
  }

  /// Keeps what confirming an experiment's winner came to, and returns all figures with it.
  static TuneFigures confirmed(Path folder, TuneConfirmation confirmation) throws IOException {
    Json.write(folder.resolve(CONFIRMATION), confirmation);
    try (TuneExperiment experiment = TuneExperiment.open(folder)) {
      TuneFigures figures = figures(experiment, experiment.status());
      write(experiment, figures);
      return figures;
    }
  }

  /// Returns the configuration that trains a trial's model anew: with as many epochs as were best.
  static ConfigFile.Resolved config(TunePlan plan, Trial trial, Settings settings) {
    ConfigFile.Resolved config = TunePlan.changed(plan.base(), trial.parameters());
    int epochs = TuneReport.bestStep(trial, settings.goals());
    return plan.byEpochs() && epochs > 0
        ? ConfigFile.changed("trial", config, Map.of("n_epochs", Integer.toString(epochs)))
        : config;
  }

  /// Returns the best trials that have a full result, best first by the first goal; where none has,
  /// the best of the others.
  static List<Trial> top(TuneExperiment experiment, int count) {
    List<Trial> ranked =
        TuneReport.usable(experiment.study().history(), experiment.plan().constraints());
    List<Trial> full = ranked.stream().filter(t -> t.state() == TrialState.SUCCEEDED).toList();
    return full.isEmpty()
        ? ranked.subList(0, Math.min(1, ranked.size()))
        : full.subList(0, Math.min(count, full.size()));
  }
}
