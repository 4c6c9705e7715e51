package io.kaseb.serve;

import io.kaseb.base.DelimitedText;
import io.kaseb.base.KasebException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/// Reads a CSV table of items as RFC 4180 has it; commas, semicolons or tabs stand between its
/// columns, whichever its header has most of. Empty values are missing.
final class CsvRows {
  private final DelimitedText text;
  private final Path file;
  private final char separator;

  private CsvRows(String text, Path file) {
    this.text = new DelimitedText(text);
    this.file = file;
    String header = text.lines().findFirst().orElse("");
    char most = ',';
    for (char c : new char[] {';', '\t'}) {
      most = count(header, c) > count(header, most) ? c : most;
    }
    separator = most;
  }

  private static long count(String text, char c) {
    return text.chars().filter(x -> x == c).count();
  }

  /// A row.
  ///
  /// @param line where it begins, from 1
  /// @param values by the header's names
  record Row(int line, String id, Map<String, String> values) {}

  /// Reads all rows.
  ///
  /// @param file for errors
  static List<Row> of(String text, Path file) {
    return new CsvRows(text, file).rows();
  }

  private List<Row> rows() {
    List<String> header = record();
    if (header.size() < 2) {
      throw wrong(1, "a header that names the id and its attributes, as in id,brand,price");
    }
    int id = Math.max(0, header.indexOf("id"));
    List<Row> rows = new ArrayList<>();
    while (text.hasNext()) {
      int begin = text.line();
      List<String> values = record();
      if (values.size() == 1 && values.getFirst().isBlank()) {
        continue;
      }
      if (values.size() != header.size()) {
        throw wrong(
            begin, header.size() + " values, as the header has; these are " + values.size());
      }
      Map<String, String> named = new LinkedHashMap<>();
      for (int c = 0; c < values.size(); c++) {
        if (c != id && !values.get(c).isEmpty()) {
          named.put(header.get(c), values.get(c));
        }
      }
      rows.add(new Row(begin, values.get(id), named));
    }
    return rows;
  }

  private KasebException wrong(int number, String allowed) {
    return new KasebException(new KasebException.Problem(file + ":" + number, null, allowed, null));
  }

  /// Reads the values up to the end of a record.
  private List<String> record() {
    List<String> values = new ArrayList<>();
    int begin = text.line();
    try {
      do {
        values.add(text.field(separator));
      } while (text.skip(separator));
      text.skipLineEnd();
      return values;
    } catch (KasebException e) {
      throw wrong(begin, "values whose quotation marks match");
    }
  }
}
