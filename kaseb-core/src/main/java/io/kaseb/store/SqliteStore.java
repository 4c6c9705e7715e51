package io.kaseb.store;

import static java.nio.charset.StandardCharsets.US_ASCII;

import io.kaseb.base.KasebException;
import io.kaseb.base.NativePart;
import io.kaseb.tune.study.Request;
import io.kaseb.tune.study.Settings;
import io.kaseb.tune.study.Store;
import io.kaseb.tune.study.StudyState;
import io.kaseb.tune.study.StudyStatus;
import io.kaseb.tune.trial.Measurement;
import io.kaseb.tune.trial.Outcome;
import io.kaseb.tune.trial.Trial;
import io.kaseb.tune.trial.TrialState;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import org.jspecify.annotations.Nullable;
import org.sqlite.SQLiteConfig;
import org.sqlite.SQLiteErrorCode;
import org.sqlite.SQLiteJDBCLoader;

/// Keeps a study in an SQLite file. Every change is one transaction in a write-ahead log: after a
/// kill the file holds all that was written and nothing by halves, and a second process can read
/// and ask for things while the study runs.
public final class SqliteStore implements Store {
  /// The version of the tables that this class writes.
  static final int VERSION = 1;

  /// How an SQLite file begins, and where in its head the version stands, of four bytes.
  private static final String MAGIC = "SQLite format 3";

  private static final int VERSION_AT = 60;
  private static final int HEAD = 64;

  private static final String TABLES =
      """
      CREATE TABLE study (key TEXT PRIMARY KEY, value TEXT NOT NULL) WITHOUT ROWID;
      CREATE TABLE trials (
        id INTEGER PRIMARY KEY, state TEXT NOT NULL, parameters TEXT NOT NULL,
        source TEXT NOT NULL, parent INTEGER NOT NULL, bracket INTEGER NOT NULL,
        jobs TEXT NOT NULL, outcome TEXT, reason TEXT NOT NULL, seconds REAL NOT NULL);
      CREATE TABLE reports (
        trial INTEGER NOT NULL, step INTEGER NOT NULL, goals TEXT NOT NULL,
        PRIMARY KEY (trial, step)) WITHOUT ROWID;
      CREATE TABLE requests (id INTEGER PRIMARY KEY AUTOINCREMENT, request TEXT NOT NULL);
      """;

  /// How long another process may hold the file.
  private static final int PATIENCE_MILLIS = 5_000;

  private final Path file;
  private final Connection connection;

  private SqliteStore(Path file, Connection connection) {
    this.file = file;
    this.connection = connection;
  }

  /// Opens a study's file, or creates it with its folder.
  public static SqliteStore open(Path file) throws IOException {
    Path absolute = file.toAbsolutePath();
    Files.createDirectories(absolute.getParent());
    if (foreign(absolute)) {
      throw notAStudy(file, null);
    }
    SQLiteConfig config = new SQLiteConfig();
    config.setJournalMode(SQLiteConfig.JournalMode.WAL);
    config.setSynchronous(SQLiteConfig.SynchronousMode.NORMAL);
    config.setBusyTimeout(PATIENCE_MILLIS);
    loadNativeCode();
    try {
      SqliteStore store = new SqliteStore(file, connect(config, absolute));
      store.prepare();
      return store;
    } catch (SQLException e) {
      throw failed(file, e);
    }
  }

  /// Loads SQLite's native code, which the driver would report as a fault of the file.
  private static void loadNativeCode() {
    try {
      SQLiteJDBCLoader.initialize();
    } catch (Exception e) {
      throw NativePart.missing("SQLite", e);
    }
  }

  /// Connects, and waits while another process makes the file ready: SQLite waits for locks, but
  /// not where two turn to the write-ahead log at once.
  private static Connection connect(SQLiteConfig config, Path file) throws SQLException {
    long end = System.nanoTime() + TimeUnit.MILLISECONDS.toNanos(PATIENCE_MILLIS);
    while (true) {
      try {
        return config.createConnection("jdbc:sqlite:" + file);
      } catch (SQLException e) {
        boolean isBusy = (e.getErrorCode() & 0xff) == SQLiteErrorCode.SQLITE_BUSY.code;
        if (!isBusy || System.nanoTime() > end) {
          throw e;
        }
        LockSupport.parkNanos(TimeUnit.MILLISECONDS.toNanos(20));
      }
    }
  }

