package io.kaseb.search;

import io.kaseb.data.OpenDataset;
import io.kaseb.store.Experiment;
import io.kaseb.trial.WarmWeights;
import io.kaseb.tune.study.MethodSpec;
import io.kaseb.tune.study.Request;
import io.kaseb.tune.study.Settings;
import io.kaseb.tune.study.Study;
import io.kaseb.tune.study.StudyState;
import io.kaseb.tune.trial.Fidelity;
import io.kaseb.tune.trial.Trial;
import io.kaseb.tune.trial.TrialState;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.function.BooleanSupplier;
import java.util.function.Function;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/// What results of trials with a warm start are worth: some of the same configurations trained from
/// scratch, as an experiment inside the experiment, which therefore goes on where it was stopped.
///
/// @param pairs the trials that were trained both ways, best first
/// @param correlation Spearman's rho between both results; null below 3 pairs or where either side
///   is constant
/// @param trusted whether that is good enough to believe the search's order
public record WarmStartCheck(List<Pair> pairs, @Nullable Double correlation, boolean trusted) {
  private static final String FOLDER = "scratch";

  /// The least correlation to trust, and the least pairs to trust it over.
  private static final double ENOUGH = .8;

  private static final int LEAST = 5;
  private static final int LEAST_FOR_RHO = 3;

  /// A configuration trained both ways.
  ///
  /// @param trial its id in the search
  /// @param from the trial that it started from
  /// @param tensors how many tensors it took
  /// @param warm the first goal in the search
  /// @param scratch the first goal from its own random weights
  public record Pair(int trial, int from, int tensors, double warm, double scratch) {}

  /// Copies the list.
  public WarmStartCheck {
    pairs = List.copyOf(pairs);
  }

  /// Returns the check of some pairs.
  static WarmStartCheck of(List<Pair> pairs) {
    Double rho = null;
    if (pairs.size() >= LEAST_FOR_RHO) {
      double found =
          Fidelity.spearman(
              pairs.stream().mapToDouble(Pair::warm).toArray(),
              pairs.stream().mapToDouble(Pair::scratch).toArray());
      rho = Double.isNaN(found) ? null : found;
    }
    return new WarmStartCheck(pairs, rho, rho != null && pairs.size() >= LEAST && rho >= ENOUGH);
  }

  /// Trains the best trials that had a warm start from scratch.
  ///
  /// @param dataset the plan's
  /// @return false where it was stopped
  static boolean run(TuneExperiment experiment, OpenDataset dataset, BooleanSupplier stop)
      throws IOException {
    Path folder = experiment.folder();
    TunePlan plan = experiment.plan();
    Study study = experiment.study();
    Path scratch = folder.resolve(FOLDER);
    if (!Experiments.isOne(scratch)) {
      List<Trial> chosen = chosen(experiment);
      if (chosen.isEmpty()) {
        return true;
      }
      Settings same =
          study
              .settings()
              .withName(study.settings().name() + " from scratch")
              .withMethod(MethodSpec.of("Random"), MethodSpec.of("None"))
              .withMaxTrials(chosen.size())
              .withLimits(Settings.Limits.NONE);
      Files.createDirectories(scratch);
      plan.withWarmCheck(null).write(scratch);
      try (Experiment again = Experiment.create(scratch, same)) {
        for (Trial trial : chosen) {
          again.store().request(new Request.Enqueue(trial.parameters()));
        }
      }
    }
    return Tune.run(scratch, dataset, trial -> {}, stop).status().status() != StudyState.STOPPED;
  }

  private static List<Trial> chosen(TuneExperiment experiment) throws IOException {
    List<Trial> chosen = new ArrayList<>();
    Path folder = experiment.folder();
    Integer check = experiment.plan().warmCheck();
    int wanted = check == null ? 0 : check;
    for (Trial trial : TuneResults.top(experiment, Integer.MAX_VALUE)) {
      boolean whole = trial.state() == TrialState.SUCCEEDED;
      if (chosen.size() < wanted && whole && WarmWeights.start(folder, trial.id()) != null) {
        chosen.add(trial);
      }
    }
    return chosen;
  }

  /// Returns the check as far as it was made; null where trials had no warm start.
  static @Nullable WarmStartCheck read(Path folder, TunePlan plan, List<Trial> trials)
      throws IOException {
    if (plan.warmCheck() == null) {
      return null;
    }
    Path scratch = folder.resolve(FOLDER);
    if (!Experiments.isOne(scratch)) {
      return of(List.of());
    }
    Map<Object, Trial> byParameters =
        trials.stream()
            .collect(Collectors.toMap(Trial::parameters, Function.identity(), (a, b) -> a));
    List<Pair> pairs = new ArrayList<>();
    try (Experiment experiment = Experiment.open(scratch)) {
      for (Trial again : experiment.store().trials()) {
        Trial trial = byParameters.get(again.parameters());
        WarmWeights.Start start = trial == null ? null : WarmWeights.start(folder, trial.id());
        if (trial != null && start != null && again.state() == TrialState.SUCCEEDED) {
          pairs.add(
              new Pair(
                  trial.id(),
                  start.trial(),
                  start.shared().size(),
                  trial.values().getFirst(),
                  again.values().getFirst()));
        }
      }
    }
    return of(pairs);
  }

  /// Returns the check as lines for a terminal.
  String text() {
    StringBuilder out = new StringBuilder();
    TuneReport.line(out, "warm start against training from scratch, the same configurations");
    pairs.forEach(
        p ->
            TuneReport.line(
                out,
                "  trial %-4d %.4f warm (%d tensors of trial %d), %.4f from scratch",
                p.trial(),
                p.warm(),
                p.tensors(),
                p.from(),
                p.scratch()));
    if (correlation != null) {
      TuneReport.line(out, "  rank correlation: %.2f over %d trials", correlation, pairs.size());
    }
    TuneReport.line(
        out,
        trusted
            ? "  good enough: the order of warm-started trials can be trusted"
            : pairs.size() < LEAST
                ? "  too few trials to say whether warm-started results can be trusted"
                : "  not good enough: do not trust the order of warm-started trials; search again"
                    + " without a warm start");
    return out.toString();
  }
}
