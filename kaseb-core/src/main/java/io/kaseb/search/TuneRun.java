package io.kaseb.search;

import io.kaseb.base.KasebException;
import io.kaseb.data.OpenDataset;
import io.kaseb.trial.WarmWeights;
import io.kaseb.tune.study.BrokenStudyException;
import io.kaseb.tune.study.Objective;
import io.kaseb.tune.study.Study;
import io.kaseb.tune.study.StudyState;
import io.kaseb.tune.study.StudyStatus;
import io.kaseb.tune.trial.Trial;
import java.io.IOException;
import java.nio.file.Path;
import java.util.function.BooleanSupplier;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/// Runs the study of an experiment, and clears up behind it.
final class TuneRun {
  private TuneRun() {}

  /// Runs an experiment until it is done, stopped or out of time.
  ///
  /// @param dataset the plan's
  /// @param elsewhere trains trials in other processes; null to train them here
  /// @param listener hears of every trial that began or whose segment ended
  /// @param stop asked often; where it says yes, the run ends
  static StudyStatus run(
      TuneExperiment experiment,
      OpenDataset dataset,
      @Nullable Objective elsewhere,
      Consumer<Trial> listener,
      BooleanSupplier stop)
      throws IOException {
    Path folder = experiment.folder();
    TunePlan plan = experiment.plan();
    Study study = experiment.study();
    boolean copies = study.settings().method().copiesTrials();
    TrialStates states = TrialStates.of(folder, copies);
    WarmWeights warm =
        plan.warmCheck() == null
            ? null
            : WarmWeights.open(folder, study.settings().space(), study.trials());
    Objective trials =
        elsewhere != null
            ? elsewhere
            : here(TuneObjective.of(plan, dataset, states, warm), study, stop);
    StudyStatus status;
    try (StudyStopper stopper = StudyStopper.start(study, stop)) {
      status =
          study.run(
              trials,
              trial -> {
                listener.accept(trial);
                states.release(trial);
              });
    } catch (IllegalArgumentException e) {
      throw KasebException.at(folder.toString(), e);
    } catch (BrokenStudyException e) {
      throw new KasebException(
          new KasebException.Problem(
              null, e.getMessage(), null, "the search has stopped; resume it when that is mended"),
          e);
    }
    return status.status() == StudyState.DONE
        ? done(experiment, dataset, states, warm, status, stop)
        : status;
  }

  /// Returns the objective of trials in this process, whose code is warm where any will be trained.
  private static Objective here(TuneObjective objective, Study study, BooleanSupplier stop)
      throws IOException {
    if (study.trials().stream().filter(t -> !t.state().finished()).count() > 0
        || study.trials().size() < study.settings().maxTrials()) {
      WarmUp.run(objective, study.settings().space(), stop);
    }
    return objective;
  }

  private static StudyStatus done(
      TuneExperiment experiment,
      OpenDataset dataset,
      TrialStates states,
      @Nullable WarmWeights warm,
      StudyStatus status,
      BooleanSupplier stop)
      throws IOException {
    states.clear();
    if (warm == null) {
      return status;
    }
    warm.clear();
    return WarmStartCheck.run(experiment, dataset, stop)
        ? status
        : new StudyStatus(StudyState.STOPPED, "", status.seconds());
  }
}
