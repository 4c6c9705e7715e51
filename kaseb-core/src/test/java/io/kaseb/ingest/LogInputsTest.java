package io.kaseb.ingest;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.kaseb.base.KasebException;
import io.kaseb.base.Progress;
import io.kaseb.duckdb.Resources;
import io.kaseb.logfile.ClickSource;
import io.kaseb.logfile.Format;
import io.kaseb.logfile.LogColumns;
import io.kaseb.logfile.LogFiles;
import io.kaseb.model.Catalogue;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.FileTime;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/// Logs that are no plain files, and logs that change while they are read.
@Timeout(value = 60, unit = TimeUnit.SECONDS, threadMode = Timeout.ThreadMode.SEPARATE_THREAD)
class LogInputsTest {
  private static final String LOG = "visit,sku\n1,a\n1,b\n";
  private static final Resources SMALL = new Resources("500MB", 1);

  @TempDir private Path folder;

  private static Format csv() {
    return Format.of("csv").with(LogColumns.parse("session=visit,item=sku"));
  }

  private static ClickLog read(Path log) throws IOException {
    return ClickLog.read(
        ClickSource.of(csv(), log), Catalogue.of(List.of()), 1, SMALL, Progress.NONE);
  }

  private static InputStream text(String text) {
    return new ByteArrayInputStream(text.getBytes(StandardCharsets.UTF_8));
  }

  @Test
  void aPipeIsReadOnce() throws Exception {
    Path pipe = folder.resolve("pipe");
    assertThat(new ProcessBuilder("mkfifo", pipe.toString()).start().waitFor()).isZero();
    Thread writer =
        Thread.ofPlatform()
            .start(
                () -> {
                  try (OutputStream out = Files.newOutputStream(pipe, StandardOpenOption.WRITE)) {
                    out.write((LOG + "2,\n").getBytes(StandardCharsets.UTF_8));
                  } catch (IOException e) {
                    throw new UncheckedIOException(e);
                  }
                });
    ClickLog log = read(pipe);
    writer.join();
    assertThat(log.itemIds()).containsExactly("a", "b");
    assertThat(log.badRows()).containsExactly(pipe + ":4: the item id is empty");
  }

  @Test
  void standardInputIsNamedAsTheUserNamedIt() throws IOException {
    Path copy = LogFiles.of(List.of(Path.of("-")), text(LOG + "2,\n")).getFirst();
    assertThat(read(copy).badRows()).containsExactly("-:4: the item id is empty");
  }

  @Test
  void standardInputIsReadOnce() throws IOException {
    InputStream input = text(LOG);
    assertThat(LogFiles.of(List.of(Path.of("-")), input)).hasSize(1);
    assertThatThrownBy(() -> LogFiles.of(List.of(Path.of("-")), input))
        .isInstanceOf(KasebException.class)
        .hasMessageContaining("-: standard input is named twice");
    Path empty = LogFiles.of(List.of(Path.of("-")), text("")).getFirst();
    assertThatThrownBy(() -> read(empty)).hasMessageStartingWith("-: the file is empty");
  }

  @Test
  void bothReasonsAreSaidWhereNoRowIsGood() throws IOException {
    Path log = Files.writeString(folder.resolve("log.csv"), "visit,sku\n,a\n1,\n");
    assertThatThrownBy(() -> read(log))
        .hasMessageContaining("log.csv: holds no clicks; check format and columns")
        .hasMessageContaining("2 of 2 rows are bad, the first:")
        .hasMessageContaining("log.csv:2: the session id is empty")
        .hasMessageContaining("log.csv:3: the item id is empty");
  }

  @Test
  void aLogThatChangesWhileItIsReadIsRefused() throws IOException {
    Path log = Files.writeString(folder.resolve("log.csv"), LOG);
    try (ClickTables tables = ClickTables.open(folder.resolve("t"), SMALL, Progress.NONE)) {
      tables.read(ClickSource.of(csv(), log), 0);
      assertThat(tables.sources()).hasSize(1);
      Files.writeString(log, "2,c\n", StandardOpenOption.APPEND);
      assertThatThrownBy(tables::sources).hasMessageContaining("log.csv: has changed while it was");
    }
    Files.writeString(log, LOG);
    try (ClickTables tables = ClickTables.open(folder.resolve("u"), SMALL, Progress.NONE)) {
      tables.read(ClickSource.of(csv(), log), 0);
      Files.writeString(log, LOG.replace('a', 'c'));
      Files.setLastModifiedTime(log, FileTime.fromMillis(1));
      assertThatThrownBy(tables::sources).hasMessageContaining("has changed while it was read");
    }
  }
}
