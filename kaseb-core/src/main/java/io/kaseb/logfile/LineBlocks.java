package io.kaseb.logfile;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.io.IOException;
import java.io.OutputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// Takes blocks of lines out of a long text, evenly spread over it, while it is looked through:
/// what they hold tells whether the text is worth being read as a whole.
final class LineBlocks {
  /// Lines from the begin of one block to that of the next.
  static final int APART = 1_000_000;

  private static final int LINES = 10_000;

  /// Shares of bad rows above which the blocks would be most of the text.
  private static final double MOST = .25;

  /// Bytes above which a block ends early.
  private static final int BYTES = 32 << 20;

  /// A block that was taken.
  ///
  /// @param file has the header, where there is one, and the lines
  /// @param before lines of the text before those of the block, less the header's
  record Block(Path file, long before) {}

  private final SourceFile source;
  private final Path folder;
  private final boolean hasHeader;
  private final boolean isQuoted;
  private final int lines;
  private final List<Block> blocks = new ArrayList<>();
  private byte[] bytes = new byte[0];
  private int length;
  private int lineStart;
  private int taken;
  private boolean isOpen;
  private boolean isWhole;

  private LineBlocks(
      SourceFile source, Path folder, boolean hasHeader, boolean isQuoted, int lines) {
    this.source = source;
    this.folder = folder;
    this.hasHeader = hasHeader;
    this.isQuoted = isQuoted;
    this.lines = lines;
  }

  /// Returns what takes blocks that are long enough to show that a text has more bad rows than it
  /// may have; null where that would take most of it.
  ///
  /// @param share of the text's rows that may be bad
  /// @param hasHeader whether the first line is no row: each block then begins with it
  /// @param isQuoted whether values may run over lines between quotation marks
  static @Nullable LineBlocks of(
      SourceFile source, Path folder, double share, boolean hasHeader, boolean isQuoted) {
    return share > MOST
        ? null
        : new LineBlocks(
            source, folder, hasHeader, isQuoted, Math.max(LINES, (int) (1.5 * share * APART)));
  }

  /// Returns whether lines are being taken.
  boolean isOpen() {
    return isOpen;
  }

  /// Takes some bytes of the line that is being looked at.
  void take(byte[] buffer, int from, int to) {
    if (!isWhole || length + to - from > BYTES) {
      isWhole = false;
      return;
    }
    if (length + to - from > bytes.length) {
      bytes = Arrays.copyOf(bytes, Math.max(1 << 20, 2 * (length + to - from)));
    }
    System.arraycopy(buffer, from, bytes, length, to - from);
    length += to - from;
  }

  /// Ends a line.
  ///
  /// @param number of lines that have ended so far, empty ones among them
  void lineEnd(long number) throws IOException {
    if (isOpen) {
      endLine();
      if (++taken == lines) {
        end(number);
      }
    }
    if (number % APART == 0) {
      isOpen = true;
      isWhole = true;
      length = 0;
      lineStart = 0;
      taken = 0;
    }
  }

  private void endLine() {
    if (!isWhole) {
      return;
    }
    if (length > lineStart && bytes[length - 1] == '\r') {
      length--;
    }
    int marks = 0;
    for (int i = lineStart; isQuoted && i < length; i++) {
      marks += bytes[i] == '"' ? 1 : 0;
    }
    // A value that runs over lines may have begun before the block.
    isWhole = marks % 2 == 0;
    take(new byte[] {'\n'}, 0, 1);
    lineStart = length;
  }

  /// Ends the last block.
  ///
  /// @param number of lines of the text
  void end(long number) throws IOException {
    boolean isBlank = length == taken;
    if (isOpen && isWhole && !isBlank) {
      Path file = SourceFile.fresh(folder, source.given().getFileName() + ".block");
      long before = number - taken;
      try (OutputStream out = Files.newOutputStream(file)) {
        if (hasHeader) {
          out.write((source.firstLine() + "\n").getBytes(UTF_8));
          before--;
        }
        out.write(bytes, 0, length);
      }
      blocks.add(new Block(file, before));
    }
    isOpen = false;
  }

  /// Returns the blocks.
  List<Block> blocks() {
    return blocks;
  }
}
