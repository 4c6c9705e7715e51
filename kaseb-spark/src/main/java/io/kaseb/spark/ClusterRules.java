package io.kaseb.spark;

import io.kaseb.logfile.Part;
import io.kaseb.logfile.Protocol.Border;
import io.kaseb.logfile.Protocol.Filter;
import io.kaseb.logfile.Split;
import java.io.IOException;
import java.math.BigDecimal;
import java.math.RoundingMode;

/// The session and support rules on a cluster, over the table `events (part, session, item, time,
/// row, category, price)`. A session is known by its key `ORIGIN/PIECE/ID`: the part that its log
/// belongs to, its number among the pieces of a visit, and its id in the log.
///
/// [io.kaseb.ingest.SessionRules] says the same on one machine; what it does in place is here a
/// table made anew, and what it numbers in one go is numbered in ranges.
final class ClusterRules {
  private static final long DAY_MILLIS = 86_400_000;

  /// A key's id in the log.
  static final String ID = "substring(session, 3 + instr(substring(session, 3), '/'))";

  private static final String PIECE = "CAST(substring_index(substring(session, 3), '/', 1) AS INT)";
  private static final String COLUMNS = "part, session, item, time, row, category, price";

  private final ClusterTables tables;
  private final boolean hasOthers;
  private String mark = "#";

  /// Creates the rules.
  ///
  /// @param hasOthers whether there is a table `others` of what is no click
  ClusterRules(ClusterTables tables, boolean hasOthers) {
    this.tables = tables;
    this.hasOthers = hasOthers;
  }

  /// Returns the SQL of a session's name in the dataset.
  String name() {
    return "concat(%1$s, CASE WHEN %2$s > 0 THEN concat('%3$s', %2$s + 1) ELSE '' END)"
        .formatted(ID, PIECE, mark);
  }

  /// Starts a new session wherever a visitor paused for more than `seconds`.
  void cutAtGaps(int seconds) throws IOException {
    while (tables
            .numbers("SELECT count(*) FROM events WHERE %s RLIKE '%s[0-9]+$'".formatted(ID, mark))[
            0]
        > 0) {
      mark += "#";
    }
    String key = "concat(left(session, 2), CAST(piece AS STRING), substring(session, 4))";
    tables.save(
        "events",
        """
        SELECT part, %s AS session, item, time, row, category, price
        FROM (SELECT *, sum(CASE WHEN pause > %d THEN 1 ELSE 0 END)
            OVER (PARTITION BY session ORDER BY time, row ROWS UNBOUNDED PRECEDING) AS piece
          FROM (SELECT *, coalesce(time - lag(time) OVER (PARTITION BY session ORDER BY time, row), 0)
              AS pause FROM events))"""
            .formatted(key, seconds * 1000L));
    tables.save(
        "pieces",
        """
        SELECT concat(left(session, 2), '0', substring(session, 3 + instr(substring(session, 3), '/') - 1))
            AS visit, %s AS piece, min(time) AS start
        FROM events GROUP BY session"""
            .formatted(PIECE));
    follow("buys", "logged, item_id, time, price, quantity, row");
    if (hasOthers) {
      follow("others", "item, time, row, category, price, action");
    }
  }

  /// Gives the rows of a table to the piece that they follow: each looks back along its visit for
  /// the latest beginning, however many pieces the visit has.
  private void follow(String table, String columns) throws IOException {
    tables.save(
        table,
        """
        SELECT concat(left(session, 2), CAST(coalesce(latest, 0) AS STRING), substring(session, 4))
            AS session, %1$s
        FROM (SELECT *, last(piece, true) OVER (PARTITION BY session
              ORDER BY at NULLS FIRST, is_row ROWS UNBOUNDED PRECEDING) AS latest
          FROM (SELECT session, time AS at, true AS is_row, CAST(NULL AS INT) AS piece, struct(%1$s) AS kept FROM %2$s
            UNION ALL SELECT visit, start, false, piece, NULL FROM pieces))
        LATERAL VIEW inline(array(kept)) v AS %1$s
        WHERE is_row"""
            .formatted(columns, table));
  }

  /// Counts clicks that repeat session, item and time of another.
  long countDuplicates() {
    return tables
        .numbers(
            """
            SELECT sum(copies - 1) FROM (SELECT count(*) AS copies FROM events
              WHERE time IS NOT NULL AND item IS NOT NULL
              GROUP BY session, item, time HAVING count(*) > 1)""")[
        0];
  }

