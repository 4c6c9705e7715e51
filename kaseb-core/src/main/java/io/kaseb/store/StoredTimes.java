package io.kaseb.store;

import io.kaseb.tune.trial.Trial;
import io.kaseb.tune.trial.TrialState;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/// When trials were at work, by the clock of the machine. A table of its own, made when the first
/// trial begins: files of before have none and are read all the same, and nothing that decides a
/// study looks here.
final class StoredTimes {
  private static final String TABLE =
      "CREATE TABLE IF NOT EXISTS times (trial INTEGER NOT NULL, began INTEGER NOT NULL,"
          + " ended INTEGER)";

  private StoredTimes() {}

  /// Notes that a trial goes to work or leaves it.
  ///
  /// @param before its state in the file so far, null for none
  static void note(Connection connection, Trial trial, @Nullable String before)
      throws SQLException {
    boolean was = TrialState.RUNNING.name().equals(before);
    boolean is = trial.state() == TrialState.RUNNING;
    if (was == is) {
      return;
    }
    try (Statement statement = connection.createStatement()) {
      statement.executeUpdate(TABLE);
    }
    String change =
        is
            ? "INSERT INTO times (began, trial) VALUES (?, ?)"
            : "UPDATE times SET ended = ? WHERE rowid ="
                + " (SELECT max(rowid) FROM times WHERE trial = ?) AND ended IS NULL";
    try (PreparedStatement statement = connection.prepareStatement(change)) {
      statement.setLong(1, System.currentTimeMillis());
      statement.setInt(2, trial.id());
      statement.executeUpdate();
    }
  }

  /// Returns begin and end of each time at work, in milliseconds since 1970, by trial; an end of 0
  /// where none was noted.
  ///
  /// @param ids of the trials, as a JSON list
  static Map<Integer, List<long[]>> read(Connection connection, String ids) throws SQLException {
    Map<Integer, List<long[]>> times = new HashMap<>();
    if (!exists(connection, "times")) {
      return times;
    }
    String query =
        "SELECT trial, began, ended FROM times WHERE trial IN (SELECT value FROM json_each(?))"
            + " ORDER BY rowid";
    try (PreparedStatement statement = connection.prepareStatement(query)) {
      statement.setString(1, ids);
      try (ResultSet rows = statement.executeQuery()) {
        while (rows.next()) {
          times
              .computeIfAbsent(rows.getInt(1), id -> new ArrayList<>())
              .add(new long[] {rows.getLong(2), rows.getLong(3)});
        }
      }
    }
    return times;
  }

  /// Returns whether a file has a table.
  static boolean exists(Connection connection, String table) throws SQLException {
    try (PreparedStatement statement =
        connection.prepareStatement(
            "SELECT 1 FROM sqlite_master WHERE type = 'table' AND name = ?")) {
      statement.setString(1, table);
      try (ResultSet rows = statement.executeQuery()) {
        return rows.next();
      }
    }
  }
}
