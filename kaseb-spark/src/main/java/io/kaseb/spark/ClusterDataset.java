package io.kaseb.spark;

import io.kaseb.base.KasebException;
import io.kaseb.data.Manifest;
import io.kaseb.event.Actions;
import io.kaseb.logfile.Part;
import java.io.IOException;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import org.apache.spark.api.java.JavaSparkContext;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.SparkSession;

/// Writes a cluster's tables as a dataset folder: the tables that `kaseb prepare` writes, row by
/// row, each as a folder of Parquet files in order.
final class ClusterDataset {
  private static final List<Part> PARTS = List.of(Part.TRAIN, Part.TEST);

  /// Items of a table that nobody touched, behind all others.
  private static final String LISTED =
      """
       UNION ALL SELECT 1, item, CAST(0 AS BIGINT), CAST(NULL AS STRING), NULL, NULL, NULL, NULL, NULL,
        min(row)
      FROM raw LEFT ANTI JOIN (SELECT DISTINCT item AS touched FROM all_events) ON item = touched
      WHERE part = %d GROUP BY item"""
          .formatted(Part.ITEMS.number());

  private final SparkSession spark;
  private final SharedFiles files;
  private final ClusterTables tables;
  private final boolean hasOthers;
  private final boolean hasItems;
  private final String name;
  private final ClusterAttributes attributes;
  private final List<String> written = new ArrayList<>();

  /// Creates the writer.
  ///
  /// @param hasOthers whether there are events that are no clicks
  /// @param hasItems whether there is an item table
  /// @param name the SQL of a session's name
  /// @param attributes what else is known
  ClusterDataset(
      SparkSession spark,
      SharedFiles files,
      ClusterTables tables,
      boolean hasOthers,
      boolean hasItems,
      String name,
      ClusterAttributes attributes) {
    this.spark = spark;
    this.files = files;
    this.tables = tables;
    this.hasOthers = hasOthers;
    this.hasItems = hasItems;
    this.name = name;
    this.attributes = attributes;
  }

  /// Writes every data file; returns them in order.
  ///
  /// @param folder place of an existing folder, to be filled
  List<Manifest.Source> write(String folder) throws IOException {
    gather();
    number();
    labelPurchases();
    attributes.gather();
    table(
        folder,
        "items.parquet",
        """
        SELECT CAST(f.number AS INT) AS item, f.item AS id, f.train_events, f.category%s
        FROM final_items f%s ORDER BY f.number"""
            .formatted(attributes.itemColumns(), attributes.itemJoin()));
    for (Part part : PARTS) {
      files.makeFolder(folder + "/" + part.folder());
      String of = part.folder() + "/";
      table(folder, of + "events.parquet", events(part));
      table(folder, of + "sessions.parquet", sessions(part));
      table(
          folder,
          of + "buys.parquet",
          """
          SELECT CAST(number AS INT) AS session, CAST(item AS INT) AS item, item_id, time, price, quantity, clicked, before
          FROM final_buys WHERE part = %d ORDER BY number, time NULLS LAST, row"""
              .formatted(part.number()));
    }
    SharedFiles there = files;
    return JavaSparkContext.fromSparkContext(spark.sparkContext())
        .parallelize(written, written.size())
        .map(file -> source(there, folder, file))
        .collect()
        .stream()
        .map(found -> new Manifest.Source(found.name(), found.bytes(), found.sha256()))
        .toList();
  }

  /// A file as a task says it.
  record Hashed(String name, long bytes, String sha256) implements java.io.Serializable {}

  /// Reads a file to its end for its hash.
  static Hashed source(SharedFiles files, String folder, String name) throws IOException {
    String file = folder + "/" + name;
    return new Hashed(name, files.size(file), files.sha256(file));
  }

