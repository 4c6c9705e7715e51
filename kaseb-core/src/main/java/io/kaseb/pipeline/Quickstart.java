package io.kaseb.pipeline;

import io.kaseb.base.Progress;
import io.kaseb.base.Workers;
import io.kaseb.config.TrainConfig;
import io.kaseb.data.OpenDataset;
import io.kaseb.duckdb.Resources;
import io.kaseb.eval.EvalConfig;
import io.kaseb.eval.Report;
import io.kaseb.ingest.ClickSource;
import io.kaseb.ingest.Format;
import io.kaseb.ingest.Split;
import io.kaseb.model.TrainingEpoch;
import io.kaseb.simulate.Simulator;
import io.kaseb.simulate.SimulatorConfig;
import io.kaseb.train.Checkpoint;
import io.kaseb.train.TrainFigures;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
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

  /// A week, where the paper takes a day: a small log's last day is too little to tell models
  /// apart.
  private static final String SPLIT = "days:7";

  /// Hears what happens.
  ///
  /// @param step told each step's command before it runs
  /// @param epoch told each epoch
  public record Listener(Consumer<String> step, Consumer<TrainingEpoch> epoch) {}

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
  /// @return null where it was stopped
  public static @Nullable Result run(
      long sessions,
      Path folder,
      ConfigFile.Resolved resolved,
      int threads,
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
    Files.createDirectories(folder);

    listener.step.accept("kaseb simulate --sessions " + sessions + " --out " + log);
    Simulate.run(new SimulatorConfig(sessions, config.seed(), threads), log, progress);

    listener.step.accept(
        "kaseb prepare --format yoochoose --clicks "
            + clicks
            + " --buys "
            + buys
            + " --split "
            + SPLIT
            + " --force --out "
            + dataset);
    Resources resources = Resources.DEFAULT.with(Workers.of(threads));
    ClickSource source =
        new ClickSource(Format.of("yoochoose"), List.of(clicks), List.of(buys), List.of(), null);
    Prepare.Rules rules = Prepare.Rules.DEFAULT.with(Split.parse(SPLIT));
    Prepare.run(source, rules, resources, dataset, true, progress);

    String settings = settings(resolved);
    listener.step.accept(
        "kaseb train " + dataset + " --out " + model + " --valid " + VALID + settings);
    Files.deleteIfExists(Checkpoint.of(model));
    Train.Options options =
        new Train.Options(dataset, model, config, VALID, null, false, threads, resolved.intent());
    OpenDataset open = Train.open(options);
    TrainFigures figures = Train.run(options, open, listener.epoch, progress, stop);
    if (figures == null) {
      return null;
    }

    String evaluate = "kaseb evaluate " + model + " " + dataset + " --baselines";
    listener.step.accept(evaluate + " --html " + page);
    Report report =
        Evaluate.run(
            model,
            open,
            EvalConfig.defaults().withThreads(threads),
            null,
            true,
            figures.epochs(),
            true,
            "kaseb quickstart --sessions " + sessions + settings,
            progress);
    report.writeTo(page);

    Path answers = folder.resolve("next-items.txt");
    listener.step.accept(
        "kaseb forecast " + model + " --clicks " + test + " --next " + NEXT + " --out " + answers);
    Forecast.nextItems(
        model, ClickSource.of(Format.of("yoochoose"), test), answers, NEXT, 0, resources, progress);
    if (figures.purchase() != null && figures.purchase().trained()) {
      Path bought = folder.resolve("purchases.txt");
      listener.step.accept("kaseb forecast " + model + " --clicks " + test + " --out " + bought);
      Answers.write(
          model,
          ClickSource.of(Format.of("yoochoose"), test),
          bought,
          null,
          0,
          resources,
          progress);
      Path truth = log.resolve(Simulator.TEST_BUYS);
      listener.step.accept("kaseb score " + bought + " --clicks " + test + " --buys " + truth);
    }
    return new Result(report, figures, page);
  }

  /// Returns the options that make the defaults into a configuration.
  private static String settings(ConfigFile.Resolved config) {
    Map<String, JsonNode> defaults = ConfigFile.values(ConfigFile.Resolved.DEFAULT, true);
    Map<String, JsonNode> values = new TreeMap<>(ConfigFile.values(config, true));
    StringBuilder options = new StringBuilder(" --seed " + config.config().seed());
    values.forEach(
        (key, value) -> {
          if (!key.equals("seed") && !value.equals(defaults.get(key))) {
            String text = value.isString() ? value.asString() : value.toString();
            options
                .append(" --set ")
                .append(key)
                .append('=')
                .append(text.replaceAll("[\\[\\]]", ""));
          }
        });
    return options.toString();
  }
}
