package io.kaseb.logfile;

import java.io.BufferedReader;
import java.io.IOException;
import java.util.Map;
import java.util.TreeMap;
import java.util.regex.Pattern;

/// The lines that quotation marks make part of a value in a file of columns, and which of them look
/// like rows of their own: a stray mark swallowed those. A text of several lines, such as a
/// review's, has no times where rows have theirs.
///
/// @param swallowed lines after the first of a value that have as many columns as a row, and a time
///   in its column
/// @param first the first line of the first such values, and how many lines each spans
record QuotedLines(long swallowed, Map<Long, Integer> first) {
  private static final int SHOWN = 5;
  private static final Pattern TIME = Pattern.compile("[\\s\"]*\\d{4}.*");

  /// Walks through a file as a reader of columns does: a mark opens a value only at its start.
  ///
  /// @param columns how many columns a row has
  /// @param time the place of the times' column, from 0; -1 where rows have none
  static QuotedLines of(SourceFile file, char delimiter, int columns, int time) throws IOException {
    Map<Long, Integer> first = new TreeMap<>();
    long swallowed = 0;
    try (BufferedReader lines = file.lines()) {
      long number = 0;
      long opened = 0;
      int rows = 0;
      boolean inside = false;
      for (String line; (line = lines.readLine()) != null; ) {
        number++;
        if (inside && count(line, delimiter) >= columns - 1 && hasTime(line, delimiter, time)) {
          rows++;
        }
        boolean before = inside;
        inside = isOpenAfter(line, delimiter, inside);
        if (!before && inside) {
          opened = number;
          rows = 0;
        }
        if (before && !inside && rows > 0) {
          swallowed += rows;
          note(first, opened, (int) (number - opened + 1));
        }
      }
      if (inside && rows > 0) {
        swallowed += rows;
        note(first, opened, (int) (number - opened + 1));
      }
    }
    return new QuotedLines(swallowed, first);
  }

  private static void note(Map<Long, Integer> first, long line, int lines) {
    if (first.size() < SHOWN) {
      first.put(line, lines);
    }
  }

  private static boolean hasTime(String line, char delimiter, int column) {
    int from = 0;
    for (int c = 0; c < column; c++) {
      from = line.indexOf(delimiter, from) + 1;
    }
    int to = line.indexOf(delimiter, from);
    return column < 0 || TIME.matcher(line.substring(from, to < 0 ? line.length() : to)).matches();
  }

  private static int count(String line, char delimiter) {
    int n = 0;
    for (int i = 0; i < line.length(); i++) {
      n += line.charAt(i) == delimiter ? 1 : 0;
    }
    return n;
  }

  private static boolean isOpenAfter(String line, char delimiter, boolean open) {
    boolean inside = open;
    boolean atStart = !open;
    for (int i = 0; i < line.length(); i++) {
      char c = line.charAt(i);
      if (inside) {
        if (c == '"' && i + 1 < line.length() && line.charAt(i + 1) == '"') {
          i++;
        } else if (c == '"') {
          inside = false;
        }
      } else if (c == '"' && atStart) {
        inside = true;
      }
      atStart = !inside && c == delimiter;
    }
    return inside;
  }
}
