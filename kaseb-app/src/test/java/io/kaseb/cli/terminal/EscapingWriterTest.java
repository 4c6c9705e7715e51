package io.kaseb.cli.terminal;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.PrintWriter;
import java.io.StringWriter;
import org.junit.jupiter.api.Test;

class EscapingWriterTest {
  private static String written(boolean hasColours, String text) {
    StringWriter out = new StringWriter();
    new PrintWriter(new EscapingWriter(out, hasColours), true).print(text);
    return out.toString();
  }

  @Test
  void whatMovesACursorIsShownAsText() {
    String title = "\u001b]0;owned\u0007";
    assertThat(written(false, "a" + title + "b")).isEqualTo("a\\u001b]0;owned\\u0007b");
    assertThat(written(true, title + "\u001b[2J\u009b1A\rx\u007f\b"))
        .isEqualTo("\\u001b]0;owned\\u0007\\u001b[2J\\u009b1A\\u000dx\\u007f\\u0008");
    assertThat(written(true, "\u202eabc\u2028")).isEqualTo("\\u202eabc\\u2028");
  }

  @Test
  void linesTabsAndOwnColoursStay() {
    assertThat(written(false, "a\tb\r\nc\n\u00e9\ud83d\ude00"))
        .isEqualTo("a\tb\r\nc\n\u00e9\ud83d\ude00");
    assertThat(written(true, "\u001b[1;31mred\u001b[0m")).isEqualTo("\u001b[1;31mred\u001b[0m");
    assertThat(written(false, "\u001b[31mred")).isEqualTo("\\u001b[31mred");
    assertThat(written(true, "\u001b[")).isEqualTo("\\u001b[");
  }
}
