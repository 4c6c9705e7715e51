package io.kaseb.serve.session;

import io.kaseb.base.AtomicFiles;
import io.kaseb.base.KasebException;
import io.kaseb.base.LockFile;
import java.io.BufferedInputStream;
import java.io.BufferedOutputStream;
import java.io.DataInputStream;
import java.io.DataOutputStream;
import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.io.UTFDataFormatException;
import java.nio.ByteBuffer;
import java.nio.channels.Channels;
import java.nio.file.AccessDeniedException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.FileAttribute;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Set;
import java.util.function.Consumer;
import java.util.zip.CRC32;
import java.util.zip.CheckedInputStream;
import java.util.zip.CheckedOutputStream;
import org.jspecify.annotations.Nullable;

/// The sessions and visitors of one process in a file that only its owner may read, so that a
/// restart finds them: written whole and atomically, at a stop and at times. On any failure the
/// file stays as it was. A damaged file is moved aside before another takes its place; what is no
/// session file is never replaced.
public final class SessionFile implements AutoCloseable {
  private static final int MAGIC = 0x4b534531;

  /// Has visitors behind the sessions; a file without any is written as one before.
  private static final int MAGIC_WITH_VISITORS = 0x4b534532;

  /// The magic number's bytes that all versions share.
  private static final int FAMILY_BYTES = 3;

  private static final int LONGEST = 1 << 20;

  private final Path path;
  private final InstantSource clock;
  private @Nullable LockFile lock;
  private boolean isDamaged;

  /// Names the file; nothing is read or written yet.
  public SessionFile(Path path, InstantSource clock) {
    this.path = path;
    this.clock = clock;
  }

  /// The file is one of ours, and cannot be read.
  public static final class DamagedException extends IOException {
    private static final long serialVersionUID = 1L;

    DamagedException(String message, @Nullable Throwable cause) {
      super(message, cause);
    }
  }

  /// Takes the file for this process, until it is closed.
  ///
  /// @throws KasebException where another server uses it, or it is no session file
  public void open() throws IOException {
    Path folder = path.toAbsolutePath().getParent();
    if (folder != null && !Files.isDirectory(folder)) {
      throw refused("there is no folder " + folder, "make it, or name a file in one that exists");
    }
    checkOurs();
    lock = LockFile.take(LockFile.of(target()));
    if (lock == null) {
      throw refused(
          "another server keeps its sessions there",
          "stop it, or name another file: each server needs its own");
    }
  }

  private KasebException refused(String value, String wayOut) {
    return new KasebException(
        new KasebException.Problem(
            KasebException.setting("sessions", "file:" + path), value, null, wayOut));
  }

  /// Returns the file itself where the path is a link to it, be it there already or not.
  private Path target() throws IOException {
    return AtomicFiles.target(path);
  }

  /// Refuses what stands there and is not ours to replace.
  private void checkOurs() throws IOException {
    if (!Files.exists(path)) {
      return;
    }
    String wayOut = "it is left as it is; name another file, or move it away";
    if (!Files.isRegularFile(path)) {
      throw refused("is no plain file", wayOut);
    }
    byte[] begin;
    try (InputStream in = Files.newInputStream(path)) {
      begin = in.readNBytes(Integer.BYTES);
    } catch (AccessDeniedException e) {
      throw refused("cannot be read: permission denied", wayOut);
    }
    byte[] own = ByteBuffer.allocate(Integer.BYTES).putInt(MAGIC).array();
    byte[] later = ByteBuffer.allocate(Integer.BYTES).putInt(MAGIC_WITH_VISITORS).array();
    int family = Math.min(FAMILY_BYTES, begin.length);
    if (!Arrays.equals(begin, 0, family, own, 0, family)) {
      throw refused("is no session file of Kaseb's", wayOut);
    }
    if (begin.length == own.length && !Arrays.equals(begin, own) && !Arrays.equals(begin, later)) {
      throw refused("is a session file of another version of Kaseb", wayOut);
    }
  }

  /// Saves all sessions.
  ///
  /// @return where a damaged file was moved that stood there before, or null where none did
  /// @throws KasebException where something else stands there meanwhile
  public @Nullable Path save(MemorySessions sessions) throws IOException {
    checkOurs();
    Path moved = isDamaged && Files.exists(path) ? moveAside() : null;
    isDamaged = false;
    write(sessions.all(), sessions.allVisitors());
    return moved;
  }

