package io.kaseb.ingest;

import io.kaseb.base.KasebException;
import io.kaseb.base.Nearest;
import io.kaseb.duckdb.DuckDatabase;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Function;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/// The SQL that reads one file of any [Format] as rows of text: `session, item, time, time_text,
/// type, category, price, quantity, line, broken`.
///
/// `line` is the line of the file where one line holds several rows, else NULL: rows then come in
/// file order. `broken` is NULL, or says why the line could not be taken apart.
final class SourceRows {
  private final Format format;
  private final SourceFile file;
  private final int number;

  /// Creates the SQL's source.
  ///
  /// @param number tells the files of a log apart, from 0: sessions that are named by their line
  ///   carry it from the second file on
  SourceRows(Format format, SourceFile file, int number) {
    this.format = format;
    this.file = file;
    this.number = number;
  }

  /// Returns the table that takes the lines DuckDB could not take apart.
  String rejects() {
    return "rejects_" + number;
  }

  /// Returns the query; looks into a Parquet file for its columns.
  String sql(DuckDatabase database) throws SQLException {
    return switch (format.layout()) {
      case DELIMITED -> delimited();
      case PARQUET -> parquet(database);
      case JSON_LINES -> jsonLines();
      case SESSION_LINES -> sessionLines();
      case NESTED_JSON_LINES -> nestedJsonLines();
    };
  }

  private String delimited() {
    boolean hasHeader = format.header().isEmpty();
    String first = hasHeader ? file.firstLine() : "";
    char delimiter = format.delimiter() == 0 ? delimiterOf(first) : format.delimiter();
    List<String> names = hasHeader ? split(first, delimiter) : format.header();
    String columns =
        names.stream()
            .map(name -> DuckDatabase.text(name) + ": 'VARCHAR'")
            .collect(Collectors.joining(", "));
    return columnsFrom(
        names,
        """
        read_csv(%s, auto_detect = false, header = %s, delim = %s, quote = '"', escape = '"',
          columns = {%s}, store_rejects = true, rejects_limit = 0,
          rejects_table = '%s', rejects_scan = '%s_scan')"""
            .formatted(
                DuckDatabase.text(file.rows()),
                hasHeader,
                DuckDatabase.text(delimiter),
                columns,
                rejects(),
                rejects()));
  }

  private String parquet(DuckDatabase database) throws SQLException {
    String source = "read_parquet(%s)".formatted(DuckDatabase.text(file.rows()));
    return columnsFrom(database.columnNames(source), source);
  }

  private String columnsFrom(List<String> names, String source) {
    return select(role -> column(role, names), "NULL::BIGINT", "NULL::VARCHAR", source);
  }

  private @Nullable String column(String role, List<String> names) {
    String name = format.namedColumns().of(role);
    if (name == null) {
      return null;
    }
    if (!names.contains(name)) {
      throw new KasebException(
          new KasebException.Problem(
              file.label(),
              "has no column %s (for the role %s); nearest is %s. Its columns are %s"
                  .formatted(name, role, Nearest.of(name, names), String.join(", ", names)),
              null,
              "name them with " + KasebException.setting("columns")));
    }
    return DuckDatabase.name(name) + "::VARCHAR";
  }

  private String jsonLines() {
    return select(
        role -> jsonField("object", format.namedColumns().of(role)),
        "line",
        "CASE WHEN object IS NULL THEN 'this is no JSON object' END",
        "(SELECT line, CASE WHEN json_valid(text) THEN text::JSON END AS object FROM (%s) WHERE text IS NOT NULL)"
            .formatted(numberedLines()));
  }

  private String nestedJsonLines() {
    LogColumns columns = format.namedColumns();
    return select(
        role ->
            role.equals("session")
                ? jsonField("object", columns.of(role))
                : jsonField("event", columns.of(role)),
        "line",
        "CASE WHEN event IS NULL THEN 'this is no JSON object with a list of events' END",
        """
        (SELECT line, object,
            unnest(coalesce(nullif(json_extract(object, '$.events[*]'), []), [NULL])) AS event
          FROM (SELECT line, CASE WHEN json_valid(text) THEN text::JSON END AS object
            FROM (%s) WHERE text IS NOT NULL))"""
            .formatted(numberedLines()));
  }

  private String sessionLines() {
    String id = number == 0 ? "line::VARCHAR" : "'%d:' || line".formatted(number + 1);
    return select(
        role -> role.equals("session") ? id : role.equals("item") ? "item" : null,
        "line",
        "NULL::VARCHAR",
        """
        (SELECT line, unnest(list_filter(
            string_split(replace(text, chr(9), ' '), ' '), lambda word: word <> '')) AS item
          FROM (%s))"""
            .formatted(numberedLines()));
  }

  private String numberedLines() {
    return """
    SELECT text, row_number() OVER () AS line FROM read_csv(%s, auto_detect = false,
      header = false, delim = '\\x01', quote = '', escape = '', columns = {'text': 'VARCHAR'},
      max_line_size = 8000000, buffer_size = 16000000)"""
        .formatted(DuckDatabase.text(file.rows()));
  }

  private String select(
      Function<String, @Nullable String> columnOf, String line, String broken, String source) {
    List<String> columns = new ArrayList<>();
    for (String role : LogColumns.ROLES) {
      String sql = columnOf.apply(role);
      columns.add((sql == null ? "NULL::VARCHAR" : sql) + " AS " + role + "_text");
    }
    return "SELECT %s, %s AS line, %s AS broken FROM %s"
        .formatted(String.join(", ", columns), line, broken, source);
  }

  private static @Nullable String jsonField(String object, @Nullable String path) {
    return path == null
        ? null
        : "json_extract_string(%s, %s)".formatted(object, DuckDatabase.text("$." + path));
  }

  private static char delimiterOf(String header) {
    char best = ',';
    for (char candidate : new char[] {'\t', ';', '|'}) {
      if (count(header, candidate) > count(header, best)) {
        best = candidate;
      }
    }
    return best;
  }

  private static long count(String text, char sign) {
    return text.chars().filter(c -> c == sign).count();
  }

  private static List<String> split(String header, char delimiter) {
    List<String> names = new ArrayList<>();
    for (String name : header.split(Pattern.quote(String.valueOf(delimiter)), -1)) {
      String bare = name.strip();
      boolean quoted = bare.length() >= 2 && bare.startsWith("\"") && bare.endsWith("\"");
      names.add(quoted ? bare.substring(1, bare.length() - 1) : bare);
    }
    return names;
  }
}
