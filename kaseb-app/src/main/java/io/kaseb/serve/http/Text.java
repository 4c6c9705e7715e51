package io.kaseb.serve.http;

/// Text that came from outside, made fit for a log or a message.
public final class Text {
  private static final int LONGEST = 80;

  private Text() {}

  /// Returns a text with everything but plain visible ASCII escaped.
  public static String plain(String text) {
    String quoted = quoted(text);
    return quoted.substring(1, quoted.length() - 1);
  }

  /// Returns a text in quotes, cut to 80 characters, with everything but plain visible ASCII
  /// escaped: it can neither end a log line nor colour a terminal.
  public static String quoted(String text) {
    StringBuilder out = new StringBuilder("\"");
    for (int i = 0; i < Math.min(text.length(), LONGEST); i++) {
      char c = text.charAt(i);
      if (c == '"' || c == '\\') {
        out.append('\\').append(c);
      } else if (c >= ' ' && c < 127) {
        out.append(c);
      } else {
        out.append("\\u%04x".formatted((int) c));
      }
    }
    return out.append(text.length() > LONGEST ? "...\"" : "\"").toString();
  }
}
