package io.kaseb.cli;

import static org.assertj.core.api.Assertions.assertThat;

import io.kaseb.Await;
import io.kaseb.store.Experiment;
import io.kaseb.store.SqliteStore;
import io.kaseb.tune.trial.Trial;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// A search killed at random moments, by a signal that no process can catch, and resumed.
class KilledTuneTest {
  private static final int TRIALS = 20;

  private final Random random = new Random(4);

  @TempDir private Path folder;

  @BeforeEach
  void prepare() throws IOException {
    Cli.prepareWalks(folder, 2000, 200);
  }

  @Test
  void noTrialIsLostDoubledOrRenumbered() throws Exception {
    Files.writeString(
        folder.resolve("space.json"),
        """
        {"hidden_size": {"_type": "randint", "_value": [8, 64]},
         "lr": {"_type": "loguniform", "_value": [0.01, 0.5]}}
        """);
    Path[] both = wholeAndKilled("--concurrency", "2", "--deterministic");
    assertThat(list(both[0])).hasSize(TRIALS);
    assertThat(list(both[1])).isEqualTo(list(both[0]));
    assertThat(config(both[1])).isEqualTo(config(both[0]));
  }

  /// With one worker it is settled which trial is the nearest, so that the kills change nothing.
  @Test
  void trialsThatStartFromOthersComeBackToo() throws Exception {
    Files.writeString(
        folder.resolve("space.json"),
        """
        {"lr": {"_type": "loguniform", "_value": [0.01, 0.5]},
         "momentum": {"_type": "uniform", "_value": [0, 0.5]}}
        """);
    Path[] both = wholeAndKilled("--concurrency", "1", "--warm-start", "--warm-check", "3");
    assertThat(list(both[0])).hasSize(TRIALS);
    assertThat(list(both[1])).isEqualTo(list(both[0]));
    assertThat(Files.readString(both[1].resolve("report.txt")))
        .contains("warm start against training from scratch", " tensors of trial ");
  }

  /// Runs a search in one go, and the same one killed three times.
  private Path[] wholeAndKilled(String... options) throws Exception {
    Path whole = folder.resolve("whole");
    assertThat(Cli.start(tune(whole, options)).waitFor()).isZero();
    Path killed = folder.resolve("killed");
    for (int wanted : new int[] {1, 5, 9}) {
      boolean begun = Files.exists(killed.resolve("experiment.db"));
      Process process = Cli.start(begun ? resume(killed) : tune(killed, options));
      Await.until(wanted + " trials", () -> !process.isAlive() || trials(killed) >= wanted);
      // Somewhere in a job, or between two.
      boolean ended = process.waitFor(random.nextInt(150), TimeUnit.MILLISECONDS);
      assertThat(ended).as("ended before it could be killed").isFalse();
      process.destroyForcibly().waitFor();
    }
    assertThat(Cli.start(resume(killed)).waitFor()).isZero();
    return new Path[] {whole, killed};
  }

  private static List<String> resume(Path experiment) {
    return List.of("experiment", "resume", experiment.toString());
  }

  private static int trials(Path experiment) throws IOException {
    Path file = experiment.resolve("experiment.db");
    if (!Files.exists(file)) {
      return 0;
    }
    try (SqliteStore store = SqliteStore.open(file)) {
      return store.trials().size();
    }
  }

  private static List<String> config(Path experiment) throws IOException {
    return Files.readAllLines(experiment.resolve("best.yaml"));
  }

  private static List<Object> list(Path experiment) throws IOException {
    try (Experiment opened = Experiment.open(experiment)) {
      List<Object> list = new ArrayList<>();
      for (Trial t : opened.store().trials()) {
        list.add(
            List.of(t.id(), t.state(), t.parameters(), t.segments(), t.measurements(), t.values()));
      }
      return list;
    }
  }

  private List<String> tune(Path out, String... options) {
    List<String> command =
        new ArrayList<>(
            List.of(
                "tune",
                folder.resolve("data").toString(),
                "--space",
                folder.resolve("space.json").toString(),
                "--max-trials",
                Integer.toString(TRIALS),
                "--set",
                "n_epochs=9",
                "--set",
                "n_sample=64",
                "--set",
                "batch_size=16",
                "--out",
                out.toString()));
    command.addAll(List.of(options));
    return command;
  }
}
