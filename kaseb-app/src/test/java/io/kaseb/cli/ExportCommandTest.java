package io.kaseb.cli;

import static org.assertj.core.api.Assertions.assertThat;

import io.kaseb.base.Json;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import tools.jackson.databind.JsonNode;

/// `kaseb export` and `kaseb import`, there and back.
class ExportCommandTest {
  @TempDir private static Path folder;
  private static Path model;

  @BeforeAll
  static void train() throws IOException {
    Cli.prepareWalks(folder, 200, 20);
    model = folder.resolve("model.kaseb");
    Cli cli =
        Cli.run(
            "train",
            folder.resolve("data"),
            "--out",
            model,
            "--set",
            "layers=16",
            "--set",
            "n_epochs=1",
            "--threads",
            1);
    assertThat(cli.exit()).as(cli.err()).isZero();
  }

  @Test
  void aNetworkGoesToPytorchAndComesBack() throws IOException {
    Path weights = folder.resolve("weights.safetensors");
    Cli out = Cli.run("export", model, "--to", "safetensors", "--out", weights);
    assertThat(out.exit()).as(out.err()).isZero();
    assertThat(out.out()).contains("20 items");
    Path again = folder.resolve("again.kaseb");
    Path figures = folder.resolve("figures.json");
    Cli in = Cli.run("import", weights, "--out", again, "--json", figures);
    assertThat(in.exit()).as(in.err()).isZero();
    assertThat(in.out())
        .contains("gru of [16] units, constrained embedding, 20 items", "Next: kaseb serve");
    JsonNode node = Json.MAPPER.readTree(Files.readAllBytes(figures));
    assertThat(node.path("layers").path(0).asInt()).isEqualTo(16);
    assertThat(next(again)).isEqualTo(next(model)).hasSizeGreaterThan(100);
    assertThat(Cli.run("import", weights, "--out", again).err()).contains("a model is there");
    assertThat(Cli.run("import", weights, "--out", again, "--force").exit()).isZero();
    Path further = folder.resolve("further.kaseb");
    Cli trained =
        Cli.run(
            "train",
            folder.resolve("data"),
            "--init",
            again,
            "--out",
            further,
            "--set",
            "layers=16",
            "--set",
            "n_epochs=1",
            "--threads",
            1);
    assertThat(trained.exit()).as(trained.err()).isZero();
  }

  @Test
  void aModelIsMadeSmaller() throws IOException {
    Path data = folder.resolve("tested");
    Cli prepared =
        Cli.run(
            "prepare",
            "--format",
            "sessions",
            "--clicks",
            folder.resolve("log.txt"),
            "--protocol",
            "none",
            "--split",
            "random:0.2",
            "--out",
            data);
    assertThat(prepared.exit()).as(prepared.err()).isZero();
    Path low = folder.resolve("low.kaseb");
    Cli out = smaller(data, low, "low-rank", "--rank", 4);
    assertThat(out.exit()).as(out.err()).isZero();
    assertThat(out.out())
        .contains("recall@20", "mrr@20", "bytes, before")
        .doesNotContain("without");
    assertThat(Cli.run("info", low).out()).contains("tables as products of rank 4");
    Path few = folder.resolve("few.kaseb");
    Path figures = folder.resolve("few.json");
    out = smaller(data, few, "int8", "--rank", 8, "--keep", .5, "--json", figures);
    assertThat(out.exit()).as(out.err()).isZero();
    assertThat(out.out()).contains("; without 10 items.");
    JsonNode node = Json.MAPPER.readTree(Files.readAllBytes(figures));
    assertThat(node.path("items_left_out").asInt()).isEqualTo(10);
    assertThat(Cli.run("info", few).out()).contains("10 items", "int8 tables", "rank 8");
    assertThat(next(low)).hasSize(next(model).size());
    assertThat(next(few)).isNotEmpty();
    Cli evaluated = Cli.run("evaluate", few, data, "--threads", 1);
    assertThat(evaluated.exit()).as(evaluated.err()).isZero();
    Path weights = folder.resolve("low.safetensors");
    assertThat(Cli.run("export", low, "--to", "safetensors", "--out", weights).exit()).isZero();

    Path none = folder.resolve("none.kaseb");
    assertThat(smaller(data, none, "pruned").err()).contains("--to pruned needs --keep");
    assertThat(smaller(data, none, "low-rank", "--rank", 16).err()).contains("--rank", "1..15");
    assertThat(smaller(data, none, "pruned", "--keep", 21).err()).contains("--keep", "2..20");
    assertThat(
            Cli.run(
                    "export",
                    model,
                    "--to",
                    "pruned",
                    "--keep",
                    2,
                    "--against",
                    data,
                    "--max-loss",
                    ".01",
                    "--out",
                    none)
                .err())
        .contains("smaller model (2 items) loses", "--max-loss");
    assertThat(none).doesNotExist();
  }

