package io.kaseb.data;

import io.kaseb.duckdb.Chunk;
import io.kaseb.duckdb.DuckDatabase;
import io.kaseb.event.Actions;
import java.sql.SQLException;
import java.util.stream.Collectors;

/// Reads events' actions out of DuckDB.
public final class ActionColumn {
  private ActionColumn() {}

  /// Reads actions by their words.
  ///
  /// @param names the words with their numbers
  /// @param n how many events there are
  /// @param words query of the column `action`, in the order of events
  public static byte[] read(DuckDatabase database, Actions names, int n, String words)
      throws SQLException {
    byte[] actions = new byte[n];
    int[] at = {0};
    database.read(
        "SELECT (list_position([%s], action) - 1)::INT FROM (%s)"
            .formatted(
                names.words().stream().map(DuckDatabase::text).collect(Collectors.joining(", ")),
                words),
        chunk -> {
          Chunk.Column numbers = chunk.column(0);
          for (int row = 0; row < chunk.rows(); row++) {
            actions[at[0]++] = (byte) numbers.asInt(row);
          }
        });
    return actions;
  }
}
