package io.kaseb.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.apache.commons.compress.archivers.sevenz.SevenZOutputFile;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// Runs docs/tutorial.md from top to bottom on simulated files of the names that it uses.
class TutorialTest {
  @TempDir private Path folder;

  private void archive() throws IOException {
    try (SevenZOutputFile out =
        new SevenZOutputFile(folder.resolve("yoochoose-data.7z").toFile())) {
      for (String name :
          List.of("yoochoose-buys.dat", "yoochoose-clicks.dat", "yoochoose-test.dat")) {
        Path file = folder.resolve(name);
        out.putArchiveEntry(out.createArchiveEntry(file.toFile(), name));
        out.write(Files.readAllBytes(file));
        out.closeArchiveEntry();
      }
    }
    // What the archive holds is not beside it.
    Files.delete(folder.resolve("yoochoose-buys.dat"));
    Files.delete(folder.resolve("yoochoose-clicks.dat"));
  }

  private void run(List<String> arguments) throws IOException, InterruptedException {
    List<String> command = new ArrayList<>(Cli.command());
    command.addAll(arguments);
    Process process =
        new ProcessBuilder(command).directory(folder.toFile()).redirectErrorStream(true).start();
    String output = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
    assertThat(process.waitFor()).as("%s: %s", arguments, output).isZero();
  }

  @Test
  void everyCommandOfThePageRuns() throws IOException, InterruptedException {
    run(List.of("simulate", "--sessions", "1500", "--out", "."));
    archive();
    List<String> commands = PagesTest.commands(Path.of("..", "docs", "tutorial.md"));
    assertThat(commands).hasSize(9);
    for (String command : commands) {
      List<String> words = new ArrayList<>(List.of(command.split(" ")));
      words.removeFirst();
      if (words.getFirst().equals("train")) {
        words.addAll(List.of("--set", "n_epochs=1", "--set", "layers=16"));
      }
      run(words);
    }
    for (String made :
        List.of("report.html", "beside.html", "answers.txt", "chances.csv", "next.txt")) {
      assertThat(folder.resolve(made)).isNotEmptyFile();
    }
  }
}
