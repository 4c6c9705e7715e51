package io.kaseb.pipeline;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.kaseb.base.KasebException;
import io.kaseb.base.Progress;
import io.kaseb.data.Manifest;
import io.kaseb.logfile.ActionWords;
import io.kaseb.logfile.ClickSource;
import io.kaseb.logfile.Format;
import io.kaseb.logfile.LogColumns;
import io.kaseb.logfile.Protocol;
import io.kaseb.logfile.Split;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// What happens with input that is wrong: a clear error, or a stated rule.
class PrepareBadInputTest {
  private static final Prepare.Rules TOLERANT =
      new Prepare.Rules(Protocol.NONE, null, true, null, 0.9, 42);

  @TempDir Path folder;

  private static void fails(ThrowingCallable job, String... parts) {
    assertThatThrownBy(job).isInstanceOf(KasebException.class).hasMessageContainingAll(parts);
  }

  private Path out() {
    return folder.resolve("dataset");
  }

  @Test
  void badRowsAreShownByFileAndLine() {
    Path log =
        Logs.write(
            folder.resolve("bad.dat"),
            Logs.click(1, 0, 5),
            "",
            "1,2014-04-01T00:00:00.000Z",
            "1,yesterday,5,0",
            Logs.click(1, 9, 6),
            ",2014-04-01T00:00:00.000Z,5,0",
            "1,2014-04-01T00:00:00.000Z, ,0",
            "1,2014-04-01T00:00:00.000Z,5,0,1,2");
    Manifest manifest = Logs.prepare("yoochoose", log, TOLERANT, out());
    assertThat(Logs.train(out())).containsExactly("5 6");
    assertThat(manifest.cleaning().badRows()).isEqualTo(5);
    assertThat(manifest.cleaning().firstBadRows())
        .containsExactlyInAnyOrder(
            log + ":3: too few columns",
            log
                + ":4: time yesterday is not a time like 2014-04-07T10:51:09.277Z, from 1970 to 2199",
            log + ":6: the session id is empty",
            log + ":7: the item id is empty",
            log + ":8: too many columns");
  }

  @Test
  void tooManyBadRowsAreAnError() {
    Path log = Logs.write(folder.resolve("bad.dat"), Logs.click(1, 0, 5), "1,yesterday,5,0");
    fails(
        () -> Logs.prepare("yoochoose", log, Logs.rules(Protocol.NONE), out()),
        "1 of 2 rows are bad (50.0 %, tolerated are 0.100 %)",
        "max_bad_rows",
        log + ":2: time yesterday");
    assertThat(out()).doesNotExist();
    assertThat(folder.resolve("dataset.part")).doesNotExist();
  }

  @Test
  void badJsonAndMissingEventTypesAreShownByLine() {
    Path log =
        Logs.write(
            folder.resolve("otto.jsonl"),
            "{\"session\":5,\"events\":[{\"aid\":1,\"ts\":1659304800025,\"type\":\"clicks\"},"
                + "{\"aid\":1,\"ts\":1659304800025,\"type\":\"\"}]}",
            "",
            "{\"session\":",
            "{\"session\":6,\"events\":[]}");
    Manifest manifest = Logs.prepare("otto", log, TOLERANT, out());
    assertThat(manifest.cleaning().firstBadRows())
        .containsExactly(
            log + ":1: the event type is missing",
            log + ":3: this is no JSON object with a list of events",
            log + ":4: this is no JSON object with a list of events");
  }

