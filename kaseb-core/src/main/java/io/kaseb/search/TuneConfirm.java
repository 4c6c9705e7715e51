package io.kaseb.search;

import io.kaseb.base.KasebException;
import io.kaseb.base.Progress;
import io.kaseb.base.Workers;
import io.kaseb.data.OpenDataset;
import io.kaseb.eval.Paired;
import io.kaseb.pipeline.ConfigFile;
import io.kaseb.trial.TestResult;
import io.kaseb.tune.study.Settings;
import io.kaseb.tune.study.Study;
import io.kaseb.tune.trial.Trial;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.BooleanSupplier;
import org.jspecify.annotations.Nullable;

/// Tests a search's winner: it, the configuration that the search began with (also with the number
/// of epochs that was best for it) and, where wanted, the winner of a random search at equal cost
/// are trained with several new seeds on all of train and compared on the test part. Goes on where
/// it was stopped.
public final class TuneConfirm {
  private static final int RESAMPLES = 2_000;

  private TuneConfirm() {}

  /// What to confirm.
  ///
  /// @param folder the experiment's
  /// @param seeds seeds of each configuration, 2 or more
  /// @param top how many of the best trials
  /// @param random whether a random search at equal cost is made and compared
  public record Options(Path folder, int seeds, int top, boolean random) {}

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
    try (TuneExperiment experiment = TuneExperiment.openToRun(options.folder())) {
      return run(experiment, options, dataset, progress, stop);
    }
  }

  private static @Nullable TuneFigures run(
      TuneExperiment experiment,
      Options options,
      OpenDataset dataset,
      Progress progress,
      BooleanSupplier stop)
      throws IOException {
    long started = System.nanoTime();
    Path folder = options.folder();
    TunePlan plan = experiment.plan();
    dataset.withTest();
    Settings settings = experiment.study().settings();
    long steps = experiment.study().trials().stream().mapToLong(Trial::lastStep).sum();
    Map<String, ConfigFile.Resolved> wanted = wanted(experiment, options.top());
    if (options.random()) {
      ConfigFile.Resolved best = RandomSearch.run(folder, settings, steps, dataset, progress, stop);
      if (best == null) {
        return null;
      }
      wanted.put("random search", best);
    }
    Workers workers = Workers.of(Math.min(Workers.MOST, settings.concurrency()));
    Map<String, List<TestResult>> results =
        new ConfirmTrainings(folder, plan, dataset, workers, progress, stop)
            .run(wanted, options.seeds());
    if (results == null) {
      return null;
    }
    double seconds = (System.nanoTime() - started) / 1e9;
    return TuneResults.confirmed(folder, compared(results, workers, seconds));
  }

  /// Returns the configurations to compare, by name, the winner first.
  private static Map<String, ConfigFile.Resolved> wanted(TuneExperiment experiment, int top) {
    Study study = experiment.study();
    TunePlan plan = experiment.plan();
    List<Trial> best = TuneResults.top(experiment, top);
    if (best.isEmpty()) {
      throw new KasebException(experiment.folder() + ": no trial has a result to confirm");
    }
    Map<String, ConfigFile.Resolved> wanted = new LinkedHashMap<>();
    for (Trial trial : best) {
      wanted.put("trial " + trial.id(), TuneResults.config(plan, trial, study.settings()));
    }
    wanted.put("base", plan.base());
    // What choosing the number of epochs alone would have given.
    study.trials().stream()
        .filter(t -> t.origin().equals(Trial.Origin.USER) && !t.measurements().isEmpty())
        .map(t -> TuneResults.config(plan, t, study.settings()))
        .filter(config -> !config.config().equals(plan.base().config()))
        .findFirst()
        .ifPresent(config -> wanted.put("base, best epoch", config));
    return wanted;
  }

  private static TuneConfirmation compared(
      Map<String, List<TestResult>> results, Workers workers, double seconds) {
    List<TuneConfirmation.Entry> entries = new ArrayList<>();
    List<TestResult> winner = results.values().iterator().next();
    int[] events = winner.getFirst().events();
    results.forEach(
        (name, seeds) -> {
          Paired paired =
              seeds == winner
                  ? new Paired(0, 0, 0)
                  : Paired.of(sums(winner), sums(seeds), events, RESAMPLES, 1, workers);
          entries.add(
              new TuneConfirmation.Entry(
                  name,
                  seeds.getFirst().config(),
                  seeds.stream().map(r -> r.mean(r.mrr())).toList(),
                  seeds.stream().map(r -> r.mean(r.recall())).toList(),
                  paired.ahead(),
                  paired.low(),
                  paired.high()));
        });
    return new TuneConfirmation(winner.getFirst().allEvents(), entries, seconds);
  }

  private static double[][] sums(List<TestResult> seeds) {
    return seeds.stream().map(TestResult::mrr).toArray(double[][]::new);
  }
}
