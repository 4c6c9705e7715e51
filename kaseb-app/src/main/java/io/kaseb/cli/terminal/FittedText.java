package io.kaseb.cli.terminal;

import java.util.ArrayList;
import java.util.List;
import java.util.regex.Pattern;

/// Fits text to a terminal's width without losing any of it: a table that is too wide is shown in
/// several parts, each with the first column; other long lines are broken at blanks. Commands stay
/// whole, so that they can be pasted.
public final class FittedText {
  private static final Pattern CELLS = Pattern.compile("\\S {2,}\\S");
  private static final Pattern COMMAND = Pattern.compile("^ *(\\$ |.*Next: )|\033");
  private static final String INDENT = "    ";

  private FittedText() {}

  /// Returns a text whose lines have at most `width` characters where that can be.
  public static String of(String text, int width) {
    if (text.lines().allMatch(line -> line.length() <= width)) {
      return text;
    }
    StringBuilder out = new StringBuilder();
    List<String> lines = text.lines().toList();
    for (int from = 0; from < lines.size(); ) {
      int to = from;
      int columns = 0;
      while (to < lines.size() && isRow(lines.get(to))) {
        // A row of the same table never closes the gap between two of its columns.
        int more = columns(lines.subList(from, to + 1)).size();
        if (more < columns) {
          break;
        }
        columns = more;
        to++;
      }
      List<String> table = lines.subList(from, to);
      if (table.size() > 1 && table.stream().anyMatch(line -> line.length() > width)) {
        parts(table, width, out);
      } else {
        to = Math.max(to, from + 1);
        lines.subList(from, to).forEach(line -> broken(line, width, out));
      }
      from = to;
    }
    if (!text.endsWith("\n")) {
      out.setLength(out.length() - 1);
    }
    return out.toString();
  }

  /// Returns whether a line has three cells, two blanks or more apart.
  private static boolean isRow(String line) {
    return CELLS.matcher(line).results().limit(2).count() == 2;
  }

  private static void parts(List<String> table, int width, StringBuilder out) {
    List<int[]> columns = columns(table);
    int first = columns.getFirst()[1];
    int next = 1;
    while (next < columns.size()) {
      int from = columns.get(next)[0];
      int to = next + 1;
      while (to < columns.size() && first + columns.get(to)[1] - from <= width) {
        to++;
      }
      if (next > 1) {
        out.append('\n');
      }
      int end = columns.get(to - 1)[1];
      for (String line : table) {
        String label = part(line, 0, first);
        String cells = part(line, from, end);
        String row = label + " ".repeat(first - label.length()) + cells;
        out.append(row.stripTrailing()).append('\n');
      }
      next = to;
    }
  }

  private static String part(String line, int from, int to) {
    return line.substring(Math.min(from, line.length()), Math.min(to, line.length()));
  }

  /// Returns where columns begin, the blanks before them included, and end: where all lines have
  /// two blanks or more.
  private static List<int[]> columns(List<String> table) {
    int length = table.stream().mapToInt(String::length).max().orElse(0);
    boolean[] isFull = new boolean[length + 2];
    for (String line : table) {
      for (int i = 0; i < line.length(); i++) {
        isFull[i] |= line.charAt(i) != ' ';
      }
    }
    List<int[]> columns = new ArrayList<>();
    int from = 0;
    boolean isBegun = false;
    for (int i = 0; i < length; i++) {
      isBegun |= isFull[i];
      if (isBegun && !isFull[i] && !isFull[i + 1]) {
        columns.add(new int[] {from, i});
        from = i;
        isBegun = false;
      }
    }
    columns.add(new int[] {from, length});
    return columns;
  }

  private static void broken(String line, int width, StringBuilder out) {
    String rest = line;
    while (rest.length() > width && !COMMAND.matcher(line).find()) {
      int at = rest.lastIndexOf(' ', width);
      if (at <= INDENT.length()) {
        break;
      }
      out.append(rest.substring(0, at).stripTrailing()).append('\n');
      rest = INDENT + rest.substring(at + 1).stripLeading();
    }
    out.append(rest).append('\n');
  }
}
