package io.kaseb.data;

import io.kaseb.base.Workers;
import io.kaseb.duckdb.Chunk;
import io.kaseb.duckdb.DuckDatabase;
import java.nio.file.Path;
import java.sql.SQLException;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/// Works out what is known of each session's visitor, from the sessions of both parts.
final class VisitorReader {
  private static final List<String> PARTS = List.of("train", "test");

  private VisitorReader() {}

  /// Returns the visitors of the parts `train` and `test`. Where the log has no times, nothing says
  /// what came earlier: then none is known.
  static Map<String, Visitors> read(Path dataset, Manifest manifest, Workers workers) {
    int all =
        ArraySize.of(manifest.train().sessions() + manifest.test().sessions(), "sessions", dataset);
    int train = all - Math.toIntExact(manifest.test().sessions());
    if (manifest.times().equals("none")) {
      return parts(Visitors.unknown(all), train);
    }
    VisitorHistory history = new VisitorHistory(all, !manifest.times().equals("real"));
    try (DuckDatabase database = DuckDatabase.inMemory(workers)) {
      for (String part : PARTS) {
        read(database, dataset.resolve(part), history, part.equals("train") ? 0 : train);
      }
    } catch (SQLException | IndexOutOfBoundsException e) {
      throw Manifest.broken(
          dataset, "a data file is damaged (%s)".formatted(DuckDatabase.whatIsWrong(e)), e);
    }
    return parts(history.visitors(), train);
  }

  private static Map<String, Visitors> parts(Visitors all, int train) {
    Map<String, Visitors> parts = new HashMap<>();
    parts.put("train", all.slice(0, train));
    parts.put("test", all.slice(train, all.count()));
    return parts;
  }

  private static void read(DuckDatabase database, Path part, VisitorHistory history, int first)
      throws SQLException {
    String sessions = file(part, "sessions");
    String buys = file(part, "buys");
    // A session has ended when its last purchase is known too.
    database.read(
        """
        SELECT session, coalesce("user", -1)::INT, start, greatest("end", coalesce(b.time, 0)), bought::INT
        FROM %s LEFT JOIN (SELECT session, max(time) AS time FROM %s GROUP BY session) b USING (session)"""
            .formatted(sessions, buys),
        chunk -> {
          for (int row = 0; row < chunk.rows(); row++) {
            history.session(
                first + chunk.column(0).asInt(row),
                chunk.column(1).asInt(row),
                chunk.column(2).asLong(row),
                chunk.column(3).asLong(row),
                chunk.column(4).asInt(row) > 0);
          }
        });
    String known = "SELECT session FROM %s WHERE \"user\" IS NOT NULL".formatted(sessions);
    items(
        database,
        "SELECT session, item, 0 FROM %s WHERE item IS NOT NULL AND session IN (%s)"
            .formatted(file(part, "events"), known),
        history,
        first);
    items(
        database,
        "SELECT session, item, 1 FROM %s WHERE item IS NOT NULL AND session IN (%s)"
            .formatted(buys, known),
        history,
        first);
  }

  private static void items(DuckDatabase database, String query, VisitorHistory history, int first)
      throws SQLException {
    database.read(
        query,
        chunk -> {
          Chunk.Column sessions = chunk.column(0);
          for (int row = 0; row < chunk.rows(); row++) {
            history.item(
                first + sessions.asInt(row),
                chunk.column(1).asInt(row),
                chunk.column(2).asInt(row) > 0);
          }
        });
  }

  private static String file(Path part, String table) {
    return "read_parquet(%s)".formatted(DuckDatabase.file(part.resolve(table + ".parquet")));
  }
}
