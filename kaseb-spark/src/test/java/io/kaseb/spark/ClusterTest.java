package io.kaseb.spark;

import static org.assertj.core.api.Assertions.assertThat;

import io.kaseb.base.Progress;
import io.kaseb.data.Manifest;
import io.kaseb.duckdb.Resources;
import io.kaseb.logfile.ClickSource;
import io.kaseb.logfile.Format;
import io.kaseb.logfile.Protocol;
import io.kaseb.pipeline.Answers;
import io.kaseb.pipeline.ForecastInput;
import io.kaseb.pipeline.Prepare;
import io.kaseb.pipeline.Train;
import io.kaseb.search.Tune;
import io.kaseb.simulate.ShopperLog;
import io.kaseb.simulate.Simulator;
import io.kaseb.simulate.SimulatorConfig;
import io.kaseb.tune.study.StudyState;
import io.kaseb.tune.trial.Trial;
import io.kaseb.tune.trial.TrialState;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;
import org.apache.spark.sql.SparkSession;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// A real cluster on this machine: a master and two workers as processes, one of which is killed
/// while trials train.
@Tag("cluster")
class ClusterTest {
  @TempDir private Path folder;

  private SparkSession session(String master) {
    LocalSpark.end();
    SparkSession session =
        SparkSession.builder()
            .master(master)
            .appName("kaseb-cluster-test")
            .config("spark.ui.enabled", "false")
            .config("spark.driver.host", "127.0.0.1")
            .config("spark.driver.bindAddress", "127.0.0.1")
            .config("spark.sql.shuffle.partitions", "4")
            .config("spark.executor.memory", "800m")
            .config("spark.executor.extraClassPath", System.getProperty("java.class.path"))
            .config("spark.executor.extraJavaOptions", ClusterProcesses.FLAGS)
            .config("spark.local.dir", folder.resolve("local").toString())
            .getOrCreate();
    session.sparkContext().setLogLevel("ERROR");
    return session;
  }

  @Test
  void losesNothingWhenAWorkerIsKilled() throws Exception {
    Path dataset = Searches.dataset(folder, 2_000);
    Path here = Searches.create(dataset, folder.resolve("here"), 12, 9, Searches.SPACE);
    Path there = Searches.create(dataset, folder.resolve("there"), 12, 9, Searches.SPACE);
    Tune.run(here, trial -> {}, () -> false);
    try (ClusterProcesses cluster = ClusterProcesses.start(folder, 2)) {
      SparkSession spark = session(cluster.url());
      try {
        samePrepared(spark);
        sameForecast(spark);
        AtomicInteger ended = new AtomicInteger();
        AtomicInteger killed = new AtomicInteger(-1);
        Tune.Result result =
            TuneJob.run(
                spark,
                there,
                trial -> {
                  boolean isAtWork = trial.state() == TrialState.RUNNING;
                  if (!isAtWork && ended.incrementAndGet() >= 5 && killed.get() < 0) {
                    killed.set(cluster.busy());
                    cluster.kill(killed.get());
                  }
                },
                () -> false);
        assertThat(killed.get()).isNotNegative();
        assertThat(result.status().status()).isEqualTo(StudyState.DONE);
      } finally {
        spark.stop();
      }
    }
    List<Trial> trials = Searches.trials(there);
    assertThat(trials).hasSize(12);
    assertThat(trials.stream().map(Trial::state))
        .contains(TrialState.EARLY_STOPPED)
        .doesNotContain(TrialState.FAILED);
    assertThat(trials.stream().map(Searches::told))
        .isEqualTo(Searches.trials(here).stream().map(Searches::told).toList());
  }

  private void samePrepared(SparkSession spark) throws Exception {
    Path log = folder.resolve("log").resolve(Simulator.CLICKS);
    Prepare.Rules rules = Prepare.Rules.DEFAULT.with(Protocol.GRU4REC);
    Manifest expected =
        Prepare.run(
                ClickSource.of(Format.of("yoochoose"), log),
                rules,
                Resources.DEFAULT,
                folder.resolve("one"),
                false,
                Progress.NONE)
            .manifest();
    Manifest manifest =
        PrepareJob.run(
            spark,
            new PrepareJob.Request(
                LogSpec.of("yoochoose"),
                LogInput.of(List.of(log.toString()), List.of(), List.of()),
                rules,
                folder.resolve("many").toString(),
                false,
                Files.size(log) / 6 + 1));
    assertThat(manifest.train()).isEqualTo(expected.train());
    assertThat(manifest.test()).isEqualTo(expected.test());
    for (String table : PrepareJobTest.TABLES) {
      assertThat(PrepareJobTest.rows(folder.resolve("many").resolve(table)))
          .as(table)
          .isEqualTo(PrepareJobTest.rows(folder.resolve("one").resolve(table)));
    }
  }

  /// Shoppers with attributes and earlier visits, prepared and forecast by executors.
  private void sameForecast(SparkSession spark) throws Exception {
    Path log = folder.resolve("shoppers");
    ShopperLog.write(new SimulatorConfig(600, 4, 1), log, Progress.NONE);
    LogSpec spec =
        LogSpec.of("csv").withColumns(ShopperLog.COLUMNS).withAttributes(ShopperLog.ATTRIBUTES);
    Path events = log.resolve(ShopperLog.EVENTS);
    Path dataset = folder.resolve("shop");
    PrepareJob.run(
        spark,
        new PrepareJob.Request(
            spec,
            LogInput.of(List.of(events.toString()), List.of(), List.of()),
            Prepare.Rules.DEFAULT.with(Protocol.CHALLENGE),
            dataset.toString(),
            false,
            Files.size(events) / 3 + 1));
    Path model = folder.resolve("shop.kaseb");
    Train.run(
        Train.Options.of(dataset, model, ForecastJobTest.CONFIG, 1)
            .withIntent(ForecastJobTest.INTENT),
        e -> {},
        Progress.NONE,
        () -> false);
    ForecastInput input =
        ForecastInput.read(
            model, 0, ClickSource.of(spec.read(), events), 0, Resources.DEFAULT, Progress.NONE);
    Path one = folder.resolve("answers.txt");
    Answers.write(input, one, null, Resources.DEFAULT, Progress.NONE);
    Path many = folder.resolve("answers");
    ForecastJob.run(
        spark,
        new ForecastJob.Request(
            model.toString(),
            spec,
            List.of(events.toString()),
            0,
            "view",
            0,
            ForecastJob.Output.answers(many.toString()),
            Files.size(events) / 3 + 1));
    assertThat(ForecastJobTest.lines(many)).isNotEmpty().isEqualTo(Files.readAllLines(one));
  }
}
