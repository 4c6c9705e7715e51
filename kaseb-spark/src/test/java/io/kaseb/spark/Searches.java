package io.kaseb.spark;

import io.kaseb.base.Progress;
import io.kaseb.config.TrainConfig;
import io.kaseb.duckdb.Resources;
import io.kaseb.logfile.ClickSource;
import io.kaseb.logfile.Format;
import io.kaseb.logfile.LogColumns;
import io.kaseb.logfile.Protocol;
import io.kaseb.pipeline.ConfigFile;
import io.kaseb.pipeline.Prepare;
import io.kaseb.pipeline.Train;
import io.kaseb.search.Tune;
import io.kaseb.simulate.Simulator;
import io.kaseb.simulate.SimulatorConfig;
import io.kaseb.store.Experiment;
import io.kaseb.tune.study.MethodSpec;
import io.kaseb.tune.study.Study;
import io.kaseb.tune.trial.Trial;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;

/// A small dataset, and searches on it.
final class Searches {
  private Searches() {}

  static Path dataset(Path folder, int sessions) throws IOException {
    Path log = folder.resolve("log");
    Simulator.write(new SimulatorConfig(sessions, 3, 1), log, Progress.NONE);
    Path dataset = folder.resolve("dataset");
    Prepare.run(
        new ClickSource(
            Format.of("yoochoose"),
            List.of(log.resolve(Simulator.CLICKS)),
            List.of(),
            List.of(),
            null),
        Prepare.Rules.DEFAULT.with(Protocol.NONE),
        Resources.DEFAULT,
        dataset,
        false,
        Progress.NONE);
    return dataset;
  }

  /// Trains a small model of next items on a CSV log.
  static Path model(Path folder, Path log, String columns) throws IOException {
    Path dataset = folder.resolve("of-model");
    Prepare.run(
        ClickSource.of(Format.of("csv").with(LogColumns.parse(columns)), log),
        Prepare.Rules.DEFAULT.with(Protocol.NONE),
        Resources.DEFAULT,
        dataset,
        false,
        Progress.NONE);
    Path model = folder.resolve("model.kaseb");
    TrainConfig config =
        TrainConfig.DEFAULT.with(
            Map.of("layers", "12", "n_epochs", "1", "n_sample", "32", "batch_size", "32"));
    Train.run(Train.Options.of(dataset, model, config, 1), e -> {}, Progress.NONE, () -> false);
    return model;
  }

  /// Creates a search of 12 trials at most, whose list does not depend on the workers' speed.
  static Path create(Path dataset, Path out, int trials, int epochs, String space)
      throws IOException {
    Path file = Files.writeString(out.resolveSibling(out.getFileName() + "-space.json"), space);
    ConfigFile.Resolved base =
        ConfigFile.resolve(
            null,
            List.of(
                "n_epochs=" + epochs, "layers=12", "n_sample=32", "batch_size=32", "intent=off"));
    Tune.create(
        new Tune.Options(
            dataset,
            out,
            new Tune.Subject(base, file),
            Tune.Goals.of("mrr@20"),
            Tune.Part.DEFAULT,
            new Tune.Search(trials, null, 2, null, MethodSpec.of("ASHA"), true, null),
            2));
    return out;
  }

  static final String SPACE =
      """
      {"learning_rate": {"_type": "loguniform", "_value": [0.001, 0.5]},
       "layers": {"_type": "choice", "_value": [8, 16]}}""";

  static List<Trial> trials(Path experiment) throws IOException {
    try (Experiment open = Experiment.open(experiment)) {
      return Study.open(open.store()).trials();
    }
  }

  /// Returns what a trial came to, but for the time that it took.
  static String told(Trial trial) {
    return "%d %s %s %s %s %s"
        .formatted(
            trial.id(),
            trial.state(),
            trial.parameters().values(),
            trial.values(),
            trial.measurements(),
            trial.reason());
  }
}
