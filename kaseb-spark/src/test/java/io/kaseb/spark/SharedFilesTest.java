package io.kaseb.spark;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.kaseb.base.KasebException;
import io.kaseb.base.Progress;
import io.kaseb.data.Manifest;
import io.kaseb.duckdb.Resources;
import io.kaseb.logfile.ClickSource;
import io.kaseb.logfile.Protocol;
import io.kaseb.logfile.Split;
import io.kaseb.pipeline.Prepare;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// Logs and outputs in a file system of Hadoop's.
class SharedFilesTest {
  private static final String COLUMNS = "session=visit,item=sku,time=at";

  @TempDir private Path folder;

  private String there(String name) throws IOException {
    return DemoFileSystem.name(LocalSpark.session(), folder.resolve(name));
  }

  private static String run(String... args) throws IOException {
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    PrintStream print = new PrintStream(out, true, StandardCharsets.UTF_8);
    assertThat(Main.run(LocalSpark.session(), List.of(args), print)).isTrue();
    return out.toString(StandardCharsets.UTF_8);
  }

  private Path log(String name, int from) throws IOException {
    SplittableRandom random = new SplittableRandom(from);
    StringBuilder log = new StringBuilder("at,visit,sku\n");
    for (int i = from; i < from + 1_500; i++) {
      log.append("%d,v%d,i%d%n".formatted(1_700_000_000 + i, i / 5, random.nextInt(40)));
    }
    Files.createDirectories(folder.resolve("logs"));
    return Files.writeString(folder.resolve("logs").resolve(name), log);
  }

  @Test
  void preparesFromHadoopToHadoop() throws IOException {
    Path one = log("a.csv", 0);
    Path two = log("b.csv", 5_000);
    Path items = Files.writeString(folder.resolve("items.csv"), "sku,brand\ni1,x\ni2,y\nlate,z\n");
    Path map = Files.writeString(folder.resolve("map.tsv"), "i3\tthird\ni4\tfourth\n");
    String out = there("shop");
    List<String> args =
        new ArrayList<>(
            List.of(
                "prepare",
                "--format",
                "csv",
                "--columns",
                COLUMNS,
                "--attributes",
                "brand:category@item",
                "--clicks",
                there("logs/*.csv"),
                "--items",
                there("items.csv"),
                "--item-map",
                there("map.tsv"),
                "--protocol",
                "none",
                "--split",
                "time:0.2",
                "--chunk-mb",
                "1",
                "--out",
                out));
    assertThat(run(args.toArray(String[]::new))).contains("clicks of 480 sessions to train on");
    Path here = folder.resolve("here");
    LogSpec spec = LogSpec.of("csv").withColumns(COLUMNS).withAttributes("brand:category@item");
    ClickSource source =
        new ClickSource(spec.read(), List.of(one, two), List.of(), List.of(), map, items, null);
    Manifest expected =
        Prepare.run(
                source,
                Prepare.Rules.DEFAULT.with(Protocol.NONE).with(Split.parse("time:0.2")),
                Resources.DEFAULT,
                here,
                false,
                Progress.NONE)
            .manifest();
    Path shop = folder.resolve("shop");
    assertThat(Manifest.read(shop).sources()).isEqualTo(expected.sources());
    for (String table : PrepareJobTest.TABLES) {
      assertThat(PrepareJobTest.rows(shop.resolve(table)))
          .as(table)
          .isEqualTo(PrepareJobTest.rows(here.resolve(table)));
    }
    Manifest.read(shop).verify(shop);
    assertThatThrownBy(() -> run(args.toArray(String[]::new)))
        .hasMessageContaining(out + ": a dataset is there already");
    args.add("--force");
    run(args.toArray(String[]::new));
    assertThat(folder.resolve("shop.old")).doesNotExist();
    assertThat(folder.resolve("shop.part")).doesNotExist();
    Path mine = Files.writeString(shop.resolve("notes.txt"), "mine");
    assertThatThrownBy(() -> run(args.toArray(String[]::new)))
        .hasMessageContaining("notes.txt: is no part of a dataset");
    assertThat(mine).exists();
  }

  @Test
  void forecastsFromHadoopToHadoop() throws IOException {
    Path log = log("a.csv", 0);
    Path model = Searches.model(folder, log, COLUMNS);
    String clicks = there("logs");
    for (String next : List.of("table.csv", "table.parquet")) {
      assertThat(
              run(
                  "forecast",
                  there("model.kaseb"),
                  "--format",
                  "csv",
                  "--columns",
                  COLUMNS,
                  "--clicks",
                  clicks,
                  "--next",
                  "3",
                  "--probabilities",
                  there(next)))
          .contains("900 rows for 300 sessions");
      assertThat(folder.resolve(next)).isNotEmptyDirectory();
    }
    String answers = there("answers");
    run(
        "forecast",
        model.toString(),
        "--format",
        "csv",
        "--columns",
        COLUMNS,
        "--clicks",
        clicks,
        "--next",
        "3",
        "--out",
        answers);
    run(
        "forecast",
        model.toUri().toString(),
        "--format",
        "csv",
        "--columns",
        COLUMNS,
        "--clicks",
        log.toUri().toString(),
        "--next",
        "3",
        "--out",
        folder.resolve("here").toUri().toString());
    assertThat(ForecastJobTest.lines(folder.resolve("answers")))
        .hasSize(300)
        .isEqualTo(ForecastJobTest.lines(folder.resolve("here")));
    try (var left = Files.list(folder)) {
      assertThat(left.filter(file -> file.getFileName().toString().startsWith("."))).isEmpty();
    }
  }

  @Test
  void namesWhatIsNotThere() throws IOException {
    String missing = there("missing.csv");
    assertThatThrownBy(
            () ->
                run(
                    "prepare",
                    "--format",
                    "csv",
                    "--columns",
                    COLUMNS,
                    "--clicks",
                    missing,
                    "--out",
                    there("x")))
        .isInstanceOf(KasebException.class)
        .hasMessageContaining(missing + ": no such file");
    assertThatThrownBy(() -> run("tune", there("shop"), "--out", "y"))
        .hasMessageContaining("trials read and write plain folders");
  }

  @Test
  void readsPlaces() {
    assertThat(SharedFiles.place("file:///a/b%20c/../d")).isEqualTo("/a/d");
    assertThat(SharedFiles.place("file:/a/b")).isEqualTo("/a/b");
    assertThat(SharedFiles.place("s3a://shop/logs/")).isEqualTo("s3a://shop/logs");
    assertThat(SharedFiles.isPath("s3a://shop/logs")).isFalse();
    assertThat(SharedFiles.place("/a//b/./c")).isEqualTo("/a/b/c");
    assertThat(SharedFiles.isPath(SharedFiles.place("logs:today.csv"))).isTrue();
  }
}
