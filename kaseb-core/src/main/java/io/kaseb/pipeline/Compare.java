package io.kaseb.pipeline;

import io.kaseb.base.KasebException;
import io.kaseb.base.Progress;
import io.kaseb.baseline.ModelKinds;
import io.kaseb.data.Dataset;
import io.kaseb.data.OpenDataset;
import io.kaseb.eval.ActionRecall;
import io.kaseb.eval.Aligned;
import io.kaseb.eval.Difference;
import io.kaseb.eval.EvalConfig;
import io.kaseb.eval.Evaluation;
import io.kaseb.eval.Evaluator;
import io.kaseb.eval.Measured;
import io.kaseb.eval.PurchaseDifference;
import io.kaseb.eval.PurchaseEvaluation;
import io.kaseb.forecast.Forecaster;
import io.kaseb.model.Catalogue;
import io.kaseb.model.NextItemModel;
import io.kaseb.model.Sessions;
import io.kaseb.model.TrainingEpoch;
import io.kaseb.report.Report;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/// Measures models beside every baseline on the very same predictions: all rank the items that the
/// dataset's train part knows, whatever a model's own catalogue. The baselines are counted on that
/// train part, with their published settings.
public final class Compare {
  private final OpenDataset dataset;
  private final EvalConfig config;
  private final Progress progress;
  private final List<Row> rows = new ArrayList<>();
  private final List<Measured> measured = new ArrayList<>();
  private final List<PurchaseEvaluation> purchases = new ArrayList<>();
  private final Map<String, List<TrainingEpoch>> curves = new LinkedHashMap<>();
  private final Set<String> provenance = new LinkedHashSet<>();
  private final Map<String, String> facts = new LinkedHashMap<>();
  private @Nullable ActionRecall actions;

  /// One model's figures.
  ///
  /// @param name its kind, with the file's name where several files are of one kind
  /// @param metrics next-item metrics
  /// @param purchase figures of its purchase forecast on whole sessions, or null without one
  /// @param intervals 95 % intervals of the metrics
  /// @param purchaseIntervals those of the purchase figures, or null
  /// @param seconds time that training a baseline (0 for model files) and its evaluation took
  public record Row(
      String name,
      Map<String, Double> metrics,
      @Nullable Map<String, Object> purchase,
      Map<String, double[]> intervals,
      @Nullable Map<String, double[]> purchaseIntervals,
      double seconds) {}

  /// The figures as JSON.
  ///
  /// @param events predictions, the same for all
  /// @param rows models first, as given, then baselines
  /// @param differences of the first model from each other
  /// @param purchases purchase forecasts by goal and view
  /// @param purchaseDifferences of the first model's purchase forecast from each other
  /// @param actions items of the next actions as the first model finds them; null where it
  ///   forecasts next clicks alone
  public record Figures(
      long events,
      long sessions,
      long unknownItems,
      String ties,
      List<Row> rows,
      List<Difference> differences,
      List<PurchaseEvaluation> purchases,
      List<PurchaseDifference> purchaseDifferences,
      @Nullable ActionRecall actions,
      String command) {
    /// Returns the figures of a report, as a comparison has them.
    static Figures of(Report report) {
      Evaluation first = report.models().getFirst().evaluation();
      return new Figures(
          first.events(),
          first.sessions(),
          first.unknownItems(),
          first.ties().toString(),
          report.models().stream()
              .map(
                  m ->
                      new Row(
                          m.name(),
                          m.evaluation().metrics(),
                          null,
                          m.evaluation().intervals(),
                          null,
                          0))
              .toList(),
          report.differences(),
          report.purchases().stream().map(PurchaseEvaluation::withoutSamples).toList(),
          PurchaseDifference.all(report.purchases()),
          report.actions(),
          report.command());
    }
  }

  /// What a comparison gives.
  public record Result(Report report, Figures figures) {}

  private Compare(OpenDataset dataset, EvalConfig config, Progress progress) {
    this.dataset = dataset;
    this.config = config;
    this.progress = progress;
  }

  /// Compares.
  ///
  /// @param models model files of any kind, the one that matters first
  /// @param command what repeats it
  public static Result run(
      List<Path> models, Path dataset, EvalConfig config, String command, Progress progress)
      throws IOException {
    return new Compare(OpenDataset.of(dataset, config.workers()), config, progress)
        .run(models, command);
  }

