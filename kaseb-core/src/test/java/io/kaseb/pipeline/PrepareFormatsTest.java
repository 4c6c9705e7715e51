package io.kaseb.pipeline;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.kaseb.base.KasebException;
import io.kaseb.data.Dataset;
import io.kaseb.data.Manifest;
import io.kaseb.logfile.ClickSource;
import io.kaseb.logfile.Format;
import io.kaseb.logfile.LogAttribute;
import io.kaseb.logfile.LogColumns;
import io.kaseb.logfile.Protocol;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.apache.commons.compress.archivers.sevenz.SevenZArchiveEntry;
import org.apache.commons.compress.archivers.sevenz.SevenZOutputFile;
import org.junit.jupiter.api.RepeatedTest;
import org.junit.jupiter.api.RepetitionInfo;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// Every input format, read from a small log of its own kind.
class PrepareFormatsTest {
  @TempDir static Path folder;
  private static final Prepare.Rules AS_IT_IS = Logs.rules(Protocol.NONE);

  private final Path out = folder.resolve("dataset");

  @Test
  void yoochoose() {
    Path clicks =
        Logs.write(
            folder.resolve("clicks.dat"),
            "2,2014-04-07T10:51:09.277Z,214536502,S",
            "x7,2014-04-06T00:00:00.000Z,5,0",
            "2,2014-04-07T10:50:00.000Z,6,");
    Manifest manifest = Logs.prepare("yoochoose", clicks, AS_IT_IS, out);
    assertThat(Logs.train(out)).containsExactly("5", "6 214536502");
    assertThat(Logs.load(out).train().times())
        .containsExactly(1396742400000L, 1396867800000L, 1396867869277L);
    assertThat(Logs.load(out).catalogue().ids()).containsExactly("214536502", "5", "6");
    assertThat(manifest.times()).isEqualTo("real");
    assertThat(manifest.cleaning().badRows()).isZero();
  }

  @Test
  void tsvInSecondsWithFractions() {
    Path log =
        Logs.write(
            folder.resolve("log.tsv"),
            "SessionId\tItemId\tTime",
            "1\ta\t1396867869.5",
            "1\tb\t1396867868");
    Logs.prepare("tsv", log, AS_IT_IS, out);
    assertThat(Logs.train(out)).containsExactly("b a");
    assertThat(Logs.load(out).train().times()).containsExactly(1396867868000L, 1396867869500L);
  }

  @Test
  void sessionRecsSplits() {
    Path train =
        Logs.write(
            folder.resolve("events_train_full.0.txt"),
            "SessionId\tUserId\tItemId\tTime\tDate",
            "1\t7\ta\t1396867868.0\t2014-04-07",
            "1\t7\tb\t1396867869.5\t2014-04-07",
            "3\t7\tb\t1396867879\t2014-04-07",
            "3\t7\ta\t1396867880\t2014-04-07");
    Path test =
        Logs.write(
            folder.resolve("events_test.0.txt"),
            "SessionId\tUserId\tItemId\tTime\tDate",
            "9\t7\tb\t1396967869\t2014-04-08",
            "9\t7\ta\t1396967870\t2014-04-08");
    Logs.prepare(
        new ClickSource(Format.of("tsv"), List.of(train), List.of(), List.of(test), null),
        AS_IT_IS,
        out);
    assertThat(Logs.train(out)).containsExactly("a b", "b a");
    assertThat(Logs.test(out)).containsExactly("b a");
  }

  @Test
  void recbolesAtomicFiles() {
    Path log =
        Logs.write(
            folder.resolve("shop.inter"),
            "session_id:token\titem_id:token\ttimestamp:float\tnumber of times:float",
            "1\ta\t1396867869.0\t1",
            "1\t\"b\t1396867868.0\t1",
            "2\ta\t1396867968\t2");
    Path items =
        Logs.write(
            folder.resolve("shop.item"),
            "item_id:token\tcategory:token\tprice:float",
            "a\tshoes\t12.5",
            "c\thats\t3");
    Format format =
        Format.of("recbole")
            .withAttributes(
                LogAttribute.parse(
                    "category=category:token:category@item,price=price:float:number@item"));
    Logs.prepare(
        new ClickSource(format, List.of(log), List.of(), List.of(), null, items, null),
        AS_IT_IS,
        out);
    assertThat(Logs.train(out)).containsExactly("\"b a", "a");
    assertThat(Logs.load(out).catalogue().ids()).containsExactlyInAnyOrder("a", "\"b", "c");
  }

