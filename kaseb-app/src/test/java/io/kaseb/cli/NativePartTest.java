package io.kaseb.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// A folder for temporary files that cannot be used is said in one line, whichever library wanted
/// it.
class NativePartTest {
  @TempDir private Path folder = Path.of("");

  private Cli run(Object... arguments) throws IOException, InterruptedException {
    List<String> command = new ArrayList<>(Cli.command());
    command.add(1, "-Djava.io.tmpdir=" + folder.resolve("file"));
    Stream.of(arguments).map(Object::toString).forEach(command::add);
    Process process =
        new ProcessBuilder(command)
            .redirectOutput(folder.resolve("out").toFile())
            .redirectError(folder.resolve("err").toFile())
            .start();
    int exit = process.waitFor();
    return new Cli(exit, "", Files.readString(folder.resolve("err")));
  }

  @Test
  void aTemporaryFolderThatCannotBeUsedIsNamed() throws Exception {
    Path file = Files.writeString(folder.resolve("file"), "no folder");
    Path log = Files.writeString(folder.resolve("log.txt"), "1 2\n");
    Path study = Files.createDirectories(folder.resolve("search"));
    Files.writeString(study.resolve("experiment.db"), "");
    Files.writeString(study.resolve("plan.json"), "{}");
    List<Cli> runs =
        List.of(
            run("prepare", "--format", "sessions", "--clicks", log, "--out", folder.resolve("d")),
            run("experiment", "show", study));
    List<String> libraries = List.of("DuckDB", "SQLite");
    for (int i = 0; i < runs.size(); i++) {
      Cli run = runs.get(i);
      assertThat(run.exit()).as(run.err()).isEqualTo(1);
      assertThat(run.err())
          .doesNotContain("\tat ")
          .contains(
              "kaseb: " + file + ": the native code of " + libraries.get(i) + " cannot be unpacked",
              "-Djava.io.tmpdir=FOLDER");
    }
  }
}
