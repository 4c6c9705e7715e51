package io.kaseb.cli;

import static org.assertj.core.api.Assertions.assertThat;

import io.kaseb.base.Json;
import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import picocli.CommandLine;
import tools.jackson.databind.JsonNode;

/// `kaseb prepare` and `info` as a user runs them.
class PrepareCommandTest {
  @TempDir Path folder;

  private final StringWriter out = new StringWriter();

  private int run(Object command, String... args) {
    return new CommandLine(command).setOut(new PrintWriter(out)).execute(args);
  }

  private String path(String name) {
    return folder.resolve(name).toString();
  }

  @Test
  void preparesAndSaysWhatItHolds() throws IOException {
    Files.writeString(folder.resolve("train.txt"), "a b c\nb a\n");
    Files.writeString(folder.resolve("test.txt"), "a d\n");
    int exit =
        run(
            new PrepareCommand(),
            "--format",
            "sessions",
            "--clicks",
            path("train.txt"),
            "--test",
            path("test.txt"),
            "--out",
            path("shop"),
            "--json",
            path("prepare.json"));
    assertThat(exit).isZero();
    assertThat(out.toString())
        .contains("protocol none, split test file, times none (UTC)")
        .contains("Next: kaseb train " + path("shop") + " --out model.kaseb");
    JsonNode json = Json.MAPPER.readTree(folder.resolve("prepare.json").toFile());
    assertThat(json.at("/train/sessions").asInt()).isEqualTo(2);
    assertThat(json.at("/train/events").asInt()).isEqualTo(5);
    assertThat(json.at("/train/items").asInt()).isEqualTo(3);
    assertThat(json.at("/test/items").asInt()).isEqualTo(2);
    assertThat(json.at("/protocol").asString()).isEqualTo("none");
    assertThat(json.at("/seconds").asDouble()).isPositive();

    assertThat(run(new InfoCommand(), path("shop"))).isZero();
    assertThat(out.toString()).contains("Whole: all 7 data files have the recorded hashes.");
  }

  @Test
  void wrongInputExitsWithOneAndWrongUsageWithTwo() throws IOException {
    Files.writeString(folder.resolve("log.txt"), "a b\n");
    Cli nonsense =
        Cli.run("prepare", "--format", "nonsense", "--clicks", path("log.txt"), "--out", path("x"));
    assertThat(nonsense.exit()).isEqualTo(1);
    assertThat(nonsense.err()).contains("nonsense");
    assertThat(Cli.run("prepare", "--clicks", path("log.txt")).exit()).isEqualTo(2);
    assertThat(Cli.run("info", path("log.txt")).exit()).isEqualTo(1);
    assertThat(Cli.run("info", path("missing")).exit()).isEqualTo(1);
  }
}