  @Test
  void recbolesLogsOfUsersHaveASessionEach() {
    Path log =
        Logs.write(
            folder.resolve("ml.inter"),
            "user_id:token\titem_id:token\trating:float\ttimestamp:float",
            "u1\ta\t5\t881250949",
            "u2\tb\t3\t881250950",
            "u1\tb\t4\t881250951");
    Logs.prepare(ClickSource.of(Format.of("recbole"), log), AS_IT_IS, out);
    assertThat(Logs.train(out)).containsExactlyInAnyOrder("a b", "b");
    Path untimed =
        Logs.write(folder.resolve("untimed.inter"), "user_id:token\titem_id:token", "u1\ta");
    assertThatThrownBy(
            () -> Logs.prepare(ClickSource.of(Format.of("recbole"), untimed), AS_IT_IS, out))
        .isInstanceOf(KasebException.class)
        .hasMessageContaining("has no column timestamp:float (for the role time)");
    Path neither = Logs.write(folder.resolve("neither.inter"), "id:token\titem_id:token", "u1\ta");
    assertThatThrownBy(
            () -> Logs.prepare(ClickSource.of(Format.of("recbole"), neither), AS_IT_IS, out))
        .hasMessageContaining("has no column session_id:token (for the role session)");
    Format named =
        Format.of("recbole").with(LogColumns.parse("session=user_id:token,item=item_id:token"));
    Logs.prepare(ClickSource.of(named, untimed), AS_IT_IS, out);
    assertThat(Logs.train(out)).containsExactly("a");
  }

  @Test
  void sessionsWithBlankLinesTabsAndWindowsLineEnds() throws IOException {
    Path log = folder.resolve("s.txt");
    Files.writeString(log, "a b\r\n\r\n  c\ta  a \r\n\"q\r\n");
    Manifest manifest = Logs.prepare("sessions", log, AS_IT_IS, out);
    assertThat(Logs.train(out)).containsExactly("a b", "c a a", "\"q");
    assertThat(manifest.times()).isEqualTo("none");
    assertThat(Logs.load(out).train().times()).isNull();
  }

  @RepeatedTest(16)
  void sessionLinesComeBackAsTheyWere(RepetitionInfo repetition) throws IOException {
    int seed = repetition.getCurrentRepetition();
    Random random = new Random(seed);
    String[] lines =
        IntStream.range(0, seed == 1 ? 1 : 1 + random.nextInt(60))
            .mapToObj(s -> random.ints(1 + random.nextInt(12), 0, 41))
            .map(items -> items.mapToObj(i -> "i" + i).collect(Collectors.joining(" ")))
            .toArray(String[]::new);
    Logs.prepare("sessions", Logs.gzip(folder.resolve("r.txt.gz"), lines), AS_IT_IS, out);
    assertThat(Logs.train(out)).containsExactly(lines);
    List<String> order =
        Arrays.stream(lines).flatMap(l -> Arrays.stream(l.split(" "))).distinct().toList();
    assertThat(Logs.load(out).catalogue().ids()).isEqualTo(order);
  }

  @Test
  void csvFindsItsDelimiterAndTimeForm() {
    LogColumns columns = LogColumns.parse("session=visit,item=sku,time=at,type=action,price=cost");
    Path log =
        Logs.write(
            folder.resolve("log.csv"),
            "at;\"visit\";sku;action;cost;ignored",
            "1396867869000;v1;a;view;1.5;x",
            "1396867868;v1;b;click;;",
            "2014-04-07 10:51:07;v1;\"c;c\";view;;",
            "1396867870;v1;a;purchase;2.5;",
            "1396867870;v1;a;cart;2.5;");
    Manifest manifest =
        Logs.prepare(ClickSource.of(Format.of("csv").with(columns), log), AS_IT_IS, out);
    assertThat(Logs.train(out)).containsExactly("c;c b a");
    assertThat(manifest.train().buyers()).isEqualTo(1);
    assertThat(manifest.train().clickedPurchases()).isEqualTo(1);
  }

  @Test
  void jsonLinesWithNestedFields() {
    LogColumns columns = LogColumns.parse("session=user.visit,item=sku,time=at");
    Path log =
        Logs.write(
            folder.resolve("log.jsonl"),
            "{\"user\":{\"visit\":\"v\"},\"sku\":7,\"at\":\"2014-04-07T10:51:09+02:00\"}",
            "",
            "{\"user\":{\"visit\":\"v\"},\"sku\":8,\"at\":1396860668}");
    Logs.prepare(ClickSource.of(Format.of("jsonl").with(columns), log), AS_IT_IS, out);
    assertThat(Logs.train(out)).containsExactly("8 7");
  }