  /// Moves the file to a name beside it that nothing has.
  private Path moveAside() throws IOException {
    Path file = target();
    Path beside = file.resolveSibling(file.getFileName() + ".damaged");
    for (int i = 2; Files.exists(beside, LinkOption.NOFOLLOW_LINKS); i++) {
      beside = file.resolveSibling(file.getFileName() + ".damaged" + i);
    }
    return Files.move(file, beside);
  }

  private void write(List<MemoryRecords.Saved> all, List<MemoryRecords.Saved> visitors)
      throws IOException {
    AtomicFiles.write(
        path,
        beside -> {
          CRC32 crc = new CRC32();
          try (DataOutputStream out =
              new DataOutputStream(
                  new BufferedOutputStream(new CheckedOutputStream(ownersOnly(beside), crc)))) {
            out.writeInt(visitors.isEmpty() ? MAGIC : MAGIC_WITH_VISITORS);
            out.writeLong(clock.millis());
            write(out, all);
            if (!visitors.isEmpty()) {
              write(out, visitors);
            }
            out.flush();
            out.writeLong(crc.getValue());
          }
        });
  }

  private static void write(DataOutputStream out, List<MemoryRecords.Saved> records)
      throws IOException {
    out.writeInt(records.size());
    for (MemoryRecords.Saved s : records) {
      out.writeUTF(s.id());
      out.writeLong(s.age());
      out.writeLong(s.idle());
      out.writeInt(s.encoded().length);
      out.write(s.encoded());
    }
  }

  /// Creates a file that nobody but its owner may open, from its first byte on.
  private static OutputStream ownersOnly(Path file) throws IOException {
    boolean isPosix = Files.getFileStore(parent(file)).supportsFileAttributeView("posix");
    FileAttribute<?>[] mode =
        isPosix
            ? new FileAttribute<?>[] {
              PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rw-------"))
            }
            : new FileAttribute<?>[0];
    return Channels.newOutputStream(
        Files.newByteChannel(
            file, Set.of(StandardOpenOption.CREATE_NEW, StandardOpenOption.WRITE), mode));
  }

  private static Path parent(Path file) {
    Path parent = file.toAbsolutePath().getParent();
    return parent == null ? file : parent;
  }

  /// Takes the saved sessions back, if there are any.
  ///
  /// @return how many were read
  /// @throws DamagedException where the file is damaged; then none are taken
  public int load(MemorySessions sessions) throws IOException {
    if (!Files.exists(path) || Files.size(path) == 0) {
      return 0;
    }
    CRC32 crc = new CRC32();
    try (CheckedInputStream checked =
            new CheckedInputStream(new BufferedInputStream(Files.newInputStream(path)), crc);
        DataInputStream in = new DataInputStream(checked)) {
      int magic = in.readInt();
      if (magic != MAGIC && magic != MAGIC_WITH_VISITORS) {
        throw new DamagedException("its begin is cut short", null);
      }
      long saved = in.readLong();
      List<MemoryRecords.Saved> all = all(in, SessionClicks::decode);
      List<MemoryRecords.Saved> visitors =
          magic == MAGIC ? List.of() : all(in, VisitorBytes::decode);
      long value = crc.getValue();
      if (in.readLong() != value) {
        throw new DamagedException("its checksum does not fit", null);
      }
      sessions.restore(all, visitors, Math.max(0, clock.millis() - saved));
      return all.size();
    } catch (DamagedException e) {
      isDamaged = true;
      throw e;
    } catch (EOFException | UTFDataFormatException | IllegalArgumentException e) {
      isDamaged = true;
      throw new DamagedException(
          e instanceof EOFException ? "it is cut short" : "a session in it is broken", e);
    }
  }

  /// @param check fails where the bytes of one are broken
  private static List<MemoryRecords.Saved> all(DataInputStream in, Consumer<byte[]> check)
      throws IOException {
    int n = in.readInt();
    List<MemoryRecords.Saved> all = new ArrayList<>();
    for (int i = 0; i < n; i++) {
      MemoryRecords.Saved one = one(in);
      check.accept(one.encoded());
      all.add(one);
    }
    return all;
  }

  private static MemoryRecords.Saved one(DataInputStream in) throws IOException {
    String id = in.readUTF();
    long age = in.readLong();
    long idle = in.readLong();
    int length = in.readInt();
    if (length < 0 || length > LONGEST) {
      throw new DamagedException("a session in it has " + length + " bytes", null);
    }
    byte[] encoded = in.readNBytes(length);
    return new MemoryRecords.Saved(id, encoded, age, idle);
  }

  /// Gives the file back.
  @Override
  public void close() throws IOException {
    if (lock != null) {
      lock.close();
    }
  }
}
