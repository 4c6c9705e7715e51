package io.kaseb.data;

import io.kaseb.base.KasebException;
import io.kaseb.base.Workers;
import io.kaseb.duckdb.DuckDatabase;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.SQLException;
import java.util.Arrays;

/// The true purchase probabilities of a dataset's test sessions, where a simulator made the log:
/// the ceiling of every forecast.
///
/// @param sessions that each test session buys, its clicks known
/// @param items that each clicked item of a session is bought, given that the session buys; session
///   after session, a session's distinct items in order of their first click
public record TrueChances(double[] sessions, double[] items) {
  /// The file of the sessions' probabilities.
  public static final String SESSIONS = "truth.parquet";

  /// The file of the items' probabilities.
  public static final String ITEMS = "truth-items.parquet";

  /// Reads the probabilities that `kaseb simulate` wrote, for the sessions of a dataset's test
  /// part.
  ///
  /// @param simulated the folder that holds [#SESSIONS] and [#ITEMS]
  /// @param dataset the dataset's folder
  public static TrueChances read(Path simulated, Path dataset, Workers workers) {
    for (String name : new String[] {SESSIONS, ITEMS}) {
      if (!Files.isReadable(simulated.resolve(name))) {
        throw new KasebException(
            new KasebException.Problem(
                simulated.toString(),
                "has no " + name,
                null,
                "name the folder of the simulated log"));
      }
    }
    Path test = dataset.resolve("test");
    try (DuckDatabase database = DuckDatabase.inMemory(workers)) {
      double[] sessions =
          column(
              database,
              """
              SELECT coalesce(t.probability, -1)::DOUBLE
              FROM read_parquet(%s) s LEFT JOIN read_parquet(%s) t ON t.session::VARCHAR = s.id::VARCHAR
              ORDER BY s.session"""
                  .formatted(
                      DuckDatabase.file(test.resolve("sessions.parquet")),
                      DuckDatabase.file(simulated.resolve(SESSIONS))));
      double[] items =
          column(
              database,
              """
              WITH clicked AS (
                SELECT session, item, min((filename, file_row_number)) AS first
                FROM read_parquet(%s, filename = true, file_row_number = true)
                GROUP BY session, item),
              names AS (SELECT id, row_number() OVER (ORDER BY filename, file_row_number) - 1 AS item
                FROM read_parquet(%s, filename = true, file_row_number = true))
              SELECT coalesce(t.probability, -1)::DOUBLE
              FROM clicked c JOIN read_parquet(%s) s ON s.session = c.session
                JOIN names n ON n.item = c.item
                LEFT JOIN read_parquet(%s) t
                  ON t.session::VARCHAR = s.id::VARCHAR AND t.item::VARCHAR = n.id::VARCHAR
              ORDER BY c.session, c.first"""
                  .formatted(
                      DuckDatabase.file(test.resolve("events.parquet")),
                      DuckDatabase.file(dataset.resolve("items.parquet")),
                      DuckDatabase.file(test.resolve("sessions.parquet")),
                      DuckDatabase.file(simulated.resolve(ITEMS))));
      if (Arrays.stream(sessions).anyMatch(p -> p < 0)
          || Arrays.stream(items).anyMatch(p -> p < 0)) {
        throw new KasebException(
            new KasebException.Problem(
                simulated.toString(),
                "does not know all test sessions of " + dataset,
                null,
                "prepare the dataset from this folder's yoochoose-test.dat or events.csv"));
      }
      return new TrueChances(sessions, items);
    } catch (SQLException e) {
      throw new KasebException(simulated + ": cannot be read: " + DuckDatabase.whatIsWrong(e), e);
    }
  }

  private static double[] column(DuckDatabase database, String sql) throws SQLException {
    double[][] values = {new double[1024]};
    int[] size = {0};
    database.read(
        sql,
        chunk -> {
          for (int row = 0; row < chunk.rows(); row++) {
            if (size[0] == values[0].length) {
              values[0] = Arrays.copyOf(values[0], 2 * size[0]);
            }
            values[0][size[0]++] = chunk.column(0).asDouble(row);
          }
        });
    return Arrays.copyOf(values[0], size[0]);
  }
}
