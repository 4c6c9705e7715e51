package io.kaseb.search;

import static org.assertj.core.api.Assertions.assertThat;

import io.kaseb.base.KasebException;
import io.kaseb.store.Experiment;
import io.kaseb.store.StudyChanges;
import io.kaseb.trial.Reading;
import io.kaseb.watch.Watched;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.ResultSet;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// Experiments whose tables hold what no study writes, in each column in turn: every way to read
/// one gives an answer, or one short error that names the file.
class CraftedExperimentTest {
  private static final List<String> VALUES =
      List.of(
          "NULL",
          "''",
          "'x'",
          "-7",
          "9223372036854775807",
          "1.5",
          "1e999",
          "x'00ff1b'",
          "'{}'",
          "'[]'",
          "'[null]'",
          "'{\"b\":[{\"c\":null}]}'",
          "char(27) || '[31m' || char(10)",
          "replace(hex(zeroblob(200000)), '0', char(27))",
          "replace(hex(zeroblob(2000)), '0', '[')");

  private static final List<String> TABLES =
      List.of("study", "trials", "reports", "requests", "times", "notes");

  private static final Path STUDY = Path.of("src/test/resources/formats/v1/experiment.db");

  @TempDir private Path folder;

  private interface Reading {
    void read(Path experiment) throws Exception;
  }

  private static final Map<String, Reading> READINGS =
      Map.of(
          "listing", experiment -> Experiments.listing(experiment.getParent()),
          "trials", Experiments::trials,
          "running", Experiments::running,
          "top", Experiments::top,
          "page", Experiments::page,
          "export", e -> Experiments.export(e, e.resolve("out.csv"), true),
          "store", CraftedExperimentTest::readAll,
          "watched", CraftedExperimentTest::watch);

  private static void watch(Path folder) throws Exception {
    try (Watched watched = Watched.open(folder)) {
      watched.refresh();
      assertThat(watched.news("", true).json()).isNotEmpty();
      assertThat(watched.curves(true)).isNotEmpty();
      assertThat(watched.curves(false)).isNotEmpty();
      watched.importance(0);
    }
  }

  private static void readAll(Path folder) throws Exception {
    try (Experiment experiment = Experiment.open(folder)) {
      experiment.status();
      experiment.store().requests();
      StudyChanges changes = experiment.store().changes();
      changes.standingSince();
      changes.counts(experiment.settings().goals().getFirst());
      changes.notes();
      changes.times(List.of(0, 1, 2));
      changes.curves(null);
      changes.reports(0, 1);
      experiment.store().trials();
    }
  }

  @Test
  void everyColumn() throws Exception {
    Path made = Files.createDirectories(folder.resolve("made"));
    Path file = made.resolve("experiment.db");
    Files.copy(STUDY, file);
    List<String> wrong = new ArrayList<>();
    for (String table : TABLES) {
      for (String column : columns(file, table)) {
        for (String value : VALUES) {
          Files.copy(STUDY, file, StandardCopyOption.REPLACE_EXISTING);
          change(file, table, column, value);
          String place = "%s.%s=%s ".formatted(table, column, value);
          READINGS.forEach(
              (name, reading) -> {
                String said = refusal(reading, made);
                if (said != null) {
                  wrong.add(place + name + ": " + said);
                }
              });
        }
      }
    }
    assertThat(wrong).isEmpty();
  }

  /// Returns what is wrong with how an experiment is refused, null where nothing is.
  private static @Nullable String refusal(Reading reading, Path experiment) {
    try {
      reading.read(experiment);
      return null;
    } catch (KasebException e) {
      String said = String.valueOf(e.getMessage());
      boolean isGood = said.startsWith(experiment.toString()) && said.length() < 2_000;
      return isGood ? null : said.substring(0, Math.min(300, said.length()));
    } catch (Exception e) {
      return e + " at " + e.getStackTrace()[0];
    }
  }

  private static List<String> columns(Path file, String table) throws Exception {
    try (Connection connection = DriverManager.getConnection("jdbc:sqlite:" + file);
        Statement statement = connection.createStatement()) {
      prepare(statement);
      List<String> columns = new ArrayList<>();
      try (ResultSet rows =
          statement.executeQuery("SELECT name FROM pragma_table_info('" + table + "')")) {
        while (rows.next()) {
          columns.add(rows.getString(1));
        }
      }
      return columns;
    }
  }

  private static void prepare(Statement statement) throws Exception {
    statement.executeUpdate(
        "CREATE TABLE IF NOT EXISTS notes (trial INTEGER PRIMARY KEY, text TEXT NOT NULL)");
    statement.executeUpdate(
        "CREATE TABLE IF NOT EXISTS times (trial INTEGER NOT NULL, began INTEGER NOT NULL, ended INTEGER)");
    statement.executeUpdate("INSERT OR REPLACE INTO notes VALUES (0, 'a note')");
    statement.executeUpdate("INSERT INTO times VALUES (0, 1, 2)");
  }

  /// Writes a value into every row, without the types and rules of the table.
  private static void change(Path file, String table, String column, String value)
      throws Exception {
    try (Connection connection = DriverManager.getConnection("jdbc:sqlite:" + file);
        Statement statement = connection.createStatement()) {
      prepare(statement);
      statement.executeUpdate("CREATE TABLE other AS SELECT * FROM " + table);
      statement.executeUpdate("DROP TABLE " + table);
      StringBuilder columns = new StringBuilder();
      try (ResultSet rows = statement.executeQuery("SELECT name FROM pragma_table_info('other')")) {
        while (rows.next()) {
          columns.append(columns.isEmpty() ? "" : ", ").append(rows.getString(1));
        }
      }
      statement.executeUpdate("CREATE TABLE " + table + " (" + columns + ")");
      statement.executeUpdate("INSERT INTO " + table + " SELECT * FROM other");
      statement.executeUpdate("DROP TABLE other");
      statement.executeUpdate("UPDATE " + table + " SET " + column + " = " + value);
    }
  }
}
