package io.kaseb.spark;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import io.kaseb.base.KasebException;
import io.kaseb.base.Progress;
import io.kaseb.base.Workers;
import io.kaseb.data.Dataset;
import io.kaseb.data.Manifest;
import io.kaseb.duckdb.DuckDatabase;
import io.kaseb.duckdb.Resources;
import io.kaseb.logfile.ClickSource;
import io.kaseb.logfile.Format;
import io.kaseb.logfile.LogColumns;
import io.kaseb.logfile.Protocol;
import io.kaseb.logfile.Split;
import io.kaseb.pipeline.Prepare;
import io.kaseb.simulate.Simulator;
import io.kaseb.simulate.SimulatorConfig;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/// Datasets of a cluster beside those of one machine, row by row.
class PrepareJobTest {
  private static final String COLUMNS = "session=visit,item=sku,time=at,type=what,category=kind";
  static final List<String> TABLES =
      List.of(
          "items.parquet",
          "train/events.parquet",
          "train/sessions.parquet",
          "train/buys.parquet",
          "test/events.parquet",
          "test/sessions.parquet",
          "test/buys.parquet");

  @TempDir private Path folder;

  private static Prepare.Rules rules(String protocol, String split, Integer gap) {
    return new Prepare.Rules(
        Protocol.of(protocol), split == null ? null : Split.parse(split), true, gap, 0.01, 42);
  }

  private void compare(
      LogSpec log, List<Path> clicks, List<Path> test, List<Path> buys, Prepare.Rules rules)
      throws IOException {
    Format format = Format.of(log.format());
    ClickSource source =
        new ClickSource(
            log.columns() == null ? format : format.with(LogColumns.parse(log.columns())),
            clicks,
            buys,
            test,
            null);
    Path one = folder.resolve("one");
    Path many = folder.resolve("many");
    Manifest expected =
        Prepare.run(source, rules, Resources.DEFAULT, one, true, Progress.NONE).manifest();
    long size = Files.size(clicks.getFirst());
    Manifest manifest =
        PrepareJob.run(
            LocalSpark.session(),
            new PrepareJob.Request(log, clicks, test, buys, rules, many, true, size / 4 + 1));
    assertThat(manifest.train()).isEqualTo(expected.train());
    assertThat(manifest.test()).isEqualTo(expected.test());
    assertThat(manifest.cleaning()).isEqualTo(expected.cleaning());
    assertThat(manifest.rules()).isEqualTo(expected.rules());
    assertThat(manifest.sources()).isEqualTo(expected.sources());
    assertThat(manifest.actions()).isEqualTo(expected.actions());
    assertThat(manifest.items()).isEqualTo(expected.items());
    assertThat(manifest.trainItems()).isEqualTo(expected.trainItems());
    for (String table : TABLES) {
      assertThat(columns(many.resolve(table))).as(table).isEqualTo(columns(one.resolve(table)));
      assertThat(rows(many.resolve(table))).as(table).isEqualTo(rows(one.resolve(table)));
    }
    Manifest.read(many).verify(many);
    Dataset read = Dataset.load(many, Workers.of(1));
    assertThat(read.train().items()).isEqualTo(Dataset.load(one, Workers.of(1)).train().items());
    assertThat(many.resolve("work")).doesNotExist();
  }

  static List<List<String>> rows(Path table) {
    try (DuckDatabase database = DuckDatabase.inMemory(Workers.of(1))) {
      return database.rows("SELECT * FROM read_parquet(%s)".formatted(DuckDatabase.file(table)));
    }
  }

  private static List<List<String>> columns(Path table) {
    try (DuckDatabase database = DuckDatabase.inMemory(Workers.of(1))) {
      return database.rows(
          "SELECT column_name, column_type FROM (DESCRIBE SELECT * FROM read_parquet(%s))"
              .formatted(DuckDatabase.file(table)));
    }
  }

  @Test
  void equalsOneMachineOnTheSimulatedShop() throws IOException {
    onTheSimulatedShop("rsc15", null);
  }

  @Tag("cluster")
  @ParameterizedTest
  @CsvSource({"challenge,time:0.2", "gru4rec,days:7"})
  void equalsItUnderOtherProtocols(String protocol, String split) throws IOException {
    onTheSimulatedShop(protocol, split);
  }

