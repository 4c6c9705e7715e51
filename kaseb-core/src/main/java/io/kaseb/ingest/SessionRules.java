package io.kaseb.ingest;

import io.kaseb.duckdb.DuckDatabase;
import io.kaseb.logfile.Part;
import io.kaseb.logfile.Protocol.Border;
import io.kaseb.logfile.Protocol.Filter;
import io.kaseb.logfile.Split;
import java.util.List;

/// The session and support rules, each written once, over the table `events (part, session, item,
/// time, row, category, price)`: `part` is the number of a [Part]; `row` is the place in the log.
public final class SessionRules {
  private static final long DAY_MILLIS = 86_400_000;

  private final DuckDatabase database;
  private final boolean hasOthers;

  SessionRules(DuckDatabase database) {
    this(database, false);
  }

  /// Creates the rules.
  ///
  /// @param hasOthers whether there is a table `others (session, item, time, row, ...)` of what is
  ///   no click and goes with its session
  SessionRules(DuckDatabase database, boolean hasOthers) {
    this.database = database;
    this.hasOthers = hasOthers;
  }

  /// Starts a new session wherever a visitor paused for more than `seconds`; the later parts of
  /// session `v` are named `v#2`, `v#3` ... What is no click goes with the part that it follows.
  public void cutAtGaps(int seconds) {
    database.run(
        "cutting at gaps",
        """
        CREATE TABLE pieces AS
        SELECT session AS visit, piece, min(time) AS start,
          (row_number() OVER (ORDER BY min(row)) - 1)::INT AS session
        FROM (SELECT session, time, row,
            sum((pause > %d)::INT) OVER (PARTITION BY session ORDER BY time, row) AS piece
          FROM (SELECT session, time, row,
              coalesce(time - lag(time) OVER (PARTITION BY session ORDER BY time, row), 0) AS pause
            FROM events))
        GROUP BY visit, piece"""
            .formatted(seconds * 1000L));
    database.run(
        "cutting at gaps",
        """
        CREATE OR REPLACE TABLE events AS
        SELECT e.part, p.session, e.item, e.time, e.row, e.category, e.price
        FROM events e ASOF JOIN pieces p ON p.visit = e.session AND p.start <= e.time
        ORDER BY e.row""");
    for (String table : hasOthers ? List.of("buys", "others") : List.of("buys")) {
      database.run(
          "cutting at gaps",
          """
          CREATE OR REPLACE TABLE %1$s AS
          SELECT coalesce(p.session, first_piece.session) AS session, b.* EXCLUDE (session)
          FROM %1$s b ASOF LEFT JOIN pieces p ON p.visit = b.session AND p.start <= b.time
          JOIN pieces first_piece ON first_piece.visit = b.session AND first_piece.piece = 0"""
              .formatted(table));
    }
    database.run(
        "cutting at gaps",
        """
        CREATE OR REPLACE TABLE session_ids AS
        SELECT i.part, p.session, i.id || CASE WHEN p.piece > 0 THEN %s || (p.piece + 1) ELSE '' END AS id
        FROM pieces p JOIN session_ids i ON i.session = p.visit"""
            .formatted(DuckDatabase.text(pieceMark())));
  }

  /// Returns what stands between a visitor's id and the number of its later sessions: `#`, or more
  /// of them where ids of the log end like that themselves.
  private String pieceMark() {
    String mark = "#";
    while (database.number(
            "SELECT count(*) FROM session_ids WHERE regexp_matches(id, '" + mark + "[0-9]+$')")
        > 0) {
      mark += "#";
    }
    return mark;
  }

  /// Counts clicks that repeat session, item and time of another; they are kept, as the protocols
  /// keep them.
  public long countDuplicates() {
    return database.number(
        """
        SELECT sum(copies - 1) FROM (SELECT count(*) AS copies FROM events
          WHERE time IS NOT NULL AND item IS NOT NULL GROUP BY session, item, time HAVING count(*) > 1)""");
  }

