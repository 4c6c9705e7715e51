package io.kaseb.pipeline;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.kaseb.base.KasebException;
import io.kaseb.base.Progress;
import io.kaseb.data.Manifest;
import io.kaseb.logfile.ClickSource;
import io.kaseb.logfile.Format;
import io.kaseb.logfile.LogColumns;
import io.kaseb.logfile.LogFiles;
import io.kaseb.logfile.LogNotes;
import io.kaseb.logfile.Protocol;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.zip.GZIPOutputStream;
import org.apache.commons.compress.compressors.bzip2.BZip2CompressorOutputStream;
import org.apache.commons.compress.compressors.xz.XZCompressorOutputStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/// Logs as real programs write them: read right, or refused with the reason.
class LogFaultsTest {
  private static final String COLUMNS = "session=visit,item=sku,time=at";

  @TempDir private Path folder = Path.of("");

  private static Format csv() {
    return Format.of("csv").with(LogColumns.parse(COLUMNS));
  }

  private Path out() {
    return folder.resolve("out");
  }

  private static Prepare.Rules tolerant(double share) {
    return new Prepare.Rules(Protocol.NONE, null, true, null, share, 42);
  }

  private Prepare.Prepared prepare(Format format, Path file, double badRows) {
    return prepare(ClickSource.of(format, file), badRows);
  }

  private Prepare.Prepared prepare(ClickSource source, double badRows) {
    try {
      return Prepare.run(source, tolerant(badRows), Logs.SMALL, out(), true, Progress.NONE);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private Path rows(String... rows) {
    String[] lines = new String[rows.length + 1];
    lines[0] = "visit,sku,at";
    System.arraycopy(rows, 0, lines, 1, rows.length);
    return Logs.write(folder.resolve("log.csv"), lines);
  }

  @Test
  void offsetsOrderASession() {
    Path log =
        rows(
            "1,a,2024-03-01T10:00:00+01:00",
            "1,b,2024-03-01T09:05:00Z",
            "1,c,2024-03-01T11:10:00+02:00");
    prepare(csv(), log, 0);
    assertThat(Logs.train(out())).containsExactly("a b c");
    assertThat(Logs.load(out()).train().times())
        .containsExactly(
            Arrays.stream(new String[] {"09:00", "09:05", "09:10"})
                .mapToLong(t -> Instant.parse("2024-03-01T" + t + ":00Z").toEpochMilli())
                .toArray());
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "2024-03-01T10:00:00+01:00 | 09:00:00",
        "2024-03-01T10:00:00+0100 | 09:00:00",
        "2024-03-01T10:00:00+01 | 09:00:00",
        "2024-03-01T10:00:00+1 | 09:00:00",
        "2024-03-01 10:00:00 +01:00 | 09:00:00",
        "2024-03-01T10:00:00-05:30 | 15:30:00",
        "2024-03-01T10:00:00.250+01:00 | 09:00:00.250",
        "2024-03-01T09:00:00z | 09:00:00",
        "2024-03-01 09:00:00 UTC | 09:00:00",
        "2024-03-01 09:00:00 GMT | 09:00:00",
        "2024-03-01 09:00:00 utc | 09:00:00",
        "2024-03-01 11:00:00 UTC+2 | 09:00:00",
        "2024-03-01 10:00:00 Europe/Berlin | 09:00:00",
        "2024-03-01T10:00:00[Europe/Berlin] | 09:00:00",
        "2024-03-01T10:00:00+01:00[Europe/Berlin] | 09:00:00",
        "2024-03-01 09:00:00 | 09:00:00",
        "2024-03-01T09:00 | 09:00:00",
        "1709283600 | 09:00:00",
        "1709283600000 | 09:00:00",
        "1709283600000000 | 09:00:00",
        "1709283600000000000 | 09:00:00",
        "1709283600.25 | 09:00:00.250"
      })
  void everyFormOfATimeIsTheSameMoment(String written, String utc) {
    long moment = Instant.parse("2024-03-01T" + utc + "Z").toEpochMilli();
    prepare(csv(), rows("1,a," + written), 0);
    assertThat(Logs.load(out()).train().times()).containsExactly(moment);
    Path json =
        Logs.write(
            folder.resolve("log.jsonl"),
            "{\"visit\":\"1\",\"sku\":\"a\",\"at\":\"" + written + "\"}");
    prepare(Format.of("jsonl").with(LogColumns.parse(COLUMNS)), json, 0);
    assertThat(Logs.load(out()).train().times()).containsExactly(moment);
    if (written.contains("-03-")) {
      Path yoochoose = Logs.write(folder.resolve("log.dat"), "1," + written + ",a,0");
      prepare(Format.of("yoochoose"), yoochoose, 0);
      assertThat(Logs.load(out()).train().times()).containsExactly(moment);
    }
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "2024-03-01 10:00:00 CST",
        "2024-03-01 10:00:00 XYZ",
        "2024-03-01T10:00:00+25:00",
        "2024-03-01 10:00:00 Europe/Atlantis",
        "9999999999999999999999",
        "2250-01-01T00:00:00Z",
        "-5"
      })
  void aTimeThatMeansNothingIsABadRow(String written) {
    Manifest manifest =
        prepare(csv(), rows("1,a,2024-03-01T10:00:00Z", "1,b," + written), .5).manifest();
    assertThat(manifest.cleaning().badRows()).isEqualTo(1);
    assertThat(manifest.cleaning().firstBadRows().getFirst())
        .contains("log.csv:3: time " + written);
  }

