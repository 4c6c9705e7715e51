package io.kaseb.search;

import io.kaseb.tune.trial.Outcome;
import java.io.IOException;
import java.nio.file.Path;

/// Trains trials of an experiment whose study runs in another process: from the plan in the
/// experiment's folder, which both see, on the dataset, which is read once for all trials.
public final class TrialWorker {
  private final TuneObjective objective;

  private TrialWorker(TuneObjective objective) {
    this.objective = objective;
  }

  /// Reads an experiment's plan and its dataset.
  public static TrialWorker open(Path experiment) throws IOException {
    TunePlan plan = TunePlan.read(experiment);
    // Which states are no longer needed the study's own process knows.
    TrialStates states = TrialStates.of(experiment, true);
    return new TrialWorker(TuneObjective.of(plan, plan.open(), states, null));
  }

  /// Trains and measures a segment. Where an earlier try at it was lost with its machine, it goes
  /// on from the last epoch that was done.
  ///
  /// @throws IOException where a file cannot be read or written, which no parameters can help
  public Outcome run(TrialWork trial) throws IOException {
    return new TuneTrial(objective, trial, true).run();
  }
}
