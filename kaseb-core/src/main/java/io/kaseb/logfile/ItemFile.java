package io.kaseb.logfile;

import io.kaseb.base.KasebException;
import io.kaseb.duckdb.DuckDatabase;
import io.kaseb.event.Attribute;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/// A table of items, read as a log is: CSV with a header line, Parquet, or one JSON object a line,
/// told apart by its content.
///
/// @param format how it is read
/// @param columns its columns; null of JSON, where each line has its own
public record ItemFile(Format format, @Nullable List<String> columns) {
  /// Reads which column of an item table holds the ids: `id=COLUMN`.
  ///
  /// @param text what the user named, or null
  /// @param hasItems whether there is an item table
  /// @return the column; null for the table's own
  public static @Nullable String idColumn(@Nullable String text, boolean hasItems) {
    if (text == null) {
      return null;
    }
    if (!text.matches("id=.+") || !hasItems) {
      throw KasebException.ofSetting(
          "item_columns",
          text,
          "id=COLUMN, along with %s".formatted(KasebException.setting("items", "FILE")));
    }
    return text.substring("id=".length());
  }

  /// Looks into a file.
  ///
  /// @param id its column of item ids; null for the first one, of JSON for `id`
  public static ItemFile of(SourceFile file, DuckDatabase database, @Nullable String id)
      throws IOException {
    String kind = kind(file);
    Format plain = Format.of(kind);
    List<String> columns = null;
    if (kind.equals("parquet")) {
      try {
        columns =
            database.columnNames("read_parquet(%s)".formatted(DuckDatabase.file(file.rows())));
      } catch (SQLException e) {
        columns = List.of();
      }
    } else if (kind.equals("csv")) {
      columns = new SourceRows(plain, file, 0).header();
    }
    String first = columns == null || columns.isEmpty() ? "id" : columns.getFirst();
    String named = id == null ? first : id;
    return new ItemFile(
        plain.with(new LogColumns(Map.of("session", named, "item", named))), columns);
  }

  private static String kind(SourceFile file) throws IOException {
    byte[] head;
    try (InputStream in = file.compression().open(file.rows())) {
      head = in.readNBytes(4);
    }
    if (new String(head, StandardCharsets.ISO_8859_1).equals("PAR1")) {
      return "parquet";
    }
    return file.firstLine().strip().startsWith("{") ? "jsonl" : "csv";
  }

  /// Returns all attributes, in order; those of items are read from here.
  public List<LogAttribute> of(List<LogAttribute> all) {
    List<LogAttribute> read = new ArrayList<>();
    for (LogAttribute one : all) {
      boolean isHere = one.attribute().level() == Attribute.Level.ITEM;
      read.add(new LogAttribute(one.attribute(), isHere ? one.column() : "", false));
    }
    return read;
  }

  /// Returns all attributes as the log is to have them: it may lack those of items that are here.
  public List<LogAttribute> others(List<LogAttribute> all) {
    List<LogAttribute> others = new ArrayList<>();
    for (LogAttribute one : all) {
      boolean isHere =
          one.attribute().level() == Attribute.Level.ITEM
              && (columns == null || columns.contains(one.column()));
      others.add(new LogAttribute(one.attribute(), one.column(), one.isNeeded() && !isHere));
    }
    return others;
  }
}