  @ParameterizedTest
  @CsvSource({"tsv, 1709283600000", "retailrocket, 1709283600", "otto, 1709283600"})
  void unitsOfTimeThatAreNotTheFormatsOwnAreConverted(String format, long time) {
    Path log =
        switch (format) {
          case "tsv" ->
              Logs.write(folder.resolve("log.tsv"), "SessionId\tItemId\tTime", "1\ta\t" + time);
          case "retailrocket" ->
              Logs.write(
                  folder.resolve("log.csv"),
                  "timestamp,visitorid,event,itemid,transactionid",
                  time + ",1,view,a,");
          default ->
              Logs.write(
                  folder.resolve("log.jsonl"),
                  "{\"session\":1,\"events\":[{\"aid\":5,\"ts\":"
                      + time
                      + ",\"type\":\"clicks\"}]}");
        };
    LogNotes notes = prepare(Format.of(format), log, 0).notes();
    assertThat(notes.firstDay()).hasToString("2024-03-01");
    assertThat(notes.lastDay()).hasToString("2024-03-01");
    assertThat(notes.warnings()).isEmpty();
  }

  @Test
  void aSessionFarFromAllOthersIsTold() {
    List<String> rows = new ArrayList<>();
    for (int s = 0; s < 50; s++) {
      rows.add("s" + s + ",a,2024-03-0" + (1 + s % 9) + "T10:00:00Z");
    }
    assertThat(prepare(csv(), rows(rows.toArray(String[]::new)), 0).notes().warnings()).isEmpty();
    for (String far : List.of("far,a,2099-01-01T00:00:00Z", "s3,b,2099-01-01T00:00:00Z")) {
      List<String> more = new ArrayList<>(rows);
      more.add(far);
      assertThat(prepare(csv(), rows(more.toArray(String[]::new)), 0).notes().warnings())
          .singleElement()
          .asString()
          .contains("1 of 5", "sessions stand far from all others", "2099-01-01");
    }
    rows.add("far,a,2003-01-01T00:00:00Z");
    assertThat(prepare(csv(), rows(rows.toArray(String[]::new)), 0).notes().warnings())
        .singleElement()
        .asString()
        .contains("1 of 51 sessions stand far from all others", "2024-03-01");
  }

  private String[] numbered(int n) {
    String[] rows = new String[n];
    for (int i = 0; i < n; i++) {
      rows[i] = "s" + i / 4 + ",i" + i % 50 + ",2024-03-01T10:00:00Z";
    }
    return rows;
  }

