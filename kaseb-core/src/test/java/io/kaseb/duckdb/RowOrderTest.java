package io.kaseb.duckdb;

import static org.assertj.core.api.Assertions.assertThat;

import io.kaseb.base.Progress;
import io.kaseb.base.Workers;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// Rows keep the order of their file, which tells events of the same time apart.
class RowOrderTest {
  @TempDir private Path folder;

  @Test
  void wordsAreLookedForWithoutAJoin() throws Exception {
    Resources two = Resources.DEFAULT.with(Workers.of(2));
    try (DuckDatabase database = DuckDatabase.open(folder, two, Progress.NONE)) {
      database.run("test", "CREATE TABLE rows (word VARCHAR)");
      String words = "'', 'NULL', 'null', 'NaN', 'nan', 'None', '<NA>'";
      String plan =
          database
              .rows("EXPLAIN SELECT CASE WHEN word IN (" + words + ") THEN 1 END FROM rows")
              .toString();
      assertThat(plan).contains("Projection").doesNotContainIgnoringCase("join");
    }
  }

  @Test
  void rowsOfAFileWithManyPartsStayInOrder() throws Exception {
    Resources two = Resources.DEFAULT.with(Workers.of(2));
    Path file = folder.resolve("rows.parquet");
    try (DuckDatabase database = DuckDatabase.open(folder, two, Progress.NONE)) {
      database.run(
          "test",
          "COPY (SELECT range::VARCHAR AS word FROM range(500000)) TO %s (FORMAT parquet, ROW_GROUP_SIZE 20000)"
              .formatted(DuckDatabase.file(file)));
      database.run("test", "CREATE TABLE rows (word VARCHAR)");
      database.run(
          "test",
          "INSERT INTO rows SELECT CASE WHEN word IN ('a', 'b', 'c', 'd', 'e', 'f', 'g') THEN NULL ELSE word END FROM read_parquet(%s)"
              .formatted(DuckDatabase.file(file)));
      assertThat(database.number("SELECT count(*) FROM rows WHERE word::BIGINT <> rowid")).isZero();
    }
  }
}
