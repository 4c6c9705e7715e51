package io.kaseb.cli;

import static org.assertj.core.api.Assertions.assertThat;

import io.kaseb.base.Workers;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/// `--threads 1` uses one thread: the command's own.
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class OneThreadTest {
  /// What asks DuckDB once a second how far it is, and sleeps in between.
  private static final Set<String> IDLE = Set.of("duckdb-progress");

  @TempDir private static Path folder;

  private static Path in(String name) {
    return folder.resolve(name);
  }

  /// Runs a command with one thread and asserts that no other works.
  private static void alone(Object... command) throws Exception {
    List<Object> arguments = new ArrayList<>(Arrays.asList(command));
    arguments.addAll(List.of("--threads", 1));
    BusyThreads<Cli> busy = BusyThreads.of(() -> Cli.run(arguments.toArray()));
    assertThat(busy.result().exit()).as(busy.result().err()).isZero();
    assertThat(busy.started()).as("started by %s", arguments).isSubsetOf(IDLE);
    assertThat(busy.found()).as("found in %s", arguments).isSubsetOf(IDLE);
    assertThat(busy.left()).as("native threads of %s", arguments).isZero();
  }

  @BeforeAll
  void aDatasetAndAModelAreMadeAlone() throws Exception {
    alone("simulate", "--sessions", 1500, "--seed", 3, "--out", in("log"));
    alone(
        "prepare",
        "--format",
        "yoochoose",
        "--clicks",
        in("log/yoochoose-clicks.dat"),
        "--test",
        in("log/yoochoose-test.dat"),
        "--buys",
        in("log/yoochoose-buys.dat"),
        in("log/yoochoose-test-buys.dat"),
        "--protocol",
        "challenge",
        "--out",
        in("data"));
    train("gru4rec", in("model.kaseb"), "intent_trees=15", "intent_epochs=1", "intent_units=8");
  }

  private static void train(String kind, Path out, String... more) throws Exception {
    List<Object> command =
        new ArrayList<>(
            List.of("train", in("data"), "--model", kind, "--out", out, "--networks", 2));
    List<String> settings = new ArrayList<>(List.of("n_epochs=1", "layers=16", "n_sample=64"));
    settings.addAll(List.of(more));
    settings.forEach(setting -> command.addAll(List.of("--set", setting)));
    alone(command.toArray());
  }

  @ParameterizedTest
  @ValueSource(strings = {"hybrid", "ensemble", "vmis-knn"})
  void trainWorksAlone(String kind) throws Exception {
    train(kind, in(kind + ".kaseb"), "intent=off");
  }

  @Test
  void trainingWithValidationWorksAlone() throws Exception {
    alone(
        "train",
        in("data"),
        "--out",
        in("valid.kaseb"),
        "--valid",
        0.1,
        "--set",
        "n_epochs=1",
        "--set",
        "layers=16",
        "--set",
        "intent=off");
  }

  @Test
  void evaluateAndCompareWorkAlone() throws Exception {
    alone("evaluate", in("model.kaseb"), in("data"), "--baselines", "--truth", in("log"));
    alone("compare", in("model.kaseb"), in("data"));
  }

  @Test
  void forecastAndScoreWorkAlone() throws Exception {
    Path clicks = in("log/yoochoose-test.dat");
    Path answers = in("answers.txt");
    alone("forecast", in("model.kaseb"), "--clicks", clicks, "--next", 20, "--out", in("next.txt"));
    alone("forecast", in("model.kaseb"), "--clicks", clicks, "--out", answers);
    alone("score", answers, "--clicks", clicks, "--buys", in("log/yoochoose-test-buys.dat"));
  }

  @Test
  void exportWorksAlone() throws Exception {
    alone(
        "export",
        in("model.kaseb"),
        "--to",
        "int8",
        "--against",
        in("data"),
        "--max-loss",
        1,
        "--out",
        in("small.kaseb"));
  }

  @Test
  void quickstartWorksAlone() throws Exception {
    alone(
        "quickstart",
        "--sessions",
        1500,
        "--out",
        in("quick"),
        "--set",
        "n_epochs=1",
        "--set",
        "layers=16");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "quickstart",
        "simulate",
        "prepare",
        "train",
        "evaluate",
        "compare",
        "tune",
        "forecast",
        "score",
        "export"
      })
  void everyCommandThatWorksInParallelTakesTheSameOption(String command) {
    assertThat(Cli.run(command, "--help").out().replaceAll("\\s+", " "))
        .contains("--threads=N Threads to work with, 1 to 256. Default: all cores.");
  }

  @ParameterizedTest
  @ValueSource(strings = {"0", "-3", "257"})
  void theNumberIsChecked(String threads) {
    Path clicks = in("log/yoochoose-test.dat");
    Cli cli =
        Cli.run(
            "forecast",
            in("model.kaseb"),
            "--clicks",
            clicks,
            "--out",
            in("x.txt"),
            "--threads=" + threads);
    assertThat(cli.exit()).isEqualTo(1);
    assertThat(cli.err()).contains("--threads " + threads + ": must be 1..256");
  }

  /// What counts the threads sees those that there are.
  @Test
  @Timeout(60)
  void busyThreadsAreSeen() throws Exception {
    assertThat(BusyThreads.of(() -> Workers.of(2).map(100, i -> i)).started())
        .containsExactly("kaseb-worker-1");
    BusyThreads<Cli> training =
        BusyThreads.of(
            () ->
                Cli.run(
                    "train",
                    in("data"),
                    "--out",
                    in("two.kaseb"),
                    "--set",
                    "n_epochs=1",
                    "--set",
                    "layers=16",
                    "--set",
                    "intent_trees=5",
                    "--set",
                    "intent_epochs=1",
                    "--set",
                    "intent_units=8",
                    "--threads",
                    2));
    assertThat(training.result().exit()).as(training.result().err()).isZero();
    assertThat(training.started()).contains("kaseb-train-1");
    if (Files.isDirectory(Path.of("/proc/self/task"))) {
      assertThat(training.left()).as("XGBoost's own").isPositive();
    }
    BusyThreads<Boolean> pool =
        BusyThreads.of(
            found -> {
              // Ends when it was seen itself.
              CompletableFuture<Void> task = CompletableFuture.runAsync(() -> awaitAny(found));
              task.join();
              return true;
            });
    assertThat(pool.found()).isNotEmpty();
  }

  private static void awaitAny(Set<String> found) {
    while (found.isEmpty()) {
      Thread.onSpinWait();
    }
  }
}