  @Test
  void linesThatAStrayQuoteSwallowsAreCounted() {
    String[] rows = numbered(500);
    rows[249] = rows[249].replace(",i", ",\"i");
    rows[449] = rows[449].replace(",2024", "\",2024");
    Path log = rows(rows);
    assertThatThrownBy(() -> prepare(csv(), log, .001))
        .isInstanceOf(KasebException.class)
        .hasMessageContainingAll(
            "201 of 500 rows are bad",
            "log.csv:251: a quotation mark that opens here makes 201 lines one value");
    Manifest manifest = prepare(csv(), log, .5).manifest();
    assertThat(manifest.train().events()).isEqualTo(299);
    assertThat(manifest.cleaning().badRows()).isEqualTo(201);
  }

  @Test
  void aQuoteThatNeverEndsIsCountedToo() {
    String[] rows = numbered(500);
    rows[249] = rows[249].replace(",i", ",\"i");
    Manifest manifest = prepare(csv(), rows(rows), .6).manifest();
    assertThat(manifest.train().events()).isEqualTo(249);
    assertThat(manifest.cleaning().badRows()).isEqualTo(251);
  }

  @Test
  void aQuotedTextOverTwoLinesInAColumnNobodyAskedForIsFine() {
    Path log =
        Logs.write(
            folder.resolve("log.csv"),
            "visit,sku,at,name",
            "1,a,2024-03-01T10:00:00Z,\"a \"\"big\"\"",
            "shoe, really, bought twice, again, see\"",
            "1,b,2024-03-01T10:00:01Z,\"hat",
            "",
            "not, as, described, by, anyone\"");
    Manifest manifest = prepare(csv(), log, 0).manifest();
    assertThat(manifest.train().events()).isEqualTo(2);
    assertThat(manifest.cleaning().badRows()).isZero();
  }

  @Test
  void formatsWithoutQuotingReadNone() {
    Path log =
        Logs.write(
            folder.resolve("log.dat"),
            "1,2014-04-01T00:00:00Z,\"5,0",
            "1,2014-04-01T00:00:01Z,6,0");
    prepare(Format.of("yoochoose"), log, 0);
    assertThat(Logs.train(out())).containsExactly("\"5 6");
  }

  @Test
  void columnsNobodyAskedForDoNotMatter() {
    Path log =
        Logs.write(
            folder.resolve("log.csv"),
            ",visit,sku,at,x,x,X,SKU,",
            "0,1,a,2024-03-01T10:00:00Z,p,q,r,s,",
            "1,1,b,2024-03-01T10:00:01Z,p,q,r,s,");
    prepare(csv(), log, 0);
    assertThat(Logs.train(out())).containsExactly("a b");
    Path twice = Logs.write(folder.resolve("two.csv"), "visit,sku,at,sku", "1,a,5,b");
    assertThatThrownBy(() -> prepare(csv(), twice, 0)).hasMessageContaining("two columns sku");
  }

  @Test
  void bothLineEndsInOneFileAreRead() throws IOException {
    Path log =
        Files.writeString(
            folder.resolve("log.csv"),
            "visit,sku,at\r\n1,a,2024-03-01T10:00:00Z\n1,b,2024-03-01T10:00:01Z\r\n");
    prepare(csv(), log, 0);
    assertThat(Logs.train(out())).containsExactly("a b");
  }

  @Test
  void namesOfFilesAreLiteral() throws IOException {
    Files.writeString(folder.resolve("events1.csv"), "visit,sku,at\n1,wrong,5\n");
    for (String name : List.of("events[1].csv", "ev*nts?.csv", "{a,b}.csv")) {
      Path log = folder.resolve(name);
      Files.writeString(log, "visit,sku,at\n1,right,2024-03-01T10:00:00Z\n");
      Path dataset = folder.resolve("data[1]");
      Prepare.run(
          ClickSource.of(csv(), log), tolerant(0), Logs.SMALL, dataset, true, Progress.NONE);
      Files.createDirectories(folder.resolve("data1"));
      assertThat(Logs.train(dataset)).containsExactly("right");
    }
  }

