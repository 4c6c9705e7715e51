package io.kaseb.logfile;

import io.kaseb.base.KasebException;
import io.kaseb.base.Nearest;
import io.kaseb.duckdb.DuckDatabase;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.function.Function;
import java.util.function.UnaryOperator;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/// The SQL that reads one file of any [Format] as rows of text: `session, item, time, time_text,
/// type, category, price, quantity, line, broken`, and `a0_text`, `a1_text` ... of the attributes.
///
/// `line` is the line of the file where one line holds several rows, else NULL: rows then come in
/// file order. `broken` is NULL, or says why the line could not be taken apart.
final class SourceRows {
  /// Roles whose values are ids.
  private static final List<String> IDS = List.of("session", "item", "user");

  private final Format format;
  private final SourceFile file;
  private final int number;
  private final boolean isParallel;

  /// Creates the SQL's source.
  ///
  /// @param number tells the files of a log apart, from 0: sessions that are named by their line
  ///   carry it from the second file on
  SourceRows(Format format, SourceFile file, int number) {
    this(format, file, number, true);
  }

  private SourceRows(Format format, SourceFile file, int number, boolean isParallel) {
    this.format = format;
    this.file = file;
    this.number = number;
    this.isParallel = isParallel;
  }

  /// Returns the same rows, read by one thread.
  SourceRows inOneGo() {
    return new SourceRows(format, file, number, false);
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
    List<String> given = hasHeader ? header() : format.header();
    List<String> names = unique(given);
    String columns =
        names.stream()
            .map(name -> DuckDatabase.text(name) + ": 'VARCHAR'")
            .collect(Collectors.joining(", "));
    String quote = format.isQuoted() ? "\"" : "";
    return columnsFrom(
        names,
        """
        read_csv(%s, auto_detect = false, header = %s, delim = %s, quote = '%s', escape = '%s',
          compression = '%s', columns = {%s}, store_rejects = true, rejects_limit = 0,
          rejects_table = '%s', rejects_scan = '%s_scan'%s)\
        """
            .formatted(
                DuckDatabase.file(file.rows()),
                hasHeader,
                DuckDatabase.text(delimiter()),
                quote,
                quote,
                file.compression().word(),
                columns,
                rejects(),
                rejects(),
                isParallel ? "" : ", parallel = false"));
  }

  /// Returns the sign between the columns.
  char delimiter() {
    return format.delimiter() == 0 ? delimiterOf(file.firstLine()) : format.delimiter();
  }

  /// Returns the column names of the header line as they stand there.
  List<String> header() {
    return split(file.firstLine(), delimiter(), format.isQuoted());
  }

  /// Gives columns without a name, or with the name of another one, names of their own: they do not
  /// matter as long as no role asks for them. Names that differ by case alone are one to the
  /// database.
  private List<String> unique(List<String> names) {
    Collection<String> asked = format.namedColumns().names();
    List<String> out = new ArrayList<>();
    for (String name : names) {
      boolean isAsked = asked.contains(name);
      List<String> alike = names.stream().filter(name::equalsIgnoreCase).toList();
      boolean isTwice = alike.indexOf(name) != alike.lastIndexOf(name);
      if (isAsked && (isTwice || alike.stream().filter(asked::contains).count() > 1)) {
        throw new KasebException(
            "%s: has two columns %s; rename one of them"
                .formatted(
                    file.label(), isTwice ? name : String.join(" and ", alike) + " by case alone"));
      }
      boolean isFree =
          out.stream().noneMatch(name::equalsIgnoreCase)
              && (isAsked || alike.stream().noneMatch(asked::contains));
      out.add(name.isEmpty() || !isFree ? "column " + (out.size() + 1) : name);
    }
    return out;
  }

  /// Returns the place of the times' column, from 0; -1 where there is none.
  int timeColumn() {
    String time = format.namedColumns().of("time");
    List<String> names = format.header().isEmpty() ? header() : format.header();
    return time == null ? -1 : names.indexOf(time);
  }

  private String parquet(DuckDatabase database) throws SQLException {
    String source = "read_parquet(%s)".formatted(DuckDatabase.file(file.rows()));
    Map<String, String> types = database.columnTypes(source);
    List<String> names = List.copyOf(types.keySet());
    String broken =
        IDS.stream()
            .map(role -> IdValues.brokenParquet(role, named(role), types))
            .collect(Collectors.joining());
    return select(
        role -> parquetColumn(role, types),
        attribute -> attribute(attribute, names),
        "NULL::BIGINT",
        broken.isEmpty() ? "NULL::VARCHAR" : "CASE%s END".formatted(broken),
        source);
  }

  private @Nullable String parquetColumn(String role, Map<String, String> types) {
    String sql = column(role, List.copyOf(types.keySet()));
    return sql == null || !IDS.contains(role)
        ? sql
        : IdValues.parquet(file.label(), role, String.valueOf(named(role)), types);
  }

  private @Nullable String named(String role) {
    return format.namedColumns().of(role);
  }

