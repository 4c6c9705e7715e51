package io.kaseb.serve.session;

import io.kaseb.base.AtomicFiles;
import java.io.BufferedInputStream;
import java.io.BufferedOutputStream;
import java.io.DataInputStream;
import java.io.DataOutputStream;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.zip.CRC32;
import java.util.zip.CheckedInputStream;
import java.util.zip.CheckedOutputStream;

/// The sessions of one process in a file, so that a restart finds them: written whole and
/// atomically, at a stop and at times. On any failure the file stays as it was.
public final class SessionFile {
  private static final int MAGIC = 0x4b534531;
  private static final int LONGEST = 1 << 20;

  private final Path path;
  private final InstantSource clock;

  /// Names the file; nothing is read or written yet.
  public SessionFile(Path path, InstantSource clock) {
    this.path = path;
    this.clock = clock;
  }

  /// Saves all sessions.
  public void save(MemorySessions sessions) throws IOException {
    List<MemorySessions.Saved> all = sessions.all();
    AtomicFiles.write(
        path,
        beside -> {
          CRC32 crc = new CRC32();
          try (DataOutputStream out =
              new DataOutputStream(
                  new BufferedOutputStream(
                      new CheckedOutputStream(Files.newOutputStream(beside), crc)))) {
            out.writeInt(MAGIC);
            out.writeLong(clock.millis());
            out.writeInt(all.size());
            for (MemorySessions.Saved s : all) {
              out.writeUTF(s.id());
              out.writeLong(s.age());
              out.writeLong(s.idle());
              out.writeInt(s.encoded().length);
              out.write(s.encoded());
            }
            out.flush();
            out.writeLong(crc.getValue());
          }
        });
  }

  /// Takes the saved sessions back, if there are any.
  ///
  /// @return how many were read
  /// @throws IOException where the file is damaged; then none are taken
  public int load(MemorySessions sessions) throws IOException {
    CRC32 crc = new CRC32();
    try (CheckedInputStream checked =
            new CheckedInputStream(new BufferedInputStream(Files.newInputStream(path)), crc);
        DataInputStream in = new DataInputStream(checked)) {
      if (in.readInt() != MAGIC) {
        throw new IOException("it is no session file of Kaseb's");
      }
      long saved = in.readLong();
      int n = in.readInt();
      List<MemorySessions.Saved> all = new ArrayList<>();
      for (int i = 0; i < n; i++) {
        String id = in.readUTF();
        long age = in.readLong();
        long idle = in.readLong();
        int length = in.readInt();
        if (length < 0 || length > LONGEST) {
          throw new IOException("a session of " + length + " bytes");
        }
        byte[] encoded = in.readNBytes(length);
        SessionClicks.decode(encoded);
        all.add(new MemorySessions.Saved(id, encoded, age, idle));
      }
      long value = crc.getValue();
      if (in.readLong() != value) {
        throw new IOException("its checksum does not fit");
      }
      sessions.restore(all, Math.max(0, clock.millis() - saved));
      return n;
    } catch (NoSuchFileException e) {
      return 0;
    } catch (IllegalArgumentException e) {
      throw new IOException(e.getMessage(), e);
    }
  }
}