  @Test
  void parquetReadsBackWhatKasebWrote() {
    Path sessions = Logs.write(folder.resolve("p.txt"), "a b", "c a");
    Logs.prepare("sessions", sessions, AS_IT_IS, folder.resolve("first"));
    LogColumns columns = LogColumns.parse("session=session,item=item");
    Path events = folder.resolve("first/train/events.parquet");
    Logs.prepare(ClickSource.of(Format.of("parquet").with(columns), events), AS_IT_IS, out);
    assertThat(Logs.train(out)).containsExactly("0 1", "2 0");
  }

  @Test
  void retailrocketCutsVisitorsAtAnHour() {
    long at = 1433221332117L;
    Path log =
        Logs.write(
            folder.resolve("events.csv"),
            "timestamp,visitorid,event,itemid,transactionid",
            at + ",1,view,10,",
            (at + 3_600_000) + ",1,view,11,",
            (at + 7_200_001) + ",1,view,12,",
            (at + 7_300_000) + ",1,addtocart,12,",
            (at + 7_400_000) + ",1,transaction,12,99",
            (at - 5_000) + ",1,transaction,10,98",
            (at + 7_500_000) + ",2,transaction,12,97");
    Manifest manifest = Logs.prepare("retailrocket", log, AS_IT_IS, out);
    assertThat(Logs.train(out)).containsExactly("10 11", "12");
    assertThat(manifest.rules().sessionGapSeconds()).isEqualTo(3600);
    assertThat(manifest.train().buyers()).isEqualTo(2);
    assertThat(manifest.cleaning().strayPurchases()).isEqualTo(1);
  }

  @Test
  void rees46CutsSessionsOnlyUnderGru4rec() {
    String[] lines = new String[13];
    lines[0] =
        "event_time,event_type,product_id,category_id,category_code,brand,price,user_id,user_session";
    for (int i = 0; i < 12; i++) {
      lines[i + 1] =
          "2019-10-0%d 00:0%d:00 UTC,view,%d,1,,b,2.5,7,s".formatted(1 + i / 6, i % 6, i % 2);
    }
    Path log = Logs.write(folder.resolve("r.csv"), lines);
    Logs.prepare("rees46", log, AS_IT_IS, out);
    assertThat(Logs.load(out).train().count()).isEqualTo(1);
    Logs.prepare("rees46", log, Logs.rules(Protocol.GRU4REC), out);
    assertThat(Logs.train(out)).hasSize(1);
    assertThat(Logs.test(out)).containsExactly("0 1 0 1 0 1");
  }

  @Test
  void digineticaAddsTheDayToTheTime() {
    Path views =
        Logs.write(
            folder.resolve("train-item-views.csv"),
            "sessionId;userId;itemId;timeframe;eventdate",
            "1;NA;81766;526309;2016-05-09",
            "1;NA;31331;1031018;2016-05-09");
    Path purchases =
        Logs.write(
            folder.resolve("train-purchases.csv"),
            "sessionId;userId;timeframe;eventdate;ordernumber;itemId",
            "1;NA;2031018;2016-05-09;1;31331");
    Manifest manifest =
        Logs.prepare(
            new ClickSource(
                Format.of("diginetica"), List.of(views), List.of(purchases), List.of(), null),
            AS_IT_IS,
            out);
    assertThat(Logs.load(out).train().times()).containsExactly(1462752526309L, 1462753031018L);
    assertThat(manifest.train().clickedPurchases()).isEqualTo(1);
  }

  @Test
  void ottoUnpacksNestedEvents() {
    Path log =
        Logs.write(
            folder.resolve("otto.jsonl"),
            "{\"session\":5,\"events\":[{\"aid\":1,\"ts\":1659304800025,\"type\":\"clicks\"},"
                + "{\"aid\":2,\"ts\":1659304800030,\"type\":\"clicks\"},"
                + "{\"aid\":2,\"ts\":1659304800035,\"type\":\"carts\"},"
                + "{\"aid\":2,\"ts\":1659304800040,\"type\":\"orders\"}]}",
            "{\"session\":6,\"events\":[{\"aid\":3,\"ts\":1659304700025,\"type\":\"clicks\"}]}");
    Manifest manifest = Logs.prepare("otto", log, AS_IT_IS, out);
    assertThat(Logs.train(out)).containsExactly("3", "1 2");
    assertThat(manifest.train().purchases()).isEqualTo(1);
  }

