package io.kaseb.cli.terminal;

import java.io.File;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.Locale;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/// The terminal that a person looks at, if there is one.
public final class Terminal {
  /// The width where nothing says another.
  public static final int USUAL = 80;

  private static final int LEAST = 40;

  @SuppressWarnings("SystemConsoleNull") // null where another console provider is asked for
  private static final boolean IS_ONE = System.console() != null && System.console().isTerminal();

  private Terminal() {}

  /// Returns whether output goes to a terminal.
  public static boolean isOne() {
    return IS_ONE;
  }

  /// Returns how many characters a line may have: the environment's `COLUMNS`, else what the
  /// terminal says, else 80. Where output goes elsewhere there is no bound, so that scripts get
  /// everything.
  public static int columns() {
    return IS_ONE ? Width.COLUMNS : Integer.MAX_VALUE;
  }

  /// Empties a terminal's screen without flicker: what it showed before can be scrolled to. Goes
  /// past the escaping of [EscapingWriter], so that nothing else may be printed with it; does
  /// nothing elsewhere.
  public static void clear() {
    if (IS_ONE) {
      System.out.print("\033[H\033[J");
      System.out.flush();
    }
  }

  /// Asked once, and only where there is a terminal.
  private static final class Width {
    static final int COLUMNS = Math.max(LEAST, number(System.getenv("COLUMNS"), asked()));

    private static int asked() {
      if (System.getProperty("os.name", "").toLowerCase(Locale.ROOT).startsWith("windows")) {
        return USUAL;
      }
      try {
        Process stty =
            new ProcessBuilder("stty", "size")
                .redirectInput(new File("/dev/tty"))
                .redirectError(ProcessBuilder.Redirect.DISCARD)
                .start();
        String size =
            new String(stty.getInputStream().readAllBytes(), StandardCharsets.US_ASCII).strip();
        stty.waitFor(1, TimeUnit.SECONDS);
        return number(size.substring(size.indexOf(' ') + 1), USUAL);
      } catch (IOException e) {
        return USUAL;
      } catch (InterruptedException e) {
        Thread.currentThread().interrupt();
        return USUAL;
      }
    }

    private static int number(@Nullable String text, int otherwise) {
      return text != null && text.matches("[1-9][0-9]{0,4}") ? Integer.parseInt(text) : otherwise;
    }
  }
}