  private String columnsFrom(List<String> names, String source) {
    return select(
        role -> column(role, names),
        attribute -> attribute(attribute, names),
        "NULL::BIGINT",
        "NULL::VARCHAR",
        source);
  }

  private @Nullable String column(String role, List<String> names) {
    String name = format.namedColumns().of(role);
    if (name == null) {
      return null;
    }
    if (!names.contains(name)) {
      if (format.mayLack(role)) {
        return null;
      }
      String instead = format.instead(role);
      if (instead != null && names.contains(instead)) {
        return DuckDatabase.name(instead) + "::VARCHAR";
      }
      throw missing("the role " + role, name, names, "columns");
    }
    return DuckDatabase.name(name) + "::VARCHAR";
  }

  private @Nullable String attribute(LogAttribute attribute, List<String> names) {
    if (names.contains(attribute.column())) {
      return DuckDatabase.name(attribute.column()) + "::VARCHAR";
    }
    if (attribute.isNeeded()) {
      throw missing(
          "the attribute " + attribute.attribute().name(), attribute.column(), names, "attributes");
    }
    return null;
  }

  private KasebException missing(String what, String name, List<String> names, String setting) {
    String one = names.getFirst();
    if (names.size() == 1 && format.layout() == Format.Layout.DELIMITED && one.contains(name)) {
      char between = one.replaceAll("[\\w\" ]", "").charAt(0);
      return new KasebException(
          "%s: its header is one column, %s; columns must lie between %s and not %s"
              .formatted(file.label(), one, sign(delimiter()), sign(between)));
    }
    return new KasebException(
        new KasebException.Problem(
            file.label(),
            "has no column %s (for %s); nearest is %s. Its columns are %s"
                .formatted(name, what, Nearest.of(name, names), String.join(", ", names)),
            null,
            "name them with " + KasebException.setting(setting)));
  }

  private static String sign(char delimiter) {
    return delimiter == '\t' ? "tabs" : "'" + delimiter + "'";
  }

  private String jsonLines() {
    return select(
        role -> jsonRole("object", role),
        attribute -> attribute.column().isEmpty() ? null : jsonField("object", attribute.column()),
        "line",
        "CASE WHEN object IS NULL THEN 'this is no JSON object'%s END"
            .formatted(brokenIds(role -> "object")),
        "(SELECT line, CASE WHEN json_valid(text) THEN text::JSON END AS object FROM (%s) WHERE text IS NOT NULL)"
            .formatted(numberedLines()));
  }

  private String nestedJsonLines() {
    return select(
        role -> jsonRole(role.equals("session") ? "object" : "event", role),
        attribute ->
            "coalesce(%s, %s)"
                .formatted(
                    jsonField("event", attribute.column()),
                    jsonField("object", attribute.column())),
        "line",
        "CASE WHEN event IS NULL THEN 'this is no JSON object with a list of events'%s END"
            .formatted(brokenIds(role -> role.equals("session") ? "object" : "event")),
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
        attribute -> attribute(attribute, List.of("session", "item")),
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
      compression = '%s', header = false, delim = '\\x01', quote = '', escape = '', columns = {'text': 'VARCHAR'},
      max_line_size = 8000000, buffer_size = 16000000)"""
        .formatted(DuckDatabase.file(file.rows()), file.compression().word());
  }

  private String select(
      Function<String, @Nullable String> columnOf,
      Function<LogAttribute, @Nullable String> attributeOf,
      String line,
      String broken,
      String source) {
    List<String> columns = new ArrayList<>();
    int roles = LogColumns.ROLES.size();
    for (String role : LogColumns.ROLES) {
      String sql = columnOf.apply(role);
      columns.add((sql == null ? "NULL::VARCHAR" : sql) + " AS " + role + "_text");
    }
    for (LogAttribute attribute : format.attributes()) {
      String sql = attributeOf.apply(attribute);
      columns.add(
          (sql == null ? "NULL::VARCHAR" : sql) + " AS a" + (columns.size() - roles) + "_text");
    }
    return "SELECT %s, %s AS line, %s AS broken FROM %s"
        .formatted(String.join(", ", columns), line, broken, source);
  }

  private @Nullable String jsonRole(String object, String role) {
    String path = named(role);
    return path != null && IDS.contains(role)
        ? IdValues.json(object, "$." + path)
        : jsonField(object, path);
  }

  private String brokenIds(UnaryOperator<String> objectOf) {
    return IDS.stream()
        .filter(role -> named(role) != null)
        .map(role -> IdValues.brokenJson(role, objectOf.apply(role), "$." + named(role)))
        .collect(Collectors.joining());
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

  private static List<String> split(String header, char delimiter, boolean quoted) {
    List<String> names = new ArrayList<>();
    StringBuilder name = new StringBuilder();
    boolean inside = false;
    for (int i = 0; i < header.length(); i++) {
      char c = header.charAt(i);
      if (quoted && c == '"') {
        inside = !inside;
      } else if (c == delimiter && !inside) {
        names.add(name.toString().strip());
        name.setLength(0);
      } else {
        name.append(c);
      }
    }
    names.add(name.toString().strip());
    return names;
  }
}
