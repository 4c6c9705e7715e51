package io.kaseb.cli;

import static org.assertj.core.api.Assertions.assertThat;

import io.kaseb.base.Json;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import tools.jackson.databind.JsonNode;

class ExperimentCommandTest {
  @TempDir private static Path folder;
  private static Path search;
  private static Cli tuned;

  @BeforeAll
  static void tune() throws IOException {
    StringBuilder log = new StringBuilder();
    for (int s = 0; s < 600; s++) {
      int start = s * 37 % 60;
      log.append("%d %d %d%n".formatted(start, (start + 1) % 60, (start + 2) % 60));
    }
    Files.writeString(folder.resolve("log.txt"), log);
    Path data = folder.resolve("data");
    Cli.run(
        "prepare", "--format", "sessions", "--clicks", folder.resolve("log.txt"), "--out", data);
    Files.writeString(
        folder.resolve("space.json"),
        """
        {"hidden_size": {"_type": "randint", "_value": [4, 12]},
         "loss": {"_type": "choice", "_value": [{"_name": "cross-entropy"},
           {"_name": "bpr-max", "bpreg": {"_type": "uniform", "_value": [0, 2]}}]}}
        """);
    search = folder.resolve("search");
    tuned =
        Cli.run(
            "tune",
            data,
            "--space",
            folder.resolve("space.json"),
            "--max-trials",
            "4",
            "--pruner",
            "ASHA:eta=2",
            "--sampler",
            "TPE",
            "--deterministic",
            "--set",
            "n_epochs=2",
            "--set",
            "n_sample=16",
            "--set",
            "batch_size=16",
            "--out",
            search,
            "--json",
            folder.resolve("tune.json"));
  }

  private static JsonNode json(String name) throws IOException {
    return Json.MAPPER.readTree(Files.readString(folder.resolve(name)));
  }

  @Test
  void tuneSaysWhatItFoundAndTrainTakesIt() throws IOException {
    assertThat(tuned.err()).isEmpty();
    assertThat(tuned.exit()).isZero();
    assertThat(tuned.out()).contains("best: trial", "rank correlation", "cost:", "best.yaml");
    JsonNode figures = json("tune.json");
    assertThat(figures.get("trials").asInt()).isEqualTo(4);
    assertThat(figures.get("seconds").asDouble()).isPositive();
    assertThat(figures.get("best").get("metric").asDouble()).isPositive();
    assertThat(figures.get("best").get("parameters").has("hidden_size")).isTrue();
    Cli train =
        Cli.run(
            "train",
            folder.resolve("data"),
            "--config",
            search.resolve("best.yaml"),
            "--out",
            folder.resolve("m.kaseb"));
    assertThat(train.exit()).as(train.err()).isZero();
    assertThat(Cli.run("tune", folder.resolve("data"), "--out", search).err())
        .contains("an experiment already", "resume");
  }

  @Test
  void looks() throws IOException {
    assertThat(Cli.run("experiment", "list", folder).out()).contains("search", "DONE", "4 of 4");
    assertThat(Cli.run("experiment", "show", search).out()).contains("best: trial");
    assertThat(Cli.run("experiment", "top", search).out()).contains("DONE", "best by mrr@20");
    assertThat(Cli.run("info", search).out()).contains("experiment on", "best: trial");
    Cli trials = Cli.run("experiment", "trials", search, "--json", folder.resolve("trials.json"));
    assertThat(trials.out()).contains("SUCCEEDED", "hidden_size=");
    JsonNode first = json("trials.json").get("trials").get(0);
    assertThat(first.get("id").asInt()).isZero();
    assertThat(first.get("state").asString()).isIn("SUCCEEDED", "EARLY_STOPPED");
    int last = first.get("intermediate").size() - 1;
    assertThat(first.get("metric").asDouble())
        .isGreaterThanOrEqualTo(first.get("intermediate").get(last).asDouble());
    assertThat(first.get("seconds").asDouble()).isPositive();
  }

