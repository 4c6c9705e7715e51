package io.kaseb.pipeline;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.catchThrowable;

import io.kaseb.base.KasebException;
import io.kaseb.base.Progress;
import io.kaseb.data.Manifest;
import io.kaseb.duckdb.Resources;
import io.kaseb.logfile.ClickSource;
import io.kaseb.logfile.Format;
import io.kaseb.logfile.LogColumns;
import io.kaseb.logfile.Protocol;
import io.kaseb.logfile.Split;
import java.io.BufferedWriter;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.zip.GZIPOutputStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/// Damaged logs are refused in plain words, with the place.
class DamagedLogTest {
  /// How libraries begin what they say.
  private static final String LIBRARY =
      "(?s).*(Invalid Input|Invalid Error|IO Error|CSV Error|Binder|Parser Error|LINE 1|magic"
          + " bytes|byte sequence|SQL|unterminated|Exception|org\\.|java\\.).*";

  @TempDir private Path folder = Path.of("");

  private String refusal(String kind, Path file) {
    Format format = Format.of(kind).with(LogColumns.parse("session=visit,item=sku,time=at"));
    Prepare.Rules rules = new Prepare.Rules(Protocol.NONE, null, true, null, 0, 42);
    Path out = folder.resolve("out");
    ClickSource source = ClickSource.of(format, file);
    Throwable refused =
        catchThrowable(() -> Prepare.run(source, rules, Logs.SMALL, out, true, Progress.NONE));
    assertThat(refused).isInstanceOf(KasebException.class);
    String message = String.valueOf(refused.getMessage());
    assertThat(message).contains(file.getFileName().toString()).doesNotMatch(LIBRARY);
    assertThat(out).doesNotExist();
    return message;
  }

  private Path file(String name, byte[] content) throws IOException {
    return Files.write(folder.resolve(name), content);
  }

  private static byte[] csv(String more) {
    StringBuilder text = new StringBuilder("visit,sku,at\n");
    for (int i = 0; i < 200; i++) {
      text.append(i / 4)
          .append(",i")
          .append(i % 17)
          .append(",")
          .append(1_700_000_000 + i)
          .append('\n');
    }
    return (text + more).getBytes(StandardCharsets.ISO_8859_1);
  }

  private static byte[] gzip(byte[] content) throws IOException {
    ByteArrayOutputStream packed = new ByteArrayOutputStream();
    try (GZIPOutputStream out = new GZIPOutputStream(packed)) {
      out.write(content);
    }
    return packed.toByteArray();
  }

  @Test
  void bytesBehindTheEndOfGzip() throws IOException {
    ByteArrayOutputStream more = new ByteArrayOutputStream();
    more.write(gzip(csv("")));
    more.write("something else".getBytes(StandardCharsets.US_ASCII));
    assertThat(refusal("csv", file("log.gz", more.toByteArray()))).contains("bytes after its end");
  }

  @Test
  void gzipCutShort() throws IOException {
    byte[] packed = gzip(csv(""));
    assertThat(refusal("csv", file("log.gz", Arrays.copyOf(packed, packed.length / 2))))
        .contains("cut short");
  }

  @Test
  void textOfAnotherEncoding() throws IOException {
    assertThat(refusal("csv", file("log.csv", csv("9,caf\u00e9,1700000000\n"))))
        .contains("log.csv:202: bytes that are no UTF-8 text");
    byte[] json =
        "{\"visit\":1,\"sku\":\"a\",\"at\":1700000000}\n{\"visit\":1,\"sku\":\"\u00e9\",\"at\":1700000000}\n"
            .getBytes(StandardCharsets.ISO_8859_1);
    assertThat(refusal("jsonl", file("log.jsonl", json)))
        .contains("log.jsonl:2: ")
        .contains("no UTF-8 text");
  }

  @Test
  void quotationMarkWithoutAnother() throws IOException {
    assertThat(refusal("csv", file("log.csv", csv("9,\"open,1700000000\n"))))
        .contains("log.csv:202: a quotation mark has no other");
  }

