package io.kaseb.spark;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.catchThrowable;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import io.kaseb.base.KasebException;
import io.kaseb.base.Progress;
import io.kaseb.base.Workers;
import io.kaseb.data.AttributeColumn;
import io.kaseb.data.Dataset;
import io.kaseb.data.LabelledSessions;
import io.kaseb.data.Manifest;
import io.kaseb.data.OpenDataset;
import io.kaseb.duckdb.DuckDatabase;
import io.kaseb.duckdb.Resources;
import io.kaseb.logfile.ClickSource;
import io.kaseb.logfile.Protocol;
import io.kaseb.logfile.Split;
import io.kaseb.pipeline.Prepare;
import io.kaseb.simulate.ShopperLog;
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
    compare(log, LogInput.of(names(clicks), names(test), names(buys)), rules);
  }

  static List<String> names(List<Path> files) {
    return files.stream().map(Path::toString).toList();
  }

  private Manifest compare(LogSpec log, LogInput input, Prepare.Rules rules) throws IOException {
    ClickSource source = input.source(log.read());
    Path one = folder.resolve("one");
    Path many = folder.resolve("many");
    Manifest expected =
        Prepare.run(source, rules, Resources.DEFAULT, one, true, Progress.NONE).manifest();
    long size = Files.size(source.clicks().getFirst());
    Manifest manifest =
        PrepareJob.run(
            LocalSpark.session(),
            new PrepareJob.Request(log, input, rules, many.toString(), true, size / 4 + 1));
    assertThat(manifest.train()).isEqualTo(expected.train());
    assertThat(manifest.test()).isEqualTo(expected.test());
    assertThat(manifest.cleaning()).isEqualTo(expected.cleaning());
    assertThat(manifest.rules()).isEqualTo(expected.rules());
    assertThat(manifest.times()).isEqualTo(expected.times());
    assertThat(manifest.sources()).isEqualTo(expected.sources());
    assertThat(manifest.actions()).isEqualTo(expected.actions());
    assertThat(manifest.attributes()).isEqualTo(expected.attributes());
    assertThat(manifest.users()).isEqualTo(expected.users());
    assertThat(manifest.items()).isEqualTo(expected.items());
    assertThat(manifest.trainItems()).isEqualTo(expected.trainItems());
    for (String table : TABLES) {
      assertThat(columns(many.resolve(table))).as(table).isEqualTo(columns(one.resolve(table)));
      assertThat(rows(many.resolve(table))).as(table).isEqualTo(rows(one.resolve(table)));
    }
    Manifest.read(many).verify(many);
    Dataset read = Dataset.load(many, Workers.of(1));
    assertThat(read.train().items()).isEqualTo(Dataset.load(one, Workers.of(1)).train().items());
    sameInMemory(OpenDataset.of(many, Workers.ONE), OpenDataset.of(one, Workers.ONE));
    assertThat(many.resolve("work")).doesNotExist();
    return manifest;
  }

  /// What training reads of both is the same, of however many files a table is.
  private static void sameInMemory(OpenDataset many, OpenDataset one) {
    LabelledSessions mine = many.labelledTrain();
    LabelledSessions theirs = one.labelledTrain();
    assertThat(mine.sessions().items()).isEqualTo(theirs.sessions().items());
    assertThat(mine.categories()).isEqualTo(theirs.categories());
    assertThat(mine.categoryNames()).isEqualTo(theirs.categoryNames());
    assertThat(mine.purchases().items()).isEqualTo(theirs.purchases().items());
    assertThat(mine.signals().visitors().items()).isEqualTo(theirs.signals().visitors().items());
    for (int a = 0; a < theirs.signals().attributes().size(); a++) {
      AttributeColumn column = mine.signals().attributes().get(a);
      AttributeColumn other = theirs.signals().attributes().get(a);
      assertThat(column.codes()).as(column.attribute().name()).isEqualTo(other.codes());
      assertThat(column.numbers()).as(column.attribute().name()).isEqualTo(other.numbers());
    }
  }

  @Test
  void saysWhatADatasetCannotNumber() {
    ClusterDataset.refuseTooMany(Integer.MAX_VALUE, "items");
    assertThatThrownBy(() -> ClusterDataset.refuseTooMany(1L << 31, "users"))
        .isInstanceOf(KasebException.class)
        .hasMessageContaining(
            "2,147,483,648 users are left, and a dataset numbers 2,147,483,647 at most");
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

  private static Path sample(String name) {
    String data = System.getenv("KASEB_DATA");
    assumeTrue(data != null, "KASEB_DATA names no folder of real samples");
    Path sample = Path.of(data, name);
    assumeTrue(Files.exists(sample), "no sample of " + name);
    return sample;
  }

  @Tag("cluster")
  @Test
  void equalsOneMachineOnARealSample() throws IOException {
    Path sample = sample("diginetica");
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
    LogSpec log = LogSpec.of("csv").withColumns(COLUMNS);
    compare(log, List.of(actions()), List.of(), List.of(), rules(protocol, split, gap));
  }

  @Tag("cluster")
  @Test
  void keepsUsersAndAttributesOfTheSimulatedShoppers() throws IOException {
    Path log = folder.resolve("log");
    ShopperLog.write(new SimulatorConfig(1_200, 7, 1), log, Progress.NONE);
    LogSpec spec =
        LogSpec.of("csv").withColumns(ShopperLog.COLUMNS).withAttributes(ShopperLog.ATTRIBUTES);
    LogInput input =
        LogInput.of(List.of(log.resolve(ShopperLog.EVENTS).toString()), List.of(), List.of());
    Manifest manifest = compare(spec, input, rules("none", "time:0.2", 0));
    assertThat(manifest.attributes()).hasSize(4);
    assertThat(manifest.users()).isGreaterThan(100);
  }

  /// A visitor whose later visit is in the test, one whose user is known late, values that come and
  /// go, and a table of items of which some are never clicked.
  private LogInput attributes() throws IOException {
    SplittableRandom random = new SplittableRandom(5);
    StringBuilder log = new StringBuilder("what,at,visit,sku,kind,who,device,age,shown,colour\n");
    for (int i = 0; i < 5_000; i++) {
      int visitor = random.nextInt(300);
      String word = random.nextInt(9) == 0 ? "purchase" : random.nextInt(5) == 0 ? "cart" : "view";
      log.append(
          "%s,%d,v%d,i%d,c%d,%s,%s,%s,%s,%s%n"
              .formatted(
                  word,
                  1_700_000_000L + random.nextInt(6) * 86_400L + random.nextInt(50) * 60L,
                  visitor,
                  random.nextInt(150),
                  random.nextInt(4),
                  random.nextInt(3) == 0 ? "" : "u" + visitor / 3,
                  random.nextInt(3) == 0 ? "" : "d" + random.nextInt(4),
                  random.nextInt(4) == 0 ? "" : "" + visitor % 70,
                  random.nextInt(2) == 0 ? "" : "" + random.nextInt(1_000) / 8.0,
                  random.nextInt(2) == 0 ? "" : "x" + random.nextInt(5)));
    }
    StringBuilder table = new StringBuilder("sku,brand,colour\n");
    for (int i = 249; i >= 0; i -= 2) {
      table.append("i%d,b%d,%s%n".formatted(i, i % 7, i % 3 == 0 ? "" : "t" + i % 3));
    }
    table.append("i249,,\n");
    return LogInput.of(
            List.of(Files.writeString(folder.resolve("log.csv"), log).toString()),
            List.of(),
            List.of())
        .withItems(Files.writeString(folder.resolve("items.csv"), table).toString(), "sku");
  }

  private static final LogSpec WITH_ATTRIBUTES =
      LogSpec.of("csv")
          .withColumns(COLUMNS + ",user=who")
          .withAttributes(
              "device:category@session,age:number@user,shown:number@event,brand:category@item,colour:words@item");

  @Test
  void takesATableOfItems() throws IOException {
    Manifest manifest = compare(WITH_ATTRIBUTES, attributes(), rules("gru4rec", "days:1", 3600));
    assertThat(manifest.attributes().stream().map(Manifest.AttributeCount::attribute))
        .hasSize(5)
        .contains("brand:category@item");
    assertThat(manifest.items()).isGreaterThan(180);
  }

  @Tag("cluster")
  @Test
  void takesATableOfItemsUnderRandomSplits() throws IOException {
    compare(WITH_ATTRIBUTES, attributes(), rules("none", "random:0.3", 0));
  }

  @Tag("cluster")
  @Test
  void translatesItems() throws IOException {
    StringBuilder map = new StringBuilder();
    for (int i = 0; i < 60; i++) {
      map.append("i%d\tnamed %d%n".formatted(i, i % 50));
    }
    Path file = Files.writeString(folder.resolve("map.tsv"), map);
    LogInput input = attributes().withItemMap(file.toString());
    assertThat(compare(WITH_ATTRIBUTES, input, rules("none", "time:0.3", 0)).cleaning())
        .extracting(Manifest.Cleaning::unmappedItems)
        .isEqualTo(90L);
    Files.writeString(file, map + "i7\tanother\n");
    assertThatThrownBy(() -> compare(WITH_ATTRIBUTES, input, rules("none", "time:0.3", 0)))
        .hasMessageContaining("map.tsv:61: i7 is another, and named 7 in line 8");
    assertThatThrownBy(
            () ->
                PrepareJob.run(
                    LocalSpark.session(),
                    new PrepareJob.Request(
                        WITH_ATTRIBUTES,
                        input,
                        rules("none", "time:0.3", 0),
                        folder.resolve("many").toString(),
                        true,
                        1 << 20)))
        .hasMessageContaining("map.tsv:61: i7 is another, and named 7 in line 8");
  }

  @Tag("cluster")
  @Test
  void readsPublishedFormatsWithUsers() throws IOException {
    StringBuilder rocket = new StringBuilder("timestamp,visitorid,event,itemid,transactionid\n");
    StringBuilder bole = new StringBuilder("user_id:token\titem_id:token\ttimestamp:float\n");
    SplittableRandom random = new SplittableRandom(3);
    for (int i = 0; i < 3_000; i++) {
      long time = 1_433_200_000L + random.nextInt(9) * 86_400L + random.nextInt(50) * 60L;
      int visitor = random.nextInt(200);
      int item = random.nextInt(80);
      String word = random.nextInt(8) == 0 ? "addtocart" : "view";
      rocket.append("%d,%d,%s,%d,%n".formatted(time * 1_000, visitor, word, item));
      bole.append("%d\t%d\t%d%n".formatted(visitor, item, time));
    }
    Path one = Files.writeString(folder.resolve("events.csv"), rocket);
    Path two = Files.writeString(folder.resolve("shop.inter"), bole);
    Manifest visits =
        compare(
            LogSpec.of("retailrocket"),
            LogInput.of(List.of(one.toString()), List.of(), List.of()),
            rules("gru4rec", "days:2", null));
    assertThat(visits.users()).isGreaterThan(100);
    Manifest users =
        compare(
            LogSpec.of("recbole"),
            LogInput.of(List.of(two.toString()), List.of(), List.of()),
            rules("gru4rec", "time:0.2", null));
    assertThat(users.users()).isGreaterThan(100);
  }

  @Tag("cluster")
  @Test
  void equalsOneMachineOnRealSamplesWithUsers() throws IOException {
    String rees = sample("rees46").resolve("2019-Oct-head.csv.gz").toString();
    Manifest shop =
        compare(
            LogSpec.of("rees46"),
            LogInput.of(List.of(rees), List.of(), List.of()),
            rules("gru4rec", "time:0.2", null));
    assertThat(shop.attributes()).hasSize(3);
    String jd = sample("jd").resolve("events.csv.gz").toString();
    Manifest users =
        compare(
            LogSpec.of("csv")
                .withColumns("session=session,item=item,time=time,type=type,user=user")
                .withActions("comment=comment,follow=follow"),
            LogInput.of(List.of(jd), List.of(), List.of()),
            rules("none", "days:2", null));
    assertThat(users.users()).isGreaterThan(1_000);
  }

  @Test
  void refusesWhatOneMachineRefusesInItsWords() throws IOException {
    String file = Files.writeString(folder.resolve("plain.csv"), "s,i\na,b\na,c\n").toString();
    LogSpec log = LogSpec.of("csv").withColumns("session=s,item=i");
    LogInput one = LogInput.of(List.of(file), List.of(), List.of());
    refusesAlike(log, one, rules("gru4rec", null, null), "this log has no times");
    LogInput test = LogInput.of(List.of(file), List.of(file), List.of());
    refusesAlike(log, test, rules("none", "time:0.5", 0), "both say what the test is");
    LogInput twice = LogInput.of(List.of(file, file), List.of(), List.of());
    refusesAlike(log, twice, rules("none", null, 0), "is named twice");
    LogInput buys = LogInput.of(List.of(file), List.of(), List.of(file));
    refusesAlike(log, buys, rules("none", null, 0), "is a file of clicks too");
  }

  private void refusesAlike(LogSpec log, LogInput input, Prepare.Rules rules, String words) {
    Path out = folder.resolve("refused");
    Throwable here =
        catchThrowable(
            () ->
                Prepare.run(
                    input.source(log.read()), rules, Resources.DEFAULT, out, false, Progress.NONE));
    assertThat(here).hasMessageContaining(words);
    assertThatThrownBy(
            () ->
                PrepareJob.run(
                    LocalSpark.session(),
                    new PrepareJob.Request(log, input, rules, out.toString(), false, 1 << 20)))
        .hasMessage(here.getMessage());
    assertThat(out).doesNotExist();
  }

  @Test
  void namesAllUnknownWordsOfTheLog() throws IOException {
    Path file =
        Files.writeString(
            folder.resolve("words.csv"),
            "what,at,visit,sku,kind\nhop,1700000000,a,b,\n" + "jump,1700000000,a,b,\n".repeat(99));
    LogSpec log = LogSpec.of("csv").withColumns(COLUMNS);
    PrepareJob.Request request =
        new PrepareJob.Request(
            log,
            LogInput.of(List.of(file.toString()), List.of(), List.of()),
            rules("none", null, 0),
            folder.resolve("words").toString(),
            false,
            500);
    assertThatThrownBy(() -> PrepareJob.run(LocalSpark.session(), request))
        .isInstanceOf(KasebException.class)
        .hasMessageContaining("jump 99, hop 1");
    assertThat(folder.resolve("words")).doesNotExist();
    assertThat(folder.resolve("words.part")).doesNotExist();
  }
}
