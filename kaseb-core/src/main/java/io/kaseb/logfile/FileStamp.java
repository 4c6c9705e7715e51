package io.kaseb.logfile;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.BasicFileAttributes;
import java.nio.file.attribute.FileTime;
import org.jspecify.annotations.Nullable;

/// What tells that a file is still as it was: an equal stamp before and after it was read.
///
/// @param bytes its size
/// @param changed when it was last written
/// @param key which file it is, where the system says so: another may have taken its name
public record FileStamp(long bytes, FileTime changed, @Nullable Object key) {
  /// Looks at a file.
  public static FileStamp of(Path file) throws IOException {
    BasicFileAttributes now = Files.readAttributes(file, BasicFileAttributes.class);
    return new FileStamp(now.size(), now.lastModifiedTime(), now.fileKey());
  }
}
