package io.kaseb.store;

import io.kaseb.base.KasebException;
import io.kaseb.tune.trial.Goal;
import io.kaseb.tune.trial.Measurement;
import io.kaseb.tune.trial.Trial;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.OptionalLong;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/// Reads of a study's file what has changed, for those who look at it while it runs, and keeps
/// their notes. A finished trial never changes, so that most of a long study is read once.
public final class StudyChanges {
  /// The trial of notes on the whole experiment.
  public static final int WHOLE = -1;

  private final Path file;
  private final Connection connection;

  StudyChanges(Path file, Connection connection) {
    this.file = file;
    this.connection = connection;
  }

  @FunctionalInterface
  private interface Reading<T> {
    T read() throws SQLException;
  }

  private <T> T sql(Reading<T> reading) {
    synchronized (connection) {
      try {
        return reading.read();
      } catch (SQLException e) {
        throw SqliteStore.failed(file, e);
      }
    }
  }

  /// Returns a number that is another one after every change that was made by others.
  public long version() {
    return sql(
        () -> {
          try (Statement statement = connection.createStatement();
              ResultSet row = statement.executeQuery("PRAGMA data_version")) {
            return row.getLong(1);
          }
        });
  }

  /// Returns when how the study stands was last written, in milliseconds since 1970; empty where
  /// the file does not say.
  public OptionalLong standingSince() {
    return sql(
        () -> {
          String text = text("SELECT value FROM study WHERE key = 'standing_since'");
          return text == null || !text.matches("[0-9]{1,18}")
              ? OptionalLong.empty()
              : OptionalLong.of(Long.parseLong(text));
        });
  }

  private @Nullable String text(String query) throws SQLException {
    try (Statement statement = connection.createStatement();
        ResultSet rows = statement.executeQuery(query)) {
      return rows.next() ? rows.getString(1) : null;
    }
  }

  /// What a list of experiments shows of one.
  ///
  /// @param trials all trials
  /// @param imported those of them that were measured elsewhere
  /// @param best the first goal's best value among succeeded trials that keep the constraints; null
  ///   where none has
  public record Counts(int trials, int imported, @Nullable Double best) {}

  /// Returns counts and best value without reading the trials.
  ///
  /// @param goal the study's first
  public Counts counts(Goal goal) {
    String query =
        """
        SELECT count(*), coalesce(sum(source = 'IMPORT'), 0), %s(CASE
          WHEN state = 'SUCCEEDED' AND json_type(outcome, '$.values[0]') IN ('real', 'integer')
            AND NOT EXISTS (SELECT 1 FROM json_each(outcome, '$.constraints')
              WHERE type NOT IN ('real', 'integer') OR value > 0)
          THEN json_extract(outcome, '$.values[0]') END) FROM trials"""
            .formatted(goal.maximize() ? "max" : "min");
    return sql(
        () -> {
          try (Statement statement = connection.createStatement();
              ResultSet row = statement.executeQuery(query)) {
            return new Counts(
                row.getInt(1), row.getInt(2), row.getObject(3) == null ? null : row.getDouble(3));
          }
        });
  }

  /// Returns trials with their last report alone, by ascending id.
  ///
  /// @param goals how many the study has
  /// @param from the first id of which all are read
  /// @param ids those before it that are read as well
  public List<Trial> trials(int goals, int from, Collection<Integer> ids) {
    return sql(() -> StoredTrials.readSome(file, connection, goals, from, ids.toString()));
  }

  /// Returns when trials were at work: begin and end of each time, in milliseconds since 1970, an
  /// end of 0 where none was noted.
  public Map<Integer, List<long[]>> times(Collection<Integer> trials) {
    return sql(() -> StoredTimes.read(connection, trials.toString()));
  }

  /// Returns the reports of some trials.
  ///
  /// @param trials null for all
  public Map<Integer, Curve> curves(@Nullable Collection<Integer> trials) {
    String where = trials == null ? "" : " WHERE trial IN (SELECT value FROM json_each(?))";
    // One row for each trial: a row for each of a million reports would take ten times as long.
    String query =
        "SELECT trial, group_concat(step, ' ' ORDER BY step), group_concat(goals, ' ' ORDER BY step)"
            + " FROM reports"
            + where
            + " GROUP BY trial";
    return sql(
        () -> {
          try (PreparedStatement statement = connection.prepareStatement(query)) {
            if (trials != null) {
              statement.setString(1, trials.toString());
            }
            try (ResultSet rows = statement.executeQuery()) {
              return curves(rows);
            }
          }
        });
  }

  private Map<Integer, Curve> curves(ResultSet rows) throws SQLException {
    Map<Integer, Curve> curves = new HashMap<>();
    while (rows.next()) {
      String[] steps = String.valueOf(rows.getString(2)).split(" ");
      String[] goals = String.valueOf(rows.getString(3)).split(" ");
      int trial = rows.getInt(1);
      int[] at = new int[steps.length];
      float[] values = new float[steps.length];
      try {
        if (goals.length != steps.length) {
          throw new NumberFormatException("blanks");
        }
        for (int i = 0; i < at.length; i++) {
          at[i] = Integer.parseInt(steps[i]);
          values[i] = first(goals[i]);
        }
      } catch (NumberFormatException e) {
        throw new KasebException(
            new KasebException.Problem(
                file + ": reports rows of trial " + trial,
                "must each have a whole number as step and a list of numbers as goals",
                null,
                "the file was changed by another program: put back what stood there"),
            e);
      }
      curves.put(trial, new Curve(at, values));
    }
    return curves;
  }

  /// Returns the first number of a list in JSON, without making a tree of it.
  private static float first(String list) {
    int end = list.indexOf(',') < 0 ? list.indexOf(']') : list.indexOf(',');
    if (!list.startsWith("[") || end < 1) {
      throw new NumberFormatException(list);
    }
    return (float) Double.parseDouble(list.substring(1, end));
  }

  /// Returns all reports of one trial, by ascending step.
  ///
  /// @param goals how many the study has
  public List<Measurement> reports(int trial, int goals) {
    return sql(() -> StoredTrials.readReports(file, connection, goals, trial));
  }

  /// Returns the notes by trial, those on the whole experiment under [#WHOLE].
  public Map<Integer, String> notes() {
    return sql(
        () -> {
          Map<Integer, String> notes = new TreeMap<>();
          if (StoredTimes.exists(connection, "notes")) {
            try (Statement statement = connection.createStatement();
                ResultSet rows = statement.executeQuery("SELECT trial, text FROM notes")) {
              while (rows.next()) {
                notes.put(rows.getInt(1), rows.getString(2));
              }
            }
          }
          return notes;
        });
  }

  /// Writes a note in place of the one that was there; an empty one takes it away. The notes have a
  /// table of their own, made with the first one: files of before have none.
  ///
  /// @param trial a trial's id, or [#WHOLE]
  public void note(int trial, String text) {
    sql(
        () -> {
          try (Statement statement = connection.createStatement()) {
            statement.executeUpdate(
                "CREATE TABLE IF NOT EXISTS notes (trial INTEGER PRIMARY KEY, text TEXT NOT NULL)");
          }
          String change =
              text.isEmpty()
                  ? "DELETE FROM notes WHERE trial = ?1 AND ?2 = ''"
                  : "INSERT OR REPLACE INTO notes VALUES (?1, ?2)";
          try (PreparedStatement statement = connection.prepareStatement(change)) {
            statement.setInt(1, trial);
            statement.setString(2, text);
            return statement.executeUpdate();
          }
        });
  }
}