  @Test
  void thePublishedArchiveIsReadAsItIs() throws IOException {
    Path archive = folder.resolve("yoochoose-data.7z");
    try (SevenZOutputFile file = new SevenZOutputFile(archive.toFile())) {
      add(file, "yoochoose-buys.dat", "1,2014-04-01T00:01:00.000Z,6,100,1\n");
      add(file, "dataset-README.txt", "hello\n");
      add(file, "yoochoose-clicks.dat", Logs.click(1, 0, 5) + "\n" + Logs.click(1, 9, 6) + "\n");
      add(file, "yoochoose-test.dat", Logs.click(2, 0, 5) + "\n");
    }
    Format yoochoose = Format.of("yoochoose");
    Manifest manifest =
        Logs.prepare(
            new ClickSource(yoochoose, List.of(archive), List.of(), List.of(archive), null),
            AS_IT_IS,
            out);
    assertThat(Logs.train(out)).containsExactly("5 6");
    assertThat(Logs.test(out)).containsExactly("5");
    assertThat(manifest.train().buyers()).isEqualTo(1);
    assertThat(manifest.sources()).hasSize(1);

    byte[] bytes = Files.readAllBytes(archive);
    Path cut = folder.resolve("cut.7z");
    Files.write(cut, Arrays.copyOf(bytes, bytes.length - 40));
    assertThatThrownBy(() -> Logs.prepare("yoochoose", cut, AS_IT_IS, out))
        .isInstanceOf(KasebException.class)
        .hasMessageContaining("cut.7z: the archive is damaged or cut short");
  }

  private static void add(SevenZOutputFile archive, String name, String content)
      throws IOException {
    SevenZArchiveEntry entry = new SevenZArchiveEntry();
    entry.setName(name);
    archive.putArchiveEntry(entry);
    archive.write(content.getBytes(StandardCharsets.UTF_8));
    archive.closeArchiveEntry();
  }

  @Test
  void oneBuysFileMayHoldBothParts() {
    Path train = Logs.write(folder.resolve("a.dat"), Logs.click(1, 0, 5), Logs.click(2, 0, 6));
    Path test = Logs.write(folder.resolve("b.dat"), Logs.click(3, 0, 5));
    Path buys =
        Logs.write(
            folder.resolve("buys.dat"),
            "3,2014-04-01T00:01:00.000Z,9,100,1",
            "1,2014-04-01T00:01:00.000Z,5,100,1",
            "77,2014-04-01T00:01:00.000Z,5,100,1");
    Manifest manifest =
        Logs.prepare(
            new ClickSource(
                Format.of("yoochoose"), List.of(train), List.of(buys), List.of(test), null),
            AS_IT_IS,
            out);
    assertThat(manifest.train().buyers()).isEqualTo(1);
    assertThat(manifest.train().clickedPurchases()).isEqualTo(1);
    assertThat(manifest.test().buyers()).isEqualTo(1);
    assertThat(manifest.test().clickedPurchases()).isZero();
    assertThat(manifest.cleaning().strayPurchases()).isEqualTo(1);
  }

  @Test
  void anItemMapNamesTheItems() throws IOException {
    Path log = Logs.write(folder.resolve("m.txt"), "1 2 3", "3 1");
    Path map = Logs.gzip(folder.resolve("map.tsv.gz"), "gce_index\titem_id", "1\t3", "3\tx");
    Manifest manifest =
        Logs.prepare(
            new ClickSource(Format.of("sessions"), List.of(log), List.of(), List.of(), map),
            AS_IT_IS,
            out);
    assertThat(Logs.train(out)).containsExactly("3 unmapped:2 x", "x 3");
    assertThat(manifest.cleaning().unmappedItems()).isEqualTo(1);
  }

  @Test
  void testOnlyItemsFollowThoseOfTrain() {
    Path train = Logs.write(folder.resolve("tr.txt"), "c b", "a c");
    Path test = Logs.write(folder.resolve("te.txt"), "z a", "y");
    Logs.prepare(
        new ClickSource(Format.of("sessions"), List.of(train), List.of(), List.of(test), null),
        AS_IT_IS,
        out);
    Dataset dataset = Logs.load(out);
    assertThat(dataset.catalogue().ids()).containsExactly("c", "b", "a", "z", "y");
    assertThat(dataset.trainItems()).isEqualTo(3);
    assertThat(Logs.test(out)).containsExactly("z a", "y");
  }
}
