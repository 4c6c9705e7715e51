package io.kaseb.data;

import java.io.IOException;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.sql.Statement;
import org.duckdb.DuckDBAppender;
import org.duckdb.DuckDBConnection;

/// Collects the true purchase probabilities and writes them as a Parquet file: `session` (BIGINT),
/// `probability` (DOUBLE).
final class SimulatedTruth implements AutoCloseable {
  private final DuckDBConnection database;
  private final DuckDBAppender rows;

  SimulatedTruth() throws IOException {
    try {
      // One thread: the order of the rows, and so the file's bytes, must not depend on the machine.
      Connection connection = DriverManager.getConnection("jdbc:duckdb:");
      database = connection.unwrap(DuckDBConnection.class);
      try (Statement statement = database.createStatement()) {
        statement.execute("SET threads = 1");
        statement.execute("CREATE TABLE truth (session BIGINT, probability DOUBLE)");
      }
      rows = database.createAppender("truth");
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
    } catch (SQLException e) {
      throw new IOException("cannot collect the true probabilities", e);
    }
  }

  /// Writes everything added so far.
  void writeTo(Path file) throws IOException {
    String path = file.toString().replace("'", "''");
    try (Statement statement = database.createStatement()) {
      rows.flush();
      statement.execute("COPY truth TO '" + path + "' (FORMAT parquet, COMPRESSION zstd)");
    } catch (SQLException e) {
      throw new IOException(file + ": cannot write the true probabilities", e);
    }
  }

  @Override
  public void close() throws IOException {
    try (DuckDBConnection closing = database) {
      rows.close();
    } catch (SQLException e) {
      throw new IOException("cannot close the table of true probabilities", e);
    }
  }
}
