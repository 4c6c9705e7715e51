package io.kaseb.cli;

import static org.assertj.core.api.Assertions.assertThat;

import io.kaseb.base.Json;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

/// What goes to standard output on request stands there alone.
class StandardOutputTest {
  @TempDir private static Path folder = Path.of("");

  @BeforeAll
  static void model() throws IOException {
    Cli.prepareWalks(folder, 80, 9);
    Cli trained =
        Cli.run("train", folder.resolve("data"), "--model", "markov", "--out", file("m.kaseb"));
    assertThat(trained.exit()).as(trained.err()).isZero();
  }

  private static Path file(String name) {
    return folder.resolve(name);
  }

  /// Runs a command in a process of its own.
  private static Cli process(Object... arguments) throws IOException, InterruptedException {
    List<String> command = new ArrayList<>(Cli.command());
    Stream.of(arguments).map(Object::toString).forEach(command::add);
    Process process =
        new ProcessBuilder(command)
            .directory(folder.toFile())
            .redirectOutput(file("out").toFile())
            .redirectError(file("err").toFile())
            .start();
    int exit = process.waitFor();
    return new Cli(exit, Files.readString(file("out")), Files.readString(file("err")));
  }

  static Stream<Arguments> figures() {
    return Stream.of(
        Arguments.of((Object) new Object[] {"info", file("m.kaseb"), "--json", "-"}),
        Arguments.of(
            (Object)
                new Object[] {
                  "simulate", "--sessions", "100", "--out", file("log"), "--json", "/dev/stdout"
                }),
        Arguments.of(
            (Object)
                new Object[] {
                  "forecast",
                  file("m.kaseb"),
                  "--format",
                  "sessions",
                  "--clicks",
                  file("log.txt"),
                  "--next",
                  "2",
                  "--out",
                  file("answers.txt"),
                  "--json",
                  "-"
                }));
  }

  @ParameterizedTest
  @MethodSource("figures")
  void figuresStandAlone(Object[] arguments) throws Exception {
    Cli run = process(arguments);
    assertThat(run.exit()).as(run.err()).isZero();
    assertThat(Json.MAPPER.readTree(run.out()).isObject()).isTrue();
    assertThat(run.err()).isNotBlank();
  }

  @Test
  void answersStandAlone() throws Exception {
    Cli run =
        process(
            "forecast",
            file("m.kaseb"),
            "--format",
            "sessions",
            "--clicks",
            file("log.txt"),
            "--next",
            "2",
            "--out",
            "-");
    assertThat(run.exit()).as(run.err()).isZero();
    assertThat(run.out().lines()).hasSize(80).allMatch(line -> line.matches("\\d+;\\d,\\d"));
    assertThat(run.err()).contains("Wrote -: 80 sessions");
  }

  @Test
  void standardOutputHoldsOneFile() {
    Cli run = Cli.run("forecast", "m", "--clicks", "c", "--out", "-", "--json", "-");
    assertThat(run.exit()).isEqualTo(2);
    assertThat(run.err()).contains("--out and --json cannot both go to standard output");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "simulate --sessions 5",
        "prepare --format sessions --clicks x",
        "train x",
        "tune x",
        "quickstart",
        "export x --to int8",
        "experiment clone x"
      })
  void whatNeedsANameRefusesStandardOutput(String command) {
    Cli run = Cli.run((Object[]) (command + " --out -").split(" "));
    assertThat(run.exit()).isEqualTo(2);
    assertThat(run.err()).contains("'--out'", "- is standard output; must be a name");
    assertThat(Path.of("-")).doesNotExist();
  }
}
