package io.kaseb.search;

import io.kaseb.base.Json;
import io.kaseb.base.KasebException;
import io.kaseb.base.Progress;
import io.kaseb.base.Workers;
import io.kaseb.config.TrainConfig;
import io.kaseb.config.TrainKeys;
import io.kaseb.data.OpenDataset;
import io.kaseb.eval.EvalConfig;
import io.kaseb.eval.Evaluation;
import io.kaseb.eval.Ties;
import io.kaseb.forecast.Forecaster;
import io.kaseb.pipeline.ConfigFile;
import io.kaseb.pipeline.Evaluate;
import io.kaseb.pipeline.Train;
import io.kaseb.trial.TestResult;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.BooleanSupplier;
import org.jspecify.annotations.Nullable;

/// Trains configurations with several seeds each on all of train and measures them on the test
/// part, side by side. What an earlier run found is read from its files.
///
/// @param experiment the experiment's folder
/// @param plan its plan
/// @param dataset the plan's, with its test part
/// @param workers threads that each train a configuration
/// @param progress hears of every training that ended
/// @param stop asked often
record ConfirmTrainings(
    Path experiment,
    TunePlan plan,
    OpenDataset dataset,
    Workers workers,
    Progress progress,
    BooleanSupplier stop) {

  /// Returns each configuration's results, one for each seed; null where it was stopped.
  @Nullable Map<String, List<TestResult>> run(Map<String, ConfigFile.Resolved> wanted, int seeds) {
    int total = wanted.size() * seeds;
    AtomicInteger done = new AtomicInteger();
    List<String> names = List.copyOf(wanted.keySet());
    List<ConfigFile.Resolved> configs = List.copyOf(wanted.values());
    List<Optional<TestResult>> all;
    try {
      all =
          workers.map(
              total,
              i -> {
                int n = i / seeds;
                long seed = configs.get(n).config().seed() + 1 + i % seeds;
                TestResult one = unchecked(names.get(n), configs.get(n), seed);
                progress.at("confirming", done.incrementAndGet(), total, "trainings");
                return Optional.ofNullable(one);
              });
    } catch (UncheckedIOException e) {
      throw new KasebException("confirming failed: " + e.getCause(), e);
    } catch (RuntimeException e) {
      if (Thread.currentThread().isInterrupted()) {
        return null;
      }
      throw new KasebException("confirming failed: " + e, e);
    }
    if (all.stream().anyMatch(Optional::isEmpty)) {
      return null;
    }
    Map<String, List<TestResult>> results = new LinkedHashMap<>();
    for (int n = 0; n < names.size(); n++) {
      results.put(
          names.get(n),
          all.subList(n * seeds, (n + 1) * seeds).stream().map(Optional::orElseThrow).toList());
    }
    return results;
  }

  private @Nullable TestResult unchecked(String name, ConfigFile.Resolved config, long seed) {
    try {
      return one(name, config, seed);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /// Trains and measures one configuration with one seed, or reads what an earlier run found; null
  /// where stopped.
  private @Nullable TestResult one(String name, ConfigFile.Resolved resolved, long seed)
      throws IOException {
    String key = name.replace(",", "").replace(' ', '-') + "-" + seed;
    Path folder = experiment.resolve("confirm");
    Path file = folder.resolve(key + ".json");
    TrainConfig config =
        ConfigFile.changed("confirm", resolved, Map.of("seed", Long.toString(seed))).config();
    String trained = TrainKeys.TABLE.json(config).toString();
    if (Files.exists(file)) {
      TestResult before = Json.read(file, TestResult.class);
      if (before.config().equals(trained)) {
        return before;
      }
    }
    if (stop.getAsBoolean()) {
      return null;
    }
    Files.createDirectories(folder);
    Path model = folder.resolve(key + ".kaseb");
    Train.Options training =
        Train.Options.of(Path.of(plan.dataset()), model, config, plan.threads()).withResume(true);
    if (Train.run(training, dataset, e -> {}, Progress.NONE, stop) == null) {
      return null;
    }
    EvalConfig how = new EvalConfig(List.of(20), Ties.CONSERVATIVE, plan.threads(), 0, 1);
    Evaluation evaluation =
        Evaluate.measure(Forecaster.load(model), dataset.dataset(), how, false, Progress.NONE)
            .getFirst()
            .evaluation();
    TestResult found = TestResult.of(trained, evaluation.perSession());
    Json.write(file, found);
    Files.delete(model);
    return found;
  }
}
