package io.kaseb.simulate;

import io.kaseb.base.Workers;
import io.kaseb.duckdb.DuckDatabase;
import io.kaseb.duckdb.TableWriter;
import java.io.IOException;
import java.nio.file.Path;
import java.sql.SQLException;

/// Collects the true purchase probabilities and writes them as Parquet files: of sessions,
/// `session` (BIGINT), `probability` (DOUBLE); of items, `session`, `item` (BIGINT), `probability`
/// (DOUBLE) that the session bought the item, given that it bought.
final class SimulatedTruth implements AutoCloseable {
  private final DuckDatabase database;
  private final TableWriter rows;
  private final TableWriter items;

  SimulatedTruth() throws IOException {
    try {
      // One thread: the order of the rows, and so the file's bytes, must not depend on the machine.
      database = DuckDatabase.inMemory(Workers.ONE);
      database.run("simulating", "CREATE TABLE truth (session BIGINT, probability DOUBLE)");
      database.run(
          "simulating", "CREATE TABLE items (session BIGINT, item BIGINT, probability DOUBLE)");
      rows = database.append("truth");
      items = database.append("items");
    } catch (SQLException e) {
      throw new IOException("cannot collect the true probabilities", e);
    }
  }

  /// Adds sessions.
  ///
  /// @param first sessions before these; their ids start one above
  void add(long first, double[] truth, Simulation.Chances chances) throws IOException {
    try {
      for (int s = 0; s < truth.length; s++) {
        rows.row().add(first + s + 1).add(truth[s]).end();
      }
      for (int i = 0; i < chances.size; i++) {
        items
            .row()
            .add(chances.sessions[i])
            .add((long) chances.items[i])
            .add(chances.values[i])
            .end();
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

  private void write(TableWriter writer, String table, Path file) throws IOException {
    try {
      writer.flush();
      database.run(
          "writing",
          "COPY %s TO %s (FORMAT parquet, COMPRESSION zstd)"
              .formatted(table, DuckDatabase.text(file)));
    } catch (SQLException e) {
      throw new IOException(file + ": cannot write the true probabilities", e);
    }
  }

  @Override
  public void close() throws IOException {
    try (DuckDatabase closing = database) {
      rows.close();
      items.close();
    } catch (SQLException e) {
      throw new IOException("cannot close the tables of true probabilities", e);
    }
  }
}
