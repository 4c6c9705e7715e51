package io.kaseb.spark;

import io.kaseb.event.Attribute;
import io.kaseb.event.Visitor;
import io.kaseb.logfile.Format;
import java.io.Serializable;
import java.util.ArrayList;
import java.util.List;
import java.util.function.IntFunction;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.apache.spark.api.java.function.MapPartitionsFunction;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Encoders;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.SparkSession;

/// A log's rows as forecasts are told them: a session's events stand together and in order, and
/// before them, where there is anything to say of the session itself, one row that says it.
///
/// The columns are `session, item, time, kind, category, row, is_event`, one for each attribute,
/// and, with visitors, `earlier, buyers, last_ended, seen, taken`.
///
/// @param columns the attributes
/// @param visitors whether rows tell of visitors' earlier sessions
record ToldLog(List<Column> columns, boolean visitors) implements Serializable {
  /// Where the attributes begin.
  static final int VALUES = 7;

  /// An attribute.
  ///
  /// @param name its name
  /// @param level what has it
  /// @param isNumber whether its values are numbers
  record Column(String name, Attribute.Level level, boolean isNumber) implements Serializable {
    private boolean isOfSession() {
      return level == Attribute.Level.SESSION || level == Attribute.Level.USER;
    }

    private String none() {
      return "CAST(NULL AS %s)".formatted(isNumber ? "DOUBLE" : "STRING");
    }
  }

  private static String first(int attribute) {
    return ", min_by(a%1$d, struct(time IS NULL, time, row)) FILTER (WHERE a%1$d IS NOT NULL) AS a%1$d"
        .formatted(attribute);
  }

  private static String latest(int attribute) {
    return ", max_by(a%1$d, row) FILTER (WHERE a%1$d IS NOT NULL) AS a%1$d".formatted(attribute);
  }

  /// Returns what is told of a log.
  ///
  /// @param wantsVisitors whether the model asks for visitors' earlier sessions
  static ToldLog of(Format format, boolean wantsVisitors) {
    List<Column> columns = new ArrayList<>();
    format
        .attributes()
        .forEach(
            one ->
                columns.add(
                    new Column(
                        one.attribute().name(),
                        one.attribute().level(),
                        one.attribute().kind() == Attribute.Kind.NUMBER)));
    return new ToldLog(
        List.copyOf(columns), wantsVisitors && format.hasUsers() && format.hasTimes());
  }

  /// Returns the rows, those of a session in one partition.
  Dataset<Row> rows(SparkSession spark) {
    spark
        .sql("SELECT * FROM raw WHERE part < 2 AND kind <> 'purchase'")
        .createOrReplaceTempView("told");
    Dataset<Row> rows = spark.sql(events());
    if (visitors || columns.stream().anyMatch(Column::isOfSession)) {
      if (visitors) {
        earlier(spark).createOrReplaceTempView("earlier_visits");
      }
      rows = rows.unionAll(spark.sql(heads()));
    }
    return rows.repartition(rows.col("session"))
        .sortWithinPartitions("session", "is_event", "time", "row");
  }

  private String events() {
    String values =
        each(
            i -> {
              Column column = columns.get(i);
              String value =
                  column.isOfSession()
                      ? column.none()
                      : (column.level() == Attribute.Level.ITEM ? "v.a" : "e.a") + i;
              return ", %s AS a%d".formatted(value, i);
            });
    String unknown =
        visitors
            ? ", CAST(NULL AS INT) AS earlier, CAST(NULL AS INT) AS buyers, CAST(NULL AS BIGINT) AS last_ended, CAST(NULL AS ARRAY<STRING>) AS seen, CAST(NULL AS ARRAY<STRING>) AS taken"
            : "";
    String latest = each(i -> columns.get(i).level() == Attribute.Level.ITEM ? latest(i) : "");
    String join =
        latest.isEmpty()
            ? ""
            : " LEFT JOIN (SELECT item AS touched%s FROM told WHERE item IS NOT NULL GROUP BY item) v ON v.touched = e.item"
                .formatted(latest);
    return "SELECT e.session, e.item, e.time, e.kind, e.category, e.row, 1 AS is_event%s%s FROM told e%s"
        .formatted(values, unknown, join);
  }

  private String heads() {
    String values =
        each(
            i ->
                ", %s AS a%d"
                    .formatted(
                        columns.get(i).isOfSession() ? "h.a" + i : columns.get(i).none(), i));
    String first = each(i -> columns.get(i).isOfSession() ? first(i) : "");
    return """
    SELECT h.session, CAST(NULL AS STRING) AS item, CAST(NULL AS BIGINT) AS time,
      CAST(NULL AS STRING) AS kind, CAST(NULL AS STRING) AS category, -1L AS row, 0 AS is_event%s%s
    FROM (SELECT session%s FROM told GROUP BY session) h%s"""
        .formatted(
            values,
            visitors ? ", k.earlier, k.buyers, k.last_ended, k.seen, k.taken" : "",
            first,
            visitors ? " LEFT JOIN earlier_visits k ON k.visit = h.session" : "");
  }

  private String each(IntFunction<String> sql) {
    return IntStream.range(0, columns.size()).mapToObj(sql).collect(Collectors.joining());
  }

  /// Returns what each session's visitor did before: a visitor's sessions pass one behind the
  /// other.
  private static Dataset<Row> earlier(SparkSession spark) {
    spark
        .sql(
            """
            SELECT session AS visit, array_sort(collect_list(struct(place, item, taken))) AS items
            FROM (SELECT *, row_number() OVER (PARTITION BY session ORDER BY place DESC) AS n
              FROM (SELECT session, item, max(was_taken) AS taken, max(struct(was_taken, at, row)) AS place
                FROM (SELECT session, item, 0 AS was_taken, coalesce(time, 0) AS at, row FROM told
                    WHERE item IS NOT NULL
                  UNION ALL SELECT session, item, 1, 0L, row FROM raw
                    LEFT SEMI JOIN (SELECT DISTINCT item AS touched FROM told) ON item = touched
                    WHERE part < 2 AND kind = 'purchase')
                GROUP BY session, item))
            WHERE n <= %d GROUP BY session"""
                .formatted(Visitor.MOST_ITEMS))
        .createOrReplaceTempView("visit_items");
    Dataset<Row> visits =
        spark.sql(
            """
            SELECT t.session AS visit, t.visitor, t.start, t.first_row,
              greatest(t.last, coalesce(b.bought_at, 0)) AS ended, b.buying IS NOT NULL AS bought,
              transform(i.items, x -> x.item) AS ids, transform(i.items, x -> x.taken) AS taken
            FROM (SELECT session, min(time) AS start, min(row) AS first_row, max(time) AS last,
                min_by(visitor, struct(time IS NULL, time, row)) FILTER (WHERE visitor IS NOT NULL) AS visitor
              FROM told GROUP BY session) t
              LEFT JOIN (SELECT session AS buying, max(time) AS bought_at FROM raw
                WHERE part < 2 AND kind = 'purchase' GROUP BY session) b ON b.buying = t.session
              LEFT JOIN visit_items i ON i.visit = t.session
            WHERE t.visitor IS NOT NULL""");
    return visits
        .repartition(visits.col("visitor"))
        .sortWithinPartitions("visitor", "start", "first_row")
        .mapPartitions(
            (MapPartitionsFunction<Row, Row>) EarlierVisits::new,
            Encoders.row(EarlierVisits.COLUMNS));
  }
}