  /// Drops what the filter of a protocol drops.
  void filter(Filter filter) throws IOException {
    if (filter.dropRepeats()) {
      tables.save(
          "events",
          """
          SELECT %s FROM (SELECT *,
              lag(item) OVER (PARTITION BY session ORDER BY time, row) AS previous FROM events)
          WHERE previous IS NULL OR item <> previous"""
              .formatted(COLUMNS));
    }
    if (filter.toFixpoint()) {
      long before;
      long after = tables.count("events");
      do {
        before = after;
        dropShortSessions(filter);
        dropRareItems(filter);
        after = tables.count("events");
      } while (after < before);
    } else {
      dropShortSessions(filter);
      dropRareItems(filter);
      dropShortSessions(filter);
    }
  }

  /// Drops sessions of fewer clicks than the filter asks for.
  void dropShortSessions(Filter filter) throws IOException {
    if (filter.minSessionLength() > 1) {
      tables.save(
          "events",
          """
          SELECT %s FROM events LEFT SEMI JOIN (
            SELECT session AS kept FROM events GROUP BY session HAVING count(*) >= %d)
          ON session = kept"""
              .formatted(COLUMNS, filter.minSessionLength()));
    }
  }

  private void dropRareItems(Filter filter) throws IOException {
    if (filter.minItemSupport() > 1) {
      tables.save(
          "events",
          """
          SELECT %1$s FROM events LEFT ANTI JOIN (
            SELECT item AS rare FROM events WHERE part = %2$d GROUP BY item HAVING count(*) < %3$d)
          ON part = %2$d AND item = rare"""
              .formatted(COLUMNS, Part.TRAIN.number(), filter.minItemSupport()));
    }
  }

  /// Gives the test its sessions.
  void split(Split split, Border border, long seed) throws IOException {
    switch (split) {
      case Split.None none -> {}
      case Split.TestFile file -> {}
      case Split.Days days when border == Border.SESSION_END ->
          toTest(
              "SELECT session AS given FROM events GROUP BY session HAVING max(time) >= "
                  + border(days));
      case Split.Days days -> splitByStart(border(days));
      case Split.Time time -> splitByOrder(time.share(), "first, row");
      case Split.Random random ->
          splitByOrder(random.share(), "md5(concat('%d/', %s))".formatted(seed, name()));
    }
  }

  private long border(Split.Days days) {
    return tables.numbers("SELECT max(time) FROM events")[0] - days.days() * DAY_MILLIS;
  }

  private void toTest(String sessions) throws IOException {
    tables.save(
        "events",
        """
        SELECT CASE WHEN given IS NULL THEN part ELSE %d END AS part, session, item, time, row,
          category, price
        FROM events LEFT JOIN (%s) ON session = given"""
            .formatted(Part.TEST.number(), sessions));
  }

  private void splitByStart(long border) throws IOException {
    toTest("SELECT session AS given FROM events GROUP BY session HAVING min(time) >= " + border);
    tables.save(
        "events",
        "SELECT %s FROM events WHERE part <> %d OR time < %d"
            .formatted(COLUMNS, Part.TRAIN.number(), border));
    if (hasOthers) {
      tables.save(
          "others",
          """
          SELECT o.* FROM others o LEFT ANTI JOIN (
            SELECT DISTINCT session FROM events WHERE part = %d) e
          ON o.session = e.session AND o.time >= %d"""
              .formatted(Part.TRAIN.number(), border));
    }
  }

  private void splitByOrder(double share, String order) throws IOException {
    tables.saveNumbered(
        "ordered",
        """
        SELECT session FROM (SELECT session, min(time) AS first, min(row) AS row FROM events
          GROUP BY session) ORDER BY %s"""
            .formatted(order),
        "n");
    long sessions = tables.count("ordered");
    long given =
        new BigDecimal(Double.toString(share))
            .multiply(BigDecimal.valueOf(sessions))
            .setScale(0, RoundingMode.HALF_UP)
            .longValueExact();
    toTest("SELECT session AS given FROM ordered WHERE n >= " + (sessions - given));
  }

  /// Drops test clicks on items that train does not have.
  void dropUnseenTestItems() throws IOException {
    tables.save(
        "events",
        """
        SELECT %1$s FROM events WHERE part <> %2$d UNION ALL
        SELECT %1$s FROM events LEFT SEMI JOIN (
          SELECT DISTINCT item AS seen FROM events WHERE part = %3$d) ON item = seen
        WHERE part = %2$d"""
            .formatted(COLUMNS, Part.TEST.number(), Part.TRAIN.number()));
  }
}
