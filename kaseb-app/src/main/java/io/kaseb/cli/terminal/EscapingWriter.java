package io.kaseb.cli.terminal;

import java.io.IOException;
import java.io.Writer;

/// Writes for people: what moves a cursor, names a window or turns the direction of writing is
/// escaped, wherever it came from (an item's id, a file's name, a model's kind). Line ends and tabs
/// stay, and colours where the command itself may use them.
public final class EscapingWriter extends Writer {
  private static final int LONGEST_COLOUR = 20;

  private final Writer out;
  private final boolean hasColours;

  /// Creates a writer.
  ///
  /// @param hasColours whether sequences that colour text pass
  public EscapingWriter(Writer out, boolean hasColours) {
    this.out = out;
    this.hasColours = hasColours;
  }

  @Override
  public void write(char[] text, int from, int length) throws IOException {
    int end = from + length;
    int written = from;
    for (int i = from; i < end; i++) {
      if (!isHarmful(text[i]) || isLineEnd(text, i, end)) {
        continue;
      }
      int colour = hasColours ? colour(text, i, end) : 0;
      if (colour > 0) {
        i += colour - 1;
        continue;
      }
      out.write(text, written, i - written);
      out.write("\\u%04x".formatted((int) text[i]));
      written = i + 1;
    }
    out.write(text, written, end - written);
  }

  private static boolean isHarmful(char c) {
    boolean isControl = Character.isISOControl(c) && c != '\n' && c != '\t';
    boolean turnsDirection = (c >= '\u202a' && c <= '\u202e') || (c >= '\u2066' && c <= '\u2069');
    return isControl || turnsDirection || c == '\u2028' || c == '\u2029';
  }

  private static boolean isLineEnd(char[] text, int at, int end) {
    return text[at] == '\r' && at + 1 < end && text[at + 1] == '\n';
  }

  /// Returns the length of a sequence that colours what follows, 0 where there is none.
  private static int colour(char[] text, int at, int end) {
    if (text[at] != '\u001b' || at + 1 >= end || text[at + 1] != '[') {
      return 0;
    }
    for (int i = at + 2; i < Math.min(end, at + LONGEST_COLOUR); i++) {
      if (text[i] == 'm') {
        return i + 1 - at;
      }
      if (text[i] != ';' && !Character.isDigit(text[i])) {
        return 0;
      }
    }
    return 0;
  }

  @Override
  public void flush() throws IOException {
    out.flush();
  }

  @Override
  public void close() throws IOException {
    out.close();
  }
}
