package io.kaseb.spark;

import io.kaseb.base.KasebException;
import io.kaseb.search.Tune;
import io.kaseb.tune.study.BrokenStudyException;
import io.kaseb.tune.study.Objective;
import io.kaseb.tune.study.TrialRun;
import io.kaseb.tune.trial.Outcome;
import io.kaseb.tune.trial.Trial;
import java.io.IOException;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.function.BooleanSupplier;
import java.util.function.Consumer;
import org.apache.spark.SparkConf;
import org.apache.spark.api.java.JavaSparkContext;
import org.apache.spark.sql.SparkSession;

/// Runs an experiment whose trials train on a cluster, each in one task. The study, with its
/// sampler, pruner and store, is the one of `kaseb tune` and stays in this process.
public final class TuneJob {
  private TuneJob() {}

  /// Runs an experiment that [Tune#create(Tune.Options)] made until it is done, stopped or out of
  /// time.
  ///
  /// @param experiment its folder, which all machines see under this path, as they do the dataset
  /// @param listener hears of every trial that began or whose segment ended
  /// @param stop asked often; where it says yes, the run ends and can be resumed
  public static Tune.Result run(
      SparkSession spark, Path experiment, Consumer<Trial> listener, BooleanSupplier stop)
      throws IOException {
    JavaSparkContext context = JavaSparkContext.fromSparkContext(spark.sparkContext());
    SparkConf conf = context.getConf();
    String host = conf.get("spark.driver.host");
    Path folder = experiment.toAbsolutePath().normalize();
    try (TrialServer server = TrialServer.start(host, conf.get("spark.driver.bindAddress", host))) {
      Objective trials = trial -> train(context, server, folder, trial);
      return Tune.runElsewhere(folder, trials, listener, stop);
    }
  }

  private static Outcome train(
      JavaSparkContext context, TrialServer server, Path folder, TrialRun trial) {
    TrialTask task =
        new TrialTask(
            folder.toString(),
            trial.id(),
            trial.origin(),
            new LinkedHashMap<>(trial.parameters().values()),
            trial.repeat(),
            trial.from(),
            trial.until(),
            trial.budget(),
            server.address());
    server.begin(trial);
    try {
      TrialTask.Result result =
          context.parallelize(List.of(task), 1).map(TrialTask::run).collect().getFirst();
      if (result.broken()) {
        throw new BrokenStudyException(result.failure(), new IOException(result.failure()));
      }
      if (!result.failure().isEmpty()) {
        throw new KasebException(result.failure());
      }
      return new Outcome(
          result.values(), result.constraints(), result.valueErrors(), result.constraintErrors());
    } finally {
      server.end(trial);
    }
  }
}
