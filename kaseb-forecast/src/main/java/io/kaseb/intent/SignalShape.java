package io.kaseb.intent;

import io.kaseb.signal.Coding;
import io.kaseb.signal.Schema;
import io.kaseb.signal.SignalInputs;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// The sizes of what an intent network has for events beyond clicks.
///
/// @param tables rows of each table of embeddings: one for each attribute of categories or words
/// @param itemNumbers numbers of an item
public record SignalShape(List<Integer> tables, int itemNumbers) {
  private static final int MOST = 8_192;

  /// Checks the sizes.
  public SignalShape {
    tables = List.copyOf(tables);
    if (itemNumbers < 0
        || itemNumbers > MOST
        || tables.size() > MOST
        || tables.stream().anyMatch(rows -> rows < 1 || rows > MOST)) {
      throw new IllegalArgumentException(
          "tables of " + tables + " rows, " + itemNumbers + " numbers of an item");
    }
  }

  /// Returns the sizes for a log; null for one of clicks alone.
  public static @Nullable SignalShape of(Schema schema) {
    return schema.isEmpty()
        ? null
        : new SignalShape(
            schema.embedded().stream().map(a -> schema.attributes().get(a).embeddings()).toList(),
            new SignalInputs(schema).items());
  }

  /// Returns the floats of all tables.
  int floats() {
    return at(tables.size());
  }

  /// Returns where a table begins among the floats of all.
  int at(int table) {
    int at = 0;
    for (int t = 0; t < table; t++) {
      at += tables.get(t) * Coding.EMBEDDING;
    }
    return at;
  }
}
