package io.kaseb.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// A command that runs out of memory says so in one line.
class MemoryTest {
  @Test
  void aTrainingThatIsTooLargeSaysWhatToDo(@TempDir Path folder) throws Exception {
    Cli.prepareWalks(folder, 50, 9);
    List<String> command = new ArrayList<>(Cli.command());
    command.add(1, "-Xmx40m");
    command.addAll(
        List.of(
            "train",
            "data",
            "--out",
            "model.kaseb",
            "--set",
            "batch_size=4096",
            "--set",
            "n_sample=65536"));
    Path err = folder.resolve("err");
    int exit =
        new ProcessBuilder(command)
            .directory(folder.toFile())
            .redirectOutput(ProcessBuilder.Redirect.DISCARD)
            .redirectError(err.toFile())
            .start()
            .waitFor();
    assertThat(exit).isEqualTo(1);
    assertThat(Files.readAllLines(err))
        .filteredOn(line -> !line.contains("incubator"))
        .singleElement()
        .asString()
        .startsWith("kaseb: out of memory (")
        .contains("MiB", "KASEB_JAVA_OPTS=-Xmx2g", "batch_size");
    assertThat(folder.resolve("model.kaseb")).doesNotExist();
  }
}
