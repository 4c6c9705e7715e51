package io.kaseb.base;

import java.util.ArrayList;
import java.util.List;

/// Fields apart by a delimiter, as CSV has them (RFC 4180): a field with a delimiter, a quotation
/// mark, a line break or a blank at an end stands between quotation marks, those within it doubled.
/// Any other field stands as it is, and is read without blanks around it.
///
/// An object reads a text field by field.
public final class DelimitedText {
  private static final char QUOTE = '"';

  private final String text;
  private int at;
  private int line = 1;

  /// Begins to read a text.
  public DelimitedText(String text) {
    this.text = text;
  }

  /// Writes fields as one line, without its end.
  public static String line(char delimiter, List<String> fields) {
    StringBuilder line = new StringBuilder();
    for (int f = 0; f < fields.size(); f++) {
      if (f > 0) {
        line.append(delimiter);
      }
      append(line, delimiter, fields.get(f));
    }
    return line.toString();
  }

  /// Reads the fields of one line.
  ///
  /// @throws KasebException where quotation marks do not match
  public static List<String> fields(char delimiter, String line) {
    DelimitedText reader = new DelimitedText(line);
    List<String> fields = new ArrayList<>();
    do {
      fields.add(reader.field(delimiter));
    } while (reader.skip(delimiter));
    return fields;
  }

  private static void append(StringBuilder line, char delimiter, String field) {
    boolean plain = true;
    for (int i = 0; i < field.length() && plain; i++) {
      char c = field.charAt(i);
      boolean end = i == 0 || i == field.length() - 1;
      plain =
          c != delimiter
              && c != QUOTE
              && !isControl(c)
              && !(end && (Character.isWhitespace(c) || c == '\uFEFF'));
    }
    if (plain) {
      line.append(field);
    } else {
      line.append(QUOTE).append(field.replace("\"", "\"\"")).append(QUOTE);
    }
  }

  /// Line breaks of any kind are among the control characters but for two.
  private static boolean isControl(char c) {
    return Character.isISOControl(c) || c == '\u2028' || c == '\u2029';
  }

  /// Returns whether there is more to read.
  public boolean hasNext() {
    return at < text.length();
  }

  /// Returns the number of the line that is read next, from 1.
  public int line() {
    return line;
  }

  /// Reads a field, up to a delimiter or the end of its line.
  ///
  /// @throws KasebException where a quotation mark opens the field and none closes it, or something
  ///   follows the closing one
  public String field(char delimiter) {
    if (!hasNext() || text.charAt(at) != QUOTE) {
      int from = at;
      while (hasNext() && text.charAt(at) != delimiter && !atLineEnd()) {
        at++;
      }
      return text.substring(from, at).strip();
    }
    StringBuilder field = new StringBuilder();
    int opened = line;
    at++;
    while (true) {
      if (!hasNext()) {
        throw new KasebException(
            "line " + opened + ": a quotation mark opens a field and none closes it");
      }
      char c = text.charAt(at++);
      if (c != QUOTE) {
        field.append(c);
        line += c == '\n' ? 1 : 0;
      } else if (hasNext() && text.charAt(at) == QUOTE) {
        field.append(QUOTE);
        at++;
      } else {
        break;
      }
    }
    if (hasNext() && text.charAt(at) != delimiter && !atLineEnd()) {
      throw new KasebException("line " + opened + ": something follows a closed quotation mark");
    }
    return field.toString();
  }

  /// Reads what is left of the line as one field, whatever delimiters it holds.
  ///
  /// @throws KasebException as [#field(char)] does
  public String rest() {
    return field('\n');
  }

  /// Skips a delimiter; returns whether there was one.
  public boolean skip(char delimiter) {
    boolean found = hasNext() && text.charAt(at) == delimiter;
    at += found ? 1 : 0;
    return found;
  }

  /// Skips the end of a line.
  public void skipLineEnd() {
    boolean returned = skip('\r');
    line += skip('\n') || returned ? 1 : 0;
  }

  private boolean atLineEnd() {
    return text.charAt(at) == '\n' || text.charAt(at) == '\r';
  }
}
