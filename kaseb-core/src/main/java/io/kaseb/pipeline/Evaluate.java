package io.kaseb.pipeline;

import io.kaseb.KasebException;
import io.kaseb.baseline.Markov;
import io.kaseb.baseline.Popularity;
import io.kaseb.data.Catalogue;
import io.kaseb.data.Dataset;
import io.kaseb.data.Progress;
import io.kaseb.data.Sessions;
import io.kaseb.eval.EvalConfig;
import io.kaseb.eval.Evaluation;
import io.kaseb.eval.Evaluator;
import io.kaseb.eval.Report;
import io.kaseb.forecast.Forecaster;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/// The use case behind `kaseb evaluate`: measures models on a dataset's test sessions, beside the
/// baselines where wanted.
public final class Evaluate {
  private Evaluate() {}

  /// Measures models, in the order given, then popularity and Markov where wanted.
  ///
  /// A model keeps its own catalogue: an item of the dataset that it does not know is an unknown
  /// item for that model, dropped and counted.
  public static List<Report.Measured> run(
      List<Forecaster> models,
      Dataset dataset,
      boolean withBaselines,
      EvalConfig config,
      Progress progress) {
    if (dataset.test().count() == 0) {
      throw new KasebException(
          "the dataset has no test sessions; prepare it with --test or --split, as in"
              + " --split time:0.1");
    }
    List<Forecaster> all = new ArrayList<>(models);
    if (withBaselines) {
      all.addAll(baselines(dataset));
    }
    List<Report.Measured> measured = new ArrayList<>();
    for (Forecaster model : all) {
      measured.add(new Report.Measured(model.name(), one(model, dataset, config, progress)));
    }
    return measured;
  }

  /// Returns the baselines that every model must be seen beside, trained on the dataset.
  public static List<Forecaster> baselines(Dataset dataset) {
    Catalogue known = dataset.trainCatalogue();
    return List.of(
        Forecaster.of(Markov.of(known, dataset.train())),
        Forecaster.of(Popularity.of(known, dataset.train())));
  }

  /// Returns the rows as a table for the terminal.
  public static String table(List<Report.Measured> rows) {
    return new Report("Next-item forecasts", false, Map.of(), List.of(), rows, List.of(), "")
        .text();
  }

  private static Evaluation one(
      Forecaster model, Dataset dataset, EvalConfig config, Progress progress) {
    Catalogue catalogue = model.catalogue();
    int[] translated = translation(dataset, catalogue);
    if (translated == null) {
      long[] counts = dataset.train().itemCounts(catalogue.size());
      return Evaluator.evaluate(model, dataset.test(), counts, config, progress);
    }
    long[] counts = translate(dataset.train(), translated).itemCounts(catalogue.size());
    Sessions test = translate(dataset.test(), translated);
    return Evaluator.evaluate(model, test, counts, config, progress);
  }

  /// Returns the model's index of each of the dataset's items, or null where the model was trained
  /// on this very numbering. Items that the model does not know get its catalogue's size.
  private static int @Nullable [] translation(Dataset dataset, Catalogue catalogue) {
    if (dataset.trainCatalogue().ids().equals(catalogue.ids())) {
      return null;
    }
    int[] translated = new int[dataset.catalogue().size()];
    for (int i = 0; i < translated.length; i++) {
      int index = catalogue.index(dataset.catalogue().id(i));
      translated[i] = index < 0 ? catalogue.size() : index;
    }
    return translated;
  }

  private static Sessions translate(Sessions sessions, int[] translated) {
    int[] items = new int[sessions.events()];
    for (int e = 0; e < items.length; e++) {
      items[e] = translated[sessions.items()[e]];
    }
    return new Sessions(sessions.offsets(), items, sessions.times());
  }
}
