package io.kaseb.ingest;

import io.kaseb.data.Manifest;
import io.kaseb.duckdb.DuckDatabase;
import io.kaseb.event.Attribute;
import io.kaseb.logfile.Format;
import io.kaseb.logfile.LogAttribute;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;

/// Attributes and users of what is left of a log: as columns for the dataset's tables, each at its
/// level. A log without them gets no column, no table and no join.
final class AttributeTables {
  /// The rows of the log that an event's values are in.
  private static final String EVENT_JOIN = " JOIN raw a ON a.rowid = e.row";

  private final DuckDatabase database;
  private final List<LogAttribute> attributes;
  private final boolean hasUsers;
  private final String events;

  /// Creates the tables' source.
  ///
  /// @param events the table of all events, with `session`, `item`, `time`, `row`
  AttributeTables(DuckDatabase database, Format format, String events) {
    this.database = database;
    this.attributes = format.attributes();
    this.hasUsers = format.hasUsers();
    this.events = events;
  }

  /// Gathers values of sessions and items; purchases must have their places.
  void gather() {
    if (hasUsers || !ofSessions().isEmpty()) {
      gatherSessions();
    }
    if (!of(Attribute.Level.ITEM).isEmpty()) {
      gatherItems();
    }
  }

  /// A session's value is that of its first event that has any, before its first purchase: a value
  /// that the order brings along would tell of it.
  private void gatherSessions() {
    database.run(
        "gathering attributes",
        """
        CREATE TABLE session_values AS
        SELECT e.session%s FROM (
            SELECT session, row, row_number() OVER (PARTITION BY session ORDER BY time, row) AS n
            FROM %s) e JOIN raw a ON a.rowid = e.row
          LEFT JOIN (SELECT session, min(before) AS before FROM buys JOIN places USING (row)
            GROUP BY session) f ON f.session = e.session
        GROUP BY e.session"""
            .formatted(
                ofSessions().stream()
                        .map(
                            i ->
                                ", arg_min(a.a%1$d, e.n) FILTER (a.a%1$d IS NOT NULL AND e.n <= coalesce(f.before, e.n)) AS a%1$d"
                                    .formatted(i))
                        .collect(Collectors.joining())
                    + (hasUsers
                        ? ", arg_min(a.visitor, e.n) FILTER (a.visitor IS NOT NULL) AS visitor"
                        : ""),
                events));
    if (hasUsers) {
      database.run(
          "numbering users",
          """
          CREATE TABLE users AS
          SELECT visitor, (row_number() OVER (
            ORDER BY min(part), min(number), min(number) FILTER (part = 0)) - 1)::INT AS number
          FROM session_values JOIN final_sessions USING (session)
          WHERE visitor IS NOT NULL GROUP BY visitor""");
    }
  }

  /// An item's value is the item table's, else that of its latest event that has any.
  private void gatherItems() {
    String listed = aggregates("arg_max(a%1$d, rowid) FILTER (a%1$d IS NOT NULL) AS a%1$d");
    String seen = aggregates("arg_max(a.a%1$d, e.row) FILTER (a.a%1$d IS NOT NULL) AS a%1$d");
    database.run(
        "gathering attributes",
        """
        CREATE TABLE item_values AS
        SELECT f.item%s FROM final_items f JOIN item_ids n ON n.item = f.item
          LEFT JOIN (SELECT item AS id%s FROM raw WHERE kind = 'item' AND problem IS NULL
            GROUP BY item) t ON t.id = n.id
          LEFT JOIN (SELECT e.item%s FROM %s e JOIN raw a ON a.rowid = e.row GROUP BY e.item) s
            ON s.item = f.item"""
            .formatted(aggregates("coalesce(t.a%1$d, s.a%1$d) AS a%1$d"), listed, seen, events));
  }

  private String aggregates(String form) {
    return of(Attribute.Level.ITEM).stream()
        .map(i -> ", " + form.formatted(i))
        .collect(Collectors.joining());
  }

  private List<Integer> of(Attribute.@Nullable Level level) {
    return IntStream.range(0, attributes.size())
        .filter(i -> attributes.get(i).attribute().level() == level)
        .boxed()
        .toList();
  }

  private List<Integer> ofSessions() {
    List<Integer> all = new ArrayList<>(of(Attribute.Level.SESSION));
    all.addAll(of(Attribute.Level.USER));
    return all;
  }

  /// Returns the columns of events, after the tables of [#eventJoin()].
  String eventColumns() {
    return columns("a", of(Attribute.Level.EVENT));
  }

  /// Returns what an event `e` is joined with.
  String eventJoin() {
    return of(Attribute.Level.EVENT).isEmpty() ? "" : EVENT_JOIN;
  }

  /// Returns the columns of sessions, after the tables of [#sessionJoin()].
  String sessionColumns() {
    return columns("v", ofSessions()) + (hasUsers ? ", u.number AS \"user\"" : "");
  }

  /// Returns what a session `s` is joined with.
  String sessionJoin() {
    return (hasUsers || !ofSessions().isEmpty()
            ? " JOIN session_values v ON v.session = s.session"
            : "")
        + (hasUsers ? " LEFT JOIN users u ON u.visitor = v.visitor" : "");
  }

  /// Returns the columns of items, after the tables of [#itemJoin()].
  String itemColumns() {
    return columns("v", of(Attribute.Level.ITEM));
  }

  /// Returns what an item `f` is joined with.
  String itemJoin() {
    return of(Attribute.Level.ITEM).isEmpty() ? "" : " JOIN item_values v ON v.item = f.item";
  }

  private String columns(String table, List<Integer> numbers) {
    return numbers.stream()
        .map(
            i ->
                ", %s.a%d AS %s"
                    .formatted(
                        table,
                        i,
                        DuckDatabase.name(
                            Manifest.AttributeCount.column(attributes.get(i).attribute()))))
        .collect(Collectors.joining());
  }

  /// Returns how many users there are.
  long users() {
    return hasUsers ? database.number("SELECT count(*) FROM users") : 0;
  }

  /// Returns the attributes with their rows and how many of them lack a value.
  List<Manifest.AttributeCount> counts() {
    List<Manifest.AttributeCount> counts = new ArrayList<>();
    for (int i = 0; i < attributes.size(); i++) {
      Attribute attribute = attributes.get(i).attribute();
      String rows =
          switch (attribute.level()) {
            case EVENT -> events + " e" + EVENT_JOIN;
            case SESSION, USER -> "session_values a";
            case ITEM -> "item_values a";
          };
      long[] found =
          database.numbers(
              "SELECT count(*), count(*) FILTER (a.a%d IS NULL) FROM %s".formatted(i, rows));
      counts.add(new Manifest.AttributeCount(attribute.toString(), found[0], found[1]));
    }
    return counts;
  }
}