  /// Returns whether a file is plainly none of this class's, which must not write to it: another
  /// kind of file, or tables without a version.
  private static boolean foreign(Path file) throws IOException {
    if (!Files.exists(file) || Files.size(file) == 0) {
      return false;
    }
    byte[] head;
    try (InputStream in = Files.newInputStream(file)) {
      head = in.readNBytes(HEAD);
    }
    boolean sqlite = new String(head, 0, Math.min(15, head.length), US_ASCII).equals(MAGIC);
    boolean version = false;
    for (int i = VERSION_AT; i < head.length; i++) {
      version |= head[i] != 0;
    }
    boolean log = Files.exists(file.resolveSibling(file.getFileName() + "-wal"));
    return !sqlite || !(version || log);
  }

  private static KasebException notAStudy(Path file, @Nullable Throwable cause) {
    return new KasebException(
        new KasebException.Problem(
            file.toString(), "not a study's SQLite file", null, "name an experiment's folder"),
        cause);
  }

  /// Says in plain words what SQLite could not do.
  static KasebException failed(Path file, SQLException e) {
    int code = e.getErrorCode() & 0xff;
    if (code == SQLiteErrorCode.SQLITE_NOTADB.code || code == SQLiteErrorCode.SQLITE_CORRUPT.code) {
      return notAStudy(file, e);
    }
    String why =
        code == SQLiteErrorCode.SQLITE_FULL.code
            ? "no space left on the disk"
            : code == SQLiteErrorCode.SQLITE_IOERR.code
                ? "cannot be read or written; the disk may be full"
                : code == SQLiteErrorCode.SQLITE_READONLY.code
                        || code == SQLiteErrorCode.SQLITE_CANTOPEN.code
                        || code == SQLiteErrorCode.SQLITE_PERM.code
                    ? "may not be written"
                    : code == SQLiteErrorCode.SQLITE_BUSY.code
                            || code == SQLiteErrorCode.SQLITE_LOCKED.code
                        ? "is in use by another process"
                        : code == SQLiteErrorCode.SQLITE_ERROR.code || code == 0
                            ? "lacks a table or a column that a study's file has"
                            : "cannot be used (SQLite's error " + code + ")";
    return new KasebException(new KasebException.Problem(file.toString(), why, null, null), e);
  }

  private void prepare() throws SQLException {
    connection.setAutoCommit(true);
    try (Statement statement = connection.createStatement()) {
      int version;
      try (ResultSet row = statement.executeQuery("PRAGMA user_version")) {
        version = row.getInt(1);
      }
      if (version > VERSION) {
        connection.close();
        throw new KasebException(
            new KasebException.Problem(
                file.toString(),
                "written by a newer Kaseb (format %d; this one reads up to %d)"
                    .formatted(version, VERSION),
                null,
                "update Kaseb"));
      }
      if (version == 0) {
        statement.executeUpdate("BEGIN IMMEDIATE");
        for (String table : TABLES.split(";")) {
          if (!table.isBlank()) {
            statement.executeUpdate(table.replace("TABLE ", "TABLE IF NOT EXISTS "));
          }
        }
        statement.executeUpdate("PRAGMA user_version = " + VERSION);
        statement.executeUpdate("COMMIT");
      }
    }
  }

  @FunctionalInterface
  private interface Action<T> {
    T run() throws SQLException;
  }

  private synchronized <T> T sql(Action<T> action) {
    try {
      return action.run();
    } catch (SQLException e) {
      throw failed(file, e);
    }
  }

  private int update(String text, @Nullable Object... values) throws SQLException {
    try (PreparedStatement statement = connection.prepareStatement(text)) {
      for (int i = 0; i < values.length; i++) {
        statement.setObject(i + 1, values[i]);
      }
      return statement.executeUpdate();
    }
  }

  private @Nullable String text(String query, Object... values) throws SQLException {
    try (PreparedStatement statement = connection.prepareStatement(query)) {
      for (int i = 0; i < values.length; i++) {
        statement.setObject(i + 1, values[i]);
      }
      try (ResultSet rows = statement.executeQuery()) {
        return rows.next() ? rows.getString(1) : null;
      }
    }
  }

  private Optional<String> setting(String key) {
    return sql(() -> Optional.ofNullable(text("SELECT value FROM study WHERE key = ?", key)));
  }

  private void setting(String key, String value) {
    sql(() -> update("INSERT OR REPLACE INTO study VALUES (?, ?)", key, value));
  }

  @Override
  public Optional<Settings> settings() {
    return setting("settings")
        .map(
            text ->
                new StoredRow(file, "study row settings")
                    .json("value", text, json -> SettingsJson.read(file.toString(), json)));
  }

  @Override
  public void settings(Settings settings) {
    setting("settings", SettingsJson.write(settings));
  }

  @Override
  public StudyStatus status() {
    return setting("standing")
        .map(text -> new StoredRow(file, "study row standing").json("value", text, this::status))
        .orElse(StudyStatus.NEW);
  }

