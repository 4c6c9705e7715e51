package io.kaseb.store;

import io.kaseb.tune.space.Parameters;
import io.kaseb.tune.trial.Measurement;
import io.kaseb.tune.trial.Outcome;
import io.kaseb.tune.trial.Segment;
import io.kaseb.tune.trial.Trial;
import io.kaseb.tune.trial.TrialState;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;

/// Reads the trials of a study's file, and refuses rows that no study wrote: whatever reads trials
/// counts on their ids, on as many values as there are goals, on a result of those that succeeded.
final class StoredTrials {
  private final Path file;
  private final int goals;
  private final List<Trial> trials = new ArrayList<>();
  private final Set<Integer> numbers = new HashSet<>();

  private StoredTrials(Path file, int goals) {
    this.file = file;
    this.goals = goals;
  }

  /// Reads all trials by ascending id, with their reports.
  ///
  /// @param goals how many the study has, 0 where that is not known
  static List<Trial> read(Path file, Connection connection, int goals) throws SQLException {
    StoredTrials read = new StoredTrials(file, goals);
    try (Statement statement = connection.createStatement();
        ResultSet rows = statement.executeQuery("SELECT * FROM trials ORDER BY id")) {
      while (rows.next()) {
        read.trials.add(read.trial(rows, read.trials.size()));
      }
    }
    read.addReports(connection);
    return read.trials;
  }

  /// Reads some trials, each with its last report alone.
  ///
  /// @param from the first id of which all are read
  /// @param ids those before it that are read as well, as a JSON list
  static List<Trial> readSome(Path file, Connection connection, int goals, int from, String ids)
      throws SQLException {
    StoredTrials read = new StoredTrials(file, goals);
    String query =
        """
        SELECT t.*, r.step, r.goals FROM trials t LEFT JOIN reports r ON r.trial = t.id
          AND r.step = (SELECT max(step) FROM reports WHERE trial = t.id)
        WHERE t.id >= ? OR t.id IN (SELECT value FROM json_each(?)) ORDER BY t.id""";
    try (PreparedStatement statement = connection.prepareStatement(query)) {
      statement.setInt(1, from);
      statement.setString(2, ids);
      try (ResultSet rows = statement.executeQuery()) {
        while (rows.next()) {
          Trial trial = read.trial(rows, rows.getInt("id"));
          if (rows.getObject("goals") != null) {
            StoredRow stored = new StoredRow(file, "last reports row of trial " + trial.id());
            int step = stored.whole(rows, "step", 1);
            List<Double> values = stored.json(rows, "goals", json -> json.numbers(goals));
            trial = trial.withMeasurements(List.of(new Measurement(step, values)));
          }
          read.trials.add(trial);
        }
      }
    }
    return read.trials;
  }

  /// Reads all reports of one trial, by ascending step.
  static List<Measurement> readReports(Path file, Connection connection, int goals, int trial)
      throws SQLException {
    List<Measurement> reports = new ArrayList<>();
    String query = "SELECT step, goals FROM reports WHERE trial = ? ORDER BY step";
    try (PreparedStatement statement = connection.prepareStatement(query)) {
      statement.setInt(1, trial);
      try (ResultSet rows = statement.executeQuery()) {
        while (rows.next()) {
          StoredRow stored = new StoredRow(file, "reports row of trial " + trial);
          int step = stored.whole(rows, "step", 1);
          List<Double> values = stored.json(rows, "goals", json -> json.numbers(goals));
          reports.add(new Measurement(step, values));
        }
      }
    }
    return reports;
  }

  private Trial trial(ResultSet row, int id) throws SQLException {
    StoredRow stored = new StoredRow(file, "trials row " + StoredRow.shown(row.getObject("id")));
    int found = stored.whole(row, "id", 0);
    if (found != id) {
      throw stored.wrong("id", found, id + ", as ids leave no gaps: row " + id + " is missing");
    }
    TrialState state = stored.one(row, "state", TrialState.class);
    int parent = stored.whole(row, "parent", -1);
    if (parent >= id) {
      throw stored.wrong("parent", parent, "-1 or the id of an earlier trial");
    }
    List<Segment> segments = stored.json(row, "jobs", this::segments);
    if (segments.isEmpty() && state == TrialState.RUNNING) {
      throw stored.wrong("jobs", "[]", "one or more, as the trial is RUNNING");
    }
    Outcome outcome =
        row.getObject("outcome") == null ? null : stored.json(row, "outcome", this::outcome);
    if (outcome == null && state == TrialState.SUCCEEDED) {
      throw stored.wrong("outcome", "nothing", "a result, as the trial SUCCEEDED");
    }
    return new Trial(
        id,
        state,
        stored.json(row, "parameters", json -> new Parameters(json.entries())),
        new Trial.Origin(
            stored.one(row, "source", Trial.Source.class),
            parent,
            stored.whole(row, "bracket", -1)),
        segments,
        List.of(),
        outcome,
        stored.text(row, "reason"),
        stored.seconds(row, "seconds"));
  }

  private List<Segment> segments(StoredJson json) {
    List<Segment> segments = new ArrayList<>();
    for (StoredJson segment : json.list()) {
      List<StoredJson> parts = segment.list();
      if (parts.size() != 4) {
        throw segment.wrong("a list of 4 whole numbers");
      }
      int number = parts.get(0).whole(0);
      if (!numbers.add(number)) {
        throw parts.get(0).wrong("a number that no other job has");
      }
      segments.add(
          new Segment(number, parts.get(1).whole(0), parts.get(2).whole(0), parts.get(3).whole(1)));
    }
    return segments;
  }

  private Outcome outcome(StoredJson json) {
    return new Outcome(
        json.get("values").numbers(goals),
        json.get("constraints").numbers(),
        json.find("value_errors").map(StoredJson::numbers).orElse(List.of()),
        json.find("constraint_errors").map(StoredJson::numbers).orElse(List.of()));
  }

  private void addReports(Connection connection) throws SQLException {
    List<List<Measurement>> reports = new ArrayList<>();
    trials.forEach(t -> reports.add(new ArrayList<>()));
    try (Statement statement = connection.createStatement();
        ResultSet rows =
            statement.executeQuery("SELECT trial, step, goals FROM reports ORDER BY trial, step")) {
      while (rows.next()) {
        StoredRow stored =
            new StoredRow(
                file,
                "reports row of trial %s, step %s"
                    .formatted(
                        StoredRow.shown(rows.getObject(1)), StoredRow.shown(rows.getObject(2))));
        int trial = stored.whole(rows, "trial", 0);
        if (trial >= trials.size()) {
          throw stored.wrong("trial", trial, "the id of a trial: that trial's row is missing");
        }
        int step = stored.whole(rows, "step", 1);
        List<Double> values = stored.json(rows, "goals", json -> json.numbers(goals));
        reports.get(trial).add(new Measurement(step, values));
      }
    }
    trials.replaceAll(t -> t.withMeasurements(reports.get(t.id())));
  }
}
