package io.kaseb.spark;

import java.io.Serializable;
import java.util.List;

/// What the task of a chunk says of it.
///
/// @param number the chunk's number
/// @param file name of the Parquet file of its good rows; empty where it has none
/// @param lines lines of text that it has, its part of a header line included; 0 for what is no
///   text
/// @param rows rows, good and bad
/// @param bad bad rows
/// @param first the first bad rows
record ChunkNotes(int number, String file, long lines, long rows, long bad, List<Bad> first)
    implements Serializable {
  /// A bad row.
  ///
  /// @param line its line within the chunk, from 1
  /// @param reason why it is bad
  record Bad(long line, String reason) implements Serializable {}
}
