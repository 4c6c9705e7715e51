package io.kaseb.data;

import io.kaseb.base.Workers;
import io.kaseb.duckdb.Chunk;
import io.kaseb.duckdb.DuckDatabase;
import io.kaseb.event.Actions;
import io.kaseb.model.Sessions;
import java.nio.file.Path;
import java.sql.SQLException;
import java.util.List;
import java.util.stream.IntStream;

/// Reads [LabelledSessions] out of a dataset folder into flat arrays.
final class LabelledSessionReader {
  private LabelledSessionReader() {}

  /// Reads what a dataset folder's sessions have besides their clicks.
  ///
  /// @param part `train` or `test`
  /// @param sessions the clicks of that part
  /// @param visitors what is known of its visitors
  static LabelledSessions read(
      Path dataset,
      Manifest manifest,
      String part,
      Sessions sessions,
      Visitors visitors,
      Workers workers) {
    try (DuckDatabase database = DuckDatabase.inMemory(workers)) {
      return read(database, dataset.resolve(part), manifest, sessions, visitors);
    } catch (SQLException | IndexOutOfBoundsException | IllegalArgumentException e) {
      throw Manifest.broken(
          dataset, "a data file is damaged (%s)".formatted(DuckDatabase.whatIsWrong(e)), e);
    }
  }

  private static LabelledSessions read(
      DuckDatabase database, Path place, Manifest manifest, Sessions clicks, Visitors visitors)
      throws SQLException {
    Manifest.Part counts = place.endsWith("train") ? manifest.train() : manifest.test();
    String events =
        "read_parquet(%s)".formatted(DuckDatabase.file(place.resolve("events.parquet")));
    boolean clicksOnly = manifest.actions().isEmpty();
    Sessions sessions = clicksOnly ? clicks : events(database, place, manifest, clicks.count());
    Actions actions = manifest.actionNames();
    Signals signals =
        new Signals(
            actions,
            clicksOnly
                ? new byte[0]
                : ActionColumn.read(
                    database, actions, sessions.events(), "SELECT action FROM " + events),
            AttributeReader.read(database, place, manifest),
            visitors);
    List<String> names =
        database.texts(
            "SELECT category FROM %s WHERE category IS NOT NULL GROUP BY category ORDER BY count(*) DESC, category"
                .formatted(events));
    int[] categories = categories(database, place, sessions.events());
    Purchases purchases =
        purchases(
            database,
            place.resolve("buys.parquet"),
            sessions.count(),
            counts,
            manifest.formatVersion() > 1);
    int[] same = IntStream.range(0, manifest.items()).toArray();
    return new LabelledSessions(
        sessions, signals, categories, names, purchases, manifest.times().equals("real"), same);
  }

  /// Reads the events of any action.
  private static Sessions events(DuckDatabase database, Path place, Manifest manifest, int sessions)
      throws SQLException {
    boolean timed = !manifest.times().equals("none");
    boolean isTrain = place.endsWith("train");
    long events = manifest.actions().stream().mapToLong(a -> isTrain ? a.train() : a.test()).sum();
    return SessionColumns.read(
        database,
        sessions,
        ArraySize.of(events, "events", place),
        timed,
        "SELECT events FROM read_parquet(%s)"
            .formatted(DuckDatabase.file(place.resolve("sessions.parquet"))),
        "SELECT coalesce(item, %d)::INT%s FROM read_parquet(%s)"
            .formatted(
                LabelledSessions.NO_ITEM,
                timed ? ", time" : "",
                DuckDatabase.file(place.resolve("events.parquet"))));
  }

  private static int[] categories(DuckDatabase database, Path place, int n) throws SQLException {
    String file = DuckDatabase.file(place.resolve("events.parquet"));
    int[] categories = new int[n];
    int[] at = {0};
    database.read(
        """
        WITH names AS (SELECT category, (row_number() OVER (ORDER BY count(*) DESC, category) - 1)::INT AS number
          FROM read_parquet(%1$s) WHERE category IS NOT NULL GROUP BY category),
        events AS (SELECT category, filename, file_row_number AS row
          FROM read_parquet(%1$s, filename = true, file_row_number = true))
        SELECT coalesce(number, -1)::INT FROM events LEFT JOIN names USING (category)
        ORDER BY filename, row"""
            .formatted(file),
        chunk -> {
          Chunk.Column numbers = chunk.column(0);
          for (int row = 0; row < chunk.rows(); row++) {
            categories[at[0]++] = numbers.asInt(row);
          }
        });
    return categories;
  }

  private static Purchases purchases(
      DuckDatabase database, Path file, int sessions, Manifest.Part counts, boolean placed)
      throws SQLException {
    int n = ArraySize.of(counts.purchases(), "purchases", file);
    int[] perSession = new int[sessions + 1];
    int[] items = new int[n];
    int[] keys = new int[n];
    long[] times = new long[n];
    float[] prices = new float[n];
    int[] places = new int[placed ? n : 0];
    int[] at = {0};
    database.read(
        """
        SELECT session, coalesce(item, %d)::INT, dense_rank() OVER (ORDER BY item_id)::INT,
          coalesce(time, %d)::BIGINT, coalesce(price, 0)::DOUBLE%s
        FROM read_parquet(%s, filename = true, file_row_number = true)
        ORDER BY filename, file_row_number"""
            .formatted(
                Sessions.UNKNOWN,
                Purchases.NO_TIME,
                placed ? ", before" : "",
                DuckDatabase.file(file)),
        chunk -> {
          Chunk.Column session = chunk.column(0);
          for (int row = 0; row < chunk.rows(); row++) {
            int to = at[0]++;
            perSession[session.asInt(row) + 1]++;
            items[to] = chunk.column(1).asInt(row);
            keys[to] = chunk.column(2).asInt(row);
            times[to] = chunk.column(3).asLong(row);
            prices[to] = (float) chunk.column(4).asDouble(row);
            if (placed) {
              places[to] = chunk.column(5).asInt(row);
            }
          }
        });
    for (int s = 0; s < sessions; s++) {
      perSession[s + 1] += perSession[s];
    }
    return new Purchases(perSession, items, keys, times, prices, places);
  }
}
