package io.kaseb.duckdb;

import java.sql.SQLException;
import org.duckdb.DuckDBDataChunkReader;
import org.duckdb.DuckDBReadableVector;

/// The next rows of a result, column by column; valid only while they are shown.
public final class Chunk {
  private final DuckDBDataChunkReader chunk;

  Chunk(DuckDBDataChunkReader chunk) {
    this.chunk = chunk;
  }

  /// Returns how many rows these are.
  public int rows() {
    return (int) chunk.rowCount();
  }

  /// Returns a column by its place from 0.
  public Column column(int place) throws SQLException {
    return new Column(chunk.vector(place));
  }

  /// One column of a chunk; a value is asked for as what the query says that it is.
  public static final class Column {
    private final DuckDBReadableVector vector;

    private Column(DuckDBReadableVector vector) {
      this.vector = vector;
    }

    /// Returns an INT.
    public int asInt(int row) {
      return vector.getInt(row);
    }

    /// Returns a BIGINT.
    public long asLong(int row) {
      return vector.getLong(row);
    }

    /// Returns a DOUBLE.
    public double asDouble(int row) {
      return vector.getDouble(row);
    }

    /// Returns a VARCHAR.
    public String asText(int row) {
      return vector.getString(row);
    }
  }
}
