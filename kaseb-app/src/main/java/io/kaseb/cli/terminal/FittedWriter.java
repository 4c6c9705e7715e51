package io.kaseb.cli.terminal;

import java.io.IOException;
import java.io.Writer;

/// Fits what is written to a terminal's width, each time it is flushed.
public final class FittedWriter extends Writer {
  private final Writer terminal;
  private final int width;
  private final StringBuilder pending = new StringBuilder();

  /// Creates a writer.
  ///
  /// @param width characters of a line
  public FittedWriter(Writer terminal, int width) {
    this.terminal = terminal;
    this.width = width;
  }

  @Override
  public void write(char[] text, int from, int length) {
    pending.append(text, from, length);
  }

  @Override
  public void flush() throws IOException {
    if (!pending.isEmpty()) {
      terminal.write(FittedText.of(pending.toString(), width));
      pending.setLength(0);
    }
    terminal.flush();
  }

  @Override
  public void close() throws IOException {
    flush();
    terminal.close();
  }
}
