package io.kaseb.base;

import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.channels.OverlappingFileLockException;
import java.nio.file.AccessDeniedException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.BasicFileAttributes;
import java.util.HashSet;
import java.util.Objects;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/// The right of one holder to use something, as a lock of the operating system on a small file. The
/// system gives it back when its process ends, however it ends; the file itself says nothing.
public final class LockFile implements AutoCloseable {
  /// Tries to take a lock, and the pause between two: another process may just have looked at it.
  private static final int TRIES = 10;

  private static final long PAUSE_MILLIS = 20;

  /// The locks of this process. To open and close such a file once more would give its lock back.
  private static final Set<Path> OWN = new HashSet<>();

  private final Path file;
  private final FileChannel channel;

  private LockFile(Path file, FileChannel channel) {
    this.file = file;
    this.channel = channel;
  }

  /// Returns where the lock of a file that is being made or used lies: beside it.
  public static Path of(Path file) {
    Path absolute = file.toAbsolutePath().normalize();
    return absolute.resolveSibling(absolute.getFileName() + ".lock");
  }

  /// Takes a lock; its folder must be there.
  ///
  /// @param file the lock's own file, as [#of] names it
  /// @return null where another holder has it, in this process or another
  /// @throws KasebException where something else has that name: a lock's file is empty
  public static @Nullable LockFile take(Path file) throws IOException {
    Path own = canonical(file);
    boolean isOther =
        Files.isSymbolicLink(own)
            || (Files.exists(own) && (!Files.isRegularFile(own) || Files.size(own) > 0));
    if (isOther) {
      throw new KasebException(
          new KasebException.Problem(
              file.toString(),
              "is no lock of Kaseb's, which needs that name",
              null,
              "move it away"));
    }
    synchronized (OWN) {
      if (!OWN.add(own)) {
        return null;
      }
    }
    FileChannel channel = null;
    try {
      channel = taken(own);
      return channel == null ? null : new LockFile(own, channel);
    } finally {
      if (channel == null) {
        forget(own);
      }
    }
  }

  private static @Nullable FileChannel taken(Path file) throws IOException {
    for (int i = 0; i < TRIES; i++) {
      FileChannel channel;
      try {
        channel = FileChannel.open(file, StandardOpenOption.CREATE, StandardOpenOption.WRITE);
      } catch (AccessDeniedException e) {
        // Windows: a file that its last holder has deleted keeps its name until he closes it.
        if (!AtomicFiles.keepsOpenNames(file) || i == TRIES - 1 || !pause()) {
          throw e;
        }
        continue;
      }
      // Its last holder may have deleted the file since: then the lock is of no file that anyone
      // else can see.
      Object opened = key(file);
      if (locked(channel) && opened != null && Objects.equals(opened, key(file))) {
        return channel;
      }
      channel.close();
      if (!pause()) {
        break;
      }
    }
    return null;
  }

  private static boolean pause() {
    try {
      Thread.sleep(PAUSE_MILLIS);
      return true;
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      return false;
    }
  }

  /// Returns whether someone holds a lock, in this process or another.
  ///
  /// @param file the lock's own file
  public static boolean held(Path file) throws IOException {
    if (!Files.exists(file)) {
      return false;
    }
    Path own = canonical(file);
    synchronized (OWN) {
      if (OWN.contains(own)) {
        return true;
      }
    }
    try (FileChannel channel = FileChannel.open(own, StandardOpenOption.WRITE)) {
      return !locked(channel);
    } catch (NoSuchFileException e) {
      return false;
    } catch (AccessDeniedException e) {
      // Windows: its holder has deleted it and is about to close it.
      if (AtomicFiles.keepsOpenNames(own)) {
        return true;
      }
      throw e;
    }
  }

  private static boolean locked(FileChannel channel) throws IOException {
    try {
      return channel.tryLock() != null;
    } catch (OverlappingFileLockException e) {
      return false;
    }
  }

  private static Path canonical(Path file) throws IOException {
    Path absolute = file.toAbsolutePath().normalize();
    Path folder = absolute.getParent();
    return folder == null ? absolute : folder.toRealPath().resolve(absolute.getFileName());
  }

  /// Returns what tells a file from another one that later has its name; null where it is gone.
  private static @Nullable Object key(Path file) throws IOException {
    try {
      Object key =
          Files.readAttributes(file, BasicFileAttributes.class, LinkOption.NOFOLLOW_LINKS)
              .fileKey();
      return key == null ? file : key;
    } catch (NoSuchFileException e) {
      return null;
    }
  }

  private static void forget(Path own) {
    synchronized (OWN) {
      OWN.remove(own);
    }
  }

  /// Gives the lock back and deletes its file.
  @Override
  public void close() throws IOException {
    if (!channel.isOpen()) {
      return;
    }
    try {
      // Before the lock is given back: after it, the file may be the next holder's.
      Files.deleteIfExists(file);
    } finally {
      channel.close();
      forget(file);
    }
  }
}
