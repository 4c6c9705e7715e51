package io.kaseb.duckdb;

import io.kaseb.base.KasebException;
import io.kaseb.base.NativePart;
import io.kaseb.base.Progress;
import io.kaseb.base.Workers;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Properties;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.duckdb.DuckDBChunkedResult;
import org.duckdb.DuckDBConnection;
import org.duckdb.DuckDBPreparedStatement;

/// One DuckDB database for the length of a job, always in UTC and within a memory limit.
public final class DuckDatabase implements AutoCloseable {
  /// How DuckDB names a file within a message, also within a message in JSON.
  private static final Pattern FILE = Pattern.compile("\\\\?\"(/[^\"\\\\]+)\\\\?\"");

  /// How DuckDB names a line of a text within a message.
  private static final Pattern LINE = Pattern.compile("Error on Line: (\\d{1,15})");

  private final DuckDBConnection connection;
  private final Progress progress;
  private final ScheduledExecutorService watch =
      Executors.newSingleThreadScheduledExecutor(
          Thread.ofPlatform().daemon().name("duckdb-progress").factory());

  private DuckDatabase(DuckDBConnection connection, Progress progress) {
    this.connection = connection;
    this.progress = progress;
  }

  /// Hears the rows of a result chunk by chunk.
  @FunctionalInterface
  public interface Chunks {
    /// Takes the next rows, in order; the chunk is only valid during the call.
    void accept(Chunk chunk) throws SQLException;
  }

  /// Opens a database whose tables and overflow lie in `folder`. It keeps no write-ahead log: after
  /// a crash its content is lost, as it should be.
  public static DuckDatabase open(Path folder, Resources resources, Progress progress)
      throws IOException {
    Files.createDirectories(folder);
    Properties settings = settings(resources);
    settings.setProperty("temp_directory", folder.resolve("spill").toString());
    DuckDatabase database = connect(settings, progress);
    database.run(
        "opening",
        "ATTACH %s AS work (RECOVERY_MODE no_wal_writes)"
            .formatted(text(folder.resolve("work.duckdb"))));
    database.run("opening", "USE work");
    return database;
  }

  /// Opens an empty database in memory, for reading Parquet files.
  public static DuckDatabase inMemory(Workers workers) {
    return connect(settings(Resources.DEFAULT.with(workers)), Progress.NONE);
  }

  private static Properties settings(Resources resources) {
    Properties settings = new Properties();
    settings.setProperty("threads", Integer.toString(resources.threads()));
    settings.setProperty("memory_limit", resources.memory());
    settings.setProperty("preserve_insertion_order", "true");
    settings.setProperty("autoinstall_known_extensions", "false");
    return settings;
  }

  private static DuckDatabase connect(Properties settings, Progress progress) {
    try {
      Connection connection =
          NativePart.of("DuckDB", () -> DriverManager.getConnection("jdbc:duckdb:", settings));
      DuckDatabase database = new DuckDatabase(connection.unwrap(DuckDBConnection.class), progress);
      database.run("opening", "SET TimeZone = 'UTC'");
      // It makes a hash join of IN with several words, which deals rows out to threads and loses
      // their order.
      database.run("opening", "SET disabled_optimizers = 'in_clause'");
      database.run("opening", "SET enable_progress_bar = true");
      database.run("opening", "SET enable_progress_bar_print = false");
      return database;
    } catch (SQLException e) {
      throw new KasebException("cannot open a DuckDB database: " + firstLine(e), e);
    }
  }

  /// Runs a statement, reports its progress, and returns how many rows it changed.
  public long run(String task, String sql) {
    try {
      return update(task, sql);
    } catch (SQLException e) {
      throw new KasebException(task + ": " + firstLine(e), e);
    }
  }

  /// Does what [#run] does, and leaves a failure to the caller.
  public long update(String task, String sql) throws SQLException {
    try (Statement statement = connection.createStatement()) {
      DuckDBPreparedStatement running = statement.unwrap(DuckDBPreparedStatement.class);
      var poll = watch.scheduleAtFixedRate(() -> report(task, running), 1, 1, TimeUnit.SECONDS);
      try {
        return statement.executeLargeUpdate(sql);
      } finally {
        poll.cancel(false);
        progress.at(task, 100, 100, "%");
      }
    }
  }

  private void report(String task, DuckDBPreparedStatement running) {
    try {
      double percent = running.getQueryProgress().getPercentage();
      if (percent >= 0 && percent < 100) {
        progress.at(task, (long) percent, 100, "%");
      }
    } catch (SQLException e) {
      // The statement has just ended: there is nothing left to report.
      return;
    }
  }

  /// Returns the one number that a query gives; 0 for NULL.
  public long number(String sql) {
    return numbers(sql)[0];
  }

  /// Returns the first row of a query as numbers; 0 for NULL.
  public long[] numbers(String sql) {
    try (Statement statement = connection.createStatement();
        ResultSet row = statement.executeQuery(sql)) {
      long[] numbers = new long[row.getMetaData().getColumnCount()];
      if (row.next()) {
        for (int i = 0; i < numbers.length; i++) {
          numbers[i] = row.getLong(i + 1);
        }
      }
      return numbers;
    } catch (SQLException e) {
      throw new KasebException(firstLine(e), e);
    }
  }

