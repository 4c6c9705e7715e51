package io.kaseb.bench;

import io.kaseb.store.Experiment;
import io.kaseb.tune.space.Parameter;
import io.kaseb.tune.space.Range;
import io.kaseb.tune.space.Space;
import io.kaseb.tune.study.MethodSpec;
import io.kaseb.tune.study.Objective;
import io.kaseb.tune.study.Settings;
import io.kaseb.tune.study.Study;
import io.kaseb.tune.trial.Goal;
import io.kaseb.tune.trial.Outcome;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.SplittableRandom;

/// Measures what a study itself costs, with objectives that cost nothing: whether that grows with
/// the number of trials.
public final class BenchStudy {
  private static final int PARTS = 6;

  /// A part of a study, in the order of trials.
  ///
  /// @param trials at the end of the part
  /// @param millisPerTrial wall-clock time
  /// @param cpuMillisPerTrial processor time of the whole process, compilation included
  /// @param microsPerReport wall-clock time of a report, stored and judged; 0 without reports
  public record Row(
      String study,
      int trials,
      double millisPerTrial,
      double cpuMillisPerTrial,
      double microsPerReport) {}

  private BenchStudy() {}

  /// Measures a study with the median pruner in which every trial lasts to its end, so that the
  /// median is always over all trials before; kept in SQLite.
  ///
  /// @param folder a new experiment's
  /// @param trials how many
  /// @param reports of each trial
  public static List<Row> reports(Path folder, int trials, int reports) throws IOException {
    Space space = Space.of(List.of(new Parameter("x", Range.of(0, 1))));
    Settings settings =
        Settings.of(space, Goal.maximize("height"))
            .withMethod(MethodSpec.of("Random"), MethodSpec.of("Medianstop"))
            .withBudget(reports)
            .withMaxTrials(trials);
    Clock clock = new Clock("medianstop", trials);
    return run(
        folder,
        settings,
        clock,
        trial -> {
          SplittableRandom random = new SplittableRandom(trial.id());
          // The best value comes first: no trial is ever worse than a median.
          trial.report(1, 2);
          long started = System.nanoTime();
          for (int step = 2; step <= reports; step++) {
            trial.report(step, random.nextDouble());
          }
          clock.reported(System.nanoTime() - started, reports - 1);
          return Outcome.of(random.nextDouble());
        });
  }

  /// Measures a study with TPE over eight parameters, four of them integers; kept in SQLite.
  ///
  /// @param folder a new experiment's
  /// @param trials how many
  public static List<Row> suggestions(Path folder, int trials) throws IOException {
    List<Parameter> parameters = new ArrayList<>();
    for (int i = 0; i < 4; i++) {
      parameters.add(new Parameter("x" + i, Range.of(0, 1)));
      parameters.add(new Parameter("n" + i, Range.integers(1, 200)));
    }
    Settings settings =
        Settings.of(Space.of(parameters), Goal.minimize("sum"))
            .withMethod(MethodSpec.of("TPE"), MethodSpec.of("None"))
            .withMaxTrials(trials);
    return run(
        folder,
        settings,
        new Clock("tpe", trials),
        Objective.of(
            p ->
                p.flat().values().stream()
                    .mapToDouble(v -> Math.pow(((Number) v).doubleValue() - .3, 2))
                    .sum()));
  }

  private static List<Row> run(Path folder, Settings settings, Clock clock, Objective objective)
      throws IOException {
    try (Experiment experiment = Experiment.create(folder, settings)) {
      experiment.lock();
      Study.open(experiment.store())
          .run(
              objective,
              trial -> {
                if (trial.state().finished()) {
                  clock.ended(trial.id() + 1);
                }
              });
    }
    return clock.rows;
  }

  /// Notes a row after each part of the trials.
  private static final class Clock {
    final List<Row> rows = new ArrayList<>();
    private final String name;
    private final int part;
    private long started = System.nanoTime();
    private double cpu = cpuMillis();
    private long reportNanos;
    private long reports;

    Clock(String name, int trials) {
      this.name = name;
      this.part = Math.max(1, trials / PARTS);
    }

    private static double cpuMillis() {
      return ProcessHandle.current().info().totalCpuDuration().orElse(Duration.ZERO).toNanos()
          / 1e6;
    }

    synchronized void reported(long nanos, int count) {
      reportNanos += nanos;
      reports += count;
    }

    synchronized void ended(int trials) {
      if (trials % part == 0) {
        rows.add(
            new Row(
                name,
                trials,
                (System.nanoTime() - started) / 1e6 / part,
                (cpuMillis() - cpu) / part,
                reports == 0 ? 0 : reportNanos / 1e3 / reports));
        started = System.nanoTime();
        cpu = cpuMillis();
        reportNanos = 0;
        reports = 0;
      }
    }
  }
}