  private StudyStatus status(StoredJson json) {
    double seconds = json.get("seconds").number();
    if (!(seconds >= 0)) {
      throw json.get("seconds").wrong("0 or more");
    }
    return new StudyStatus(
        json.get("status").one(StudyState.class), json.get("reason").text(), seconds);
  }

  @Override
  public void status(StudyStatus status) {
    setting("standing", ValueJson.text(status));
    // What readers count a running study's seconds on from; versions before did not write it.
    setting("standing_since", Long.toString(System.currentTimeMillis()));
  }

  @Override
  public List<Trial> trials() {
    int goals = settings().map(s -> s.goals().size()).orElse(0);
    return sql(
        () -> {
          // One transaction: another process may add trials and reports between the two queries.
          connection.setAutoCommit(false);
          try {
            return StoredTrials.read(file, connection, goals);
          } finally {
            connection.setAutoCommit(true);
          }
        });
  }

  /// Returns what is read of a study's file while it is looked at.
  public StudyChanges changes() {
    return new StudyChanges(file, connection);
  }

  @Override
  public void save(Trial trial) {
    List<int[]> jobs = new ArrayList<>();
    trial
        .segments()
        .forEach(j -> jobs.add(new int[] {j.number(), j.knownEnded(), j.from(), j.until()}));
    Outcome outcome = trial.outcome();
    String result = outcome == null ? null : ValueJson.text(content(outcome));
    sql(
        () -> {
          String state = text("SELECT state FROM trials WHERE id = ?", trial.id());
          String count = text("SELECT coalesce(max(id), -1) + 1 FROM trials");
          Store.checkSave(
              Optional.ofNullable(state).map(TrialState::valueOf),
              Integer.parseInt(String.valueOf(count)),
              trial);
          StoredTimes.note(connection, trial, state);
          return update(
              "INSERT OR REPLACE INTO trials VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?)",
              trial.id(),
              trial.state().name(),
              ValueJson.text(trial.parameters().values()),
              trial.origin().source().text(),
              trial.origin().parent(),
              trial.origin().bracket(),
              ValueJson.text(jobs),
              result,
              trial.reason(),
              trial.seconds());
        });
  }

  /// An outcome without what can be computed from it; errors only where it has some.
  private static Map<String, List<Double>> content(Outcome outcome) {
    Map<String, List<Double>> content = new LinkedHashMap<>();
    content.put("values", outcome.values());
    content.put("constraints", outcome.constraints());
    if (!outcome.valueErrors().isEmpty()) {
      content.put("value_errors", outcome.valueErrors());
    }
    if (!outcome.constraintErrors().isEmpty()) {
      content.put("constraint_errors", outcome.constraintErrors());
    }
    return content;
  }

  @Override
  public void report(int trial, Measurement report) {
    sql(
        () -> {
          String state = text("SELECT state FROM trials WHERE id = ?", trial);
          if (state == null || TrialState.valueOf(state).finished()) {
            throw new IllegalStateException(
                "report of trial " + trial + ", which is " + state + "; it must be unfinished");
          }
          connection.setAutoCommit(false);
          try {
            update("DELETE FROM reports WHERE trial = ? AND step >= ?", trial, report.step());
            update(
                "INSERT INTO reports VALUES (?, ?, ?)",
                trial,
                report.step(),
                ValueJson.text(report.values()));
            connection.commit();
          } catch (SQLException e) {
            connection.rollback();
            throw e;
          } finally {
            connection.setAutoCommit(true);
          }
          return 0;
        });
  }

  @Override
  public void request(Request request) {
    sql(() -> update("INSERT INTO requests (request) VALUES (?)", RequestJson.write(request)));
  }

  @Override
  public List<Request> requests() {
    return sql(
        () -> {
          List<Request> requests = new ArrayList<>();
          try (Statement statement = connection.createStatement();
              ResultSet rows =
                  statement.executeQuery("SELECT id, request FROM requests ORDER BY id")) {
            while (rows.next()) {
              StoredRow stored = new StoredRow(file, "requests row " + rows.getObject(1));
              requests.add(
                  stored.json(rows, "request", json -> RequestJson.read(file.toString(), json)));
            }
          }
          return requests;
        });
  }

  @Override
  public void fulfilled(int requests) {
    sql(
        () ->
            update(
                "DELETE FROM requests WHERE id IN (SELECT id FROM requests ORDER BY id LIMIT ?)",
                requests));
  }

  @Override
  public void close() {
    sql(
        () -> {
          connection.close();
          return 0;
        });
  }
}
