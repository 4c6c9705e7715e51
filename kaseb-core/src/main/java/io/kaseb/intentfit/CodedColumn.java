package io.kaseb.intentfit;

import io.kaseb.data.AttributeColumn;
import io.kaseb.event.Attribute;
import io.kaseb.signal.Coding;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// A log's column of an attribute, read as a model codes it.
///
/// @param codes the coding's number of each of the column's words
record CodedColumn(Coding coding, AttributeColumn values, int[] codes) {
  /// Returns the column of a log that has the coding's attribute, or null.
  static @Nullable CodedColumn of(Coding coding, List<AttributeColumn> all) {
    Attribute wanted = coding.attribute();
    for (AttributeColumn column : all) {
      Attribute attribute = column.attribute();
      if (attribute.name().equals(wanted.name()) && attribute.kind() == wanted.kind()) {
        int[] codes = column.names().stream().mapToInt(coding::code).toArray();
        return new CodedColumn(coding, column, codes);
      }
    }
    return null;
  }

  /// Writes a row's value; that of a row which is not there is missing.
  void write(int row, float[] out, int at) {
    if (row < 0 || row >= values.rows()) {
      coding.missing(out, at);
      return;
    }
    switch (coding.attribute().kind()) {
      case NUMBER -> coding.number(values.numbers()[row], out, at);
      case CATEGORY -> codes(row, row + 1, out, at);
      case WORDS -> codes(values.offsets()[row], values.offsets()[row + 1], out, at);
    }
  }

  private void codes(int from, int to, float[] out, int at) {
    int[] found = new int[to - from];
    for (int i = from; i < to; i++) {
      int code = values.codes()[i];
      found[i - from] = code < 0 ? -1 : codes[code];
    }
    coding.codes(found, 0, found.length, out, at);
  }
}