  @Test
  void unknownEventTypesAreRefusedAtOnceWithWhatToGive() {
    Path log =
        Logs.write(
            folder.resolve("log.csv"),
            "visit,sku,at,action",
            "v,1,1,view",
            "v,1,2,hover",
            "v,1,3,hover",
            "v,,4,\"zoom, in\"",
            "v,1,5,Add To Cart");
    Format format =
        Format.of("csv").with(LogColumns.parse("session=visit,item=sku,time=at,type=action"));
    fails(
        () -> Logs.prepare(ClickSource.of(format, log), TOLERANT, out()),
        "hover 2, zoom, in 1",
        "actions='hover=hover,zoom_in=\"zoom, in\"'");
    ActionWords words = ActionWords.parse("ignore=hover,zoom_in=\"zoom, in\"");
    Manifest manifest =
        Logs.prepare(ClickSource.of(format.withActions(words), log), TOLERANT, out());
    assertThat(manifest.actions())
        .containsExactly(
            new Manifest.Action("view", 1, 0),
            new Manifest.Action("cart", 1, 0),
            new Manifest.Action("zoom_in", 1, 0));
  }

  @Test
  void wrongActionsAreRefused() {
    fails(() -> ActionWords.parse("cart"), "actions=cart: must be ACTION=WORD");
    fails(() -> ActionWords.parse("cart="), "must be ACTION=WORD");
    fails(() -> ActionWords.parse("cart=a,,"), "must be ACTION=WORD");
    fails(() -> ActionWords.parse("cart=a=b"), "must be ACTION=WORD");
    fails(() -> ActionWords.parse("cart=\"a"), "must be ACTION=WORD");
    fails(() -> ActionWords.parse("cart=a,view=a"), "actions=a: must be one action for each word");
    fails(() -> ActionWords.parse("my cart=a"), "actions=my cart: must be an action of 1 to 64");
  }

  @Test
  void duplicatesAreKeptAndCounted() {
    Path log =
        Logs.write(
            folder.resolve("log.dat"),
            Logs.click(1, 0, 5),
            Logs.click(1, 0, 5),
            Logs.click(1, 0, 5),
            Logs.click(2, 0, 5));
    Manifest manifest = Logs.prepare("yoochoose", log, TOLERANT, out());
    assertThat(manifest.cleaning().duplicateClicks()).isEqualTo(2);
    assertThat(Logs.train(out())).containsExactly("5 5 5", "5");
  }

  @Test
  void eventsOutOfOrderAreSortedAndIdsAreText() {
    Path log =
        Logs.write(
            folder.resolve("log.dat"),
            Logs.click("s-ä", 50, "shoe/é"),
            Logs.click("s-ä", 10, "0012"),
            Logs.click("s-ä", 10, "12"));
    Logs.prepare("yoochoose", log, TOLERANT, out());
    assertThat(Logs.train(out())).containsExactly("0012 12 shoe/é");
  }

  @Test
  void emptyAndMissingFilesAreErrors() throws IOException {
    Path empty = Files.createFile(folder.resolve("empty.dat"));
    fails(() -> Logs.prepare("yoochoose", empty, TOLERANT, out()), "empty.dat: the file is empty");
    Path header = Logs.write(folder.resolve("header.tsv"), "SessionId\tItemId\tTime");
    fails(() -> Logs.prepare("tsv", header, TOLERANT, out()), "header.tsv: holds no events");
    Path none = folder.resolve("none.dat");
    fails(() -> Logs.prepare("yoochoose", none, TOLERANT, out()), "none.dat: no such file");
  }

  @Test
  void aMissingColumnIsNamedWithTheNearest() {
    Path log = Logs.write(folder.resolve("log.tsv"), "SessionID\tItemId\tTime", "1\t2\t3");
    fails(
        () -> Logs.prepare("tsv", log, TOLERANT, out()),
        "has no column SessionId",
        "nearest is SessionID",
        "SessionID, ItemId, Time");
    fails(() -> Logs.prepare("csv", log, TOLERANT, out()), "format=csv: its columns have no names");
  }

