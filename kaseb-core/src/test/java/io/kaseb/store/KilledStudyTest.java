package io.kaseb.store;

import static org.assertj.core.api.Assertions.assertThat;

import io.kaseb.tune.space.Range;
import io.kaseb.tune.space.Space;
import io.kaseb.tune.study.MethodSpec;
import io.kaseb.tune.study.Settings;
import io.kaseb.tune.study.Study;
import io.kaseb.tune.study.StudyState;
import io.kaseb.tune.study.TrialRun;
import io.kaseb.tune.trial.Goal;
import io.kaseb.tune.trial.Outcome;
import io.kaseb.tune.trial.Trial;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// Kills a real process in the middle of a study and goes on from its file.
class KilledStudyTest {
  @TempDir private Path folder;

  private static final Settings SETTINGS =
      Settings.of(
              Space.of(Map.of("x", Range.of(0, 1), "n", Range.integers(1, 50))),
              Goal.maximize("score"))
          .withMethod(MethodSpec.of("TPE"), new MethodSpec("ASHA", Map.of("type", "promote")))
          .withBudget(9)
          .withMaxTrials(60)
          .withConcurrency(2)
          .withLag(2);

  private static Outcome train(TrialRun trial) throws InterruptedException {
    double score = trial.parameters().number("x") - trial.parameters().number("n") / 100;
    for (int step = trial.from() + 1; step <= trial.until(); step++) {
      trial.report(step, score - 1. / step);
      Thread.sleep(5);
    }
    return Outcome.of(score - 1. / trial.until());
  }

  /// The process that is killed.
  public static void main(String[] args) throws Exception {
    try (SqliteStore store = SqliteStore.open(Path.of(args[0]))) {
      Study study =
          store.settings().isPresent() ? Study.open(store) : Study.create(store, SETTINGS);
      study.run(KilledStudyTest::train);
    }
  }

  private Process start(Path file) throws Exception {
    String java = Path.of(System.getProperty("java.home"), "bin", "java").toString();
    return new ProcessBuilder(
            java,
            "--enable-native-access=ALL-UNNAMED",
            "-cp",
            System.getProperty("java.class.path"),
            KilledStudyTest.class.getName(),
            file.toString())
        .redirectErrorStream(true)
        .redirectOutput(folder.resolve("out.txt").toFile())
        .start();
  }

  private static List<Trial> timeless(List<Trial> trials) {
    return trials.stream()
        .map(
            t ->
                new Trial(
                    t.id(),
                    t.state(),
                    t.parameters(),
                    t.origin(),
                    t.segments(),
                    t.measurements(),
                    t.outcome(),
                    t.reason(),
                    0))
        .toList();
  }

  @Test
  void noTrialIsLostDoubledOrRenumbered() throws Exception {
    Path file = folder.resolve("experiment.db");
    for (int wanted : new int[] {3, 12, 25}) {
      Process process = start(file);
      long deadline = System.nanoTime() + TimeUnit.SECONDS.toNanos(100);
      int seen = 0;
      while (seen < wanted && process.isAlive() && System.nanoTime() < deadline) {
        Thread.sleep(20);
        try (SqliteStore store = SqliteStore.open(file)) {
          seen = store.trials().size();
        }
      }
      assertThat(seen).isBetween(wanted, 59);
      process.destroyForcibly().waitFor();
    }
    try (SqliteStore store = SqliteStore.open(file);
        SqliteStore whole = SqliteStore.open(folder.resolve("whole.db"))) {
      assertThat(store.status().status()).isEqualTo(StudyState.RUNNING);
      Study resumed = Study.open(store);
      assertThat(resumed.run(KilledStudyTest::train).status()).isEqualTo(StudyState.DONE);
      Study.create(whole, SETTINGS).run(KilledStudyTest::train);
      List<Trial> expected = timeless(whole.trials());
      List<Trial> actual = timeless(store.trials());
      for (int i = 0; i < 60; i++) {
        assertThat(actual.get(i)).isEqualTo(expected.get(i));
      }
      assertThat(actual).hasSize(60);
    }
  }
}
