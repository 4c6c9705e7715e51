package io.kaseb.logfile;

import java.io.IOException;
import java.io.InputStream;
import org.jspecify.annotations.Nullable;

/// What one look through a text finds, before it is read as a table.
///
/// @param lines lines with something on them
/// @param lineFeeds lines that end with a line feed alone
/// @param carriageReturns lines that end with a carriage return and a line feed
record TextScan(long lines, long lineFeeds, long carriageReturns) {
  /// Looks through a text.
  ///
  /// @param blocks takes some of its lines, or null
  static TextScan of(InputStream in, @Nullable LineBlocks blocks) throws IOException {
    byte[] buffer = new byte[1 << 18];
    long lines = 0;
    long lineFeeds = 0;
    long carriageReturns = 0;
    // Bytes of the line so far, without its end: 0 means an empty one.
    long length = 0;
    byte before = 0;
    for (int n; (n = in.read(buffer)) > 0; ) {
      int from = 0;
      for (int i = 0; i < n; i++) {
        byte b = buffer[i];
        if (b == '\n') {
          boolean returned = before == '\r';
          lines += length > (returned ? 1 : 0) ? 1 : 0;
          carriageReturns += returned ? 1 : 0;
          lineFeeds += returned ? 0 : 1;
          length = 0;
          if (blocks != null) {
            if (blocks.isOpen()) {
              blocks.take(buffer, from, i);
            }
            blocks.lineEnd(lineFeeds + carriageReturns);
            from = i + 1;
          }
        } else {
          length++;
        }
        before = b;
      }
      if (blocks != null && blocks.isOpen()) {
        blocks.take(buffer, from, n);
      }
    }
    if (blocks != null) {
      blocks.end(lineFeeds + carriageReturns);
    }
    return new TextScan(lines + (length > 0 ? 1 : 0), lineFeeds, carriageReturns);
  }

  /// Returns whether lines end in both ways, which no table reader takes.
  boolean mixesLineEnds() {
    return lineFeeds > 0 && carriageReturns > 0;
  }
}
