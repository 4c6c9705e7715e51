package io.kaseb.logfile;

import io.kaseb.base.KasebException;
import io.kaseb.duckdb.DuckDatabase;
import java.util.List;

/// A table that gives the items of click files other ids: lines of an item's index and its id, a
/// tab between them.
public final class ItemMap {
  /// What stands before the index of an item that the map lacks.
  public static final String UNMAPPED = "unmapped:";

  /// The query of an index with two ids, in a table `item_map` of [#rows(SourceFile)]: both lines,
  /// the index, both ids; the first such pair alone.
  public static final String SECOND_NAMES =
      """
      SELECT a.line, b.line, a.index, a.id, b.id FROM item_map a JOIN item_map b
        ON a.index = b.index AND a.id <> b.id AND a.line > b.line
      ORDER BY a.line, b.line LIMIT 1""";

  private ItemMap() {}

  /// Returns the query of a map's lines: `index, id, line`.
  public static String rows(SourceFile map) {
    return """
    SELECT index, id, row_number() OVER () AS line FROM read_csv(%2$s, auto_detect = false,
      quote = '', escape = '', compression = '%1$s', header = false, delim = '\\t', columns = {'index': 'VARCHAR', 'id': 'VARCHAR'})"""
        .formatted(map.compression().word(), DuckDatabase.file(map.rows()));
  }

  /// Returns what to say of an index with two ids: its clicks could be of either.
  ///
  /// @param label how messages name the map
  /// @param row the row of [#SECOND_NAMES], as text
  public static KasebException secondName(String label, List<String> row) {
    return new KasebException(
        new KasebException.Problem(
            label + ":" + row.getFirst(),
            "%s is %s, and %s in line %s".formatted(row.get(2), row.get(3), row.get(4), row.get(1)),
            null,
            "leave one of them out"));
  }
}