  private void onTheSimulatedShop(String protocol, String split) throws IOException {
    Path log = folder.resolve("log");
    Simulator.write(new SimulatorConfig(1_500, 5, 1), log, Progress.NONE);
    compare(
        LogSpec.of("yoochoose"),
        List.of(log.resolve(Simulator.CLICKS)),
        List.of(),
        List.of(log.resolve(Simulator.BUYS), log.resolve(Simulator.TEST_BUYS)),
        rules(protocol, split, null));
  }

  @Tag("cluster")
  @Test
  void takesATestFile() throws IOException {
    Path log = folder.resolve("log");
    Simulator.write(new SimulatorConfig(800, 6, 1), log, Progress.NONE);
    compare(
        LogSpec.of("yoochoose"),
        List.of(log.resolve(Simulator.CLICKS)),
        List.of(log.resolve(Simulator.TEST_CLICKS)),
        List.of(log.resolve(Simulator.BUYS), log.resolve(Simulator.TEST_BUYS)),
        rules("none", null, null));
  }

  @Tag("cluster")
  @Test
  void equalsOneMachineOnARealSample() throws IOException {
    String data = System.getenv("KASEB_DATA");
    assumeTrue(data != null, "KASEB_DATA names no folder of real samples");
    Path sample = Path.of(data, "diginetica");
    assumeTrue(Files.exists(sample), "no sample of diginetica");
    compare(
        LogSpec.of("yoochoose"),
        List.of(sample.resolve("clicks.csv")),
        List.of(),
        List.of(sample.resolve("buys.csv")),
        rules("rsc15", "days:7", null));
  }

  /// Visits with pauses, ties in time, other actions, purchases among the clicks, one item that
  /// everybody clicks, ids that end like pieces, and a visitor with a third of all events.
  private Path actions() throws IOException {
    SplittableRandom random = new SplittableRandom(11);
    String[] words = {"view", "view", "view", "view", "cart", "purchase", "search", "hover"};
    StringBuilder log = new StringBuilder("what,at,visit,sku,kind\n");
    for (int i = 0; i < 6_000; i++) {
      String word = words[random.nextInt(words.length - 1)];
      int visitor = random.nextInt(3) == 0 ? 0 : random.nextInt(400);
      String visit = visitor % 50 == 3 ? "v#" + visitor : "v" + visitor;
      String item = random.nextInt(3) == 0 ? "hot" : "i" + random.nextInt(200);
      long time = 1_700_000_000L + random.nextInt(60) * 7_200L + random.nextInt(3) * 60L;
      log.append(
          "%s,%d,%s,%s,%s%n"
              .formatted(
                  word,
                  time,
                  visit,
                  word.equals("search") ? "" : item,
                  random.nextInt(2) == 0 ? "" : "c" + random.nextInt(4)));
      if (i % 1_500 == 9) {
        log.append("view,never,v1,i1,\n\n");
      }
    }
    return Files.writeString(folder.resolve("actions.csv"), log);
  }

  @Test
  void equalsOneMachineWithActionsCutAtGaps() throws IOException {
    withActions("gru4rec", "days:1", 3600);
  }

  @Tag("cluster")
  @ParameterizedTest
  @CsvSource({"none,random:0.3,3600", "rsc15,days:1,0"})
  void equalsItWithActionsUnderOtherProtocols(String protocol, String split, int gap)
      throws IOException {
    withActions(protocol, split, gap);
  }

  private void withActions(String protocol, String split, int gap) throws IOException {
    LogSpec log = new LogSpec("csv", COLUMNS, null, List.of(), Format.MISSING);
    compare(log, List.of(actions()), List.of(), List.of(), rules(protocol, split, gap));
  }

  @Test
  void namesAllUnknownWordsOfTheLog() throws IOException {
    Path file =
        Files.writeString(
            folder.resolve("words.csv"),
            "what,at,visit,sku,kind\nhop,1700000000,a,b,\n" + "jump,1700000000,a,b,\n".repeat(99));
    LogSpec log = new LogSpec("csv", COLUMNS, null, List.of(), Format.MISSING);
    PrepareJob.Request request =
        new PrepareJob.Request(
            log,
            List.of(file),
            List.of(),
            List.of(),
            rules("none", null, 0),
            folder.resolve("words"),
            false,
            500);
    assertThatThrownBy(() -> PrepareJob.run(LocalSpark.session(), request))
        .isInstanceOf(KasebException.class)
        .hasMessageContaining("jump 99, hop 1");
    assertThat(folder.resolve("words")).doesNotExist();
    assertThat(folder.resolve("words.part")).doesNotExist();
  }
}
