package io.kaseb.base;

import java.io.FileDescriptor;
import java.io.FileOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.nio.channels.FileChannel;
import java.nio.file.AccessDeniedException;
import java.nio.file.FileSystemException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/// Writes files so that a reader sees the old content or the new, never a part: write beside under
/// a fresh name, force to disk, move.
///
/// A link is followed: the file that it points to is replaced, not the link. What is no plain file
/// (a pipe, a device) is written in place. [#STANDARD_OUTPUT] is standard output.
public final class AtomicFiles {
  /// The name that stands for standard output.
  public static final Path STANDARD_OUTPUT = Path.of("-");

  /// Tries of a step that an open file forbids, and the pause between two.
  private static final int TRIES = 50;

  private static final long PAUSE_MILLIS = 20;

  private AtomicFiles() {}

  /// Fills a file that is given by its path.
  @FunctionalInterface
  public interface Writer {
    /// Writes the whole content to `path`.
    void writeTo(Path path) throws IOException;
  }

  /// Checks, before the work whose result is to lie there, that a file can be written as far as
  /// that can be known: it is no folder, its folder is there or can be made, and both may be
  /// written. Nothing is changed.
  ///
  /// @throws KasebException naming the file where it cannot
  public static void check(Path target) throws IOException {
    if (target.equals(STANDARD_OUTPUT)) {
      return;
    }
    Path file = followed(target.toAbsolutePath());
    refuseFolder(target, file);
    if (Files.exists(file) && !Files.isRegularFile(file)) {
      if (!Files.isWritable(file)) {
        throw refused(target, "may not be written", null);
      }
      return;
    }
    Path folder = file.getParent();
    while (folder != null && !Files.exists(folder)) {
      folder = folder.getParent();
    }
    if (folder != null && !Files.isDirectory(folder)) {
      throw refused(target, "cannot lie in " + folder + ", which is no folder", null);
    }
    if (folder != null && !Files.isWritable(folder)) {
      throw refused(target, "cannot be written: " + folder + " allows no new files", null);
    }
  }

  private static void refuseFolder(Path target, Path file) {
    if (Files.isDirectory(file)) {
      throw refused(target, "is a folder", "the name of a file");
    }
  }

  private static KasebException refused(Path target, String why, @Nullable String allowed) {
    return new KasebException(
        new KasebException.Problem(target.toString(), why, allowed, "give another name"));
  }

  /// Replaces `target` by what `writer` writes; on any failure `target` stays as it was.
  ///
  /// @throws IOException naming `target` where it cannot be written
  public static void write(Path target, Writer writer) throws IOException {
    if (target.equals(STANDARD_OUTPUT)) {
      try {
        stream(writer, new FileOutputStream(FileDescriptor.out));
      } catch (UncheckedIOException e) {
        throw named(target, target, Objects.requireNonNull(e.getCause()));
      } catch (IOException e) {
        throw named(target, target, e);
      }
      return;
    }
    Path file = followed(target.toAbsolutePath());
    refuseFolder(target, file);
    try {
      put(file, writer);
    } catch (UncheckedIOException e) {
      throw named(target, file, Objects.requireNonNull(e.getCause()));
    } catch (IOException e) {
      throw named(target, file, e);
    }
  }

  /// Returns a failure by the name that the user gave: the system says none, or that of the part
  /// beside.
  private static IOException named(Path target, Path file, IOException e) {
    boolean another =
        e instanceof FileSystemException known
            && known.getFile() != null
            && !known.getFile().startsWith(file.toString())
            && !file.startsWith(known.getFile());
    if (another
        || (e instanceof FileSystemException && !(e.getClass() == FileSystemException.class))) {
      return e;
    }
    String reason = e instanceof FileSystemException known ? known.getReason() : e.getMessage();
    FileSystemException named = new FileSystemException(target.toString(), null, reason);
    named.initCause(e);
    return named;
  }

  private static void put(Path file, Writer writer) throws IOException {
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
      patiently(
          file,
          () ->
              Files.move(
                  beside,
                  file,
                  StandardCopyOption.ATOMIC_MOVE,
                  StandardCopyOption.REPLACE_EXISTING));
    } finally {
      Files.deleteIfExists(beside);
    }
  }

  /// Returns the file that is written where a name is given: what a chain of links points to,
  /// whether it is there or not.
  public static Path target(Path name) throws IOException {
    return followed(name.toAbsolutePath());
  }

  /// A step that Windows refuses while someone has the file open.
  @FunctionalInterface
  interface Step {
    /// Does it once.
    void run() throws IOException;
  }

  /// Does a step on a file, and again where Windows refuses it because someone reads the file, an
  /// indexer or a virus scanner for instance, who is soon done. Elsewhere a refusal is final.
  static void patiently(Path file, Step step) throws IOException {
    for (int i = 1; ; i++) {
      try {
        step.run();
        return;
      } catch (AccessDeniedException e) {
        if (!keepsOpenNames(file) || i == TRIES) {
          throw e;
        }
        try {
          Thread.sleep(PAUSE_MILLIS);
        } catch (InterruptedException interrupted) {
          Thread.currentThread().interrupt();
          throw e;
        }
      }
    }
  }

  /// Returns whether a file's system is of Windows' kind, where an open file keeps its name: it can
  /// be neither replaced nor made anew until it is closed.
  static boolean keepsOpenNames(Path file) {
    return file.getFileSystem().getSeparator().equals("\\");
  }

  /// Returns the file that a chain of links points to, whether it is there or not.
  private static Path followed(Path path) throws IOException {
    Path at = path;
    for (int links = 0; Files.isSymbolicLink(at); links++) {
      if (links == 40) {
        throw new KasebException(path + ": links in a circle; name a file");
      }
      Path next = at.resolveSibling(Files.readSymbolicLink(at)).normalize();
      if (Files.exists(at) && !Files.exists(next)) {
        // An open pipe's name under /proc is none that could be opened.
        return at;
      }
      at = next;
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
      try {
        writer.writeTo(whole);
      } catch (IOException e) {
        // What fails here is no fault of the target's.
        throw named(whole, whole, e);
      }
      Files.copy(whole, out);
      out.flush();
    } finally {
      Files.deleteIfExists(whole);
    }
  }
}
