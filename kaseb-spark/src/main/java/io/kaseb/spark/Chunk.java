package io.kaseb.spark;

import java.io.Serializable;

/// A piece of a log that one task reads: whole lines of a text file, or a whole file.
///
/// @param number its place in the log, from 0; at most [#MOST]
/// @param file place of the file, which all machines see
/// @param from its first byte; a line that begins before it belongs to the chunk before
/// @param to the byte behind it; a line that begins before it is read to its end
/// @param whole whether it is the whole file
/// @param header bytes of the header line that stands at the file's beginning; 0 for none
/// @param part number of the [io.kaseb.logfile.Part] that its rows belong to
record Chunk(int number, String file, long from, long to, boolean whole, int header, int part)
    implements Serializable {
  /// Places within a chunk are the lower bits of a row's number.
  static final int ROW_BITS = 40;

  /// More chunks would not fit into the row numbers.
  static final int MOST = 1 << (62 - ROW_BITS);
}
