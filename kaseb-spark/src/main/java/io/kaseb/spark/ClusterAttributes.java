package io.kaseb.spark;

import io.kaseb.data.Manifest;
import io.kaseb.event.Attribute;
import io.kaseb.logfile.Format;
import io.kaseb.logfile.LogAttribute;
import io.kaseb.logfile.Part;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;

/// Attributes and users of what is left of a log on a cluster: as columns for the dataset's tables,
/// each at its level. A log without them gets no column, no table and no join.
///
/// It says of tables of a cluster what core says of a database's.
final class ClusterAttributes {
  private final ClusterTables tables;
  private final List<LogAttribute> attributes;
  private final boolean hasUsers;

  /// Creates the tables' source.
  ///
  /// @param format the log's format
  ClusterAttributes(ClusterTables tables, Format format) {
    this.tables = tables;
    this.attributes = format.attributes();
    this.hasUsers = format.hasUsers();
  }

  /// Returns the columns of `raw` that hold them, each behind a comma.
  static String rawColumns(Format format) {
    return (format.hasUsers() ? ", visitor" : "")
        + IntStream.range(0, format.attributes().size())
            .mapToObj(i -> ", a" + i)
            .collect(Collectors.joining());
  }

  /// Gives the events their rows' values, and gathers those of sessions and items; purchases must
  /// have their places.
  void gather() throws IOException {
    if (!hasUsers && attributes.isEmpty()) {
      return;
    }
    String values =
        (hasUsers ? ", r.visitor" : "")
            + each(IntStream.range(0, attributes.size()).boxed().toList(), ", r.a%1$d");
    tables.save(
        "all_events",
        "SELECT e.*%s FROM all_events e JOIN raw r ON r.row = e.row".formatted(values));
    if (hasUsers || !ofSessions().isEmpty()) {
      gatherSessions();
    }
    if (!of(Attribute.Level.ITEM).isEmpty()) {
      gatherItems();
    }
  }

  /// A session's value is that of its first event that has any, before its first purchase: a value
  /// that the order brings along would tell of it.
  private void gatherSessions() throws IOException {
    String first =
        each(
            ofSessions(),
            ", min_by(a%1$d, n) FILTER (WHERE a%1$d IS NOT NULL AND n <= coalesce(first_before, n)) AS a%1$d");
    tables.save(
        "session_values",
        """
        SELECT session AS valued%s FROM (SELECT *, count(*) OVER (PARTITION BY session
              ORDER BY time NULLS LAST, row ROWS UNBOUNDED PRECEDING) AS n FROM all_events)
          LEFT JOIN (SELECT b.session AS buyer, min(p.before) AS first_before
            FROM buys b JOIN places p ON p.row = b.row GROUP BY b.session) ON buyer = session
        GROUP BY session"""
            .formatted(
                first
                    + (hasUsers
                        ? ", min_by(visitor, n) FILTER (WHERE visitor IS NOT NULL) AS visitor"
                        : "")));
    if (hasUsers) {
      tables.saveNumbered(
          "users",
          """
          SELECT known FROM (SELECT visitor AS known, min(part) AS k1, min(number) AS k2,
              min(number) FILTER (WHERE part = 0) AS k3
            FROM session_values JOIN final_sessions ON session = valued
            WHERE visitor IS NOT NULL GROUP BY visitor)
          ORDER BY k1, k2, k3 NULLS LAST""",
          "user_number");
      ClusterDataset.refuseTooMany(tables.count("users"), "users");
    }
  }

  /// An item's value is the item table's, else that of its latest event that has any.
  private void gatherItems() throws IOException {
    List<Integer> mine = of(Attribute.Level.ITEM);
    String latest = each(mine, ", max_by(a%1$d, row) FILTER (WHERE a%1$d IS NOT NULL) AS a%1$d");
    tables.save(
        "item_values",
        """
        SELECT f.item AS valued%s FROM final_items f
          LEFT JOIN (SELECT item AS listed%s FROM raw WHERE part = %d GROUP BY item) t
            ON t.listed = f.item
          LEFT JOIN (SELECT item AS seen%s FROM all_events WHERE item IS NOT NULL GROUP BY item) s
            ON s.seen = f.item"""
            .formatted(
                each(mine, ", coalesce(t.a%1$d, s.a%1$d) AS a%1$d"),
                latest,
                Part.ITEMS.number(),
                latest));
  }

  private static String each(List<Integer> numbers, String form) {
    return numbers.stream().map(i -> form.formatted(i)).collect(Collectors.joining());
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

  /// Returns the columns of an event `e`.
  String eventColumns() {
    return columns("e", of(Attribute.Level.EVENT));
  }

  /// Returns the columns of sessions, after the tables of [#sessionJoin()].
  String sessionColumns() {
    return columns("v", ofSessions()) + (hasUsers ? ", CAST(user_number AS INT) AS `user`" : "");
  }

  /// Returns what `final_sessions` is joined with.
  String sessionJoin() {
    return (hasUsers || !ofSessions().isEmpty()
            ? " JOIN session_values v ON v.valued = session"
            : "")
        + (hasUsers ? " LEFT JOIN users ON known = v.visitor" : "");
  }

  /// Returns the columns of items, after the tables of [#itemJoin()].
  String itemColumns() {
    return columns("v", of(Attribute.Level.ITEM));
  }

  /// Returns what `final_items f` is joined with.
  String itemJoin() {
    return of(Attribute.Level.ITEM).isEmpty() ? "" : " JOIN item_values v ON v.valued = f.item";
  }

  private String columns(String table, List<Integer> numbers) {
    return numbers.stream()
        .map(
            i ->
                ", %s.a%d AS `%s`"
                    .formatted(
                        table, i, Manifest.AttributeCount.column(attributes.get(i).attribute())))
        .collect(Collectors.joining());
  }

  /// Returns how many users there are.
  long users() {
    return hasUsers ? tables.count("users") : 0;
  }

  /// Returns the attributes with their rows and how many of them lack a value.
  List<Manifest.AttributeCount> counts() {
    List<Manifest.AttributeCount> counts = new ArrayList<>();
    for (int i = 0; i < attributes.size(); i++) {
      Attribute attribute = attributes.get(i).attribute();
      String rows =
          switch (attribute.level()) {
            case EVENT -> "all_events";
            case SESSION, USER -> "session_values";
            case ITEM -> "item_values";
          };
      long[] found =
          tables.numbers(
              "SELECT count(*), count(*) FILTER (WHERE a%d IS NULL) FROM %s".formatted(i, rows));
      counts.add(new Manifest.AttributeCount(attribute.toString(), found[0], found[1]));
    }
    return counts;
  }
}
