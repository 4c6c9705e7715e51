package io.kaseb.ingest;

import static org.assertj.core.api.Assertions.assertThat;

import io.kaseb.base.ClickTime;
import io.kaseb.base.Workers;
import io.kaseb.duckdb.DuckDatabase;
import io.kaseb.logfile.TimeForm;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;

/// Times as the server reads them, beside what `prepare` makes of the same text.
class ClickTimeTest {
  private static final String NINE = "2024-03-01T09:00:00Z";

  private static List<String> prepared(List<String> texts) {
    try (DuckDatabase database = DuckDatabase.inMemory(Workers.ONE)) {
      String values =
          texts.stream()
              .map(t -> "('" + t.replace("'", "''") + "')")
              .collect(Collectors.joining(", "));
      return database
          .rows(
              """
              SELECT CASE WHEN ms >= 0 AND ms < %d THEN ms ELSE -1 END AS time FROM (
                SELECT n, %s AS ms FROM (SELECT trim(t) AS t, row_number() OVER () AS n
                  FROM (VALUES %s) AS v(t))) ORDER BY n"""
                  .formatted(ClickTime.END, TimeForm.ANY.milliseconds("t", "t"), values))
          .stream()
          .map(row -> row.getFirst() == null ? "-1" : row.getFirst())
          .toList();
    }
  }

  private static List<String> served(List<String> texts) {
    return texts.stream().map(t -> Long.toString(ClickTime.of(t))).toList();
  }

  /// Asserts that both readers take every text for the same moment.
  private static void assertRead(String instant, List<String> texts) {
    long millis = instant.isEmpty() ? ClickTime.NONE : Instant.parse(instant).toEpochMilli();
    List<String> prepared = prepared(texts);
    List<String> wrong = new ArrayList<>();
    for (int i = 0; i < texts.size(); i++) {
      String text = texts.get(i);
      if (ClickTime.of(text) != millis || !prepared.get(i).equals(Long.toString(millis))) {
        wrong.add(text + ": serve " + ClickTime.of(text) + ", prepare " + prepared.get(i));
      }
    }
    assertThat(wrong).as("%d", millis).isEmpty();
  }

  @Test
  void blanksAroundATimeDoNotCount() {
    List<String> texts = new ArrayList<>();
    for (String blank :
        List.of(" ", "\t", "\n", "\r", "\u000b", "\f", "\u2003", "\u00a0", " \t\r\n")) {
      for (String time :
          List.of("2024-03-01T09:00:00Z", "2024-03-01 10:00:00 +01:00", "1709283600")) {
        texts.addAll(List.of(time + blank, blank + time, blank + time + blank));
      }
    }
    assertRead(NINE, texts);
  }

  @Test
  void everyFormOfOffsetCounts() {
    assertRead(
        NINE,
        List.of(
            "2024-03-01T09:00:00Z",
            "2024-03-01T09:00:00z",
            "2024-03-01T09:00:00.000Z",
            "2024-03-01T09:00Z",
            "2024-03-01 09:00:00 UTC",
            "2024-03-01 09:00:00 GMT",
            "2024-03-01 09:00:00 utc",
            "2024-03-01T09:00:00+00:00",
            "2024-03-01T10:00:00+01:00",
            "2024-03-01T10:00:00+0100",
            "2024-03-01T10:00:00+01",
            "2024-03-01T10:00:00+1",
            "2024-03-01 10:00:00 +01:00",
            "2024-03-01 10:00:00 +0100",
            "2024-03-01 10:00:00.000000 +0100",
            "2024-03-01T14:30:00+05:30",
            "2024-03-01T14:30:00+0530",
            "2024-03-01T14:45:00+05:45",
            "2024-03-01T04:00:00-05:00",
            "2024-03-01T04:00:00-0500",
            "2024-03-01T04:00:00-05",
            "2024-03-01 04:00:00 -5",
            "2024-02-29T23:00:00-10:00",
            "2024-03-01T10:00:00,000+01:00",
            "2024-03-01T11:00:00 UTC+2",
            "2024-03-01T11:00:00 UTC+02:00",
            "2024-03-01T11:00:00 GMT+2",
            "2024-03-01 10:00:00 Europe/Berlin",
            "2024-03-01 10:00:00 europe/berlin",
            "2024-03-01T10:00:00[Europe/Berlin]",
            "2024-03-01T10:00:00+01:00[Europe/Berlin]",
            "2024-03-01T09:00:00Z[Europe/London]",
            "2024-03-01 14:30:00 Asia/Kolkata",
            "2024-03-01 04:00:00 America/New_York",
            "2024-03-01 06:00:00 America/Argentina/Buenos_Aires",
            "2024-03-01 03:00:00 America/Port-au-Prince".replace("03:00", "04:00"),
            "2024-03-01 09:00:00",
            "2024-03-01T09:00:00",
            "2024-03-01T09:00",
            "2024/03/01 09:00:00",
            "2024-3-1 9:00:00",
            "2024-3-1 9:0:0",
            "2024-3-1 9:0",
            "2024-03-01 09:00:00 Z",
            "2024-03-01 11:00:00 UTC +2",
            "2024-03-01 04:00:00 Etc/GMT+5",
            "2024-03-01 14:00:00 Etc/GMT-5",
            "2024-03-01T04:00:00[Etc/GMT+5]",
            "2024-03-01T09:00:00,0Z",
            "2024-03-01T09:00:00,000 UTC",
            " 2024-03-01T09:00:00Z ",
            "1709283600",
            "1709283600.0",
            "1709283600000",
            "1709283600000.0",
            "1709283600000000",
            "1709283600000000000",
            "1.7092836e9"));
    assertRead(
        "2024-03-01T09:00:00.123Z", List.of("1709283600.123", "2024-03-01T09:00:00.123456Z"));
    assertRead("2024-03-01T09:05:07Z", List.of("2024-3-1 9:5:7", "2024-03-01 9:5:7 UTC"));
    assertRead("2024-03-01T09:00:00.500Z", List.of("2024-03-01T09:00:00,5Z"));
    assertRead("2024-03-01T00:00:00Z", List.of("2024-03-01", "2024/3/1", "2024-02-29T24:00:00Z"));
  }

