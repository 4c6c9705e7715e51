package io.kaseb.search;

import io.kaseb.base.KasebException;
import io.kaseb.base.Progress;
import io.kaseb.data.OpenDataset;
import io.kaseb.pipeline.ConfigFile;
import io.kaseb.store.Experiment;
import io.kaseb.tune.study.MethodSpec;
import io.kaseb.tune.study.Settings;
import io.kaseb.tune.study.Study;
import io.kaseb.tune.study.StudyState;
import io.kaseb.tune.trial.Trial;
import java.io.IOException;
import java.nio.file.Path;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.BooleanSupplier;
import org.jspecify.annotations.Nullable;

/// A random search with full trials that costs as many steps as another search, to be compared with
/// it: an experiment inside the experiment, which therefore goes on where it was stopped.
final class RandomSearch {
  private static final String FOLDER = "random";

  private RandomSearch() {}

  /// Searches, and returns the winner's configuration; null where it was stopped.
  ///
  /// @param experiment the other search's folder
  /// @param settings its settings
  /// @param steps how many it made
  static ConfigFile.@Nullable Resolved run(
      Path experiment,
      Settings settings,
      long steps,
      OpenDataset dataset,
      Progress progress,
      BooleanSupplier stop)
      throws IOException {
    Path folder = experiment.resolve(FOLDER);
    if (!Experiments.isOne(folder)) {
      Settings same =
          settings
              .withName(settings.name() + " at random")
              .withMethod(MethodSpec.of("Random"), MethodSpec.of("None"))
              .withMaxTrials((int) Math.max(1, steps / settings.budget()))
              .withLimits(Settings.Limits.NONE);
      TunePlan.read(experiment).withWarmCheck(null).write(folder);
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
    return result.status().status() == StudyState.STOPPED ? null : winner(folder);
  }

  private static ConfigFile.Resolved winner(Path folder) throws IOException {
    try (TuneExperiment experiment = TuneExperiment.open(folder)) {
      Study study = experiment.study();
      Trial best =
          TuneResults.top(experiment, 1).stream()
              .findFirst()
              .orElseThrow(() -> new KasebException(folder + ": no random trial has a result"));
      return TuneResults.config(experiment.plan(), best, study.settings());
    }
  }
}
