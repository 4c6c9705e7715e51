package io.kaseb.cli;

import static org.assertj.core.api.Assertions.assertThat;

import io.kaseb.cli.terminal.ShellWords;
import io.kaseb.cli.usage.NextCommand;
import io.kaseb.cli.usage.UsageErrors;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Objects;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import picocli.CommandLine;

/// What the command line says of itself, and of what it does not understand.
class HelpTest {
  @TempDir Path folder;

  @Test
  void everyCommandAndVerbHelps() {
    HelpCheck.check(Main.commandLine());
  }

  @Test
  void whatIsToBeCopiedStandsOnOneLine() {
    assertThat(Cli.run("prepare", "--help").out().lines().map(String::strip))
        .anyMatch(line -> line.contains("'logs/*.csv.gz',"))
        .anyMatch(line -> line.startsWith("[--attributes=[NAME=]COLUMN:KIND@LEVEL,...]"));
    assertThat(Cli.run("serve", "--help").out()).contains("redis://HOST:PORT ");
    assertThat(Cli.run("help", "tune").out()).contains("Usage: kaseb tune [-hV]");
  }

  @Test
  void verbsStandInTheirOrder() {
    Cli help = Cli.run("experiment", "--help");
    List<String> listed =
        help.out()
            .lines()
            .filter(line -> line.matches("  [a-z]+ +[A-Z].*"))
            .map(line -> line.strip().split(" ")[0])
            .toList();
    assertThat(listed).isEqualTo(ExperimentCommand.VERBS);
    CommandLine experiment =
        Objects.requireNonNull(Main.commandLine().getSubcommands().get("experiment"));
    assertThat(experiment.getSubcommands()).containsOnlyKeys(ExperimentCommand.VERBS);
  }

  @Test
  void helpFindsEveryCommandAndVerb() {
    HelpCheck.all(Main.commandLine())
        .forEach(
            command -> {
              String[] words = command.getCommandSpec().qualifiedName(" ").split(" ");
              Object[] asked = words.clone();
              asked[0] = "help";
              assertThat(Cli.run(asked).out()).contains("Usage: " + String.join(" ", words));
            });
    assertThat(Cli.run("help", "experiment", "shwo").err())
        .isEqualTo(
            lines("kaseb: unknown verb 'shwo'; did you mean show?", "See kaseb experiment --help"));
  }

  private static String lines(String... lines) {
    return String.join(System.lineSeparator(), lines) + System.lineSeparator();
  }

  private static void assertUsage(String said, String help, Object... args) {
    Cli cli = Cli.run(args);
    assertThat(cli.exit()).isEqualTo(2);
    assertThat(cli.out()).isEmpty();
    assertThat(cli.err()).isEqualTo(lines("kaseb: " + said, "See " + help + " --help"));
  }

  @Test
  void mistakesAreAnsweredWithTheNearestName() {
    assertUsage(
        "unknown option --treads; did you mean --threads?",
        "kaseb train",
        "train",
        "d",
        "--out",
        "m",
        "--treads",
        "2");
    assertUsage(
        "unknown option --treads; did you mean --threads?",
        "kaseb train",
        "train",
        "d",
        "--out",
        "m",
        "--treads=2");
    assertUsage(
        "unknown option --oot; did you mean --out?", "kaseb train", "train", "d", "--oot", "m");
    assertUsage("unknown option --xyzzy-plugh", "kaseb info", "info", "d", "--xyzzy-plugh");
    assertUsage("unknown command 'trian'; did you mean train?", "kaseb", "trian", "d");
    assertUsage(
        "unknown verb 'rezume'; did you mean resume?",
        "kaseb experiment",
        "experiment",
        "rezume",
        "s");
    assertUsage("'b' is one argument too many", "kaseb info", "info", "a", "b");
    assertUsage("Missing required option: '--out=MODEL'", "kaseb train", "train", "d");
    assertUsage(
        "Invalid value for option '--threads': 'x' is no whole number",
        "kaseb train",
        "train",
        "d",
        "--out",
        "m",
        "--threads",
        "x");
    Cli verb = Cli.run("experiment");
    assertThat(verb.exit()).isEqualTo(2);
    assertThat(verb.err())
        .startsWith("kaseb: a verb is missing: one of clone, delete, export, import, kill, list");
    assertThat(verb.err().lines()).hasSize(2);
  }

