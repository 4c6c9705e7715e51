package io.kaseb.cli;

import static org.assertj.core.api.Assertions.assertThat;

import io.kaseb.base.Json;
import io.kaseb.model.ModelFile;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Set;
import java.util.stream.Collectors;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.io.TempDir;
import picocli.CommandLine.Command;
import tools.jackson.databind.JsonNode;

/// The main job from a log to forecasts, as a user runs it.
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class MainJobTest {
  @TempDir private static Path folder;
  private Cli quickstart;

  private static Object[] quickstart(Path out) {
    return new Object[] {
      "quickstart",
      "--sessions",
      4000,
      "--out",
      out,
      "--threads",
      2,
      "--seed",
      9,
      "--set",
      "n_epochs=2",
      "--set",
      "layers=16",
      "--set",
      "n_sample=64",
      "--set",
      "batch_size=32",
      "--json",
      out.resolve("q.json")
    };
  }

  private static Path in(String name) {
    return folder.resolve("a").resolve(name);
  }

  @BeforeAll
  void runOnce() {
    quickstart = Cli.run(quickstart(folder.resolve("a")));
  }

  @Test
  void quickstartTellsTheWholeStory() throws IOException {
    assertThat(quickstart.exit()).as(quickstart.err()).isZero();
    assertThat(quickstart.out())
        .contains("SIMULATED", "$ kaseb simulate", "$ kaseb prepare", "$ kaseb train")
        .contains("gru4rec", "markov", "popularity", "Next:");
    assertThat(Files.readString(in("report.html")).contains("Simulated data: no real shoppers"))
        .isTrue();
    JsonNode json = Json.MAPPER.readTree(in("q.json").toFile());
    assertThat(json.at("/train/epochs").size()).isEqualTo(2);
    JsonNode epoch = json.at("/train/epochs/0");
    assertThat(epoch.propertyNames())
        .contains(
            "epoch",
            "train_loss",
            "valid_loss",
            "ratio",
            "recall_20",
            "mrr_20",
            "seconds",
            "events_per_second");
    assertThat(epoch.get("ratio").asDouble())
        .isEqualTo(epoch.get("valid_loss").asDouble() / epoch.get("train_loss").asDouble());
    long lines = Files.readAllLines(in("next-items.txt")).size();
    long tested =
        Files.readAllLines(in("log/yoochoose-test.dat")).stream()
            .map(line -> line.substring(0, line.indexOf(',')))
            .distinct()
            .count();
    assertThat(lines).isEqualTo(tested).isPositive();
    assertThat(Files.readAllLines(in("next-items.txt")).getFirst()).matches("\\d+;\\d+(,\\d+){19}");
  }

  @Test
  void equalRunsGiveEqualBytes() throws IOException {
    Path b = folder.resolve("b");
    assertThat(Cli.run(quickstart(b)).exit()).isZero();
    for (String name : List.of("model.kaseb", "dataset/dataset.json", "next-items.txt")) {
      assertThat(Files.readAllBytes(b.resolve(name)))
          .as(name)
          .isEqualTo(Files.readAllBytes(in(name)));
    }
  }

  @Test
  void evaluateWritesItsFigures() throws IOException {
    Path json = folder.resolve("e.json");
    Path html = folder.resolve("e.html");
    Cli cli =
        Cli.run(
            "evaluate",
            in("model.kaseb"),
            in("dataset"),
            "--at",
            "20,5",
            "--ties",
            "median",
            "--baselines",
            "--html",
            html,
            "--json",
            json);
    assertThat(cli.exit()).as(cli.err()).isZero();
    JsonNode figures = Json.MAPPER.readTree(json.toFile());
    assertThat(figures.propertyNames())
        .containsExactlyInAnyOrder(
            "events",
            "sessions",
            "unknown_items",
            "ties",
            "metrics",
            "intervals",
            "purchase",
            "purchase_intervals",
            "purchase_calibration",
            "purchase_live",
            "purchase_live_intervals",
            "purchase_live_calibration",
            "goals",
            "actions",
            "purchase_rows",
            "purchase_differences");
    assertThat(figures.get("purchase").propertyNames())
        .contains("sessions", "buyers", "auc", "log_loss", "score", "score_max");
    assertThat(figures.get("ties").asString()).isEqualTo("median");
    double recall = figures.at("/metrics/recall@20").asDouble();
    assertThat(recall).isBetween(.05, 1.0);
    assertThat(figures.at("/intervals/recall@20/0").asDouble()).isLessThanOrEqualTo(recall);
    assertThat(Files.readString(html).contains("markov")).isTrue();
  }

  @Test
  void infoSaysWhereAModelCameFrom() throws IOException {
    Path json = folder.resolve("i.json");
    Cli cli = Cli.run("info", in("model.kaseb"), "--json", json);
    assertThat(cli.exit()).isZero();
    assertThat(cli.out()).contains("dataset_hash", "Whole:", "learning_rate");
    JsonNode info = Json.MAPPER.readTree(json.toFile());
    assertThat(info.at("/provenance/seed").asInt()).isEqualTo(9);
    JsonNode dataset = Json.MAPPER.readTree(in("dataset/dataset.json").toFile());
    assertThat(info.at("/provenance/dataset_hash")).isEqualTo(dataset.get("dataset_hash"));
  }

  @Test
  void trainingGoesOnFromAnotherModelAndItsCatalogueGrows() throws IOException {
    Files.writeString(folder.resolve("next.txt"), "new1 new2\nnew2 new1\n".repeat(40));
    Path dataset = folder.resolve("next");
    assertThat(
            Cli.run(
                    "prepare",
                    "--format",
                    "sessions",
                    "--clicks",
                    folder.resolve("next.txt"),
                    "--out",
                    dataset)
                .exit())
        .isZero();
    Path out = folder.resolve("next.kaseb");
    Cli cli =
        Cli.run(
            "train",
            dataset,
            "--init",
            in("model.kaseb"),
            "--out",
            out,
            "--set",
            "layers=16",
            "--set",
            "n_epochs=3",
            "--set",
            "n_sample=32",
            "--set",
            "batch_size=8");
    assertThat(cli.exit()).as(cli.err()).isZero();
    ModelFile before = ModelFile.read(in("model.kaseb"));
    ModelFile after = ModelFile.read(out);
    assertThat(after.catalogue().size()).isEqualTo(before.catalogue().size() + 2);
    assertThat(after.catalogue().id(0)).isEqualTo(before.catalogue().id(0));
    Cli wrong =
        Cli.run(
            "train",
            dataset,
            "--init",
            in("model.kaseb"),
            "--out",
            folder.resolve("wrong.kaseb"),
            "--set",
            "layers=17");
    assertThat(wrong.exit()).isEqualTo(1);
    assertThat(wrong.err()).contains("--init", "layers");
  }

  @Test
  void mistakesAreNamed() {
    Path out = folder.resolve("x.kaseb");
    assertThat(Cli.run("train").exit()).isEqualTo(2);
    Cli key = Cli.run("train", in("dataset"), "--out", out, "--set", "batch_sise=3");
    assertThat(key.exit()).isEqualTo(1);
    assertThat(key.err()).contains("batch_sise=3", "batch_size");
    Cli value = Cli.run("train", in("dataset"), "--out", out, "--set", "batch_size=0");
    assertThat(value.err()).contains("--set batch_size=0: must be 1..65536");
    Cli missing = Cli.run("train", folder.resolve("none"), "--out", out);
    assertThat(missing.exit()).isEqualTo(1);
    assertThat(missing.err()).contains("none", "prepare one from a click log");
    Cli model = Cli.run("evaluate", in("report.html"), in("dataset"));
    assertThat(model.exit()).isEqualTo(1);
    assertThat(model.err()).contains("report.html", "no safetensors file");
    Cli valid = Cli.run("train", in("dataset"), "--out", out, "--valid", "1.5");
    assertThat(valid.err()).contains("--valid 1.5");
  }

  @Test
  void configFilesAreRead() throws IOException {
    Path yaml = folder.resolve("gru4rec.yaml");
    Files.writeString(yaml, "layers: [8]\nn_epochs: 1\nn_sample: 16\nlr: 0.1\nk_eval: 20\n");
    Path out = folder.resolve("yaml.kaseb");
    Cli cli = Cli.run("train", in("dataset"), "--out", out, "--config", yaml);
    assertThat(cli.exit()).as(cli.err()).isZero();
    assertThat(cli.err()).contains("ignored: k_eval");
    assertThat(ModelFile.read(out).config().network().learningRate()).isEqualTo(.1f);
    Path next = folder.resolve("next-yaml.kaseb");
    Files.writeString(yaml, "batch_size: 0\n");
    assertThat(Cli.run("train", in("dataset"), "--out", next, "--config", yaml).err())
        .contains("gru4rec.yaml: batch_size=0; must be 1..65536");
    Files.writeString(yaml, "layers: [8\n");
    assertThat(Cli.run("train", in("dataset"), "--out", next, "--config", yaml).err())
        .contains("gru4rec.yaml:", "YAML");
  }

  @Test
  void everyCommandHelpsWithARealExample() {
    Set<String> commands =
        Arrays.stream(Main.class.getAnnotation(Command.class).subcommands())
            .map(command -> command.getAnnotation(Command.class).name())
            .collect(Collectors.toSet());
    assertThat(commands.remove("help")).isTrue();
    assertThat(commands).hasSizeGreaterThanOrEqualTo(13);
    for (String command : commands) {
      Cli help = Cli.run(command, "--help");
      assertThat(help.exit()).isZero();
      assertThat(help.out()).as(command).contains("Example", "kaseb " + command);
    }
  }
}
