package io.kaseb.search;

import io.kaseb.base.KasebException;
import io.kaseb.store.Experiment;
import io.kaseb.tune.space.Parameters;
import io.kaseb.tune.space.Space;
import io.kaseb.tune.study.Request;
import io.kaseb.tune.study.Settings;
import io.kaseb.tune.study.Study;
import io.kaseb.tune.study.StudyStatus;
import java.io.IOException;
import java.nio.file.Path;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/// An open experiment of `tune`: its folder, the study in it, and the plan of what trials do.
final class TuneExperiment implements AutoCloseable {
  private final Experiment experiment;
  private final Study study;
  private final TunePlan plan;

  private TuneExperiment(Experiment experiment, Study study, TunePlan plan) {
    this.experiment = experiment;
    this.study = study;
    this.plan = plan;
  }

  /// Creates an experiment whose first trial is the plan's own configuration, where the space can
  /// say it.
  static void create(Path folder, TunePlan plan, Settings settings) throws IOException {
    plan.write(folder);
    try (Experiment experiment = Experiment.create(folder, settings)) {
      Parameters base = base(settings.space(), plan);
      if (base != null) {
        experiment.store().request(new Request.Enqueue(base));
      }
    }
  }

  private static @Nullable Parameters base(Space space, TunePlan plan) {
    Map<String, Object> values = TuneSpace.values(space, TuneSpace.texts(plan.base()));
    try {
      return space.checked(new Parameters(values));
    } catch (IllegalArgumentException e) {
      return null;
    }
  }

  /// Opens an experiment to look at it.
  static TuneExperiment open(Path folder) throws IOException {
    return open(folder, false);
  }

  /// Opens an experiment to run it, which no other process may do until it is closed.
  static TuneExperiment openToRun(Path folder) throws IOException {
    return open(folder, true);
  }

  private static TuneExperiment open(Path folder, boolean run) throws IOException {
    Experiment experiment = Experiment.open(folder);
    try {
      if (run) {
        // Before the study is read: what another process has still to write would be missing.
        experiment.lock();
      }
      return new TuneExperiment(experiment, Study.open(experiment.store()), TunePlan.read(folder));
    } catch (IllegalArgumentException e) {
      experiment.close();
      throw KasebException.at(folder.toString(), e);
    } catch (IOException | RuntimeException e) {
      experiment.close();
      throw e;
    }
  }

  /// Returns the folder.
  Path folder() {
    return experiment.folder();
  }

  /// Returns what its trials do.
  TunePlan plan() {
    return plan;
  }

  /// Returns its study.
  Study study() {
    return study;
  }

  /// Returns how it stands.
  StudyStatus status() throws IOException {
    return experiment.status();
  }

  @Override
  public void close() throws IOException {
    experiment.close();
  }
}