  @Test
  void patternsAndFoldersAreExpandedWhereNoFileHasThatName() throws IOException {
    Path logs = Files.createDirectories(folder.resolve("logs"));
    Path b = Files.writeString(logs.resolve("b.csv"), "x");
    Path a = Files.writeString(logs.resolve("a.csv"), "x");
    Path other = Files.writeString(logs.resolve("notes.txt"), "x");
    var none = new ByteArrayInputStream(new byte[0]);
    assertThat(LogFiles.of(List.of(logs.resolve("*.csv")), none)).containsExactly(a, b);
    assertThat(LogFiles.of(List.of(logs), none)).containsExactly(a, b, other);
    Path literal = Files.writeString(logs.resolve("[ab].csv"), "x");
    assertThat(LogFiles.of(List.of(literal), none)).containsExactly(literal);
    assertThatThrownBy(() -> LogFiles.of(List.of(logs.resolve("*.gz")), none))
        .hasMessageContaining("matches no files");
    List<Path> piped =
        LogFiles.of(
            List.of(Path.of("-")),
            new ByteArrayInputStream(
                "visit,sku,at\n1,a,2024-03-01\n".getBytes(StandardCharsets.UTF_8)));
    prepare(csv(), piped.getFirst(), 0);
    assertThat(Logs.train(out())).containsExactly("a");
  }

  @Test
  void noFileIsReadTwice() throws IOException {
    Path log = Files.writeString(folder.resolve("log.csv"), "visit,sku,at\n1,a,2024-03-01\n");
    Path other = Files.writeString(folder.resolve("other.csv"), "visit,sku,at\n2,a,2024-03-01\n");
    Path link = Files.createSymbolicLink(folder.resolve("link.csv"), log);
    Path roundabout = folder.resolve("../" + folder.getFileName() + "/log.csv");
    for (Path twice : List.of(log, link, roundabout)) {
      assertThatThrownBy(
              () -> new ClickSource(csv(), List.of(log, twice), List.of(), List.of(), null))
          .isInstanceOf(KasebException.class)
          .hasMessageContaining("name it once");
      ClickSource bought = new ClickSource(csv(), List.of(log), List.of(twice), List.of(), null);
      assertThatThrownBy(
              () -> Prepare.run(bought, tolerant(0), Logs.SMALL, out(), true, Progress.NONE))
          .isInstanceOf(KasebException.class)
          .hasMessageContaining("is a file of clicks too");
    }
    ClickSource two = new ClickSource(csv(), List.of(log, other), List.of(), List.of(), null);
    Prepare.run(two, tolerant(0), Logs.SMALL, out(), true, Progress.NONE);
    assertThat(Logs.train(out())).containsExactly("a", "a");
  }

  @Test
  void pricesAndQuantitiesThatAreNoneAreBadRows() {
    Format format =
        Format.of("csv").with(LogColumns.parse(COLUMNS + ",price=p,quantity=q,type=kind"));
    Path log =
        Logs.write(
            folder.resolve("log.csv"),
            "visit,sku,at,p,q,kind",
            "1,a,2024-03-01T10:00:00Z,12.50,,view",
            "2,a,2024-03-01T10:00:00Z,,,view",
            "3,a,2024-03-01T10:00:00Z,1e400,,view",
            "4,a,2024-03-01T10:00:00Z,inf,,view",
            "5,a,2024-03-01T10:00:00Z,1e300,,view",
            "6,a,2024-03-01T10:00:00Z,\"1,50\",,view",
            "7,a,2024-03-01T10:00:00Z,$12.50,,view",
            "1,a,2024-03-01T10:01:00Z,12,1.5,purchase",
            "1,a,2024-03-01T10:01:00Z,12,-1,purchase",
            "2,a,2024-03-01T10:01:00Z,0,0,purchase");
    Manifest manifest = prepare(format, log, .9).manifest();
    assertThat(manifest.cleaning().badRows()).isEqualTo(7);
    assertThat(manifest.train().sessions()).isEqualTo(2);
    assertThat(manifest.train().buyers()).isEqualTo(1);
  }

  @Test
  void wordsForNothingAreNoVisitor() {
    Path log =
        rows(
            "NULL,a,2024-03-01T10:00:00Z",
            "NaN,b,2024-03-01T10:00:00Z",
            "None,c,2024-03-01T10:00:00Z",
            "\\N,d,2024-03-01T10:00:00Z",
            "1,e,2024-03-01T10:00:00Z");
    Manifest manifest = prepare(csv(), log, .9).manifest();
    assertThat(manifest.train().sessions()).isEqualTo(1);
    assertThat(manifest.cleaning().firstBadRows())
        .contains(log + ":2: the session id is missing: NULL");
    prepare(csv().withMissing(List.of()), log, 0);
    assertThat(Logs.load(out()).train().count()).isEqualTo(5);
  }

