package io.kaseb.cli;

import static org.assertj.core.api.Assertions.assertThat;

import io.kaseb.model.ModelFile;
import io.kaseb.train.Checkpoint;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// Training killed at random moments, by a signal that no process can catch, and resumed.
class KilledTrainingTest {
  @TempDir Path folder;

  @Test
  void resumingGivesTheSameBytesAsNeverStopping() throws Exception {
    Random random = new Random(4);
    Cli.prepareWalks(folder, 3000, 300);
    Path whole = folder.resolve("whole.kaseb");
    assertThat(train(whole, "--resume").waitFor()).isZero();

    Path killed = folder.resolve("killed.kaseb");
    int kills = 0;
    while (true) {
      Process process = train(killed, "--resume");
      // The longer it has taken, the later it is killed: a slow machine gets on too.
      if (process.waitFor(900 + random.nextInt(1500) + 300 * kills, TimeUnit.MILLISECONDS)) {
        assertThat(process.exitValue()).isZero();
        break;
      }
      process.destroyForcibly().waitFor();
      kills++;
      if (Files.exists(killed)) {
        ModelFile.read(killed);
        if (!Files.exists(Checkpoint.of(killed))) {
          // Killed after its last step, on its way out: there is nothing to resume.
          break;
        }
      }
      assertThat(kills).as("a run that never gets on").isLessThan(60);
    }
    assertThat(kills).isPositive();
    assertThat(Files.readAllBytes(killed)).isEqualTo(Files.readAllBytes(whole));
    assertThat(folder.resolve("killed.kaseb.checkpoint")).doesNotExist();
  }

  @Test
  void anUnfinishedRunIsNotOverwritten() throws Exception {
    Files.writeString(folder.resolve("log.txt"), "1 2\n2 3\n");
    Path dataset = folder.resolve("data");
    Cli.run(
        "prepare", "--format", "sessions", "--clicks", folder.resolve("log.txt"), "--out", dataset);
    Path model = folder.resolve("m.kaseb");
    Files.writeString(folder.resolve("m.kaseb.checkpoint"), "precious");
    Cli cli = Cli.run("train", dataset, "--out", model);
    assertThat(cli.exit()).isEqualTo(1);
    assertThat(cli.err()).contains("m.kaseb.checkpoint", "--resume");
    assertThat(folder.resolve("m.kaseb.checkpoint")).content().isEqualTo("precious");
    assertThat(Cli.run("train", dataset, "--out", model, "--resume").err())
        .contains("not a whole model file");
  }

  private Process train(Path out, String... more) throws IOException {
    List<String> command =
        new ArrayList<>(
            List.of("train", folder.resolve("data").toString(), "--out", out.toString()));
    command.addAll(List.of("--threads", "1", "--valid", "0.1", "--set", "n_epochs=6"));
    command.addAll(
        List.of("--set", "layers=24", "--set", "n_sample=128", "--set", "batch_size=16"));
    command.addAll(List.of(more));
    return Cli.start(command);
  }
}