  /// Returns every row of a query as text columns; NULL becomes "".
  public List<List<String>> rows(String sql) {
    try (Statement statement = connection.createStatement();
        ResultSet row = statement.executeQuery(sql)) {
      List<List<String>> rows = new ArrayList<>();
      while (row.next()) {
        List<String> columns = new ArrayList<>();
        for (int i = 1; i <= row.getMetaData().getColumnCount(); i++) {
          String value = row.getString(i);
          columns.add(value == null ? "" : value);
        }
        rows.add(columns);
      }
      return rows;
    } catch (SQLException e) {
      throw new KasebException(firstLine(e), e);
    }
  }

  /// Returns the column names of a table or table function.
  public List<String> columnNames(String source) throws SQLException {
    try (Statement statement = connection.createStatement();
        ResultSet none = statement.executeQuery("SELECT * FROM " + source + " LIMIT 0")) {
      List<String> names = new ArrayList<>();
      for (int i = 1; i <= none.getMetaData().getColumnCount(); i++) {
        names.add(none.getMetaData().getColumnName(i));
      }
      return names;
    }
  }

  /// Returns the columns of a table or table function with their types, in order.
  public Map<String, String> columnTypes(String source) throws SQLException {
    try (Statement statement = connection.createStatement();
        ResultSet row = statement.executeQuery("DESCRIBE SELECT * FROM " + source)) {
      Map<String, String> types = new LinkedHashMap<>();
      while (row.next()) {
        types.put(row.getString(1), row.getString(2));
      }
      return types;
    }
  }

  /// Reads a query's rows in order, column-wise, without an object for each value.
  public void read(String sql, Chunks chunks) throws SQLException {
    try (DuckDBPreparedStatement statement = connection.prepare(sql);
        DuckDBChunkedResult result = statement.query()) {
      while (result.nextChunk()) {
        chunks.accept(new Chunk(result.chunk()));
      }
    }
  }

  /// Reads a query's one text column in order.
  public List<String> texts(String sql) throws SQLException {
    List<String> texts = new ArrayList<>();
    read(
        sql,
        chunk -> {
          Chunk.Column column = chunk.column(0);
          for (int row = 0; row < chunk.rows(); row++) {
            texts.add(column.asText(row));
          }
        });
    return texts;
  }

  /// Begins to append rows to a table.
  public TableWriter append(String table) throws SQLException {
    return new TableWriter(connection.createAppender(table));
  }

  /// Writes text as an SQL string.
  public static String text(Object value) {
    return "'" + value.toString().replace("'", "''") + "'";
  }

  /// Writes a file to read as SQL: DuckDB would take `[`, `*` and `?` in its name for a pattern. A
  /// folder is a table in parts: its Parquet files in the order of their names.
  public static String file(Path file) {
    String name = file.toString().replaceAll("[\\[*?]", "[$0]");
    return text(Files.isDirectory(file) ? name + "/*.parquet" : name);
  }

  /// Writes a column name as SQL.
  public static String name(String column) {
    return '"' + column.replace("\"", "\"\"") + '"';
  }

  /// Returns what DuckDB said, without its hints.
  public static String firstLine(Exception e) {
    String message = String.valueOf(e.getMessage());
    if (message.contains("No space left on device") || message.contains("failed to offload")) {
      Matcher file = FILE.matcher(message);
      return "no space left on the disk" + (file.find() ? " for " + file.group(1) : "");
    }
    return String.valueOf(e.getMessage()).lines().findFirst().orElse("unknown");
  }

  /// Returns what is wrong with a file that could not be read, in words of people: DuckDB's own
  /// speak of its inside.
  public static String whatIsWrong(Exception e) {
    String message = String.valueOf(e.getMessage()).toLowerCase(Locale.ROOT);
    for (Fault fault : Fault.values()) {
      if (fault.words.stream().anyMatch(message::contains)) {
        return fault.plain;
      }
    }
    String first = firstLine(e);
    return first.startsWith("no space left") ? first : "damaged, or something else";
  }

  /// Returns the line of a text that a message speaks of, 0 where it names none.
  public static long lineOf(Exception e) {
    Matcher line = LINE.matcher(String.valueOf(e.getMessage()));
    return line.find() ? Long.parseLong(line.group(1)) : 0;
  }

  /// What can be wrong with a file, and words by which DuckDB's messages tell it.
  private enum Fault {
    TEXT("holds bytes that are no UTF-8 text", "unicode", "utf-8", "utf8", "byte sequence"),
    PACKED("damaged, cut short, or with bytes after its end", "gzip", "zstd", "inflate", "miniz"),
    PARQUET(
        "no Parquet file, or a damaged one", "magic bytes", "parquet", "thrift", "don't know what"),
    LONG("a line of more than 8 MB", "line size"),
    MEMORY("there is too little memory for it", "out of memory", "could not allocate"),
    GONE("gone, or may not be read", "no files found", "cannot open", "permission denied");

    private final String plain;
    private final List<String> words;

    Fault(String plain, String... words) {
      this.plain = plain;
      this.words = List.of(words);
    }
  }

  @Override
  public void close() {
    watch.shutdownNow();
    try {
      connection.close();
    } catch (SQLException e) {
      throw new KasebException("cannot close the DuckDB database: " + firstLine(e), e);
    }
  }
}
