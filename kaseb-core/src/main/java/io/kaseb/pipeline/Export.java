package io.kaseb.pipeline;

import io.kaseb.base.KasebException;
import io.kaseb.base.Progress;
import io.kaseb.data.Dataset;
import io.kaseb.eval.Difference;
import io.kaseb.eval.EvalConfig;
import io.kaseb.eval.Evaluation;
import io.kaseb.eval.Evaluator;
import io.kaseb.eval.Measured;
import io.kaseb.forecast.Forecaster;
import io.kaseb.model.ModelFile;
import io.kaseb.model.Sessions;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;

/// Writes a model with its item tables as bytes, a quarter of their size, unless that costs too
/// much quality.
public final class Export {
  /// What int8 tables cost.
  ///
  /// @param bytesBefore size of the model file
  /// @param bytes size of the new one
  /// @param worst the largest relative loss among the metrics, 0 where none lost
  /// @param differences of the new model from the old, by metric
  public record Figures(long bytesBefore, long bytes, double worst, List<Difference> differences) {}

  private Export() {}

  /// Measures both on a dataset's test part and writes the smaller one unless it loses too much.
  ///
  /// @param most the largest relative loss of recall and mrr at the deepest cut-off, as in .01
  public static Figures int8(
      Path model, Path dataset, Path out, double most, EvalConfig config, Progress progress)
      throws IOException {
    return int8(model, dataset, out, most, config, true, progress);
  }

  /// Does the same.
  ///
  /// @param replace whether a model that is there may be replaced
  public static Figures int8(
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
      return written(model, dataset, out, most, config, progress);
    }
  }

  private static Figures written(
      Path model, Path dataset, Path out, double most, EvalConfig config, Progress progress)
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
    ModelFile smaller = file.asInt8();
    int[] numbers = data.catalogue().indicesIn(file.catalogue());
    Sessions test = data.test().renumbered(numbers);
    long[] counts = data.train().renumbered(numbers).itemCounts(file.catalogue().size());
    Measured after = new Measured("int8", evaluate(smaller, test, counts, config, progress));
    Measured before = new Measured("float32", evaluate(file, test, counts, config, progress));
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
                "int8 tables lose %.2f %% of %s, more than %s allows; nothing was written",
                -100 * d.relative(),
                d.metric(),
                KasebException.setting("max_loss", most)));
      }
    }
    smaller.write(out);
    return new Figures(Files.size(model), Files.size(out), worst, differences);
  }

  private static Evaluation evaluate(
      ModelFile file, Sessions test, long[] counts, EvalConfig config, Progress progress) {
    return Evaluator.evaluate(Forecaster.of(file), test, counts, config, progress);
  }
}
