package io.kaseb.cli.terminal;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.PrintWriter;
import java.io.StringWriter;
import java.time.Duration;
import org.junit.jupiter.api.Test;

/// Output on a terminal of little width.
class FittedTextTest {
  private static final String TABLE =
      """
      model       recall@20                    mrr@20                   coverage@20
      gru4rec        0.5123  [0.5000, 0.5200]  0.2123  [0.2000, 0.22]         0.812
      popularity     0.0123  [0.0100, 0.0200]  0.0023  [0.0010, 0.00]         0.002
      """;

  @Test
  void aWideTableIsShownInPartsWithItsFirstColumn() {
    assertThat(FittedText.of("a line\n" + TABLE + "1,000 predictions\n", 50))
        .isEqualTo(
            """
            a line
            model       recall@20                    mrr@20
            gru4rec        0.5123  [0.5000, 0.5200]  0.2123
            popularity     0.0123  [0.0100, 0.0200]  0.0023

            model                       coverage@20
            gru4rec     [0.2000, 0.22]        0.812
            popularity  [0.0010, 0.00]        0.002
            1,000 predictions
            """
                .replace("gru4rec     [0.2000, 0.22]        0.812", part(1))
                .replace("popularity  [0.0010, 0.00]        0.002", part(2))
                .replace("model                       coverage@20", part(0)));
    assertThat(FittedText.of(TABLE, 80)).isEqualTo(TABLE);
  }

  @Test
  void aTableEndsWhereTheNextBegins() {
    String other =
        """
        auc after clicks       1       2
        gru               0.5000  0.6000
        trees             0.4804  0.6282
        """;
    assertThat(FittedText.of(TABLE + other, 50)).isEqualTo(FittedText.of(TABLE, 50) + other);
  }

  private static String part(int row) {
    String[] lines = TABLE.split("\n");
    String line = lines[row];
    return line.substring(0, 10) + line.substring(47);
  }

  @Test
  void proseIsBrokenAtBlanksAndCommandsAreNot() {
    assertThat(FittedText.of("one two three four five six", 14))
        .isEqualTo("one two three\n    four five\n    six");
    String next = "Next: kaseb train a-dataset --out model.kaseb\n";
    assertThat(FittedText.of(next, 14)).isEqualTo(next);
    assertThat(FittedText.of("\033[H\033[J a long line of a screen", 14)).contains("line of a");
    assertThat(FittedText.of("averyveryverylongword", 14)).isEqualTo("averyveryverylongword");
  }

  @Test
  void aWriterFitsWhatIsFlushed() {
    StringWriter terminal = new StringWriter();
    PrintWriter out = new PrintWriter(new FittedWriter(terminal, 10), true);
    out.printf("%s two %s%n", "one", "three");
    assertThat(terminal).hasToString("one two\n    three\n");
    out.print("x");
    out.flush();
    assertThat(terminal.toString()).endsWith("\nx");
  }

  @Test
  void aBarHasRoomOrIsLeftOut() {
    ProgressLine line = new ProgressLine("sessions");
    Duration half = Duration.ofSeconds(10);
    assertThat(line.line("training", 5000, 10_000, half, 79))
        .isEqualTo(
            "training  50 % [#########..........] 5,000 of 10,000 sessions, 500/s, 0:10 left")
        .hasSizeLessThanOrEqualTo(79);
    assertThat(line.line("training", 5000, 10_000, half, 60))
        .isEqualTo("training  50 % 5,000 of 10,000 sessions, 500/s, 0:10 left");
    assertThat(line.line("training", 5000, 10_000, half, 20)).hasSize(20);
    assertThat(new ProgressLine("%").line("reading", 25, 100, half, 79))
        .isEqualTo("reading  25 % [##########..............................], 0:30 left");
    assertThat(line.line("training", 0, 0, Duration.ZERO, 79)).startsWith("training   0 %");
  }
}
