package io.kaseb.duckdb;

import java.sql.SQLException;
import org.duckdb.DuckDBAppender;

/// Appends rows to a table, value by value.
public final class TableWriter implements AutoCloseable {
  private final DuckDBAppender appender;

  TableWriter(DuckDBAppender appender) {
    this.appender = appender;
  }

  /// Begins a row.
  public TableWriter row() throws SQLException {
    appender.beginRow();
    return this;
  }

  /// Appends a BIGINT to the row.
  public TableWriter add(long value) throws SQLException {
    appender.append(value);
    return this;
  }

  /// Appends a DOUBLE to the row.
  public TableWriter add(double value) throws SQLException {
    appender.append(value);
    return this;
  }

  /// Appends a FLOAT to the row.
  public TableWriter addFloat(float value) throws SQLException {
    appender.append(value);
    return this;
  }

  /// Appends a VARCHAR to the row.
  public TableWriter add(String value) throws SQLException {
    appender.append(value);
    return this;
  }

  /// Appends NULL to the row.
  public TableWriter addNull() throws SQLException {
    appender.appendNull();
    return this;
  }

  /// Ends the row.
  public void end() throws SQLException {
    appender.endRow();
  }

  /// Brings the rows so far into the table.
  public void flush() throws SQLException {
    appender.flush();
  }

  @Override
  public void close() throws SQLException {
    appender.close();
  }
}
