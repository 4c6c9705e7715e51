package io.kaseb.base;

import java.io.FileDescriptor;
import java.io.FileOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;

/// Writes files so that a reader sees the old content or the new, never a part: write beside under
/// a fresh name, force to disk, move.
///
/// A link is followed: the file that it points to is replaced, not the link. What is no plain file
/// (a pipe, a device) is written in place. [#STANDARD_OUTPUT] is standard output.
public final class AtomicFiles {
  /// The name that stands for standard output.
  public static final Path STANDARD_OUTPUT = Path.of("-");

  private AtomicFiles() {}

  /// Fills a file that is given by its path.
  @FunctionalInterface
  public interface Writer {
    /// Writes the whole content to `path`.
    void writeTo(Path path) throws IOException;
  }

  /// Replaces `target` by what `writer` writes; on any failure `target` stays as it was.
  public static void write(Path target, Writer writer) throws IOException {
    if (target.equals(STANDARD_OUTPUT)) {
      stream(writer, new FileOutputStream(FileDescriptor.out));
      return;
    }
    Path file = followed(target.toAbsolutePath());
    if (Files.isDirectory(file)) {
      throw new KasebException(target + ": is a folder; must be the name of a file");
    }
    if (Files.exists(file) && !Files.isRegularFile(file)) {
      try (OutputStream out = Files.newOutputStream(file, StandardOpenOption.WRITE)) {
        stream(writer, out);
      }
      return;
    }
    Path folder = file.getParent();
    if (folder != null) {
      Files.createDirectories(folder);
    }
    Path beside = fresh(file);
    try {
      writer.writeTo(beside);
      try (FileChannel channel = FileChannel.open(beside, StandardOpenOption.WRITE)) {
        channel.force(true);
      }
      Files.move(beside, file, StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
    } finally {
      Files.deleteIfExists(beside);
    }
  }

  /// Returns the file that a chain of links points to, whether it is there or not.
  private static Path followed(Path path) throws IOException {
    Path at = path;
    for (int links = 0; Files.isSymbolicLink(at); links++) {
      if (links == 40) {
        throw new KasebException(path + ": links in a circle; name a file");
      }
      at = at.resolveSibling(Files.readSymbolicLink(at)).normalize();
    }
    return at;
  }

  /// Returns a name beside a file that nothing has.
  private static Path fresh(Path file) {
    Path beside = file.resolveSibling(file.getFileName() + ".part");
    for (int i = 2; Files.exists(beside, LinkOption.NOFOLLOW_LINKS); i++) {
      beside = file.resolveSibling(file.getFileName() + ".part" + i);
    }
    return beside;
  }

  private static void stream(Writer writer, OutputStream out) throws IOException {
    Path whole = Files.createTempFile("kaseb", ".part");
    try {
      writer.writeTo(whole);
      Files.copy(whole, out);
      out.flush();
    } finally {
      Files.deleteIfExists(whole);
    }
  }
}
