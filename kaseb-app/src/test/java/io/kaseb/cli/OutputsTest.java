package io.kaseb.cli;

import static org.assertj.core.api.Assertions.assertThat;

import io.kaseb.base.LockFile;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// What is refused before a command begins, and what it leaves behind then.
class OutputsTest {
  @TempDir private static Path shared;
  private static Path data;
  private static Path model;

  @TempDir private Path folder;

  @BeforeAll
  static void prepare() throws IOException {
    Cli.prepareWalks(shared, 200, 20);
    data = shared.resolve("data");
    model = shared.resolve("m.kaseb");
    assertThat(train(model).exit()).isZero();
  }

  private static Cli train(Path out, Object... more) {
    Object[] all = new Object[6 + more.length];
    System.arraycopy(
        new Object[] {"train", data, "--model", "popularity", "--out", out}, 0, all, 0, 6);
    System.arraycopy(more, 0, all, 6, more.length);
    return Cli.run(all);
  }

  private static void refused(Cli cli, String... words) {
    assertThat(cli.exit()).isEqualTo(1);
    assertThat(cli.err()).hasLineCount(1).contains(words);
    assertThat(cli.out()).isEmpty();
  }

  @Test
  void aFileThatCannotBeWrittenIsRefusedByName() throws IOException {
    Path file = Files.writeString(folder.resolve("file"), "x");
    refused(train(folder), folder + ": is a folder");
    refused(train(file.resolve("m.kaseb")), "m.kaseb: cannot lie in", "no folder");
    refused(train(folder.resolve("m.kaseb"), "--json", folder), folder + ": is a folder");
    for (String[] command :
        new String[][] {
          {"evaluate", "MODEL", "DATA", "--html", "OUT"},
          {"evaluate", "MODEL", "DATA", "--json", "OUT"},
          {"compare", "MODEL", "DATA", "--html", "OUT"},
          {"forecast", "MODEL", "--clicks", "x", "--format", "sessions", "--out", "OUT"},
          {"export", "MODEL", "--to", "safetensors", "--out", "OUT"}
        }) {
      for (Path out : new Path[] {folder, file.resolve("below")}) {
        Object[] arguments = new Object[command.length];
        for (int i = 0; i < command.length; i++) {
          arguments[i] =
              switch (command[i]) {
                case "MODEL" -> model;
                case "DATA" -> data;
                case "OUT" -> out;
                default -> command[i];
              };
        }
        refused(Cli.run(arguments), out.toString());
      }
    }
    assertThat(folder).isDirectoryContaining(file::equals);
    try (var left = Files.list(folder)) {
      assertThat(left).containsExactly(file);
    }
  }

  @Test
  void whatIsPlainlyAnotherKindOfFileIsNotWrittenOver() throws IOException {
    Path notes = Files.writeString(folder.resolve("notes"), "thesis");
    refused(
        Cli.run("evaluate", model, data, "--json", notes), "notes: is there already", "no JSON");
    refused(Cli.run("evaluate", model, data, "--html", notes), "no web page");
    refused(Cli.run("evaluate", model, data, "--json", model), "no JSON");
    refused(train(notes), "is there already and is no model");
    refused(train(notes, "--force"), "is there already and is no model");
    assertThat(notes).hasContent("thesis");
    Path figures = Files.writeString(folder.resolve("figures.json"), "{}");
    Path out = folder.resolve("m.kaseb");
    assertThat(train(out, "--json", figures).exit()).isZero();
    assertThat(train(out, "--json", figures, "--force").exit()).isZero();
    assertThat(figures).content().contains("best_epoch");
  }

  @Test
  void aDatasetsPartsAreNoOutputs() throws IOException {
    Path copy = folder.resolve("copy");
    try (var files = Files.walk(data)) {
      for (Path file : files.toList()) {
        Files.copy(file, copy.resolve(data.relativize(file).toString()));
      }
    }
    for (String part : List.of("dataset.json", "items.parquet", "train/buys.parquet")) {
      byte[] before = Files.readAllBytes(copy.resolve(part));
      String option = part.endsWith("json") ? "--json" : "--probabilities";
      Cli cli =
          option.equals("--json")
              ? Cli.run("evaluate", model, copy, option, copy.resolve(part))
              : Cli.run(
                  "forecast",
                  model,
                  "--clicks",
                  "none.dat",
                  "--next",
                  1,
                  option,
                  copy.resolve(part));
      refused(cli, part + ": is a part of " + copy);
      assertThat(copy.resolve(part)).hasBinaryContent(before);
    }
  }

  @Test
  void aSimulationReplacesItsOwnFilesAlone() throws IOException {
    Path readme = Files.writeString(folder.resolve("README.md"), "# My project\n");
    refused(
        Cli.run("simulate", "--sessions", 100, "--out", folder),
        "README.md: is there already, and no simulation's");
    assertThat(readme).hasContent("# My project\n");
    Files.delete(readme);
    for (int run = 0; run < 2; run++) {
      assertThat(Cli.run("simulate", "--sessions", 100, "--out", folder).exit()).isZero();
    }
  }

