package io.kaseb.pipeline;

import io.kaseb.base.Json;
import io.kaseb.base.NewFolder;
import io.kaseb.base.Progress;
import io.kaseb.base.Workers;
import io.kaseb.config.TrainConfig;
import io.kaseb.data.OpenDataset;
import io.kaseb.duckdb.Resources;
import io.kaseb.eval.EvalConfig;
import io.kaseb.logfile.ClickSource;
import io.kaseb.logfile.Format;
import io.kaseb.logfile.LogAttribute;
import io.kaseb.logfile.LogColumns;
import io.kaseb.logfile.Protocol;
import io.kaseb.logfile.Split;
import io.kaseb.model.TrainingEpoch;
import io.kaseb.report.Report;
import io.kaseb.simulate.ShopperLog;
import io.kaseb.simulate.Simulator;
import io.kaseb.simulate.SimulatorConfig;
import io.kaseb.train.Checkpoint;
import io.kaseb.train.TrainFigures;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
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

  private static final String SHOP_SPLIT = "time:0.1";
  private static final String DATASET = "dataset";
  private static final String MODEL = "model.kaseb";
  private static final String FIGURES = "report.json";

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
    Path dataset = folder.resolve(DATASET);
    Path model = folder.resolve(MODEL);
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

    Result result = learn(folder, resolved, threads, command, listener, progress, stop);
    if (result == null) {
      return null;
    }

    Path answers = folder.resolve("next-items.txt");
    listener.step.accept(new QuickstartStep.Forecast(model, test, NEXT, answers));
    ForecastInput input =
        ForecastInput.read(model, NEXT, ClickSource.of(format, test), 0, resources, progress);
    Forecast.nextItems(input, answers, resources, progress);
    if (result.train.purchase() != null && result.train.purchase().trained()) {
      Path bought = folder.resolve("purchases.txt");
      listener.step.accept(new QuickstartStep.Forecast(model, test, null, bought));
      Answers.write(input, bought, null, resources, progress);
      Path truth = log.resolve(Simulator.TEST_BUYS);
      listener.step.accept(new QuickstartStep.Score(bought, test, truth));
    }
    return result;
  }

  /// Runs the part of it that ends with a model to serve, on a shop whose log has everything that
  /// shoppers do. The figures stand in `report.json` too, in the form of a comparison's.
  ///
  /// @param sessions simulated sessions, the latest tenth of them for the test
  /// @param command what makes the report again, for its foot
  /// @return null where it was stopped
  public static @Nullable Result shop(
      long sessions,
      Path folder,
      ConfigFile.Resolved resolved,
      int threads,
      String command,
      Listener listener,
      Progress progress,
      BooleanSupplier stop)
      throws IOException {
    Path log = folder.resolve("events");
    Path dataset = folder.resolve(DATASET);
    Path events = log.resolve(ShopperLog.EVENTS);
    long seed = resolved.config().seed();
    SimulatorConfig simulation = new SimulatorConfig(sessions, seed, threads);
    NewFolder.make(folder).discard();

    listener.step.accept(new QuickstartStep.SimulateEvents(sessions, seed, log));
    Simulate.everything(simulation, log, progress);

    Split split = Split.parse(SHOP_SPLIT);
    listener.step.accept(
        new QuickstartStep.PrepareEvents(
            events,
            ShopperLog.COLUMNS,
            ShopperLog.ATTRIBUTES,
            Protocol.CHALLENGE.name().toLowerCase(Locale.ROOT),
            split,
            dataset));
    Format format =
        Format.of("csv")
            .with(LogColumns.parse(ShopperLog.COLUMNS))
            .withAttributes(LogAttribute.parse(ShopperLog.ATTRIBUTES));
    Prepare.run(
        ClickSource.of(format, events),
        Prepare.Rules.DEFAULT.with(Protocol.CHALLENGE).with(split),
        Resources.DEFAULT.with(Workers.of(threads)),
        dataset,
        true,
        progress);

    Result result = learn(folder, resolved, threads, command, listener, progress, stop);
    if (result != null) {
      Path figures = folder.resolve(FIGURES);
      Json.write(figures, Compare.Figures.of(result.report));
      listener.step.accept(new QuickstartStep.Serve(folder.resolve(MODEL), dataset, figures));
    }
    return result;
  }

  /// Trains on a folder's dataset and measures the model.
  private static @Nullable Result learn(
      Path folder,
      ConfigFile.Resolved resolved,
      int threads,
      String command,
      Listener listener,
      Progress progress,
      BooleanSupplier stop)
      throws IOException {
    TrainConfig config = resolved.config();
    Path dataset = folder.resolve(DATASET);
    Path model = folder.resolve(MODEL);
    Path page = folder.resolve("report.html");
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