  private static Cli smaller(Path data, Path out, String to, Object... more) {
    List<Object> words =
        new ArrayList<>(List.of("export", model, "--to", to, "--against", data, "--out", out));
    words.addAll(List.of("--max-loss", "1", "--threads", 1));
    words.addAll(List.of(more));
    return Cli.run(words.toArray());
  }

  private static List<String> next(Path file) throws IOException {
    Path out = folder.resolve("next.txt");
    Cli cli =
        Cli.run(
            "forecast",
            file,
            "--clicks",
            folder.resolve("log.txt"),
            "--format",
            "sessions",
            "--next",
            5,
            "--out",
            out);
    assertThat(cli.exit()).as(cli.err()).isZero();
    return Files.readAllLines(out);
  }

  @Test
  void aNetworkGoesToOnnx() throws IOException {
    Path out = folder.resolve("model.onnx");
    Cli cli = Cli.run("export", model, "--to", "onnx", "--top", 5, "--out", out);
    assertThat(cli.exit()).as(cli.err()).isZero();
    assertThat(cli.err()).isEmpty();
    assertThat(out).isNotEmptyFile();
    Path again = folder.resolve("again.onnx");
    Cli.run("export", model, "--to", "onnx", "--top", 5, "--out", again);
    assertThat(again).hasSameBinaryContentAs(out);
  }

  @Test
  void whatIsLeftOutIsSaid() throws IOException {
    Path log = folder.resolve("log");
    Path shop = folder.resolve("shop");
    Path buyers = folder.resolve("buyers.kaseb");
    ok("simulate", "--sessions", 1_500, "--seed", 3, "--out", log);
    ok(
        "prepare",
        "--format",
        "yoochoose",
        "--clicks",
        log.resolve("yoochoose-clicks.dat"),
        "--buys",
        log.resolve("yoochoose-buys.dat"),
        "--protocol",
        "challenge",
        "--out",
        shop);
    ok(
        "train",
        shop,
        "--gru4rec-params",
        "layers=8,n_epochs=1",
        "--set",
        "intent_epochs=1",
        "--set",
        "intent_units=8",
        "--out",
        buyers);
    Path figures = folder.resolve("left.json");
    Cli onnx =
        Cli.run(
            "export",
            buyers,
            "--to",
            "onnx",
            "--out",
            folder.resolve("buyers.onnx"),
            "--json",
            figures);
    assertThat(onnx.err())
        .isEqualToIgnoringNewLines(
            "Warning: left out: the trees and regressions of the purchase forecast, whose networks"
                + " alone are in; which of the clicked items are bought");
    assertThat(Json.MAPPER.readTree(Files.readAllBytes(figures)).path("left_out")).hasSize(2);
    Path bought = folder.resolve("buyers-items.onnx");
    Cli items = Cli.run("export", buyers, "--to", "onnx-items", "--out", bought);
    assertThat(items.exit()).as(items.err()).isZero();
    assertThat(items.err()).contains("trees and regressions").doesNotContain("clicked items");
    assertThat(bought).isNotEmptyFile();
    featuresFit(buyers, log);
    Cli plain =
        Cli.run(
            "export", buyers, "--to", "safetensors", "--out", folder.resolve("buyers.safetensors"));
    assertThat(plain.err()).isEqualToIgnoringNewLines("Warning: left out: the purchase forecast");
  }