  @Test
  void whoHasNoMeasurementsIsToldWhereTheyAre() {
    StringWriter err = new StringWriter();
    int exit =
        Main.commandLine()
            .setErr(new PrintWriter(err, true))
            .setParameterExceptionHandler(new UsageErrors())
            .execute("bench", "train");
    assertThat(exit).isEqualTo(2);
    assertThat(err)
        .hasToString(
            lines(
                "kaseb: bench, the measurements, is not part of this jar; it comes with the source"
                    + " checkout: ./kaseb bench",
                "See kaseb --help"));
    assertThat(Cli.run("--help").out()).contains("come with the source checkout: ./kaseb bench");
  }

  @Test
  void bashCompletesByTheScript() throws Exception {
    Cli script = Cli.run("completion", "bash");
    assertThat(script.exit()).isZero();
    assertThat(Cli.run("completion", "zsh").out())
        .startsWith("# For zsh.")
        .contains("bashcompinit");
    Path file = Files.writeString(folder.resolve("completion"), script.out());
    Process bash =
        new ProcessBuilder(
                "bash",
                "-c",
                "source <(cat \"$1\"); complete -p kaseb; COMP_WORDS=(kaseb tr); COMP_CWORD=1;"
                    + " _complete_kaseb; echo \"${COMPREPLY[@]}\"",
                "bash",
                file.toString())
            .redirectErrorStream(true)
            .start();
    String output = new String(bash.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
    assertThat(bash.waitFor()).as(output).isZero();
    assertThat(output.lines().toList())
        .contains("train")
        .anyMatch(line -> line.startsWith("complete") && line.endsWith("kaseb"));
  }

  @Test
  void wordsComeThroughAShellAsTheyAre() throws Exception {
    for (String word :
        List.of(
            "plain/file.kaseb", "two words", "it's", "a\"b", "$HOME", "*", "x;y", "", "\u00e9")) {
      Process bash =
          new ProcessBuilder("bash", "-c", "printf %s " + ShellWords.quoted(word)).start();
      assertThat(bash.getInputStream().readAllBytes())
          .asString(StandardCharsets.UTF_8)
          .isEqualTo(word);
    }
    assertThat(ShellWords.quoted("-model")).isEqualTo("./-model");
    assertThat(ShellWords.quoted("plain/file.kaseb")).isEqualTo("plain/file.kaseb");
  }

  @Test
  void whatComesNextCanBePastedAndRuns() throws Exception {
    Path out = Files.createDirectory(folder.resolve("it's a shop"));
    Cli.prepareWalks(out, 60, 6);
    Path dataset = out.resolve("data");
    String next = NextCommand.afterPrepare(dataset);
    assertThat(next).contains(" '" + out.toString().replace("'", "'\\''") + "/data' --out data");
    assertThat(NextCommand.afterTrain(Path.of("m.kaseb"), dataset))
        .isEqualTo("kaseb serve m.kaseb");
    Cli trained =
        Cli.run(
            "train",
            dataset,
            "--out",
            out.resolve("m.kaseb"),
            "--set",
            "n_epochs=1",
            "--set",
            "layers=4",
            "--set",
            "n_sample=4",
            "--set",
            "batch_size=4");
    assertThat(trained.out()).contains("Next: kaseb serve '");
    assertThat(NextCommand.afterTune(dataset.toString(), out.resolve("best.yaml")))
        .startsWith("kaseb train '")
        .contains("/data' --config '");
  }
}