  @Test
  void goesOutAndInAgain() throws IOException {
    Path copy = folder.resolve("copy");
    assertThat(Cli.run("experiment", "clone", search, "--out", copy).exit()).isZero();
    Path out = folder.resolve("results.json");
    assertThat(Cli.run("experiment", "export", search, "--out", out).exit()).isZero();
    assertThat(json("results.json").size()).isEqualTo(4);
    assertThat(Cli.run("experiment", "import", copy, out).out()).contains("Added 4 results");
    assertThat(Cli.run("experiment", "import", copy, out).out()).contains("Added 0 results");
    Path csv = folder.resolve("results.csv");
    Cli.run("experiment", "export", search, "--out", csv, "--intermediate");
    assertThat(Files.readAllLines(csv)).hasSize(5);
    assertThat(Files.readAllLines(csv).getFirst()).startsWith("trialJobId,reward,intermediate");

    Path other = folder.resolve("other");
    Cli.run("experiment", "clone", search, "--out", other);
    assertThat(Cli.run("experiment", "import", other, csv).out()).contains("Added 4 results");
    assertThat(Cli.run("experiment", "top", other).out()).contains("trials: 0 of 4 + 4 imported");
    Path nan =
        Files.writeString(
            folder.resolve("nan.json"),
            "[{\"parameter\": {\"hidden_size\": 4}, \"value\": NaN},"
                + " {\"parameter\": {\"hidden_size\": 99, \"loss\": {\"_name\": \"cross-entropy\"}},"
                + " \"value\": 1},"
                + " {\"parameter\": {\"hidden_size\": 11, \"loss\": {\"_name\": \"bpr-max\","
                + " \"bpreg\": 0.125}}, \"value\": 0.5}]");
    assertThat(Cli.run("experiment", "import", other, nan).out())
        .contains("Added 1 results")
        .contains("2 left out", "entry 1: mrr@20=NaN; must be a finite number", "hidden_size=99");
    assertThat(Cli.run("experiment", "delete", other).exit()).isZero();

    assertThat(Cli.run("experiment", "update", copy, "--max-trials", "2").exit()).isZero();
    Cli resumed = Cli.run("experiment", "resume", copy);
    assertThat(resumed.exit()).as(resumed.err()).isZero();
    // Imported results are not counted: two trials of its own.
    assertThat(resumed.out()).contains("6 trials in");
    assertThat(Cli.run("experiment", "delete", copy).exit()).isZero();
    assertThat(copy).doesNotExist();
  }

  @Test
  void saysWhatCannotBeDone() {
    assertThat(Cli.run("experiment", "stop", search).err()).contains("does not run", "resume");
    assertThat(Cli.run("experiment", "kill", search, 1).err()).contains("trial 1 is", "already");
    assertThat(Cli.run("experiment", "kill", search, 99).err()).contains("must be 0..3");
    assertThat(Cli.run("experiment", "update", search).err()).contains("nothing to update");
    assertThat(Cli.run("experiment", "update", search, "--max-trials", 3).err())
        .contains("--max-trials 3: must be 4 or more");
    assertThat(Cli.run("experiment", "update", search, "--concurrency", 0).err())
        .contains("concurrency=0; must be 1..1024");
    assertThat(Cli.run("experiment", "show", folder.resolve("data")).err())
        .contains("no experiment");
    assertThat(Cli.run("tune", folder.resolve("data"), "--out", "x", "--sampler", "TPX").err())
        .contains("sampler TPX; must be one of");
    assertThat(Cli.run("tune", folder.resolve("data"), "--out", "x", "--goal", "mrr").err())
        .contains("--goal mrr: must be one of mrr@20,", "did you mean mrr@20?");
    assertThat(Cli.run("tune", folder.resolve("data"), "--out", "x", "--confirm", 1).err())
        .contains("--confirm 1");
    assertThat(Cli.run("tune", folder.resolve("data"), "--out", "x", "--valid", 1).err())
        .contains("--valid 1.0: must be above 0 and below 1");
    assertThat(
            Cli.run("tune", folder.resolve("data"), "--out", "x", "--warm-start", "--deterministic")
                .err())
        .contains("--warm-start with --deterministic: ");
    assertThat(Path.of("x")).doesNotExist();
  }
}