  private void gather() throws IOException {
    String clicks =
        "SELECT part, session, item, time, row, category, price, 'view' AS action, true AS is_click FROM events";
    tables.save(
        "all_events",
        hasOthers
            ? clicks
                + """
                 UNION ALL SELECT e.part, o.session, o.item, o.time, o.row, o.category, o.price, o.action, false
                FROM others o JOIN (SELECT DISTINCT part, session FROM events) e ON o.session = e.session"""
            : clicks);
  }

  private void number() throws IOException {
    tables.saveNumbered(
        "final_items",
        """
        SELECT item, train_events, category FROM (
          SELECT 0 AS k0, item, count(*) FILTER (WHERE part = 0 AND is_click) AS train_events,
            max_by(category, row) FILTER (WHERE category IS NOT NULL) AS category,
            min(part) FILTER (WHERE is_click) AS k1,
            min(row) FILTER (WHERE part = 0 AND is_click) AS k2,
            min(row) FILTER (WHERE is_click) AS k3, min(part) AS k4,
            min(row) FILTER (WHERE part = 0) AS k5, min(row) AS k6
          FROM all_events WHERE item IS NOT NULL GROUP BY item%s)
        ORDER BY k0, k1 NULLS LAST, k2 NULLS LAST, k3 NULLS LAST, k4, k5 NULLS LAST, k6"""
            .formatted(hasItems ? LISTED : ""),
        "number");
    for (Part part : PARTS) {
      tables.saveNumbered(
          "numbers_" + part.folder(),
          """
          SELECT part, session FROM (SELECT part, session, min(time) AS first, min(row) AS row
            FROM events WHERE part = %d GROUP BY part, session)
          ORDER BY first NULLS LAST, row"""
              .formatted(part.number()),
          "number");
    }
    refuseTooMany(tables.count("final_items"), "items");
    for (Part part : PARTS) {
      refuseTooMany(tables.count("numbers_" + part.folder()), "sessions of " + part.folder());
    }
    tables.save(
        "final_sessions",
        """
        SELECT s.part, s.session, s.number, a.first, a.last, a.events, a.clicks
        FROM (SELECT * FROM numbers_train UNION ALL SELECT * FROM numbers_test) s JOIN (
          SELECT session, min(time) AS first, max(time) AS last, count(*) AS events,
            count(*) FILTER (WHERE is_click) AS clicks
          FROM all_events GROUP BY session) a ON a.session = s.session""");
    refuseTooMany(
        tables.numbers("SELECT max(events) FROM final_sessions")[0], "events in one session");
  }

  /// A dataset's numbers are INT, as whoever trains on it has them.
  ///
  /// @param what is counted, such as `items`
  static void refuseTooMany(long count, String what) {
    if (count > Integer.MAX_VALUE) {
      throw new KasebException(
          new KasebException.Problem(
              null,
              "%,d %s are left, and a dataset numbers %,d at most"
                  .formatted(count, what, Integer.MAX_VALUE),
              null,
              "prepare the log in parts of fewer days"));
    }
  }

  private void labelPurchases() throws IOException {
    tables.save(
        "places",
        """
        SELECT row, before FROM (
          SELECT row, is_buy, CAST(sum(CASE WHEN is_buy THEN 0 ELSE 1 END) OVER (PARTITION BY session
            ORDER BY time NULLS LAST, tie, row ROWS UNBOUNDED PRECEDING) AS INT) AS before
          FROM (SELECT session, time, row, true AS is_buy,
              CASE WHEN logged THEN 0 WHEN time IS NULL THEN 1 ELSE -1 END AS tie FROM buys
            UNION ALL SELECT session, time, row, false, 0 FROM all_events
              LEFT SEMI JOIN (SELECT DISTINCT session AS buying FROM buys) ON session = buying))
        WHERE is_buy""");
    tables.save(
        "final_buys",
        """
        SELECT s.part, s.number, i.number AS item, b.item_id, b.time, b.price, b.quantity, b.row,
          c.session IS NOT NULL AS clicked, p.before
        FROM buys b JOIN final_sessions s ON s.session = b.session JOIN places p ON p.row = b.row
          LEFT JOIN (SELECT DISTINCT e.session, e.item FROM all_events e
            LEFT SEMI JOIN buys b ON e.session = b.session AND e.item = b.item_id
            WHERE e.is_click) c ON c.session = b.session AND c.item = b.item_id
          LEFT JOIN final_items i ON i.item = b.item_id""");
  }

