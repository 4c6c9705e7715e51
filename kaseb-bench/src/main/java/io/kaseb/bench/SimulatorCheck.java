package io.kaseb.bench;

import io.kaseb.base.Progress;
import io.kaseb.base.Workers;
import io.kaseb.baseline.Markov;
import io.kaseb.eval.EvalConfig;
import io.kaseb.eval.Evaluator;
import io.kaseb.forecast.Forecaster;
import io.kaseb.model.Catalogue;
import io.kaseb.model.Sessions;
import io.kaseb.simulate.Simulator;
import io.kaseb.simulate.SimulatorConfig;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.stream.IntStream;

/// The measurement behind `kaseb bench simulate`: simulates a log and sets its figures beside those
/// of the original.
public final class SimulatorCheck {
  private static final long DAY = 86_400_000L;

  private SimulatorCheck() {}

  /// What was found.
  ///
  /// @param sessionsPerSecond how fast the log was written, both files together
  /// @param items the catalogue's size
  /// @param rows every figure
  /// @param markovRecall20 recall@20 of a first-order Markov chain, protocol `rsc15`
  /// @param markovEvents predictions behind it
  public record Result(
      double sessionsPerSecond,
      int items,
      List<Row> rows,
      double markovRecall20,
      long markovEvents) {}

  /// One figure.
  ///
  /// @param ok within 5 % or 0.3 points of the target
  public record Row(String name, double target, double measured, boolean ok) {}

  /// Simulates into a folder and measures.
  public static Result run(SimulatorConfig config, Path folder, Progress progress)
      throws IOException {
    Simulator.Summary simulated = Simulator.write(config, folder, progress);
    Path clicks = folder.resolve(Simulator.CLICKS);
    try (LogFigures log =
        LogFigures.open(clicks, folder.resolve(Simulator.BUYS), Workers.of(config.threads()))) {
      List<LogFigures.Figure> figures = new ArrayList<>(log.figures());
      figures.addAll(log.popularity());
      List<Row> rows = new ArrayList<>();
      for (LogFigures.Figure f : figures) {
        rows.add(new Row(f.name(), f.target(), f.measured(), f.isOk(0)));
      }
      return markov(log.rsc15(), simulated, rows, config.threads());
    }
  }

  private static Result markov(
      Sessions all, Simulator.Summary simulated, List<Row> rows, int threads) {
    long[] times = all.times();
    if (times == null) {
      throw new IllegalStateException("a simulated log has times");
    }
    long border = times[times.length - 1] - DAY;
    int train = 0;
    while (times[all.end(train) - 1] < border) {
      train++;
    }
    Sessions before = all.slice(0, train);
    int items = IntStream.of(all.items()).max().orElse(0) + 1;
    Catalogue catalogue =
        Catalogue.of(IntStream.range(0, items).mapToObj(Integer::toString).toList());
    var found =
        Evaluator.evaluate(
            Forecaster.of(Markov.of(catalogue, before)),
            all.slice(train, all.count()),
            before.itemCounts(items),
            EvalConfig.defaults().withThreads(threads),
            Progress.NONE);
    double recall = found.metric("recall@20");
    rows.add(new Row("Markov recall@20 (.5 to .65)", .575, recall, recall >= .5 && recall <= .65));
    return new Result(
        simulated.sessionsPerSecond(), simulated.items(), rows, recall, found.events());
  }

  /// Returns the table that the terminal shows.
  public static String describe(Result result) {
    StringBuilder text = new StringBuilder();
    for (Row row : result.rows()) {
      text.append(
          String.format(
              Locale.ROOT,
              "%-40s %10.4f %10.4f  %s%n",
              row.name(),
              row.target(),
              row.measured(),
              row.ok() ? "ok" : "OFF"));
    }
    long ok = result.rows().stream().filter(Row::ok).count();
    text.append(
        String.format(
            Locale.ROOT,
            "%d of %d figures within 5 %% or 0.3 points; %,.0f sessions/s; simulated data",
            ok,
            result.rows().size(),
            result.sessionsPerSecond()));
    return text.toString();
  }
}
