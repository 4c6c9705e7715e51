package io.kaseb.simulate;

import java.io.IOException;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.sql.Statement;
import org.duckdb.DuckDBAppender;
import org.duckdb.DuckDBConnection;

/// Collects the true purchase probabilities and writes them as Parquet files: of sessions,
/// `session` (BIGINT), `probability` (DOUBLE); of items, `session`, `item` (BIGINT), `probability`
/// (DOUBLE) that the session bought the item, given that it bought.
final class SimulatedTruth implements AutoCloseable {
  private final DuckDBConnection database;
  private final DuckDBAppender rows;
  private final DuckDBAppender items;

  SimulatedTruth() throws IOException {
    try {
      // One thread: the order of the rows, and so the file's bytes, must not depend on the machine.
      Connection connection = DriverManager.getConnection("jdbc:duckdb:");
      database = connection.unwrap(DuckDBConnection.class);
      try (Statement statement = database.createStatement()) {
        statement.execute("SET threads = 1");
        statement.execute("CREATE TABLE truth (session BIGINT, probability DOUBLE)");
        statement.execute("CREATE TABLE items (session BIGINT, item BIGINT, probability DOUBLE)");
      }
      rows = database.createAppender("truth");
      items = database.createAppender("items");
    } catch (SQLException e) {
      throw new IOException("cannot collect the true probabilities", e);
    }
  }

  /// Adds the sessions of a chunk.
  void add(Simulation.Chunk chunk) throws IOException {
    try {
      for (int s = 0; s < chunk.truth().length; s++) {
        rows.beginRow();
        rows.append(chunk.first() + s + 1);
        rows.append(chunk.truth()[s]);
        rows.endRow();
      }
      Simulation.Chances chances = chunk.chances();
      for (int i = 0; i < chances.size; i++) {
        items.beginRow();
        items.append(chances.sessions[i]);
        items.append((long) chances.items[i]);
        items.append(chances.values[i]);
        items.endRow();
      }
    } catch (SQLException e) {
      throw new IOException("cannot collect the true probabilities", e);
    }
  }

  /// Writes the sessions added so far.
  void writeSessions(Path file) throws IOException {
    write(rows, "truth", file);
  }

  /// Writes the items added so far.
  void writeItems(Path file) throws IOException {
    write(items, "items", file);
  }

  private void write(DuckDBAppender appender, String table, Path file) throws IOException {
    String path = file.toString().replace("'", "''");
    try (Statement statement = database.createStatement()) {
      appender.flush();
      statement.execute(
          "COPY %s TO '%s' (FORMAT parquet, COMPRESSION zstd)".formatted(table, path));
    } catch (SQLException e) {
      throw new IOException(file + ": cannot write the true probabilities", e);
    }
  }

  @Override
  public void close() throws IOException {
    try (DuckDBConnection closing = database) {
      rows.close();
      items.close();
    } catch (SQLException e) {
      throw new IOException("cannot close the tables of true probabilities", e);
    }
  }
}
