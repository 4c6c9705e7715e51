package io.kaseb.spark;

import static org.assertj.core.api.Assertions.assertThat;

import io.kaseb.base.Progress;
import io.kaseb.data.Manifest;
import io.kaseb.duckdb.Resources;
import io.kaseb.logfile.ClickSource;
import io.kaseb.logfile.Format;
import io.kaseb.logfile.Protocol;
import io.kaseb.pipeline.Prepare;
import io.kaseb.search.Tune;
import io.kaseb.simulate.Simulator;
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
}