  @Test
  void truncatedGzipIsAnError() throws IOException {
    String[] lines = new String[5000];
    for (int i = 0; i < lines.length; i++) {
      lines[i] = Logs.click(i / 3, i, Integer.toHexString(i * 7919));
    }
    Path whole = Logs.gzip(folder.resolve("whole.dat.gz"), lines);
    byte[] bytes = Files.readAllBytes(whole);
    Path cut = folder.resolve("cut.dat.gz");
    Files.write(cut, Arrays.copyOf(bytes, bytes.length / 2));
    assertThat(Logs.prepare("yoochoose", whole, TOLERANT, out()).train().events()).isEqualTo(5000);
    fails(
        () -> Logs.prepare("yoochoose", cut, TOLERANT, out()),
        "cut.dat.gz: cannot be read",
        "GZIP");
    Path header = folder.resolve("cut.tsv.gz");
    Files.write(header, Arrays.copyOf(bytes, 12));
    fails(() -> Logs.prepare("tsv", header, TOLERANT, out()), "cut.tsv.gz: cannot be read");
  }

  @Test
  void aFileThatIsNoParquetIsAnError() {
    Path log = Logs.write(folder.resolve("log.parquet"), "hello");
    Format format = Format.of("parquet").with(LogColumns.parse("session=a,item=b"));
    fails(
        () -> Logs.prepare(ClickSource.of(format, log), TOLERANT, out()),
        "log.parquet: cannot be read as parquet");
  }

  @Test
  void unknownNamesSayWhatIsMeant() {
    fails(() -> Format.of("retailroket"), "did you mean retailrocket?", "yoochoose, tsv");
    fails(() -> Protocol.of("rcs15"), "did you mean rsc15?");
    fails(
        () -> LogColumns.parse("sesion=a,item=b"), "unknown role sesion", "did you mean session?");
    fails(() -> LogColumns.parse("session=a"), "the role item (or type");
    fails(() -> LogColumns.parse("session"), "columns=session: must be role=column pairs");
    fails(() -> Format.of("yoochoose").with(LogColumns.parse("session=a,item=b")), "fixed columns");
    for (String split : List.of("days:0", "time:1", "time:x", "weekly", "random:0", "days:1.5")) {
      fails(() -> Split.parse(split), "split=" + split, "days:N");
    }
  }

  @Test
  void nothingLeftIsAnError() {
    Path log = Logs.write(folder.resolve("log.dat"), Logs.click(1, 0, 5), Logs.click(1, 5, 6));
    fails(
        () -> Logs.prepare("yoochoose", log, Logs.rules(Protocol.RSC15), out()),
        "no train session is left by protocol rsc15",
        "protocol=none");
    fails(
        () -> Logs.prepare("yoochoose", log, Logs.rules(Protocol.NONE, "time:0.1"), out()),
        "no test session is left",
        "split time:0.1");
  }

  @Test
  void contradictionsAreErrors() {
    Path log = Logs.write(folder.resolve("log.txt"), "a b");
    fails(
        () -> Logs.prepare("sessions", log, Logs.rules(Protocol.RSC15), out()),
        "this log has no times",
        "split days:1");
    ClickSource both =
        new ClickSource(Format.of("sessions"), List.of(log), List.of(), List.of(log), null);
    fails(
        () -> Logs.prepare(both, Logs.rules(Protocol.NONE, "time:0.5"), out()),
        "test and split: both say");
  }

  @Test
  void anExistingDatasetIsReplacedOnlyByForceAndOnlyByAWholeOne() throws IOException {
    Path log = Logs.write(folder.resolve("log.txt"), "a b");
    Path bad = Logs.write(folder.resolve("bad.dat"), "1,yesterday,5,0");
    Logs.prepare("sessions", log, TOLERANT, out());
    ClickSource source = ClickSource.of(Format.of("sessions"), log);
    fails(
        () -> Prepare.run(source, TOLERANT, Logs.SMALL, out(), false, Progress.NONE),
        "a dataset is there already",
        "give force to replace it");
    fails(() -> Logs.prepare("yoochoose", bad, TOLERANT, out()), "1 of 1 rows are bad");
    assertThat(Logs.train(out())).containsExactly("a b");
    Path other = Files.createDirectories(folder.resolve("other"));
    Files.writeString(other.resolve("diary.txt"), "dear");
    fails(() -> Logs.prepare("sessions", log, TOLERANT, other), "exists and is no dataset");
    assertThat(other.resolve("diary.txt")).exists();
  }
}