  @Test
  void aCountedModelHasNoSettingsOfANetwork() {
    Cli cli = train(folder.resolve("m.kaseb"), "--set", "layers=9");
    assertThat(cli.exit()).isZero();
    assertThat(cli.err()).contains("without meaning for popularity", "layers");
  }

  @Test
  void noFileIsBothReadAndWrittenOrWrittenTwice() throws IOException {
    String clicks = "1,2020-01-01T10:00:00Z,a,0\n1,2020-01-01T10:00:01Z,b,0\n";
    Path log = Files.writeString(folder.resolve("log"), clicks);
    Path link = Files.createSymbolicLink(folder.resolve("link"), log);
    for (Path out : List.of(log, link, folder.resolve("../" + folder.getFileName() + "/log"))) {
      refused(
          Cli.run("forecast", model, "--clicks", log, "--next", 2, "--out", out),
          "that file is also --clicks");
    }
    assertThat(log).hasContent(clicks);
    Path both = folder.resolve("both");
    refused(
        Cli.run("evaluate", model, data, "--json", both, "--html", both),
        "that file is also --json");
    assertThat(both).doesNotExist();
  }

  @Test
  void aModelIsReplacedOnlyWhereThatIsWanted() throws IOException {
    Path out = folder.resolve("new/m.kaseb");
    assertThat(train(out).exit()).isZero();
    refused(train(out), "a model is there already", "--force", "--out");
    refused(
        Cli.run("export", model, "--to", "int8", "--against", data, "--out", out),
        "a model is there already",
        "--force");
    refused(train(out, "--resume"), "is whole; there is nothing to resume");
    assertThat(train(out, "--force").exit()).isZero();
    try (var left = Files.list(out.getParent())) {
      assertThat(left).containsExactly(out);
    }
  }

  @Test
  void resumingSaysWhereNothingIsUnfinished() {
    Path out = folder.resolve("new/m.kaseb");
    Cli cli = train(out, "--resume");
    assertThat(cli.exit()).isZero();
    assertThat(cli.err()).contains("no run of " + out + " is unfinished");
  }

  @Test
  void twoTrainingsDoNotMakeOneModel() throws IOException {
    Path out = folder.resolve("m.kaseb");
    try (LockFile other = LockFile.take(LockFile.of(out))) {
      assertThat(other).isNotNull();
      refused(train(out), "m.kaseb: another command is making it");
      Path link = Files.createSymbolicLink(folder.resolve("link.kaseb"), Path.of("m.kaseb"));
      refused(train(link), "link.kaseb: another command is making it");
      refused(
          Cli.run("export", model, "--to", "int8", "--against", data, "--out", out),
          "m.kaseb: another command is making it");
    }
    assertThat(train(out).exit()).isZero();
  }

  @Test
  void aRefusedStartLeavesNoFolderBehind() throws IOException {
    Path out = folder.resolve("a/b");
    Path log = Files.writeString(folder.resolve("log"), "1 2\n");
    assertThat(
            Cli.run(
                    "prepare",
                    "--format",
                    "sessions",
                    "--clicks",
                    log,
                    "--split",
                    "time:0.5",
                    "--out",
                    out)
                .exit())
        .isEqualTo(1);
    assertThat(Cli.run("prepare", "--format", "sessions", "--clicks", "none", "--out", out).exit())
        .isEqualTo(1);
    assertThat(Cli.run("simulate", "--sessions", -1, "--out", out).exit()).isEqualTo(1);
    assertThat(Cli.run("quickstart", "--sessions", -1, "--out", out).exit()).isEqualTo(1);
    assertThat(Cli.run("tune", data, "--goal", "purchase_auc", "--out", out).exit()).isEqualTo(1);
    assertThat(Cli.run("tune", folder, "--out", out).exit()).isEqualTo(1);
    assertThat(train(out.resolve("m.kaseb"), "--valid", ".1").exit()).isEqualTo(1);
    assertThat(folder.resolve("a")).doesNotExist();
    Path mine = Files.writeString(Files.createDirectories(out).resolve("mine"), "x");
    refused(Cli.run("tune", data, "--out", out), "is not empty (it holds mine)");
    assertThat(mine).hasContent("x");
  }

  @Test
  void aDatasetIsReplacedOnlyWhereNothingElseLiesInIt() throws IOException {
    Path out = folder.resolve("data");
    Path log = shared.resolve("log.txt");
    Object[] prepare = {
      "prepare", "--format", "sessions", "--clicks", log, "--force", "--out", out
    };
    assertThat(Cli.run(prepare).exit()).isZero();
    assertThat(Cli.run(prepare).exit()).isZero();
    Path mine = Files.writeString(out.resolve("mine"), "x");
    refused(Cli.run(prepare), "mine: is no part of a dataset and would be lost");
    Files.delete(mine);
    Path part = Files.createDirectories(folder.resolve("data.part"));
    Path other = Files.writeString(part.resolve("mine"), "x");
    refused(Cli.run(prepare), "data.part", "would be lost");
    assertThat(other).hasContent("x");
  }
}
