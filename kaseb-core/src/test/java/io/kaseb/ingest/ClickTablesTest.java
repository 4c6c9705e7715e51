package io.kaseb.ingest;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.kaseb.base.KasebException;
import io.kaseb.base.Progress;
import io.kaseb.duckdb.DuckDatabase;
import io.kaseb.duckdb.Resources;
import io.kaseb.logfile.ClickSource;
import io.kaseb.logfile.Format;
import io.kaseb.logfile.LogColumns;
import io.kaseb.logfile.Part;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// A log as tables, and the tables as files.
class ClickTablesTest {
  private static final String HOUR = "2014-04-01T00:00:";

  @TempDir Path folder;

  private Path log(String name, String... lines) throws IOException {
    return Files.writeString(folder.resolve(name), String.join("\n", lines) + "\n");
  }

  /// Train: sessions 2 and 1; test: session 1 of its own and session 3; purchases of 1 (once), 2
  /// (an item that nobody clicked) and 99 (no session).
  private ClickTables tables() throws IOException {
    ClickTables tables =
        ClickTables.open(folder.resolve("work"), new Resources("500MB", 1), Progress.NONE);
    tables.read(
        new ClickSource(
            Format.of("yoochoose"),
            List.of(
                log(
                    "clicks.dat",
                    "2," + HOUR + "05.000Z,30,0",
                    "1," + HOUR + "00.000Z,10,S",
                    "2," + HOUR + "01.000Z,10,2",
                    "1," + HOUR + "09.000Z,20,0")),
            List.of(
                log(
                    "buys.dat",
                    "1," + HOUR + "20.000Z,20,500,2",
                    "2," + HOUR + "30.000Z,77,100,1",
                    "99," + HOUR + "30.000Z,10,100,1")),
            List.of(
                log(
                    "test.dat",
                    "3," + HOUR + "50.000Z,40,0",
                    "1," + HOUR + "40.000Z,10,0",
                    "3," + HOUR + "51.000Z,30,0")),
            null),
        0);
    tables.number();
    return tables;
  }

  private static List<String> rows(ClickTables tables, String sql) {
    return tables.database().rows(sql).stream().map(row -> String.join(" ", row)).toList();
  }

  @Test
  void sessionsAndItemsAreNumberedByFirstAppearance() throws IOException {
    try (ClickTables tables = tables()) {
      assertThat(rows(tables, "SELECT part, id, session FROM session_ids ORDER BY session"))
          .containsExactly("0 2 0", "0 1 1", "1 3 2", "1 1 3");
      assertThat(rows(tables, "SELECT id, item FROM item_ids ORDER BY item"))
          .containsExactly("30 0", "10 1", "20 2", "40 3");
      assertThat(rows(tables, "SELECT part, session, item, row FROM events ORDER BY row"))
          .containsExactly(
              "0 0 0 0", "0 1 1 1", "0 0 1 2", "0 1 2 3", "1 2 3 4", "1 3 1 5", "1 2 0 6");
      assertThat(tables.clicks(Part.TRAIN)).isEqualTo(4);
      assertThat(tables.clicks(Part.TEST)).isEqualTo(3);
      assertThat(tables.clicks(Part.BUYS)).isZero();
    }
  }

  @Test
  void aPurchaseGoesWithOneSessionAndTrainComesFirst() throws IOException {
    try (ClickTables tables = tables()) {
      assertThat(
              rows(tables, "SELECT session, item_id, price, quantity FROM buys ORDER BY item_id"))
          .containsExactly("1 20 500.0 2", "0 77 100.0 1");
      assertThat(tables.strayPurchases()).isEqualTo(1);
      assertThat(tables.badRows()).isZero();
    }
  }

  @Test
  void filesHoldSessionsByStartAndItemsOfTrainFirst() throws IOException {
    try (ClickTables tables = tables()) {
      Path out = Files.createDirectories(folder.resolve("out"));
      DatasetWriter.Written written = new DatasetWriter(tables, out).write();
      assertThat(written.items()).isEqualTo(4);
      assertThat(written.trainItems()).isEqualTo(3);
      assertThat(written.parts())
          .extracting(part -> part.sessions() + " " + part.events() + " " + part.purchases())
          .containsExactly("2 4 2", "2 3 0");
      assertThat(rows(tables, select(out, "item, id, train_events", "items")))
          .containsExactly("0 30 1", "1 10 2", "2 20 1", "3 40 0");
      // Session 1 begins before session 2, in train; session 1 before session 3, in test.
      assertThat(rows(tables, select(out, "session, id, events, bought", "train/sessions")))
          .containsExactly("0 1 2 true", "1 2 2 true");
      assertThat(rows(tables, select(out, "session, id, events, bought", "test/sessions")))
          .containsExactly("0 1 1 false", "1 3 2 false");
      // Within a session the order is that of time, not of the log.
      assertThat(rows(tables, select(out, "session, item", "train/events")))
          .containsExactly("0 1", "0 2", "1 1", "1 0");
      assertThat(rows(tables, select(out, "session, item, item_id, clicked", "train/buys")))
          .containsExactly("0 2 20 true", "1  77 false");
    }
  }

  private static String select(Path out, String columns, String file) {
    return "SELECT %s FROM read_parquet(%s)"
        .formatted(columns, DuckDatabase.text(out.resolve(file + ".parquet")));
  }

  @Test
  void equalTablesGiveEqualHashes() throws IOException {
    String[] hashes = new String[2];
    for (int i = 0; i < hashes.length; i++) {
      try (ClickTables tables = tables()) {
        Path out = Files.createDirectories(folder.resolve("out" + i));
        hashes[i] = new DatasetWriter(tables, out).write().datasetHash();
      }
      DatasetWriter.delete(folder.resolve("work"));
    }
    assertThat(hashes[1]).isEqualTo(hashes[0]);
  }

  @Test
  void aLogOfPurchasesAloneIsRefused() throws IOException {
    try (ClickTables tables =
        ClickTables.open(folder.resolve("work"), new Resources("500MB", 1), Progress.NONE)) {
      LogColumns columns = LogColumns.parse("session=s,item=i,time=t,type=k");
      ClickSource source =
          ClickSource.of(
              Format.of("csv").with(columns), log("log.csv", "s,i,t,k", "1,2,3,purchase"));
      assertThatThrownBy(() -> tables.read(source, 0))
          .isInstanceOf(KasebException.class)
          .hasMessageContaining("holds no clicks");
    }
  }
}
