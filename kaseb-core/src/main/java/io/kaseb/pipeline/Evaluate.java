package io.kaseb.pipeline;

import io.kaseb.base.Progress;
import io.kaseb.baseline.Markov;
import io.kaseb.baseline.Popularity;
import io.kaseb.data.Dataset;
import io.kaseb.data.Manifest;
import io.kaseb.data.OpenDataset;
import io.kaseb.data.TrueChances;
import io.kaseb.eval.EvalConfig;
import io.kaseb.eval.Evaluation;
import io.kaseb.eval.Evaluator;
import io.kaseb.eval.Measured;
import io.kaseb.eval.PurchaseEvaluation;
import io.kaseb.eval.PurchaseMeasure;
import io.kaseb.forecast.Forecaster;
import io.kaseb.forecast.PurchaseForecaster;
import io.kaseb.model.Catalogue;
import io.kaseb.model.ModelFile;
import io.kaseb.model.Sessions;
import io.kaseb.model.TrainingEpoch;
import io.kaseb.report.Report;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.StringJoiner;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ObjectNode;

/// Measures a model on a dataset's test part, beside simple models on the very same predictions.
public final class Evaluate {
  private final Path path;
  private final ModelFile file;
  private final OpenDataset dataset;

  Evaluate(Path path, OpenDataset dataset) throws IOException {
    this.path = path;
    this.file = ModelFile.read(path);
    this.dataset = dataset;
  }

  /// Evaluates a model file and reports.
  ///
  /// @param truth the folder of true purchase probabilities that `simulate` wrote, or null
  /// @param baselines whether popularity and first-order Markov, counted on the dataset's train
  ///   part, stand beside it
  /// @param epochs the training run's figures with times, or null for those in the model file
  /// @param simulated whether the dataset is known to be simulated
  /// @param command what repeats the report
  public static Report run(
      Path model,
      Path dataset,
      EvalConfig config,
      @Nullable Path truth,
      boolean baselines,
      @Nullable List<TrainingEpoch> epochs,
      boolean simulated,
      String command,
      Progress progress)
      throws IOException {
    return run(
        model,
        OpenDataset.of(dataset, config.workers()),
        config,
        truth,
        baselines,
        epochs,
        simulated,
        command,
        progress);
  }

  /// Does the same on a dataset that is open already.
  static Report run(
      Path model,
      OpenDataset dataset,
      EvalConfig config,
      @Nullable Path truth,
      boolean baselines,
      @Nullable List<TrainingEpoch> epochs,
      boolean simulated,
      String command,
      Progress progress)
      throws IOException {
    Evaluate evaluate = new Evaluate(model, dataset);
    Forecaster forecaster = Forecaster.of(evaluate.file);
    KnownItems known = KnownItems.of(forecaster.catalogue(), dataset.withTest());
    known.check(model, dataset.folder(), 1);
    List<Measured> measured = measure(forecaster, dataset.withTest(), config, baselines, progress);
    known.check(model, dataset.folder(), measured.getFirst().evaluation().events());
    Map<String, String> facts = evaluate.facts();
    known.addTo(facts, "");
    ItemsSinceTraining fresh = ItemsSinceTraining.measure(forecaster, dataset, config, progress);
    if (fresh != null) {
      facts.put("new since training", fresh.line(config));
      facts.put("known items beside", fresh.knownLine(config));
    }
    List<TrainingEpoch> history = epochs == null ? evaluate.file.metrics().epochs() : epochs;
    return new Report(
        evaluate.file.kind() + " on " + dataset.folder().getFileName(),
        simulated,
        facts,
        history,
        measured,
        evaluate.provenance(),
        command,
        evaluate.purchases(truth, config, progress),
        List.of(),
        Map.of(),
        fresh == null ? null : fresh.apart(),
        ActionForecasts.measure(forecaster, dataset, config, progress));
  }

  /// Measures the forecast of each goal that the model has and sessions of the test part reach.
  List<PurchaseEvaluation> purchases(@Nullable Path truth, EvalConfig config, Progress progress) {
    PurchaseForecaster forecaster = PurchaseForecaster.of(file);
    if (forecaster == null) {
      return List.of();
    }
    int[] numbers = dataset.dataset().catalogue().indicesIn(file.catalogue());
    TrueChances chances =
        truth == null ? null : TrueChances.read(truth, dataset.folder(), config.workers());
    List<PurchaseEvaluation> all = new ArrayList<>();
    forecaster
        .goals()
        .forEach(
            (goal, model) ->
                all.addAll(
                    PurchaseMeasure.measure(
                        goal, model, dataset.labelledTest(), numbers, chances, config, progress)));
    return all;
  }

  /// Measures a model on a dataset in memory, and beside it, where wanted, a first-order Markov
  /// chain and popularity counted on its train part. All meet the same events and rank the same
  /// items: those that the model knows. Clicks on others are dropped and counted.
  public static List<Measured> measure(
      Forecaster model, Dataset dataset, EvalConfig config, boolean baselines, Progress progress) {
    dataset.withTest("the dataset");
    Catalogue items = model.catalogue();
    Sessions train = dataset.train().renumbered(dataset.catalogue().indicesIn(items)).known();
    Sessions test = dataset.test().renumbered(dataset.catalogue().indicesIn(items));
    List<Forecaster> forecasters = new ArrayList<>(List.of(model));
    if (baselines) {
      forecasters.add(Forecaster.of(Markov.of(items, train)));
      forecasters.add(Forecaster.of(Popularity.of(items, train)));
    }
    long[] counts = train.itemCounts(items.size());
    List<Measured> measured = new ArrayList<>();
    for (Forecaster forecaster : forecasters) {
      Evaluation evaluation = Evaluator.evaluate(forecaster, test, counts, config, progress);
      measured.add(new Measured(forecaster.name(), evaluation));
    }
    return measured;
  }

  Map<String, String> facts() {
    Manifest manifest = dataset.manifest();
    Map<String, String> facts = new LinkedHashMap<>();
    facts.put("train", part(manifest.train()));
    facts.put("test", part(manifest.test()));
    facts.put(
        "protocol",
        manifest.rules().protocol()
            + ", split "
            + manifest.rules().split()
            + ", times "
            + manifest.times()
            + " ("
            + manifest.rules().timeZone()
            + ")");
    return facts;
  }

  private static String part(Manifest.Part part) {
    return String.format(
        Locale.ROOT,
        "%,d sessions, %,d clicks, %,d items",
        part.sessions(),
        part.events(),
        part.items());
  }

  /// Returns the model as its file has it.
  ModelFile file() {
    return file;
  }

  /// Returns keys and values as one line.
  private static String words(ObjectNode json) {
    StringJoiner words = new StringJoiner(", ");
    json.properties()
        .forEach(
            entry -> {
              JsonNode value = entry.getValue();
              words.add(
                  entry.getKey()
                      + " "
                      + (value.isString()
                          ? value.asString()
                          : value.toString().replaceAll("\\s+", "")));
            });
    return words.toString();
  }

  List<String> provenance() {
    List<String> lines = new ArrayList<>();
    lines.add("dataset hash: " + dataset.manifest().datasetHash());
    lines.add(path.getFileName() + ": " + file.kind());
    lines.add(path.getFileName() + ", settings: " + words(file.config().json()));
    lines.add(path.getFileName() + ", made by: " + words(file.provenance().json()));
    return lines;
  }
}