  @Test
  void clocksThatAreSetMeanTheSame() {
    assertRead("2024-10-27T01:30:00Z", List.of("2024-10-27 02:30:00 Europe/Berlin"));
    assertRead("2024-03-31T01:30:00Z", List.of("2024-03-31 02:30:00 Europe/Berlin"));
  }

  @Test
  void whatIsNotUnderstoodIsRefused() {
    assertRead(
        "",
        List.of(
            "2024-03-01T09:00:00 CST",
            "2024-03-01T09:00:00 IST",
            "2024-03-01T09:00:00 EST",
            "2024-03-01T09:00:00 PST8PDT",
            "2024-03-01T09:00:00 CET",
            "2024-03-01T09:00:00CET",
            "2024-03-01T09:00:00 Europe/Nowhere",
            "2024-03-01T09:00:00[Nowhere]",
            "2024-03-01T09:00:00 X",
            "2024-03-01T09:00:00A",
            "2024-03-01T09:00:00+25:00",
            "2024-03-01T09:00:00+19:00",
            "2024-03-01T09:00:00+18:30",
            "2024-03-01T09:00:00+",
            "2024-03-01T09:00:00+01:",
            "2024-03-01T09:00:00+01:75",
            "2024-03-01T25:00:00Z",
            "2024-03-01T09:61:00Z",
            "2024-02-30T09:00:00Z",
            "2024-13-01T09:00:00Z",
            "01.03.2024 09:00",
            "03/01/2024 09:00",
            "yesterday",
            "1_709_283_600",
            "1_7.5",
            "02024-03-01",
            "2024 03 01",
            "2024\\03\\01",
            "2024-03-01 9:",
            "2024-03-01 010:00:00",
            "2024-03-01 10:00:00.",
            "2024-03-01 10:00:00.Z",
            "2024-03-01T10:00:00+01:00:00",
            "2024-03-01T10:00:00 +01:00:30",
            "2024-03-01\t10:00:00",
            "now",
            "epoch",
            "infinity",
            "",
            "Z",
            "1969-12-31T23:59:59Z",
            "2200-01-01T00:00:00Z",
            "-1",
            "7258118400000",
            "1e20",
            "1e400",
            "NaN",
            "inf",
            "0x10"));
  }

  @Test
  void bothReadersAgreeOnWhateverComes() {
    Random random = new Random(3);
    String[] zones = {
      "",
      "Z",
      "z",
      " UTC",
      " GMT",
      "+01:00",
      "-0330",
      "+5",
      "-11",
      " +0100",
      " Asia/Tokyo",
      "[Europe/Paris]",
      "-03:00[America/Sao_Paulo]",
      " UTC-7",
      " UTC+05:30",
      " GMT-3",
      " Pacific/Apia",
      " BST",
      "Q",
      "+18:00",
      "-18:00",
      "+17:59",
      " Australia/Lord_Howe",
      " +5:30",
      "+530"
    };
    List<String> texts = new ArrayList<>();
    for (int i = 0; i < 2000; i++) {
      String text =
          "%04d%s%02d".formatted(1970 + random.nextInt(220), "-", 1 + random.nextInt(12))
              + "-%02d".formatted(1 + random.nextInt(28))
              + (random.nextBoolean() ? "T" : " ")
              + "%02d:%02d".formatted(random.nextInt(24), random.nextInt(60));
      if (random.nextInt(4) > 0) {
        text += ":%02d".formatted(random.nextInt(60));
        if (random.nextBoolean()) {
          String digits = Integer.toString(random.nextInt(1_000_000_000));
          text += "." + digits.substring(0, 1 + random.nextInt(digits.length()));
        }
      }
      texts.add(text + zones[random.nextInt(zones.length)]);
      texts.add(Double.toString(Math.exp(random.nextDouble() * 47)));
      texts.add(Long.toString((long) Math.exp(random.nextDouble() * 43)));
    }
    List<String> prepared = prepared(texts);
    List<String> served = served(texts);
    List<String> apart = new ArrayList<>();
    for (int i = 0; i < texts.size(); i++) {
      if (!prepared.get(i).equals(served.get(i))) {
        apart.add(texts.get(i) + ": prepare " + prepared.get(i) + ", serve " + served.get(i));
      }
    }
    assertThat(apart).isEmpty();
    assertThat(served).filteredOn(time -> time.equals("-1")).hasSizeLessThan(texts.size() / 4);
  }
}
