package io.kaseb.pipeline;

import io.kaseb.base.KasebException;
import io.kaseb.base.Progress;
import io.kaseb.baseline.Ensemble;
import io.kaseb.baseline.Hybrid;
import io.kaseb.baseline.Ranker;
import io.kaseb.compress.KeptItems;
import io.kaseb.compress.ModelForm;
import io.kaseb.config.IntentConfig;
import io.kaseb.config.Readout;
import io.kaseb.data.Dataset;
import io.kaseb.eval.Difference;
import io.kaseb.eval.EvalConfig;
import io.kaseb.eval.Evaluator;
import io.kaseb.eval.Measured;
import io.kaseb.export.NetworkFile;
import io.kaseb.export.OnnxModel;
import io.kaseb.forecast.Forecaster;
import io.kaseb.intent.IntentModel;
import io.kaseb.model.ModelFile;
import io.kaseb.model.Sessions;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;

/// Writes a model in another form: its network for ONNX or PyTorch, or the whole made smaller
/// ([ModelForm]), unless that costs too much quality.
public final class Export {
  /// What a smaller model costs.
  ///
  /// @param bytesBefore size of the model file
  /// @param bytes size of the new one
  /// @param itemsLeftOut items that the model knows and the new one does not
  /// @param worst the largest relative loss among the metrics, 0 where none lost
  /// @param differences of the new model from the old, by metric
  public record Figures(
      long bytesBefore, long bytes, int itemsLeftOut, double worst, List<Difference> differences) {}

  /// What another form came to.
  ///
  /// @param bytes size of the new file
  /// @param items items that it scores
  /// @param leftOut what the model has and the new file has not, in words
  public record Written(long bytes, int items, List<String> leftOut) {}

  /// What a graph of features came to.
  ///
  /// @param bytes size of the new file
  /// @param sessionFeatures numbers of a session's row
  /// @param itemFeatures numbers of an item's row
  /// @param leftOut what the model's purchase forecast has and the new file has not, in words
  public record Stacked(long bytes, int sessionFeatures, int itemFeatures, List<String> leftOut) {
    /// Copies the list.
    public Stacked {
      leftOut = List.copyOf(leftOut);
    }
  }

  private static final String NETWORKS_ALONE =
      "the trees and regressions of the purchase forecast, whose networks alone are in";

  private static final String OTHER_GOALS = "goals other than the first";

  private Export() {}

  /// Writes a model's next-item network as ONNX: one click of any number of sessions, from and to
  /// their states, with every item's score and the best items.
  ///
  /// @param top how many of the best items it names, 1 or more
  /// @throws KasebException where the model has no network, or several
  public static Written onnx(Path model, int top, Path out) throws IOException {
    if (top < 1) {
      throw KasebException.ofSetting("top", top, "1 or more");
    }
    ModelFile file = network(model);
    OnnxModel.write(file, top, out);
    return written(file, OnnxModel.hasPurchases(file), out);
  }

  /// Writes as ONNX which of its clicked items a session buys, by the networks of a model's
  /// purchase forecast: a graph beside that of [#onnx], whose states it reads.
  ///
  /// @throws KasebException where the model has no such networks, or they read more than clicks
  public static Written onnxItems(Path model, Path out) throws IOException {
    ModelFile file = network(model);
    if (!OnnxModel.hasPurchases(file)) {
      throw new KasebException(
          new KasebException.Problem(
              model.toString(),
              "no recurrent networks of a purchase forecast that reads clicks alone",
              null,
              "train one with intent=gru, boosted or blend on a log of clicks and purchases"));
    }
    OnnxModel.writeItems(file, out);
    List<String> leftOut = new ArrayList<>();
    IntentConfig config = file.config().intent();
    if (config != null && config.intent() != IntentConfig.Kind.GRU) {
      leftOut.add(NETWORKS_ALONE);
    }
    return new Written(Files.size(out), file.catalogue().size(), leftOut);
  }

  /// Writes as ONNX the whole purchase forecast of a model with boosted trees: trees, regression,
  /// blend and calibration, of sessions and of their items, from the rows of features that
  /// [FeatureRows] and [io.kaseb.forecast.Session#features] give.
  ///
  /// @throws KasebException where the model has no such forecast
  public static Stacked onnxPurchases(Path model, Path out) throws IOException {
    ModelFile file = ModelFile.read(model);
    IntentModel written = OnnxModel.writePurchases(file, model, out);
    boolean several = file.intent() != null && file.intent().has("goals");
    return new Stacked(
        Files.size(out),
        written.sessionFeatures().size(),
        written.itemFeatures().size(),
        several ? List.of(OTHER_GOALS) : List.of());
  }

