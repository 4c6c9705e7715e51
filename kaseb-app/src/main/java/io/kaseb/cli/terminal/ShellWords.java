package io.kaseb.cli.terminal;

import java.util.regex.Pattern;

/// Words as a shell takes them.
public final class ShellWords {
  private static final Pattern PLAIN = Pattern.compile("[A-Za-z0-9_@%+=:,./-]+");

  private ShellWords() {}

  /// Returns a word so that a pasted line has it as it is: quoted where a shell would read it
  /// otherwise; behind `./` where a command would take it for an option.
  public static String quoted(Object word) {
    String text = word.toString();
    if (text.startsWith("-") && !text.equals("-")) {
      text = "./" + text;
    }
    return PLAIN.matcher(text).matches() ? text : "'" + text.replace("'", "'\\''") + "'";
  }
}
