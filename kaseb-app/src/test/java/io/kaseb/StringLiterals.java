package io.kaseb;

import java.util.List;
import java.util.regex.Pattern;

/// Finds the string literals of Java source text.
public final class StringLiterals {
  private static final Pattern TOKEN =
      Pattern.compile(
          "//[^\n]*"
              + "|/\\*(?:[^*]|\\*(?!/))*+\\*/"
              + "|'(?:\\\\.|[^'\\\\\n])+'"
              + "|\"\"\"(?<block>(?:\\\\[\\s\\S]|(?!\"\"\")[^\\\\])*+)\"\"\""
              + "|\"(?<text>(?:\\\\.|[^\"\\\\\n])*+)\"");

  private StringLiterals() {}

  /// Returns what stands between the quotes of each literal and text block, comments left out.
  public static List<String> of(String source) {
    return TOKEN
        .matcher(source)
        .results()
        .map(m -> m.group("block") == null ? m.group("text") : m.group("block"))
        .filter(literal -> literal != null)
        .toList();
  }
}
