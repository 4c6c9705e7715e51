package io.kaseb.ingest;

import io.kaseb.base.KasebException;
import io.kaseb.duckdb.DuckDatabase;
import io.kaseb.ingest.Format.Layout;
import java.sql.SQLException;
import java.util.List;
import java.util.Set;
import java.util.TreeMap;
import java.util.stream.Collectors;

/// Reads log files into the table `raw`, one row for each event in file order, bad rows marked.
final class RawLog {
  private final DuckDatabase database;
  private final BadRows bad;
  private int files;

  RawLog(DuckDatabase database, BadRows bad) {
    this.database = database;
    this.bad = bad;
    database.run(
        "opening",
        """
        CREATE TABLE raw (part TINYINT, session VARCHAR, item VARCHAR, time BIGINT, kind VARCHAR,
          category VARCHAR, price DOUBLE, quantity BIGINT, line BIGINT, problem VARCHAR)""");
  }

  /// Reads one file.
  void read(Format format, SourceFile file, Part part) {
    String task = "reading " + file.given().getFileName();
    SourceRows rows = new SourceRows(format, file, files++);
    long before = database.number("SELECT count(*) FROM raw");
    try {
      database.update(task, insert(format, part, rows.sql(database)));
    } catch (SQLException e) {
      throw new KasebException(
          new KasebException.Problem(
              file.label(),
              "cannot be read as %s (%s)".formatted(format.name(), DuckDatabase.firstLine(e)),
              null,
              null),
          e);
    }
    countBadRows(format, file, rows.rejects(), before);
  }

  private String insert(Format format, Part part, String rows) {
    String time = format.timeForm().sql("time_text", "date_text");
    return """
    INSERT INTO raw
    SELECT %d, session, item, time, kind, category_text, try_cast(price_text AS DOUBLE),
      try_cast(quantity_text AS BIGINT), line,
      CASE WHEN broken IS NOT NULL THEN broken
        WHEN session IS NULL THEN 'the session id is empty'
        WHEN item IS NULL THEN 'the item id is empty'
        WHEN kind IS NULL THEN 'event type ' || coalesce(type_text, '') || ' is unknown; known are %s'
        WHEN %s THEN 'time ' || coalesce(time_text, '') || ' is not %s' END
    FROM (SELECT *, nullif(trim(session_text), '') AS session, nullif(trim(item_text), '') AS item,
        %s AS time, %s AS kind
      FROM (%s))"""
        .formatted(
            part.number(),
            words(format),
            format.timeForm() == TimeForm.NONE ? "false" : "time IS NULL",
            format.timeForm().allowed(),
            time,
            part == Part.BUYS ? "'buy'" : kind(format),
            rows);
  }

  private static String kind(Format format) {
    boolean typed =
        format.layout() != Layout.SESSION_LINES && format.namedColumns().of("type") != null;
    return !typed
        ? "'click'"
        : "CASE WHEN type_text IN (%s) THEN 'click' WHEN type_text IN (%s) THEN 'cart' WHEN type_text IN (%s) THEN 'buy' END"
            .formatted(
                quoted(format.types().clicks()),
                quoted(format.types().carts()),
                quoted(format.types().purchases()));
  }

  private static String quoted(List<String> words) {
    return words.stream().map(DuckDatabase::text).collect(Collectors.joining(", "));
  }

  private static String words(Format format) {
    Format.EventTypes types = format.types();
    return String.join(", ", types.clicks())
        + ", "
        + String.join(", ", types.carts())
        + ", "
        + String.join(", ", types.purchases());
  }

  private void countBadRows(Format format, SourceFile file, String rejects, long before) {
    long rows = database.number("SELECT count(*) FROM raw WHERE rowid >= " + before);
    long marked =
        database.number(
            "SELECT count(*) FROM raw WHERE problem IS NOT NULL AND rowid >= " + before);
    boolean delimited = format.layout() == Layout.DELIMITED;
    long rejected = delimited ? database.number("SELECT count(DISTINCT line) FROM " + rejects) : 0;
    bad.add(rows + rejected, marked + rejected);
    if (rejected > 0) {
      database
          .rows(
              """
              SELECT line, CASE min(error_type)
                  WHEN 'MISSING COLUMNS' THEN 'too few columns'
                  WHEN 'TOO MANY COLUMNS' THEN 'too many columns' ELSE min(error_message) END
              FROM %s GROUP BY line ORDER BY line LIMIT 5"""
                  .formatted(rejects))
          .forEach(row -> bad.show(file.label(), Long.parseLong(row.get(0)), row.get(1)));
    }
    if (marked > 0) {
      locate(format, file, rejects, before);
    }
    if (rows + rejected == 0) {
      throw new KasebException(
          new KasebException.Problem(
              file.label(), "holds no events", null, "it must hold at least one"));
    }
  }

  private void locate(Format format, SourceFile file, String rejects, long before) {
    List<List<String>> first =
        database.rows(
            "SELECT rowid - %d, line, problem FROM raw WHERE problem IS NOT NULL AND rowid >= %d ORDER BY rowid LIMIT 5"
                .formatted(before, before));
    if (format.layout() == Layout.DELIMITED) {
      TreeMap<Long, String> places = new TreeMap<>();
      first.forEach(row -> places.put(Long.parseLong(row.get(0)), row.get(2)));
      Set<Long> skipped =
          database.rows("SELECT DISTINCT line FROM " + rejects).stream()
              .map(row -> Long.parseLong(row.get(0)))
              .collect(Collectors.toSet());
      bad.locate(file, places, skipped, format.header().isEmpty());
    } else {
      for (List<String> row : first) {
        long line =
            row.get(1).isEmpty() ? 1 + Long.parseLong(row.get(0)) : Long.parseLong(row.get(1));
        bad.show(file.label(), line, row.get(2));
      }
    }
  }
}