  private String events(Part part) {
    return """
    SELECT CAST(s.number AS INT) AS session, CAST(i.number AS INT) AS item, e.time, e.category, e.price%s
    FROM all_events e JOIN final_sessions s ON s.session = e.session
      LEFT JOIN final_items i ON i.item = e.item
    WHERE e.part = %d ORDER BY s.number, e.time NULLS LAST, e.row"""
        .formatted((hasOthers ? ", e.action" : "") + attributes.eventColumns(), part.number());
  }

  private String sessions(Part part) {
    return """
    SELECT CAST(number AS INT) AS session, %2$s AS id, first AS start, last AS end, CAST(events AS INT) AS events,
      b.buying IS NOT NULL AS bought%3$s
    FROM final_sessions LEFT JOIN (SELECT DISTINCT number AS buying FROM final_buys WHERE part = %1$d) b
      ON number = b.buying%4$s
    WHERE part = %1$d ORDER BY number"""
        .formatted(
            part.number(),
            name,
            (hasOthers ? ", CAST(clicks AS INT) AS clicks" : "") + attributes.sessionColumns(),
            attributes.sessionJoin());
  }

  /// Writes a table in order and gives its files plain names.
  private void table(String folder, String table, String sql) throws IOException {
    String place = folder + "/" + table;
    tables.query(sql).write().option("compression", "zstd").parquet(SharedFiles.uri(place));
    int number = 0;
    for (String file : files.list(place)) {
      if (file.matches("part-.*\\.parquet")) {
        String plain = "part-%06d.parquet".formatted(number++);
        files.move(place + "/" + file, place + "/" + plain);
        written.add(table + "/" + plain);
      } else {
        files.delete(place + "/" + file);
      }
    }
  }

  /// Returns the counts of a part.
  Manifest.Part part(Part part) {
    long[] counts =
        tables.numbers(
            """
            SELECT (SELECT count(*) FROM final_sessions WHERE part = %1$d),
              (SELECT count(*) FROM all_events WHERE part = %1$d AND is_click),
              (SELECT count(DISTINCT item) FROM all_events WHERE part = %1$d AND is_click),
              (SELECT count(DISTINCT number) FROM final_buys WHERE part = %1$d),
              (SELECT count(*) FROM final_buys WHERE part = %1$d),
              (SELECT count(*) FROM final_buys WHERE part = %1$d AND clicked)"""
                .formatted(part.number()));
    return new Manifest.Part(counts[0], counts[1], counts[2], counts[3], counts[4], counts[5]);
  }

  /// Returns how many items there are, and how many of them train has.
  long[] items() {
    return tables.numbers(
        "SELECT count(*), count(*) FILTER (WHERE train_events > 0) FROM final_items");
  }

  /// Returns the actions of the events with their counts; none where all are clicks.
  List<Manifest.Action> actions() {
    if (!hasOthers) {
      return List.of();
    }
    List<Manifest.Action> counts = new ArrayList<>();
    for (Row row :
        tables
            .query(
                """
                SELECT action, count(*) FILTER (WHERE part = 0), count(*) FILTER (WHERE part = 1)
                FROM all_events GROUP BY action""")
            .collectAsList()) {
      counts.add(new Manifest.Action(row.getString(0), row.getLong(1), row.getLong(2)));
    }
    Actions names = Actions.of(counts.stream().map(Manifest.Action::word).toList());
    counts.sort(Comparator.comparingInt(action -> names.number(action.word())));
    return counts;
  }
}
