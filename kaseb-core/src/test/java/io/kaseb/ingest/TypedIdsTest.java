package io.kaseb.ingest;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.kaseb.base.KasebException;
import io.kaseb.base.Progress;
import io.kaseb.base.Workers;
import io.kaseb.duckdb.DuckDatabase;
import io.kaseb.duckdb.Resources;
import io.kaseb.logfile.ClickSource;
import io.kaseb.logfile.Format;
import io.kaseb.logfile.LogColumns;
import io.kaseb.model.Catalogue;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/// Ids in files whose values have types: a whole number is one id in any form, and what is neither
/// text nor a number is none.
class TypedIdsTest {
  @TempDir private Path folder;

  private static ClickLog read(String format, Path file) throws IOException {
    return ClickLog.read(
        ClickSource.of(Format.of(format).with(LogColumns.parse("session=visit,item=sku")), file),
        Catalogue.of(List.of()),
        1,
        new Resources("500MB", 1),
        Progress.NONE);
  }

  private ClickLog json(String... rows) throws IOException {
    return read("jsonl", Files.write(folder.resolve("log.jsonl"), List.of(rows)));
  }

  private ClickLog parquet(String visit, String sku) throws IOException {
    Path file = folder.resolve("log.parquet");
    try (DuckDatabase database = DuckDatabase.inMemory(Workers.ONE)) {
      database.run(
          "writing",
          "COPY (SELECT %s AS visit, unnest(%s) AS sku) TO %s (FORMAT parquet)"
              .formatted(visit, sku, DuckDatabase.file(file)));
    }
    return read("parquet", file);
  }

  @Test
  void wholeNumbersInAnyFormOfJson() throws IOException {
    ClickLog log =
        json(
            "{\"visit\":7,\"sku\":214536502}",
            "{\"visit\":7.0,\"sku\":214536502.0}",
            "{\"visit\":7e0,\"sku\":2.14536502e8}",
            "{\"visit\":\"7\",\"sku\":\"214536502\"}",
            "{\"visit\":0.7E1,\"sku\":1e3}",
            "{\"visit\":7,\"sku\":9007199254740992.0}",
            "{\"visit\":7,\"sku\":18446744073709551615}",
            "{\"visit\":7,\"sku\":-3.0}",
            "{\"visit\":7,\"sku\":0.5}",
            "{\"visit\":7,\"sku\":\"1.0\"}",
            "{\"visit\":7,\"sku\":\"true\"}",
            "{\"visit\":7,\"sku\":\"[1]\"}",
            "{\"visit\":7,\"sku\":\"{e.}\"}");
    assertThat(log.badRows()).isEmpty();
    assertThat(log.sessionIds()).containsExactly("7");
    assertThat(log.itemIds())
        .containsExactly(
            "214536502",
            "1000",
            "9007199254740992",
            "18446744073709551615",
            "-3",
            "0.5",
            "1.0",
            "true",
            "[1]",
            "{e.}");
  }

  /// No file of lines could hold them again.
  @ParameterizedTest
  @CsvSource({"10, several lines", "13, several lines", "0, NUL"})
  void idsWithLineBreaksOrNulsAreBadRows(int character, String why) throws IOException {
    String escaped = "\\u%04x".formatted(character);
    ClickLog lines =
        json(
            "{\"visit\":\"a%sb\",\"sku\":1}".formatted(escaped),
            "{\"visit\":1,\"sku\":\"a%sb\"}".formatted(escaped),
            "{\"visit\":2,\"sku\":3}");
    assertThat(lines.sessionIds()).containsExactly("2");
    assertThat(lines.badRows()).hasSize(2).allMatch(row -> row.contains(why));
    String id = "'a' || chr(%d) || 'b'".formatted(character);
    ClickLog table = parquet("'1'", "['x', " + id + "]");
    assertThat(table.itemIds()).containsExactly("x");
    assertThat(table.badRows()).singleElement().asString().contains(why);
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '`',
      value = {
        "\"a\" | [1,2]",
        "\"a\" | {\"id\":3}",
        "\"a\" | []",
        "\"a\" | true",
        "\"a\" | false",
        "[\"x\"] | 1",
        "{\"x\":1} | 1",
        "true | 1"
      })
  void containersAndTruthValuesOfJsonAreNoIds(String visit, String sku) throws IOException {
    ClickLog log =
        json(
            "{\"visit\":%s,\"sku\":%s}".formatted(visit, sku),
            "{\"visit\":\"good\",\"sku\":\"9\"}");
    assertThat(log.itemIds()).containsExactly("9");
    assertThat(log.badRows())
        .singleElement()
        .asString()
        .contains("log.jsonl:1: the ", " id is ", "; must be text or a number");
  }

  @Test
  void aListInOttosEventsIsNoItem() throws IOException {
    Path file =
        Files.writeString(
            folder.resolve("otto.jsonl"),
            "{\"session\":1,\"events\":[{\"aid\":[5],\"ts\":1661724000278,\"type\":\"clicks\"},"
                + "{\"aid\":6.0,\"ts\":1661724000279,\"type\":\"clicks\"}]}\n");
    ClickLog log =
        ClickLog.read(
            ClickSource.of(Format.of("otto"), file),
            Catalogue.of(List.of()),
            1,
            new Resources("500MB", 1),
            Progress.NONE);
    assertThat(log.itemIds()).containsExactly("6");
    assertThat(log.badRows()).hasSize(1);
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "[1.000::DECIMAL(18,3), 2.5] | 1 2.500",
        "[7::DOUBLE, 9007199254740992, 0.5] | 7 9007199254740992 0.5",
        "[7::FLOAT] | 7",
        "[7::TINYINT] | 7",
        "[18446744073709551615::UBIGINT] | 18446744073709551615",
        "['7.0'] | 7.0"
      })
  void wholeNumbersInAnyTypeOfParquet(String values, String ids) throws IOException {
    ClickLog log = parquet("1.00::DECIMAL(9,2)", values);
    assertThat(log.sessionIds()).containsExactly("1");
    assertThat(log.itemIds()).containsExactly(ids.split(" "));
  }

  @Test
  void numbersThatAreNotFiniteAreNoIds() throws IOException {
    ClickLog log = parquet("'a'", "['inf'::DOUBLE, '-inf'::DOUBLE, 'nan'::DOUBLE, NULL, 4]");
    assertThat(log.itemIds()).containsExactly("4");
    assertThat(log.badRows()).hasSize(4);
    assertThat(log.badRows().getFirst()).contains("the item id is inf; must be text or a finite");
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {"['\\xFF\\x00'::BLOB]", "[true]", "[[1, 2]]", "[{'a': 1}]", "[map{'a': 1}]"})
  void columnsOfOtherTypesAreNoIds(String values) {
    assertThatThrownBy(() -> parquet("'a'", values))
        .isInstanceOf(KasebException.class)
        .hasMessageContaining("log.parquet: column sku holds ")
        .hasMessageContaining("must be text or a number for the role item");
    assertThatThrownBy(() -> parquet(values, "[1]"))
        .isInstanceOf(KasebException.class)
        .hasMessageContaining("for the role session");
  }
}
