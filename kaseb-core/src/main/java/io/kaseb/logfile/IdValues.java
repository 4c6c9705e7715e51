package io.kaseb.logfile;

import io.kaseb.base.KasebException;
import io.kaseb.duckdb.DuckDatabase;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/// What of a typed file can be an id, as SQL: texts, and numbers. A whole number gives the same id
/// in whatever form it is stored: `7`, `7.0`, `7e0` and `7.000` are `7`. Lists, structures, bytes,
/// truth values and numbers that are not finite are none.
final class IdValues {
  private IdValues() {}

  /// Returns a JSON value as an id.
  ///
  /// @param path where it stands in the object, as in `$.sku`
  static String json(String object, String path) {
    String text = text(object, path);
    return """
    CASE WHEN (contains(%1$s, '.') OR contains(%1$s, 'e') OR contains(%1$s, 'E'))
        AND json_type(%2$s, %3$s) = 'DOUBLE'
      THEN %4$s ELSE %1$s END"""
        .formatted(text, object, DuckDatabase.text(path), whole(text + "::DOUBLE", text));
  }

  /// Returns the `WHEN` that says why a JSON value is no id.
  static String brokenJson(String role, String object, String path) {
    String text = text(object, path);
    return """
     WHEN left(%1$s, 1) IN ('[', '{', 't', 'f')
        AND json_type(%2$s, %3$s) IN ('ARRAY', 'OBJECT', 'BOOLEAN')
      THEN 'the %4$s id is ' || left(%1$s, 40) || '; must be text or a number'"""
        .formatted(text, object, DuckDatabase.text(path), role);
  }

  private static String text(String object, String path) {
    return "json_extract_string(%s, %s)".formatted(object, DuckDatabase.text(path));
  }

  /// Returns a Parquet column's values as ids.
  ///
  /// @param types all columns' types by name
  /// @throws KasebException where the column's type can be no id
  static String parquet(String file, String role, String name, Map<String, String> types) {
    String type = types.getOrDefault(name, "");
    String text = DuckDatabase.name(name) + "::VARCHAR";
    boolean isContainer = type.endsWith("]") || type.startsWith("STRUCT") || type.startsWith("MAP");
    if (isContainer || type.equals("BLOB") || type.equals("BOOLEAN")) {
      throw new KasebException(
          new KasebException.Problem(
              file,
              "column %s holds %s values".formatted(name, type),
              "text or a number for the role " + role,
              null));
    }
    return isFraction(type) || type.startsWith("DECIMAL")
        ? whole(DuckDatabase.name(name), text)
        : text;
  }

  /// Returns the `WHEN` that says why a Parquet value is no id, or nothing.
  static String brokenParquet(String role, @Nullable String name, Map<String, String> types) {
    return name == null || !isFraction(types.getOrDefault(name, ""))
        ? ""
        : " WHEN isinf(%1$s) THEN 'the %2$s id is ' || %1$s || '; must be text or a finite number'"
            .formatted(DuckDatabase.name(name), role);
  }

  private static boolean isFraction(String type) {
    return type.equals("DOUBLE") || type.equals("FLOAT");
  }

  private static String whole(String number, String text) {
    return "CASE WHEN %1$s = trunc(%1$s) AND abs(%1$s) < 1e38 THEN %1$s::HUGEINT::VARCHAR ELSE %2$s END"
        .formatted(number, text);
  }
}
