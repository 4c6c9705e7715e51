package io.kaseb.base;

import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;

/// Writes files so that a reader sees the old content or the new, never a part: write beside, force
/// to disk, move.
public final class AtomicFiles {
  private AtomicFiles() {}

  /// Fills a file that is given by its path.
  @FunctionalInterface
  public interface Writer {
    /// Writes the whole content to `path`.
    void writeTo(Path path) throws IOException;
  }

  /// Replaces `target` by what `writer` writes; on any failure `target` stays as it was.
  public static void write(Path target, Writer writer) throws IOException {
    Path absolute = target.toAbsolutePath();
    Files.createDirectories(absolute.getParent());
    Path beside = absolute.resolveSibling(absolute.getFileName() + ".part");
    try {
      writer.writeTo(beside);
      try (FileChannel channel = FileChannel.open(beside, StandardOpenOption.WRITE)) {
        channel.force(true);
      }
      Files.move(
          beside, absolute, StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
    } finally {
      Files.deleteIfExists(beside);
    }
  }
}