  private Result run(List<Path> models, String command) throws IOException {
    Dataset data = dataset.withTest();
    Catalogue items = data.trainCatalogue();
    long[] counts = data.train().itemCounts(items.size());
    Set<String> kinds = new LinkedHashSet<>();
    for (Path path : models) {
      Evaluate one = new Evaluate(path, dataset);
      one.facts().forEach(facts::putIfAbsent);
      provenance.addAll(one.provenance());
      String kind = one.file().kind();
      if (kinds.isEmpty()) {
        actions = ActionForecasts.measure(Forecaster.of(one.file()), dataset, config, progress);
      }
      String name = kinds.add(kind) ? kind : kind + " " + path.getFileName();
      KnownItems known = KnownItems.of(one.file().catalogue(), data);
      known.check(path, dataset.folder(), 1);
      known.addTo(facts, models.size() == 1 ? "" : name);
      NextItemModel model = Aligned.of(ModelKinds.of(one.file()), items);
      measure(name, model, data.test(), counts, System.nanoTime(), purchases(one, name));
      List<TrainingEpoch> epochs = one.file().metrics().epochs();
      if (!epochs.isEmpty()) {
        curves.put(name, epochs);
      }
    }
    for (String kind : ModelKinds.SIMPLE) {
      if (!kinds.contains(kind)) {
        long started = System.nanoTime();
        NextItemModel model =
            ModelKinds.count(kind, items, data.train(), ModelKinds.settings(kind));
        measure(kind, model, data.test(), counts, started, List.of());
      }
    }
    return result(command);
  }

  private void measure(
      String name,
      NextItemModel model,
      Sessions test,
      long[] counts,
      long started,
      List<PurchaseEvaluation> bought) {
    Evaluation evaluation =
        Evaluator.evaluate(Forecaster.of(model), test, counts, config, progress);
    double seconds = (System.nanoTime() - started) / 1e9;
    measured.add(new Measured(name, evaluation));
    PurchaseEvaluation first =
        bought.stream()
            .filter(e -> e.goal().equals(PurchaseEvaluation.PURCHASE))
            .findFirst()
            .orElse(null);
    rows.add(
        new Row(
            name,
            evaluation.metrics(),
            first == null ? null : first.figures(),
            evaluation.intervals(),
            first == null ? null : first.intervals(),
            seconds));
  }

  /// Measures a model's purchase forecast; further models' are told apart by name.
  private List<PurchaseEvaluation> purchases(Evaluate one, String name) {
    List<PurchaseEvaluation> found = one.purchases(null, config, progress);
    boolean further = !purchases.isEmpty();
    for (PurchaseEvaluation e : found) {
      purchases.add(further ? e.named(name + " " + e.name()) : e);
    }
    return found;
  }

  private Result result(String command) {
    int k = config.cutoffs().getLast();
    List<Difference> differences =
        Difference.ofFirst(
            measured,
            List.of("recall@" + k, "mrr@" + k),
            config.bootstrapSamples(),
            config.seed(),
            config.workers());
    Evaluation first = measured.getFirst().evaluation();
    if (first.events() == 0) {
      throw new KasebException(
          new KasebException.Problem(
              dataset.folder().toString(),
              "has nothing to predict: no test session has two clicks on items of its train part",
              null,
              "prepare it again with another split or test"));
    }
    Report report =
        new Report(
            String.format(
                Locale.ROOT,
                "%s beside %d others on %s",
                measured.getFirst().name(),
                measured.size() - 1,
                dataset.folder().getFileName()),
            false,
            facts,
            curves.isEmpty() ? List.of() : curves.values().iterator().next(),
            measured,
            List.copyOf(provenance),
            command,
            purchases,
            differences,
            curves,
            null,
            actions);
    return new Result(
        report,
        new Figures(
            first.events(),
            first.sessions(),
            first.unknownItems(),
            first.ties().toString(),
            rows,
            differences,
            purchases.stream().map(PurchaseEvaluation::withoutSamples).toList(),
            PurchaseDifference.all(purchases),
            actions,
            command));
  }
}
