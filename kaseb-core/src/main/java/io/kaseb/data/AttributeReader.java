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

/// Reads attributes out of tables into flat arrays.
public final class AttributeReader {
  /// Values of a category that fewer rows have share one.
  private static final int RARE = 5;

  /// Values of a category that are told apart at most; the rarer ones share one.
  private static final int MOST = 4_096;

  /// What rare values share.
  private static final String OTHER = "other";

  private final DuckDatabase database;
  private final int least;

  /// Creates a reader.
  ///
  /// @param isTrain whether rare values share one, as training is to see them; a value of another
  ///   log means there what it meant in train
  public AttributeReader(DuckDatabase database, boolean isTrain) {
    this.database = database;
    this.least = isTrain ? RARE : 1;
  }

  /// Reads all attributes of a part of a dataset, in the manifest's order.
  ///
  /// @param part the folder `train` or `test`
  static List<AttributeColumn> read(DuckDatabase database, Path part, Manifest manifest)
      throws SQLException {
    AttributeReader reader = new AttributeReader(database, part.endsWith("train"));
    List<AttributeColumn> columns = new ArrayList<>();
    for (Manifest.AttributeCount one : manifest.attributes()) {
      Attribute attribute = one.parsed();
      Path file =
          switch (attribute.level()) {
            case EVENT -> part.resolve("events.parquet");
            case SESSION, USER -> part.resolve("sessions.parquet");
            case ITEM -> part.resolveSibling("items.parquet");
          };
      String column = DuckDatabase.name(Manifest.AttributeCount.column(attribute));
      columns.add(
          reader.read(
              attribute,
              "SELECT %s AS v FROM read_parquet(%s)".formatted(column, DuckDatabase.file(file))));
    }
    return columns;
  }

  /// Reads an attribute.
  ///
  /// @param values query of its values `v`, in the order of rows
  public AttributeColumn read(Attribute attribute, String values) throws SQLException {
    int rows =
        ArraySize.of(
            database.number("SELECT count(*) FROM (%s)".formatted(values)),
            "rows",
            "the attribute " + attribute.name());
    return switch (attribute.kind()) {
      case NUMBER -> numbers(attribute, values, rows);
      case CATEGORY -> categories(attribute, values, rows);
      case WORDS -> words(attribute, values, rows);
    };
  }

  private AttributeColumn numbers(Attribute attribute, String values, int rows)
      throws SQLException {
    float[] numbers = new float[rows];
    int[] at = {0};
    database.read(
        "SELECT coalesce(v, 'NaN')::DOUBLE FROM (%s)".formatted(values),
        chunk -> {
          for (int row = 0; row < chunk.rows(); row++) {
            numbers[at[0]++] = (float) chunk.column(0).asDouble(row);
          }
        });
    return AttributeColumn.ofNumbers(attribute, numbers);
  }

  private AttributeColumn categories(Attribute attribute, String values, int rows)
      throws SQLException {
    List<List<String>> counts =
        database.rows(
            "SELECT v, count(*) AS n FROM (%s) WHERE v IS NOT NULL GROUP BY v ORDER BY n DESC, v"
                .formatted(values));
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
        "SELECT coalesce(v, '') FROM (%s)".formatted(values),
        chunk -> {
          for (int row = 0; row < chunk.rows(); row++) {
            String name = chunk.column(0).asText(row);
            codes[at[0]++] = name.isEmpty() ? -1 : numbers.getOrDefault(name, rare);
          }
        });
    return AttributeColumn.ofCategories(attribute, names, codes);
  }

  private AttributeColumn words(Attribute attribute, String values, int rows) throws SQLException {
    List<String> names = new ArrayList<>();
    Map<String, Integer> numbers = new HashMap<>();
    int[] offsets = new int[rows + 1];
    int[][] codes = {new int[rows]};
    int[] at = {0};
    database.read(
        "SELECT coalesce(v, '') FROM (%s)".formatted(values),
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
