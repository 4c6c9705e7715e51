package io.kaseb.data;

import io.kaseb.duckdb.Chunk;
import io.kaseb.duckdb.DuckDatabase;
import io.kaseb.model.Sessions;
import java.sql.SQLException;

/// Reads sessions out of DuckDB into flat arrays, without an object for each value.
public final class SessionColumns {
  private final int[] offsets;
  private final int[] items;
  private final long[] times;
  private final boolean timed;
  private int session;
  private int event;

  private SessionColumns(int sessions, int events, boolean timed) {
    this.offsets = new int[sessions + 1];
    this.items = new int[events];
    this.times = timed ? new long[events] : new long[0];
    this.timed = timed;
  }

  /// Reads sessions.
  ///
  /// @param lengths query of one INT column: the number of events of each session, in order
  /// @param events query of the columns `item INT` and, where `timed`, `time BIGINT`, in the order
  ///   of sessions and of events in them
  public static Sessions read(
      DuckDatabase database,
      int sessions,
      int events,
      boolean timed,
      String lengths,
      String eventRows)
      throws SQLException {
    SessionColumns columns = new SessionColumns(sessions, events, timed);
    database.read(lengths, chunk -> columns.lengths(chunk.column(0), chunk.rows()));
    database.read(
        eventRows,
        chunk -> {
          int rows = chunk.rows();
          if (timed) {
            columns.times(chunk.column(1), rows);
          }
          columns.items(chunk.column(0), rows);
        });
    return new Sessions(columns.offsets, columns.items, columns.timed ? columns.times : null);
  }

  private void lengths(Chunk.Column column, int rows) {
    for (int row = 0; row < rows; row++) {
      offsets[session + 1] = offsets[session] + column.asInt(row);
      session++;
    }
  }

  private void items(Chunk.Column column, int rows) {
    for (int row = 0; row < rows; row++) {
      items[event++] = column.asInt(row);
    }
  }

  private void times(Chunk.Column column, int rows) {
    for (int row = 0; row < rows; row++) {
      times[event + row] = column.asLong(row);
    }
  }
}
