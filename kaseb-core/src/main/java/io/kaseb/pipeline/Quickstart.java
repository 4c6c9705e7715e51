package io.kaseb.pipeline;

import io.kaseb.base.NewFolder;
import io.kaseb.base.Progress;
import io.kaseb.base.Workers;
import io.kaseb.config.TrainConfig;
import io.kaseb.data.OpenDataset;
import io.kaseb.duckdb.Resources;
import io.kaseb.eval.EvalConfig;
import io.kaseb.logfile.ClickSource;
import io.kaseb.logfile.Format;
import io.kaseb.logfile.Split;
import io.kaseb.model.TrainingEpoch;
import io.kaseb.report.Report;
import io.kaseb.simulate.Simulator;
import io.kaseb.simulate.SimulatorConfig;
import io.kaseb.train.Checkpoint;
import io.kaseb.train.TrainFigures;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.function.BooleanSupplier;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;

/// The whole way on simulated data: simulate, prepare, train, evaluate beside baselines, forecast,
/// report.
public final class Quickstart {
  private static final double VALID = .05;
  private static final int NEXT = 20;
  private static final String FORMAT = "yoochoose";

  /// A week, where the paper takes a day: a small log's last day is too little to tell models
  /// apart.
  private static final String SPLIT = "days:7";

  /// Hears what happens.
  ///
  /// @param step told each step before it runs
  /// @param epoch told each epoch
  public record Listener(Consumer<QuickstartStep> step, Consumer<TrainingEpoch> epoch) {}

  /// What came of it.
  ///
  /// @param report the evaluation
  /// @param train the training
  /// @param page the report's file
  public record Result(Report report, TrainFigures train, Path page) {}

  private Quickstart() {}

  /// Runs everything into a folder.
  ///
  /// @param sessions simulated sessions, those of the challenge's test apart
  /// @param command what makes the report again, for its foot
  /// @return null where it was stopped
  public static @Nullable Result run(
      long sessions,
      Path folder,
      ConfigFile.Resolved resolved,
      int threads,
      String command,
      Listener listener,
      Progress progress,
      BooleanSupplier stop)
      throws IOException {
    TrainConfig config = resolved.config();
    Path log = folder.resolve("log");
    Path dataset = folder.resolve("dataset");
    Path model = folder.resolve("model.kaseb");
    Path page = folder.resolve("report.html");
    Path clicks = log.resolve(Simulator.CLICKS);
    Path buys = log.resolve(Simulator.BUYS);
    Path test = log.resolve(Simulator.TEST_CLICKS);
    SimulatorConfig simulation = new SimulatorConfig(sessions, config.seed(), threads);
    NewFolder made = NewFolder.make(folder);
    made.discard();

    listener.step.accept(new QuickstartStep.Simulate(sessions, config.seed(), log));
    Simulate.run(simulation, log, progress);

    Split split = Split.parse(SPLIT);
    listener.step.accept(new QuickstartStep.Prepare(FORMAT, clicks, buys, split, dataset));
    Format format = Format.of(FORMAT);
    Resources resources = Resources.DEFAULT.with(Workers.of(threads));
    ClickSource source = new ClickSource(format, List.of(clicks), List.of(buys), List.of(), null);
    Prepare.Rules rules = Prepare.Rules.DEFAULT.with(split);
    Prepare.run(source, rules, resources, dataset, true, progress);

    listener.step.accept(
        new QuickstartStep.Train(dataset, model, VALID, config.seed(), changes(resolved)));
    Files.deleteIfExists(Checkpoint.of(model));
    Train.Options options =
        Train.Options.of(dataset, model, config, threads)
            .withValid(VALID)
            .withIntent(resolved.intent());
    OpenDataset open = Train.open(options);
    TrainFigures figures = Train.run(options, open, listener.epoch, progress, stop);
    if (figures == null) {
      return null;
    }

    listener.step.accept(new QuickstartStep.Evaluate(model, dataset, page));
    Report report =
        Evaluate.run(
            model,
            open,
            EvalConfig.defaults().withThreads(threads),
            null,
            true,
            figures.epochs(),
            true,
            command,
            progress);
    report.writeTo(page);

    Path answers = folder.resolve("next-items.txt");
    listener.step.accept(new QuickstartStep.Forecast(model, test, NEXT, answers));
    ForecastInput input =
        ForecastInput.read(model, NEXT, ClickSource.of(format, test), 0, resources, progress);
    Forecast.nextItems(input, answers, resources, progress);
    if (figures.purchase() != null && figures.purchase().trained()) {
      Path bought = folder.resolve("purchases.txt");
      listener.step.accept(new QuickstartStep.Forecast(model, test, null, bought));
      Answers.write(input, bought, null, resources, progress);
      Path truth = log.resolve(Simulator.TEST_BUYS);
      listener.step.accept(new QuickstartStep.Score(bought, test, truth));
    }
    return new Result(report, figures, page);
  }

  /// Returns the keys and values that make the defaults into a configuration, its seed apart.
  public static Map<String, String> changes(ConfigFile.Resolved config) {
    Map<String, JsonNode> defaults = ConfigFile.values(ConfigFile.Resolved.DEFAULT, true);
    Map<String, JsonNode> values = new TreeMap<>(ConfigFile.values(config, true));
    Map<String, String> changes = new LinkedHashMap<>();
    values.forEach(
        (key, value) -> {
          if (!key.equals("seed") && !value.equals(defaults.get(key))) {
            String text = value.isString() ? value.asString() : value.toString();
            changes.put(key, text.replaceAll("[\\[\\]]", ""));
          }
        });
    return changes;
  }
}
