package io.kaseb.cli;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import io.kaseb.base.Json;
import io.kaseb.cli.terminal.StandardStream;
import java.io.FileOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.assertj.core.api.InstanceOfAssertFactories;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

/// What goes to standard output on request stands there alone.
class StandardOutputTest {
  private static final Path FULL = Path.of("/dev/full");

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

  /// Every command and verb, in an order in which each finds what it needs (`@` is a folder's
  /// place). Servers do not end, the quickstart is its steps, and three verbs want an experiment
  /// that runs: their help stands for them.
  private static final List<String> EVERY =
      List.of(
          "--help",
          "--version",
          "help train",
          "quickstart --help",
          "serve --help",
          "studio --help",
          "import --help",
          "completion bash",
          "simulate --sessions 300 --seed 3 --out @shop",
          "prepare --clicks @shop/yoochoose-clicks.dat --buys @shop/yoochoose-buys.dat"
              + " --format yoochoose --protocol none --split random:0.2 --out @parts",
          "features @parts --sessions 200 --max-features 1",
          "train @parts --model markov --out @counted.kaseb",
          "train @parts --set n_epochs=1 --set layers=4 --set intent=off --out @network.kaseb",
          "info @counted.kaseb",
          "evaluate @counted.kaseb @parts --json @figures.json",
          "compare @counted.kaseb @parts",
          "export @network.kaseb --to int8 --max-loss 0.99 --against @parts --out @int8.kaseb",
          "forecast @counted.kaseb --clicks @shop/yoochoose-test.dat --next 2 --out @answers.txt",
          "score @answers.txt --clicks @shop/yoochoose-test.dat"
              + " --buys @shop/yoochoose-test-buys.dat",
          "tune @parts --max-trials 1 --set n_epochs=1 --set layers=4 --out @search",
          "experiment list @",
          "experiment show @search",
          "experiment top @search",
          "experiment trials @search",
          "experiment export @search --out @results.json",
          "experiment import @search @results.json",
          "experiment clone @search --out @twin",
          "experiment update @twin --max-trials 1",
          "experiment pause --help",
          "experiment stop --help",
          "experiment kill --help",
          "experiment resume @twin",
          "experiment delete @twin");

  /// Runs a command in this process, its words going to a stream that may fail.
  private static Cli lost(OutputStream out, Path place, String command) {
    StringWriter err = new StringWriter();
    String[] words = command.replace("@", place + "/").split(" ");
    int exit = Main.run(new StandardStream(out), new PrintWriter(err, true), words);
    return new Cli(exit, "", err.toString());
  }

  private static List<String> said(Cli run) {
    return run.err().lines().filter(line -> line.startsWith("kaseb: ")).toList();
  }

  @Test
  void whoseWordsAreLostHasFailed(@TempDir Path place) throws IOException {
    assumeTrue(Files.isWritable(FULL), "needs " + FULL);
    for (String command : EVERY) {
      try (OutputStream full = new FileOutputStream(FULL.toFile())) {
        Cli run = lost(full, place, command);
        assertThat(run.exit()).as(command).isEqualTo(1);
        assertThat(said(run))
            .as(command)
            .hasSize(1)
            .first(InstanceOfAssertFactories.STRING)
            .startsWith("kaseb: standard output cannot be written: ");
      }
    }
  }

  @Test
  void whoseReaderHasLeftIsQuiet(@TempDir Path place) {
    OutputStream left =
        new OutputStream() {
          @Override
          public void write(int b) throws IOException {
            throw new IOException("Broken pipe");
          }
        };
    for (String command : EVERY) {
      Cli run = lost(left, place, command);
      assertThat(run.exit()).as(command + run.err()).isZero();
      assertThat(said(run)).as(command).isEmpty();
    }
  }

  @Test
  void noCommandIsMissingThere() {
    Set<String> all =
        HelpCheck.all(Main.commandLine())
            .filter(line -> !line.getCommandSpec().name().equals("experiment"))
            .map(line -> line.getCommandSpec().qualifiedName(" ").replaceFirst("^kaseb ?", ""))
            .filter(name -> !name.isEmpty())
            .collect(Collectors.toSet());
    assertThat(all)
        .allMatch(name -> EVERY.stream().anyMatch(line -> (line + " ").startsWith(name + " ")));
  }

  /// What goes to standard output on request, in a process whose output is full or a pipe that
  /// nobody reads.
  @ParameterizedTest
  @CsvSource({
    "--out -, '>/dev/full', 1",
    "--out /dev/stdout, '>/dev/full', 1",
    "--out answers.txt --json -, '>/dev/full', 1",
    "--out -, '| true', 0",
    "--out /dev/stdout, '| true', 0",
    "--out answers.txt --json -, '| true', 0",
    "--out answers.txt, '>/dev/full', 1",
    "--out answers.txt, '| true', 0"
  })
  void aFileOnStandardOutputIsLostLikewise(String outputs, String to, int exit) throws Exception {
    assumeTrue(Files.isWritable(FULL), "needs " + FULL);
    List<String> command =
        new ArrayList<>(
            List.of("bash", "-c", "{ sleep .1; \"$@\"; echo $? >exit; } " + to, "bash"));
    command.addAll(Cli.command());
    String forecast = "forecast m.kaseb --format sessions --clicks log.txt --next 2 " + outputs;
    command.addAll(List.of(forecast.split(" ")));
    Process process =
        new ProcessBuilder(command)
            .directory(folder.toFile())
            .redirectError(file("err").toFile())
            .start();
    process.getInputStream().readAllBytes();
    process.waitFor();
    Cli run = new Cli(0, "", Files.readString(file("err")));
    assertThat(Files.readString(file("exit")).strip()).as(run.err()).isEqualTo("" + exit);
    assertThat(said(run)).hasSize(exit);
  }
}