  /// Drops what the filter of a protocol drops, from train and (given) test alike.
  public void filter(Filter filter) {
    if (filter.dropRepeats()) {
      dropRepeats();
    }
    if (filter.toFixpoint()) {
      while (dropShortSessions(filter) + dropRareItems(filter) > 0) {
        // Each may make the other drop more.
      }
    } else {
      dropShortSessions(filter);
      dropRareItems(filter);
      dropShortSessions(filter);
    }
  }

  private void dropRepeats() {
    database.run(
        "dropping repeats",
        """
        DELETE FROM events WHERE row IN (
          SELECT row FROM (SELECT row, item,
            lag(item) OVER (PARTITION BY session ORDER BY time, row) AS previous FROM events)
          WHERE item = previous)""");
  }

  /// Drops sessions of fewer events than the filter asks for; returns how many events went.
  public long dropShortSessions(Filter filter) {
    return filter.minSessionLength() <= 1
        ? 0
        : database.run(
            "dropping short sessions",
            """
            DELETE FROM events WHERE session IN (
              SELECT session FROM events GROUP BY session HAVING count(*) < %d)"""
                .formatted(filter.minSessionLength()));
  }

  private long dropRareItems(Filter filter) {
    return filter.minItemSupport() <= 1
        ? 0
        : database.run(
            "dropping rare items",
            """
            DELETE FROM events WHERE part = %1$d AND item IN (
              SELECT item FROM events WHERE part = %1$d GROUP BY item HAVING count(*) < %2$d)"""
                .formatted(Part.TRAIN.number(), filter.minItemSupport()));
  }

  /// Gives the test its sessions.
  ///
  /// @param seed decides a split by chance
  public void split(Split split, Border border, long seed) {
    switch (split) {
      case Split.None none -> {}
      case Split.TestFile file -> {}
      case Split.Days days when border == Border.SESSION_END -> splitByEnd(days.days());
      case Split.Days days -> splitByStart(days.days());
      case Split.Time time -> splitByOrder(time.share(), "min(time), min(row)");
      case Split.Random random ->
          splitByOrder(random.share(), "md5(%s || id)".formatted(DuckDatabase.text(seed + "/")));
    }
  }

  private void splitByEnd(int days) {
    database.run(
        "splitting",
        """
        UPDATE events SET part = %d WHERE session IN (
          SELECT session FROM events GROUP BY session
          HAVING max(time) >= (SELECT max(time) FROM events) - %d)"""
            .formatted(Part.TEST.number(), days * DAY_MILLIS));
  }

  private void splitByStart(int days) {
    long border = database.number("SELECT max(time) FROM events") - days * DAY_MILLIS;
    database.run(
        "splitting",
        """
        UPDATE events SET part = %d WHERE session IN (
          SELECT session FROM events GROUP BY session HAVING min(time) >= %d)"""
            .formatted(Part.TEST.number(), border));
    database.run(
        "splitting",
        "DELETE FROM events WHERE part = %d AND time >= %d".formatted(Part.TRAIN.number(), border));
    if (hasOthers) {
      database.run(
          "splitting",
          "DELETE FROM others WHERE time >= %d AND session IN (SELECT session FROM events WHERE part = %d)"
              .formatted(border, Part.TRAIN.number()));
    }
  }

  private void splitByOrder(double share, String order) {
    database.run(
        "splitting",
        """
        UPDATE events SET part = %d WHERE session IN (
          SELECT session FROM (
            SELECT session, row_number() OVER (ORDER BY %s) AS n, count(*) OVER () AS sessions
            FROM events JOIN session_ids USING (session) GROUP BY session, id)
          WHERE n > sessions - round(sessions * %s))"""
            .formatted(Part.TEST.number(), order, share));
  }

  /// Drops test clicks on items that train does not have.
  public long dropUnseenTestItems() {
    return database.run(
        "dropping unseen test items",
        """
        DELETE FROM events WHERE part = %d AND item IS NOT NULL
          AND item NOT IN (SELECT item FROM events WHERE part = %d AND item IS NOT NULL)"""
            .formatted(Part.TEST.number(), Part.TRAIN.number()));
  }
}
