package io.kaseb.pipeline;

import io.kaseb.base.AtomicFiles;
import io.kaseb.base.DelimitedText;
import io.kaseb.base.KasebException;
import io.kaseb.base.Progress;
import io.kaseb.duckdb.DuckDatabase;
import io.kaseb.duckdb.Resources;
import io.kaseb.duckdb.TableWriter;
import io.kaseb.ingest.DatasetWriter;
import java.io.BufferedWriter;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/// A table that is written as CSV or Parquet, as its file is named, batch by batch.
///
/// @param columns names and types, in their order
record TableFile(List<Column> columns) {
  /// A column.
  ///
  /// @param name unique, whatever its case
  record Column(String name, Type type) {}

  /// What a column holds.
  enum Type {
    TEXT("VARCHAR"),
    WHOLE("BIGINT"),
    NUMBER("DOUBLE"),
    SHORT_NUMBER("FLOAT");

    private final String sql;

    Type(String sql) {
      this.sql = sql;
    }
  }

  /// Takes rows, each of as many values as there are columns; null where one is missing.
  @FunctionalInterface
  interface Sink {
    void take(List<List<@Nullable Object>> rows) throws IOException;
  }

  /// Something that gives rows to a sink, and tells how many they were.
  @FunctionalInterface
  interface Rows {
    long into(Sink sink) throws IOException;
  }

  /// Checks the name of a file to write, before the work.
  ///
  /// @param setting what the user calls it
  /// @return whether it is to be Parquet; standard output and what is no plain file get CSV
  /// @throws KasebException where its ending is neither `.csv` nor `.parquet`
  static boolean isParquet(String setting, Path out) {
    String name = String.valueOf(out.getFileName()).toLowerCase(Locale.ROOT);
    if (name.endsWith(".parquet")) {
      return true;
    }
    boolean plain = !out.equals(AtomicFiles.STANDARD_OUTPUT);
    plain &= !Files.exists(out) || Files.isRegularFile(out);
    if (plain && !name.endsWith(".csv")) {
      throw KasebException.ofSetting(setting, out, "a name that ends in .csv or .parquet");
    }
    return false;
  }

  /// Writes the table; returns how many rows it has.
  long write(Path out, boolean parquet, Resources resources, Progress progress, Rows rows)
      throws IOException {
    long[] written = {0};
    AtomicFiles.write(
        out,
        path ->
            written[0] =
                parquet ? writeParquet(path, resources, progress, rows) : writeCsv(path, rows));
    return written[0];
  }

  private long writeCsv(Path path, Rows rows) throws IOException {
    try (BufferedWriter writer = Files.newBufferedWriter(path)) {
      writer.write(DelimitedText.line(',', columns.stream().map(Column::name).toList()) + "\n");
      return rows.into(
          batch -> {
            for (List<@Nullable Object> row : batch) {
              List<String> fields = new ArrayList<>();
              for (Object value : row) {
                fields.add(value == null ? "" : value.toString());
              }
              writer.write(DelimitedText.line(',', fields) + "\n");
            }
          });
    }
  }

  private long writeParquet(Path path, Resources resources, Progress progress, Rows rows)
      throws IOException {
    Path folder = Files.createTempDirectory("kaseb-table");
    String types =
        columns.stream()
            .map(column -> DuckDatabase.name(column.name()) + " " + column.type().sql)
            .collect(Collectors.joining(", "));
    try (DuckDatabase database = DuckDatabase.open(folder, resources, progress)) {
      database.run("writing", "CREATE TABLE written (" + types + ")");
      long written;
      try (TableWriter writer = database.append("written")) {
        written = rows.into(batch -> append(writer, batch));
        writer.flush();
      }
      database.run(
          "writing", "COPY written TO %s (FORMAT parquet)".formatted(DuckDatabase.text(path)));
      return written;
    } catch (SQLException e) {
      throw new KasebException(path + ": " + DuckDatabase.firstLine(e), e);
    } finally {
      DatasetWriter.delete(folder);
    }
  }

  private void append(TableWriter writer, List<List<@Nullable Object>> rows) throws IOException {
    try {
      for (List<@Nullable Object> row : rows) {
        writer.row();
        for (int c = 0; c < columns.size(); c++) {
          append(writer, columns.get(c).type(), row.get(c));
        }
        writer.end();
      }
    } catch (SQLException e) {
      throw new IOException(DuckDatabase.firstLine(e), e);
    }
  }

  private static void append(TableWriter writer, Type type, @Nullable Object value)
      throws SQLException {
    switch (value) {
      case null -> writer.addNull();
      case Number number when type == Type.WHOLE -> writer.add(number.longValue());
      case Number number when type == Type.NUMBER -> writer.add(number.doubleValue());
      case Number number when type == Type.SHORT_NUMBER -> writer.addFloat(number.floatValue());
      default -> writer.add(value.toString());
    }
  }
}