  /// Writes a model's next-item network as safetensors with the names of PyTorch's parameters and
  /// nothing else, so that GRU4Rec's official version loads it as a state dict.
  ///
  /// @throws KasebException where the model has no network, or several
  public static Written safetensors(Path model, Path out) throws IOException {
    ModelFile file = network(model);
    if (file.shape().readout() != Readout.LAST) {
      throw new KasebException(
          new KasebException.Problem(
              model.toString(),
              "a network with readout core, which GRU4Rec's PyTorch version has not",
              null,
              "export it as onnx, or train one with readout=last"));
    }
    NetworkFile.write(file, out);
    return written(file, false, out);
  }

  private static Written written(ModelFile file, boolean purchases, Path out) throws IOException {
    List<String> leftOut = new ArrayList<>();
    if (!file.kind().equals(ModelFile.GRU4REC)) {
      leftOut.add("the part of the hybrid that is no network");
    }
    if (file.intent() != null && !purchases) {
      leftOut.add("the purchase forecast");
    } else if (file.intent() != null) {
      IntentConfig config = file.config().intent();
      if (config != null && config.intent() != IntentConfig.Kind.GRU) {
        leftOut.add(NETWORKS_ALONE);
      }
      leftOut.add("which of the clicked items are bought");
      if (file.intent().has("goals")) {
        leftOut.add(OTHER_GOALS);
      }
    }
    if (file.attributes() != null) {
      leftOut.add("what attributes give items without clicks");
    }
    return new Written(Files.size(out), file.catalogue().size(), leftOut);
  }

  private static ModelFile network(Path model) throws IOException {
    ModelFile file = ModelFile.read(model);
    boolean several = file.kind().equals(Ensemble.KIND) || file.kind().equals(Ranker.KIND);
    if (file.architecture() == null || several) {
      throw new KasebException(
          new KasebException.Problem(
              model.toString(),
              "a model of kind " + file.kind(),
              ModelFile.GRU4REC + " or " + Hybrid.KIND + ", which have one network",
              null));
    }
    return file;
  }

  /// Measures a model in a smaller form beside it as it is, on a dataset's test part, and writes
  /// the smaller one unless it loses too much. Both meet the same events: the clicks of items that
  /// the smaller one leaves out are its misses.
  ///
  /// @param form what it becomes
  /// @param most the largest relative loss of recall and mrr at the deepest cut-off, as in .01
  /// @param replace whether a model that is there may be replaced
  public static Figures smaller(
      ModelForm form,
      Path model,
      Path dataset,
      Path out,
      double most,
      EvalConfig config,
      boolean replace,
      Progress progress)
      throws IOException {
    try (ModelTarget target = ModelTarget.take(out)) {
      target.checkReplaced(replace, false);
      return written(form, model, dataset, out, most, config, progress);
    }
  }

  private static Figures written(
      ModelForm form,
      Path model,
      Path dataset,
      Path out,
      double most,
      EvalConfig config,
      Progress progress)
      throws IOException {
    ModelFile file = ModelFile.read(model);
    if (file.architecture() == null) {
      throw new KasebException(
          new KasebException.Problem(
              model.toString(),
              "a " + file.kind() + " model has no tables of floats to make smaller",
              null,
              null));
    }
    Dataset data = Dataset.load(dataset, config.workers()).withTest(dataset);
    int[] numbers = data.catalogue().indicesIn(file.catalogue());
    Sessions test = data.test().renumbered(numbers);
    Sessions train = data.train().renumbered(numbers);
    long[] counts = train.itemCounts(file.catalogue().size());
    ModelFile smaller = ModelFile.whole(model, () -> form.made(file, train));
    Forecaster part = KeptItems.forecaster(file.catalogue(), smaller);
    Measured after =
        new Measured("smaller", Evaluator.evaluate(part, test, counts, config, progress));
    Measured before =
        new Measured(
            "before", Evaluator.evaluate(Forecaster.of(file), test, counts, config, progress));
    int k = config.cutoffs().getLast();
    List<Difference> differences =
        Difference.ofFirst(
            List.of(after, before),
            List.of("recall@" + k, "mrr@" + k),
            config.bootstrapSamples(),
            config.seed(),
            config.workers());
    double worst = 0;
    for (Difference d : differences) {
      worst = Math.max(worst, -d.relative());
      if (!(-d.relative() <= most)) {
        throw new KasebException(
            String.format(
                Locale.ROOT,
                "the smaller model (%s) loses %.2f %% of %s, more than %s allows; nothing was written",
                form.name(),
                -100 * d.relative(),
                d.metric(),
                KasebException.setting("max_loss", most)));
      }
    }
    smaller.write(out);
    return new Figures(
        Files.size(model),
        Files.size(out),
        file.catalogue().size() - smaller.catalogue().size(),
        worst,
        differences);
  }
}
