package io.kaseb.data;

import io.kaseb.duckdb.DuckDatabase;
import io.kaseb.event.Attribute;
import java.nio.file.Path;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/// Reads the attributes of a part of a dataset out of its tables.
final class AttributeReader {
  /// Values of a category that fewer rows have share one.
  private static final int RARE = 5;

  /// Values of a category that are told apart at most; the rarer ones share one.
  private static final int MOST = 4_096;

  /// What rare values share.
  private static final String OTHER = "other";

  private final DuckDatabase database;
  private final Path part;

  /// Creates the reader of a part.
  ///
  /// @param part the folder `train` or `test`
  AttributeReader(DuckDatabase database, Path part) {
    this.database = database;
    this.part = part;
  }

  /// Reads all attributes, in the manifest's order.
  List<AttributeColumn> read(Manifest manifest) throws SQLException {
    List<AttributeColumn> columns = new ArrayList<>();
    for (Manifest.AttributeCount one : manifest.attributes()) {
      columns.add(read(one.parsed()));
    }
    return columns;
  }

  private AttributeColumn read(Attribute attribute) throws SQLException {
    Path file =
        switch (attribute.level()) {
          case EVENT -> part.resolve("events.parquet");
          case SESSION, USER -> part.resolve("sessions.parquet");
          case ITEM -> part.resolveSibling("items.parquet");
        };
    String table = "read_parquet(%s)".formatted(DuckDatabase.file(file));
    String column = DuckDatabase.name(Manifest.AttributeCount.column(attribute));
    int rows = Math.toIntExact(database.number("SELECT count(*) FROM " + table));
    return switch (attribute.kind()) {
      case NUMBER -> numbers(attribute, table, column, rows);
      case CATEGORY -> categories(attribute, table, column, rows);
      case WORDS -> words(attribute, table, column, rows);
    };
  }

  private AttributeColumn numbers(Attribute attribute, String table, String column, int rows)
      throws SQLException {
    float[] numbers = new float[rows];
    int[] at = {0};
    database.read(
        "SELECT coalesce(%s, 'NaN')::DOUBLE FROM %s".formatted(column, table),
        chunk -> {
          for (int row = 0; row < chunk.rows(); row++) {
            numbers[at[0]++] = (float) chunk.column(0).asDouble(row);
          }
        });
    return AttributeColumn.ofNumbers(attribute, numbers);
  }

  /// Only what training is to tell apart must be frequent: a value of the test means there what it
  /// meant in train.
  private AttributeColumn categories(Attribute attribute, String table, String column, int rows)
      throws SQLException {
    int least = part.endsWith("train") ? RARE : 1;
    List<List<String>> counts =
        database.rows(
            "SELECT %1$s, count(*) AS n FROM %2$s WHERE %1$s IS NOT NULL GROUP BY %1$s ORDER BY n DESC, %1$s"
                .formatted(column, table));
    List<String> names = new ArrayList<>();
    Map<String, Integer> numbers = new HashMap<>();
    boolean isRare = false;
    for (List<String> value : counts) {
      if (numbers.size() < MOST && Long.parseLong(value.get(1)) >= least) {
        numbers.put(value.get(0), names.size());
        names.add(value.get(0));
      } else {
        isRare = true;
      }
    }
    if (isRare && !numbers.containsKey(OTHER)) {
      numbers.put(OTHER, names.size());
      names.add(OTHER);
    }
    int rare = numbers.getOrDefault(OTHER, -1);
    int[] codes = new int[rows];
    int[] at = {0};
    database.read(
        "SELECT coalesce(%s, '') FROM %s".formatted(column, table),
        chunk -> {
          for (int row = 0; row < chunk.rows(); row++) {
            String name = chunk.column(0).asText(row);
            codes[at[0]++] = name.isEmpty() ? -1 : numbers.getOrDefault(name, rare);
          }
        });
    return AttributeColumn.ofCategories(attribute, names, codes);
  }

  private AttributeColumn words(Attribute attribute, String table, String column, int rows)
      throws SQLException {
    List<String> names = new ArrayList<>();
    Map<String, Integer> numbers = new HashMap<>();
    int[] offsets = new int[rows + 1];
    int[][] codes = {new int[rows]};
    int[] at = {0};
    database.read(
        "SELECT coalesce(%s, '') FROM %s".formatted(column, table),
        chunk -> {
          for (int row = 0; row < chunk.rows(); row++) {
            int to = offsets[at[0]];
            for (String word : Attribute.words(chunk.column(0).asText(row))) {
              Integer number = numbers.get(word);
              if (number == null) {
                number = names.size();
                numbers.put(word, number);
                names.add(word);
              }
              if (to == codes[0].length) {
                codes[0] = Arrays.copyOf(codes[0], Math.max(16, 2 * to));
              }
              codes[0][to++] = number;
            }
            offsets[++at[0]] = to;
          }
        });
    return frequent(
        AttributeColumn.ofWords(attribute, names, Arrays.copyOf(codes[0], offsets[rows]), offsets));
  }

  /// Leaves rare words out: nothing is learned of them.
  private AttributeColumn frequent(AttributeColumn all) {
    int least = part.endsWith("train") ? RARE : 1;
    int[] counts = new int[all.names().size()];
    for (int code : all.codes()) {
      counts[code]++;
    }
    int[] numbers = new int[counts.length];
    List<String> names = new ArrayList<>();
    for (int n = 0; n < counts.length; n++) {
      numbers[n] = counts[n] < least ? -1 : names.size();
      if (counts[n] >= least) {
        names.add(all.names().get(n));
      }
    }
    int[] offsets = new int[all.offsets().length];
    int[] codes = new int[all.codes().length];
    int to = 0;
    for (int row = 0; row + 1 < offsets.length; row++) {
      for (int i = all.offsets()[row]; i < all.offsets()[row + 1]; i++) {
        if (numbers[all.codes()[i]] >= 0) {
          codes[to++] = numbers[all.codes()[i]];
        }
      }
      offsets[row + 1] = to;
    }
    return AttributeColumn.ofWords(all.attribute(), names, Arrays.copyOf(codes, to), offsets);
  }
}