  /// The graph of the whole purchase forecast reads as many features as `forecast` writes.
  private static void featuresFit(Path buyers, Path log) throws IOException {
    Path whole = folder.resolve("buyers-purchases.onnx");
    Cli purchases = Cli.run("export", buyers, "--to", "onnx-purchases", "--out", whole);
    assertThat(purchases.exit()).as(purchases.err()).isZero();
    assertThat(purchases.err()).isEmpty();
    assertThat(purchases.out())
        .containsPattern("from \\d+ features of a session and \\d+ of an item");
    assertThat(whole).isNotEmptyFile();
    Path told = folder.resolve("features.json");
    ok(
        "forecast",
        buyers,
        "--clicks",
        log.resolve("yoochoose-test.dat"),
        "--features",
        folder.resolve("sessions.parquet"),
        "--item-features",
        folder.resolve("items.csv"),
        "--json",
        told);
    JsonNode rows = Json.MAPPER.readTree(Files.readAllBytes(told));
    assertThat(purchases.out())
        .contains(
            "from %s features of a session and %s of an item"
                .formatted(
                    rows.path("features").path("features").asString(),
                    rows.path("item_features").path("features").asString()));
    assertThat(rows.path("features").path("rows"))
        .isEqualTo(rows.path("features").path("sessions"));
    assertThat(Cli.run("forecast", buyers, "--clicks", log, "--item-features", "x.xls").err())
        .contains("--item-features x.xls", "a name that ends in .csv or .parquet");
  }

  private static void ok(Object... command) {
    Cli cli = Cli.run(command);
    assertThat(cli.exit()).as(cli.err()).isZero();
  }

  @Test
  void whatCannotBeWrittenOrReadIsSaid() throws IOException {
    Path out = folder.resolve("no");
    assertThat(Cli.run("export", model, "--to", "onxx", "--out", out).err())
        .contains(
            "--to onxx",
            "int8, float16, float32, low-rank, pruned, onnx, onnx-items, onnx-purchases, safetensors",
            "did you mean onnx?");
    assertThat(Cli.run("export", model, "--to", "onnx-items", "--out", out).err())
        .contains("no recurrent networks of a purchase forecast", "intent=gru");
    assertThat(Cli.run("export", model, "--to", "onnx-purchases", "--out", out).err())
        .contains("no purchase forecast with boosted trees", "intent=blend");
    assertThat(Cli.run("export", model, "--to", "onnx", "--top", 0, "--out", out).err())
        .contains("--top 0", "1 or more");
    Path counted = folder.resolve("counted.kaseb");
    Cli.run("train", folder.resolve("data"), "--model", "markov", "--out", counted);
    assertThat(Cli.run("export", counted, "--to", "onnx", "--out", out).err())
        .contains("a model of kind markov; must be gru4rec or hybrid, which have one network");
    assertThat(out).doesNotExist();
    Path weights = folder.resolve("plain.safetensors");
    Cli.run("export", model, "--to", "safetensors", "--out", weights);
    Path items = Files.writeString(folder.resolve("items.txt"), "a\n\nb\n");
    Cli cli = Cli.run("import", weights, "--items", items, "--out", folder.resolve("x.kaseb"));
    assertThat(cli.exit()).isEqualTo(1);
    assertThat(cli.err()).contains(items + ":2: is empty; must be an item id on each line");
    Files.writeString(items, "a\nb\n");
    assertThat(
            Cli.run("import", weights, "--items", items, "--out", folder.resolve("x.kaseb")).err())
        .contains("has 20 items, but 2 ids are given");
    assertThat(folder.resolve("x.kaseb")).doesNotExist();
  }
}
