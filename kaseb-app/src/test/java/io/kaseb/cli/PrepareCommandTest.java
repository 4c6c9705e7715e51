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
        .contains("Next: kaseb train " + path("shop") + " --out shop.kaseb");
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
        Cli.run("prepare", "--format", "yoochose", "--clicks", path("log.txt"), "--out", path("x"));
    assertThat(nonsense.exit()).isEqualTo(1);
    assertThat(nonsense.err())
        .contains(
            "kaseb: --format yoochose: must be one of yoochoose, ", "did you mean yoochoose?");
    assertThat(Cli.run("prepare", "--clicks", path("log.txt")).exit()).isEqualTo(2);
    assertThat(Cli.run("info", path("log.txt")).exit()).isEqualTo(1);
    assertThat(Cli.run("info", path("missing")).exit()).isEqualTo(1);
  }

  @Test
  void messagesNameOptions() throws IOException {
    Files.writeString(folder.resolve("log.txt"), "a b c\nb a\nc a b\n");
    Object[] prepare = {
      "prepare", "--format", "sessions", "--clicks", path("log.txt"), "--out", path("shop")
    };
    assertThat(Cli.run(prepare).exit()).isZero();
    assertThat(Cli.run(prepare).err())
        .contains("a dataset is there already; give --force to replace it, or another --out");
    Cli wide = Cli.run("train", path("shop"), "--out", path("m"), "--valid", 2);
    assertThat(wide.exit()).isEqualTo(1);
    assertThat(wide.err()).contains("--valid 2.0: must be a share from 0 to below 1, as in 0.1");
    assertThat(Cli.run("train", path("shop"), "--out", path("m"), "--set", "layers").err())
        .contains("--set layers: must be key=value");
    assertThat(Cli.run("train", path("shop"), "--out", path("m"), "--set", "layer=3").err())
        .contains("--set layer=3");
    Cli trained =
        Cli.run("train", path("shop"), "--out", path("m"), "--model", "popularity", "--valid", .5);
    assertThat(trained.err())
        .contains("--model popularity: it is counted from the sessions; leave out --valid");
    assertThat(Cli.run("train", path("shop"), "--out", path("m"), "--model", "popularity").exit())
        .isZero();
    assertThat(Cli.run("evaluate", path("m"), path("shop")).err())
        .contains("has no test part; prepare it again with --test FILE or --split time:0.1");
    assertThat(Cli.run("forecast", path("m"), "--clicks", path("log.txt"), "--out", "x").err())
        .contains("has no purchase forecast; train it on a dataset prepared with --buys");
    assertThat(Cli.run("serve", path("m"), "--host", "0.0.0.0").err())
        .contains("--host 0.0.0.0: ", "give --token-file, or set KASEB_TOKEN");
  }
}
