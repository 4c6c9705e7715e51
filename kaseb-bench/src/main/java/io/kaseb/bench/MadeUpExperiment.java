package io.kaseb.bench;

import io.kaseb.store.Experiment;
import io.kaseb.tune.space.Choice;
import io.kaseb.tune.space.Parameter;
import io.kaseb.tune.space.Parameters;
import io.kaseb.tune.space.Range;
import io.kaseb.tune.space.Space;
import io.kaseb.tune.study.Settings;
import io.kaseb.tune.study.StudyState;
import io.kaseb.tune.study.StudyStatus;
import io.kaseb.tune.trial.Goal;
import io.kaseb.tune.trial.Measurement;
import io.kaseb.tune.trial.Outcome;
import io.kaseb.tune.trial.Segment;
import io.kaseb.tune.trial.Trial;
import io.kaseb.tune.trial.TrialState;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.SplittableRandom;

/// An experiment as a long search leaves one, made up, to look at: twelve parameters, values that
/// depend on some of them, some trials pruned, some failed.
public final class MadeUpExperiment {
  private MadeUpExperiment() {}

  private static Space space() {
    return Space.of(
        List.of(
            new Parameter("learning_rate", Range.log(.001, .5)),
            new Parameter("loss", Choice.of("cross-entropy", "bpr-max", "top1-max")),
            new Parameter("layers", Range.integers(16, 512)),
            new Parameter("batch_size", Range.integers(16, 512)),
            new Parameter("dropout_p_embed", Range.of(0, .6)),
            new Parameter("dropout_p_hidden", Range.of(0, .6)),
            new Parameter("momentum", Range.of(0, .9)),
            new Parameter("n_sample", Range.integers(64, 4096)),
            new Parameter("sample_alpha", Range.of(0, 1)),
            new Parameter("bpreg", Range.of(0, 2)),
            new Parameter("cell", Choice.of("gru", "lstm")),
            new Parameter("weight_decay", Range.log(1e-6, .01))));
  }

  /// Writes one.
  ///
  /// @param folder a new experiment's
  /// @param trials how many
  /// @param reports of a whole trial; 0 for none
  public static void write(Path folder, int trials, int reports) throws IOException {
    Settings settings =
        Settings.of(space(), Goal.maximize("mrr@20"))
            .withName(folder.getFileName().toString())
            .withBudget(Math.max(1, reports))
            .withConcurrency(8)
            .withMaxTrials(trials);
    List<Trial> all = new ArrayList<>();
    SplittableRandom random = new SplittableRandom(1);
    for (int id = 0; id < trials; id++) {
      all.add(trial(id, settings.space(), reports, random));
    }
    try (Experiment experiment = Experiment.create(folder, settings)) {
      for (Trial trial : all) {
        // The reports first: a store takes none of a trial that has ended.
        experiment.store().save(trial.ended(TrialState.WAITING, null, "", 0));
        trial.measurements().forEach(report -> experiment.store().report(trial.id(), report));
        experiment.store().save(trial);
      }
      experiment.store().status(new StudyStatus(StudyState.DONE, "", 3. * trials));
    }
  }

  private static Trial trial(int id, Space space, int reports, SplittableRandom random) {
    Parameters parameters = space.at(space.random(random));
    double rate = Math.log10(parameters.number("learning_rate")) + 1.3;
    double best =
        .3
            - .02 * rate * rate
            + .00008 * parameters.number("layers")
            - .05 * parameters.number("dropout_p_hidden")
            + (parameters.text("loss").equals("top1-max") ? -.02 : 0)
            + .01 * random.nextDouble();
    boolean failed = random.nextInt(60) == 0;
    boolean pruned = !failed && random.nextDouble() < (best < .28 ? .6 : .1);
    int last = failed || pruned ? random.nextInt(reports + 1) : reports;
    List<Measurement> measurements = new ArrayList<>();
    for (int step = 1; step <= last; step++) {
      double value = best * (1 - .6 * Math.exp(-5. * step / reports)) + .004 * random.nextDouble();
      measurements.add(new Measurement(step, List.of(value)));
    }
    TrialState state =
        failed ? TrialState.FAILED : pruned ? TrialState.EARLY_STOPPED : TrialState.SUCCEEDED;
    return new Trial(
        id,
        state,
        parameters,
        Trial.Origin.SAMPLER,
        List.of(new Segment(id, Math.max(0, id - 8), 0, Math.max(1, reports))),
        measurements,
        state == TrialState.SUCCEEDED ? Outcome.of(best) : null,
        failed ? "IllegalStateException: diverged" : pruned ? "pruned at step " + last : "",
        2 + 10 * random.nextDouble());
  }
}
