package io.kaseb.ingest;

import io.kaseb.data.ActionColumn;
import io.kaseb.data.ArraySize;
import io.kaseb.data.AttributeColumn;
import io.kaseb.data.AttributeReader;
import io.kaseb.data.LabelledSessions;
import io.kaseb.data.SessionColumns;
import io.kaseb.data.Signals;
import io.kaseb.data.VisitorHistory;
import io.kaseb.data.Visitors;
import io.kaseb.duckdb.DuckDatabase;
import io.kaseb.event.Actions;
import io.kaseb.event.Attribute;
import io.kaseb.logfile.LogAttribute;
import io.kaseb.model.Sessions;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;

/// Reads all that a log's events say out of numbered tables, without a dataset between.
final class LogSignals {
  private final ClickTables tables;
  private final DuckDatabase database;
  private final String events;

  /// Creates the reader of tables that have every session.
  LogSignals(ClickTables tables) {
    this.tables = tables;
    database = tables.database();
    events = tables.hasOthers() ? "all_events" : "events";
  }

  /// Makes the table `ordered`: sessions by start.
  void order() {
    if (tables.hasOthers()) {
      database.run(
          "gathering events",
          """
          CREATE TABLE all_events AS %s
          SELECT session, item, time, row, category, action FROM others"""
              .formatted(
                  tables.hasClicks()
                      ? "SELECT session, item, time, row, category, 'view' AS action FROM events UNION ALL"
                      : ""));
    }
    database.run(
        "ordering sessions",
        """
        CREATE TABLE ordered AS
        SELECT session, id, row_number() OVER (ORDER BY min(time), min(row)) AS place,
          count(*)::INT AS events
        FROM %s JOIN session_ids USING (session) GROUP BY session, id"""
            .formatted(events));
  }

  /// Returns the query of values of all events, in the order of sessions and of events in them.
  ///
  /// @param values of an event `e`
  /// @param join what it is joined with, or nothing
  String inOrder(String values, String join) {
    return "SELECT %s FROM %s e JOIN ordered USING (session)%s ORDER BY place, e.time, e.row"
        .formatted(values, events, join);
  }

  /// Reads the sessions, in the log's item numbers.
  Sessions sessions(int count, boolean timed) throws SQLException {
    return SessionColumns.read(
        database,
        count,
        ArraySize.of(database.number("SELECT count(*) FROM " + events), "events", "the log"),
        timed,
        "SELECT events FROM ordered ORDER BY place",
        inOrder("coalesce(item, %d)::INT, e.time".formatted(LabelledSessions.NO_ITEM), ""));
  }

  /// Reads what those sessions have beyond clicks.
  Signals signals(Sessions sessions, boolean timed) throws SQLException {
    if (!tables.hasOthers() && tables.format().attributes().isEmpty() && !tables.hasUsers()) {
      return Signals.none(sessions.count());
    }
    Actions names =
        tables.hasOthers()
            ? Actions.of(database.texts("SELECT DISTINCT action FROM others"))
            : Actions.USUAL;
    byte[] actions =
        tables.hasOthers()
            ? ActionColumn.read(database, names, sessions.events(), inOrder("action", ""))
            : new byte[0];
    return new Signals(
        names,
        actions,
        attributes(),
        tables.hasUsers() && timed
            ? visitors(sessions.count())
            : Visitors.unknown(sessions.count()));
  }

  private List<AttributeColumn> attributes() throws SQLException {
    AttributeReader reader = new AttributeReader(database, false);
    List<AttributeColumn> columns = new ArrayList<>();
    List<LogAttribute> all = tables.format().attributes();
    for (int i = 0; i < all.size(); i++) {
      Attribute attribute = all.get(i).attribute();
      String value = "a.a" + i;
      columns.add(
          reader.read(
              attribute,
              switch (attribute.level()) {
                case EVENT -> inOrder(value + " AS v", " JOIN raw a ON a.rowid = e.row");
                case SESSION, USER -> ofSessions(value);
                case ITEM ->
                    """
                    SELECT arg_max(%1$s, e.row) FILTER (%1$s IS NOT NULL) AS v
                    FROM item_ids n LEFT JOIN %2$s e ON e.item = n.item
                      LEFT JOIN raw a ON a.rowid = e.row GROUP BY n.item ORDER BY n.item"""
                        .formatted(value, events);
              }));
    }
    return columns;
  }

  private String ofSessions(String value) {
    return """
    SELECT arg_min(%1$s, (e.time, e.row)) FILTER (%1$s IS NOT NULL) AS v
    FROM %2$s e JOIN ordered o USING (session) JOIN raw a ON a.rowid = e.row
    GROUP BY o.place ORDER BY o.place"""
        .formatted(value, events);
  }

  /// Works out what the log itself tells of each session's visitor.
  private Visitors visitors(int count) throws SQLException {
    VisitorHistory history = new VisitorHistory(count, false);
    database.run(
        "numbering users",
        """
        CREATE TABLE session_users AS
        SELECT place, session, start, "end",
          (dense_rank() OVER (ORDER BY visitor) - 1)::INT AS number, visitor IS NOT NULL AS known
        FROM (SELECT place, session, min(e.time) AS start, max(e.time) AS "end",
            arg_min(a.visitor, (e.time, e.row)) FILTER (a.visitor IS NOT NULL) AS visitor
          FROM %s e JOIN ordered USING (session) JOIN raw a ON a.rowid = e.row
          GROUP BY place, session)"""
            .formatted(events));
    database.read(
        """
        SELECT (place - 1)::INT, CASE WHEN known THEN number ELSE -1 END::INT, start,
          greatest("end", coalesce(b.time, 0)), (b.session IS NOT NULL)::INT
        FROM session_users LEFT JOIN (SELECT session, max(time) AS time FROM buys GROUP BY session) b
          USING (session)""",
        chunk -> {
          for (int row = 0; row < chunk.rows(); row++) {
            history.session(
                chunk.column(0).asInt(row),
                chunk.column(1).asInt(row),
                chunk.column(2).asLong(row),
                chunk.column(3).asLong(row),
                chunk.column(4).asInt(row) > 0);
          }
        });
    database.read(
        """
        SELECT (place - 1)::INT, item, taken FROM (
          SELECT session, item, 0 AS taken, time, row FROM %s WHERE item IS NOT NULL
          UNION ALL SELECT b.session, n.item, 1, NULL, b.row FROM buys b JOIN item_ids n ON n.id = b.item_id)
        JOIN session_users USING (session) WHERE known ORDER BY place, taken, time, row"""
            .formatted(events),
        chunk -> {
          for (int row = 0; row < chunk.rows(); row++) {
            history.item(
                chunk.column(0).asInt(row),
                chunk.column(1).asInt(row),
                chunk.column(2).asInt(row) > 0);
          }
        });
    return history.visitors();
  }
}