  @Test
  void endlessLine() throws IOException {
    assertThat(refusal("csv", file("log.csv", csv("9," + "x".repeat(3_000_000) + ",1700000000\n"))))
        .contains("log.csv:202: longer than 2,000,000 bytes");
  }

  @ParameterizedTest
  @ValueSource(strings = {"visit,sku,at\n1,a,1700000000\n", "PAR1 but no more PAR1", "x"})
  void whatIsNoParquet(String content) throws IOException {
    assertThat(refusal("parquet", file("log.parquet", content.getBytes(StandardCharsets.US_ASCII))))
        .contains("no Parquet file, or a damaged one");
  }

  @Test
  void aLongFileWhoseFirstRowsAreBadIsNotReadToItsEnd() throws IOException {
    Path log = folder.resolve("log.csv");
    try (BufferedWriter out = Files.newBufferedWriter(log)) {
      out.write("visit,sku,at\n");
      for (int i = 0; i < 1_000_001; i++) {
        out.write(i < 3_000 ? "1,a,soon\n" : "1,a,1700000000\n");
      }
    }
    Format format = Format.of("csv").with(LogColumns.parse("session=visit,item=sku,time=at"));
    Prepare.Rules rules = new Prepare.Rules(Protocol.NONE, null, true, null, .002, 42);
    assertThatThrownBy(
            () ->
                Prepare.run(
                    ClickSource.of(format, log),
                    rules,
                    Logs.SMALL,
                    folder.resolve("out"),
                    true,
                    Progress.NONE))
        .hasMessageContaining("3,000 of the first 49,999 of 1,000,002 rows are bad")
        .hasMessageContaining("log.csv:2: time soon");
  }

  @ParameterizedTest
  @ValueSource(strings = {"1,a,soon\n", "one column\n"})
  void badRowsBehindAGoodBeginEndALongFileToo(String badRow) throws IOException {
    Path log = folder.resolve("log.csv");
    try (BufferedWriter out = Files.newBufferedWriter(log)) {
      out.write("visit,sku,at\n");
      for (int i = 0; i < 1_100_000; i++) {
        out.write(i < 60_000 ? "1,a,1700000000\n" : badRow);
      }
    }
    Format format = Format.of("csv").with(LogColumns.parse("session=visit,item=sku,time=at"));
    Prepare.Rules rules = new Prepare.Rules(Protocol.NONE, null, true, null, .002, 42);
    Path out = folder.resolve("out");
    assertThatThrownBy(
            () ->
                Prepare.run(
                    ClickSource.of(format, log), rules, Logs.SMALL, out, true, Progress.NONE))
        .hasMessageContaining("10,000 of 59,999 of 1,100,001 rows are bad")
        .hasMessageContaining("log.csv:1000001: ");
  }

  @Test
  void rowsBehindManyBadOnesAreNotLost() throws IOException {
    // Longer than a part that one thread reads, which then begins among bad rows.
    Path log = folder.resolve("log.csv");
    try (BufferedWriter out = Files.newBufferedWriter(log)) {
      out.write("visit,sku,at\n");
      for (int i = 0; i < 3_000_000; i++) {
        out.write(i % 7_500 < 5_000 ? i / 10 + ",a,1700000000\n" : "v\n");
      }
    }
    Format format = Format.of("csv").with(LogColumns.parse("session=visit,item=sku,time=at"));
    Prepare.Rules rules =
        new Prepare.Rules(Protocol.NONE, Split.parse("random:0.1"), true, null, .9, 42);
    Manifest manifest =
        Prepare.run(
                ClickSource.of(format, log),
                rules,
                new Resources("1GB", 2),
                folder.resolve("out"),
                true,
                Progress.NONE)
            .manifest();
    assertThat(manifest.cleaning().badRows()).isEqualTo(1_000_000);
    assertThat(manifest.train().events() + manifest.test().events()).isEqualTo(2_000_000);
  }
}