  @Test
  void sessionsThatAreCutKeepIdsApart() throws IOException {
    Path log =
        rows("v,a,2024-03-01T10:00:00Z", "v,b,2024-03-02T10:00:00Z", "v#2,c,2024-03-01T10:00:00Z");
    Prepare.Rules rules = new Prepare.Rules(Protocol.NONE, null, true, 3600, 0, 42);
    Prepare.run(ClickSource.of(csv(), log), rules, Logs.SMALL, out(), true, Progress.NONE);
    assertThat(Logs.train(out())).containsExactlyInAnyOrder("a", "b", "c");
  }

  @Test
  void aTestThatRepeatsTheClicksIsTold() {
    Path log = rows("1,a,2024-03-01T10:00:00Z", "1,b,2024-03-01T10:00:01Z");
    ClickSource source = new ClickSource(csv(), List.of(log), List.of(), List.of(log), null);
    assertThat(prepare(source, 0).notes().warnings())
        .singleElement()
        .asString()
        .contains("1 sessions of the test are sessions of the training clicks");
  }

  @Test
  void packingIsKnownByTheContent() throws IOException {
    byte[] text = "visit,sku,at\n1,a,2024-03-01T10:00:00Z\n".getBytes(StandardCharsets.UTF_8);
    Path gzip = folder.resolve("packed");
    try (OutputStream out = new GZIPOutputStream(Files.newOutputStream(gzip))) {
      out.write(text);
    }
    Path xz = folder.resolve("log.csv");
    try (OutputStream out = new XZCompressorOutputStream(Files.newOutputStream(xz))) {
      out.write(text);
    }
    Path bzip2 = folder.resolve("log.gz");
    try (OutputStream out = new BZip2CompressorOutputStream(Files.newOutputStream(bzip2))) {
      out.write(text);
    }
    for (Path file : List.of(gzip, xz, bzip2)) {
      prepare(csv(), file, 0);
      assertThat(Logs.train(out())).as(file.toString()).containsExactly("a");
    }
  }

  @Test
  void otherShapesAreNamedPlainly() throws IOException {
    Path wide = folder.resolve("wide.csv");
    Files.write(wide, "visit,sku,at\n1,a,5\n".getBytes(StandardCharsets.UTF_16));
    assertThatThrownBy(() -> prepare(csv(), wide, 0)).hasMessageContaining("UTF-16", "iconv");
    Path array = Logs.write(folder.resolve("a.jsonl"), "[{\"visit\":1,\"sku\":2,\"at\":5}]");
    Format jsonl = Format.of("jsonl").with(LogColumns.parse(COLUMNS));
    assertThatThrownBy(() -> prepare(jsonl, array, 0)).hasMessageContaining("one JSON array");
    Path tabs = Logs.write(folder.resolve("tabs.tsv"), "SessionId,ItemId,Time", "1,2,3");
    assertThatThrownBy(() -> prepare(Format.of("tsv"), tabs, 0))
        .hasMessageContaining("columns must lie between tabs and not ','");
  }

  @Test
  void purchasesMayComeInTheLogsOwnFormat() {
    Path log = rows("1,a,2024-03-01T10:00:00Z", "2,b,2024-03-01T10:00:00Z");
    Path own = Logs.write(folder.resolve("buys.csv"), "visit,sku,at", "1,a,2024-03-01T10:05:00Z");
    Path challenge = Logs.write(folder.resolve("buys.dat"), "1,2024-03-01T10:05:00Z,a,5,1");
    for (Path buys : List.of(own, challenge)) {
      ClickSource source = new ClickSource(csv(), List.of(log), List.of(buys), List.of(), null);
      Manifest manifest = prepare(source, 0).manifest();
      assertThat(manifest.train().buyers()).isEqualTo(1);
      assertThat(manifest.train().clickedPurchases()).isEqualTo(1);
    }
  }
}
