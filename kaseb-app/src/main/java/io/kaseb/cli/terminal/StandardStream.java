package io.kaseb.cli.terminal;

import java.io.FileDescriptor;
import java.io.FileOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import org.jspecify.annotations.Nullable;

/// Standard output as bytes, which remembers that something could not be written: Java's own stream
/// takes every byte and says nothing. After the first failure it takes no more.
public final class StandardStream extends OutputStream {
  private final OutputStream out;
  private final boolean isOwn;
  private @Nullable IOException failure;

  /// Creates a stream in the place of the process's own.
  public StandardStream(OutputStream out) {
    this(out, false);
  }

  private StandardStream(OutputStream out, boolean isOwn) {
    this.out = out;
    this.isOwn = isOwn;
  }

  /// Returns the process's own standard output.
  public static StandardStream own() {
    return new StandardStream(new FileOutputStream(FileDescriptor.out), true);
  }

  @Override
  public void write(int b) {
    write(new byte[] {(byte) b}, 0, 1);
  }

  @Override
  public void write(byte[] bytes, int from, int length) {
    if (failure != null) {
      return;
    }
    try {
      out.write(bytes, from, length);
    } catch (IOException e) {
      failure = e;
    }
  }

  /// Returns what failed first, or null where everything was written that anybody wanted to read.
  public @Nullable IOException failure() {
    return failure == null || isBroken(failure) || (isOwn && isPipe()) ? null : failure;
  }

  /// Returns whether output failed because its reader has left, as `head` does: no fault, and
  /// nobody there to be told of it.
  public static boolean hasNoReader(IOException failure) {
    return isBroken(failure) || isPipe();
  }

  private static boolean isBroken(IOException failure) {
    return String.valueOf(failure.getMessage()).contains("Broken pipe");
  }

  /// Returns whether the process's own output is a pipe: nothing else goes wrong with one. The
  /// system may say it in its user's language.
  private static boolean isPipe() {
    try {
      return Files.readSymbolicLink(Path.of("/proc/self/fd/1")).toString().startsWith("pipe:");
    } catch (IOException | UnsupportedOperationException e) {
      return false;
    }
  }
}
