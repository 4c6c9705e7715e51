package io.kaseb.logfile;

import io.kaseb.base.KasebException;
import java.io.BufferedInputStream;
import java.io.BufferedOutputStream;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStream;
import java.io.InputStreamReader;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.apache.commons.compress.archivers.sevenz.SevenZArchiveEntry;
import org.apache.commons.compress.archivers.sevenz.SevenZFile;
import org.jspecify.annotations.Nullable;

/// A file of the user, and the plain or gzip file that its rows are read from.
///
/// @param given the file as the user named it, or a copy of what can be read once
/// @param rows the file to read rows from: the same, or what was unpacked from it
/// @param label how messages name it
/// @param compression how `rows` is packed
public record SourceFile(Path given, Path rows, String label, Compression compression) {
  /// Finds the file. What DuckDB cannot read as it is is unpacked into `folder` first, of a 7z
  /// archive the `member`.
  public static SourceFile open(Path given, String member, Path folder) throws IOException {
    if (Files.isDirectory(given)) {
      throw new KasebException(
          new KasebException.Problem(given.toString(), "a folder", null, "name the files in it"));
    }
    if (!Files.isReadable(given)) {
      throw new KasebException(
          new KasebException.Problem(
              given.toString(), "no such file", null, "give the path of a click log"));
    }
    String label = LogFiles.label(given);
    Path plain = given;
    if (!Files.isRegularFile(given)) {
      // A pipe can be read once; its rows are read several times.
      plain = fresh(folder, given.getFileName().toString());
      try (InputStream in = Files.newInputStream(given)) {
        Files.copy(in, plain);
      }
    }
    if (Files.size(plain) == 0) {
      throw new KasebException(
          new KasebException.Problem(
              label, "the file is empty", null, "it must hold at least one event"));
    }
    Compression compression = Compression.of(plain);
    return switch (compression) {
      case NONE, GZIP, ZSTD -> new SourceFile(plain, plain, label, compression);
      case XZ, BZIP2 -> unpacked(plain, label, compression, folder);
      case SEVEN_ZIP -> fromArchive(plain, label, member, folder);
      case ZIP ->
          throw new KasebException(label + ": a zip archive; unpack it and name the file inside");
    };
  }

  private static SourceFile unpacked(Path given, String label, Compression compression, Path folder)
      throws IOException {
    Path out = fresh(folder, given.getFileName().toString());
    try (InputStream in = compression.open(given)) {
      Files.copy(in, out);
    } catch (IOException e) {
      throw damaged(label, e);
    }
    return new SourceFile(given, out, label, Compression.NONE);
  }

  private static SourceFile fromArchive(Path given, String label, String member, Path folder)
      throws IOException {
    try (SevenZFile archive = SevenZFile.builder().setPath(given).get()) {
      List<String> names = new ArrayList<>();
      for (SevenZArchiveEntry entry; (entry = archive.getNextEntry()) != null; ) {
        names.add(entry.getName());
        if (fileName(entry).equals(member)) {
          Path out = fresh(folder, member);
          try (InputStream content = archive.getInputStream(entry)) {
            Files.copy(content, out);
          }
          return new SourceFile(given, out, label + "!" + member, Compression.NONE);
        }
      }
      throw new KasebException(
          new KasebException.Problem(
              label, "the archive has no %s; it holds %s".formatted(member, names), null, null));
    } catch (IOException e) {
      throw damaged(label, e);
    }
  }

  /// Returns a name in the folder that no file has.
  static Path fresh(Path folder, String name) throws IOException {
    Files.createDirectories(folder);
    Path path = folder.resolve(name);
    for (int i = 2; Files.exists(path); i++) {
      path = folder.resolve(i + "-" + name);
    }
    return path;
  }

  /// Returns whether a file is a 7z archive.
  public static boolean isArchive(Path file) {
    try {
      return Files.isRegularFile(file) && Compression.of(file) == Compression.SEVEN_ZIP;
    } catch (IOException e) {
      return false;
    }
  }

  /// Returns whether an archive holds a member.
  public static boolean holds(Path archive, String member) {
    try (SevenZFile file = SevenZFile.builder().setPath(archive).get()) {
      for (SevenZArchiveEntry entry : file.getEntries()) {
        if (fileName(entry).equals(member)) {
          return true;
        }
      }
      return false;
    } catch (IOException e) {
      throw damaged(LogFiles.label(archive), e);
    }
  }

  private static KasebException damaged(String archive, IOException e) {
    return new KasebException(
        new KasebException.Problem(
            archive,
            "the archive is damaged or cut short (%s)".formatted(e.getMessage()),
            null,
            "fetch it again"),
        e);
  }

  private static String fileName(SevenZArchiveEntry entry) {
    return entry.getName().substring(entry.getName().lastIndexOf('/') + 1);
  }

  /// Returns the same file, ready to be read as text: one in another encoding is refused, one whose
  /// lines end in two ways is copied into `folder` with line feeds.
  ///
  /// @param blocks takes some of its lines, or null
  TextFile text(Path folder, @Nullable LineBlocks blocks) throws IOException {
    refuseOtherEncodings();
    TextScan scan;
    try (InputStream in = compression.open(rows)) {
      scan = TextScan.of(in, blocks);
    } catch (IOException e) {
      throw unreadable(e);
    }
    if (!scan.mixesLineEnds()) {
      return new TextFile(this, scan);
    }
    Path out = fresh(folder, given.getFileName().toString());
    try (InputStream in = new BufferedInputStream(compression.open(rows), 1 << 18);
        OutputStream copy = new BufferedOutputStream(Files.newOutputStream(out), 1 << 18)) {
      int held = -1;
      for (int b; (b = in.read()) >= 0; ) {
        if (held == '\r' && b != '\n') {
          copy.write('\r');
        }
        if (b != '\r') {
          copy.write(b);
        }
        held = b;
      }
    }
    return new TextFile(new SourceFile(given, out, label, Compression.NONE), scan);
  }

  /// A file that is read as text.
  ///
  /// @param file where its rows are
  /// @param scan what a look through it found; null for what is no text
  record TextFile(SourceFile file, @Nullable TextScan scan) {}

  private void refuseOtherEncodings() throws IOException {
    byte[] head;
    try (InputStream in = compression.open(rows)) {
      head = in.readNBytes(4);
    } catch (IOException e) {
      throw unreadable(e);
    }
    int first = head.length < 2 ? 0 : ((head[0] & 0xff) << 8) | (head[1] & 0xff);
    boolean zeros = head.length == 4 && (head[0] == 0 || head[1] == 0);
    if (first == 0xfffe || first == 0xfeff || zeros) {
      throw new KasebException(
          label
              + ": is UTF-16 text; must be UTF-8. Convert it: iconv -f UTF-16 -t UTF-8 FILE >"
              + " NEW_FILE");
    }
  }

  private KasebException unreadable(IOException e) {
    return new KasebException(
        new KasebException.Problem(
            label,
            "cannot be read: damaged %s, or cut short (%s)".formatted(compression, e.getMessage()),
            null,
            "fetch it again"),
        e);
  }

  /// Opens the rows as lines of text.
  BufferedReader lines() throws IOException {
    return new BufferedReader(
        new InputStreamReader(compression.open(rows), StandardCharsets.UTF_8));
  }

  /// Copies the first lines into a file in the folder, byte by byte.
  Path head(int lines, Path into) throws IOException {
    Path head = fresh(into, given.getFileName() + ".head");
    try (InputStream in = new BufferedInputStream(compression.open(rows), 1 << 18);
        OutputStream copy = new BufferedOutputStream(Files.newOutputStream(head), 1 << 18)) {
      int left = lines;
      for (int b; left > 0 && (b = in.read()) >= 0; ) {
        copy.write(b);
        left -= b == '\n' ? 1 : 0;
      }
    }
    return head;
  }

  /// Reads the first line, without a byte order mark.
  String firstLine() {
    try (BufferedReader lines = lines()) {
      String line = lines.readLine();
      if (line == null) {
        throw new KasebException(
            new KasebException.Problem(
                label, "the file is empty", null, "it must hold at least one event"));
      }
      return line.startsWith("\uFEFF") ? line.substring(1) : line;
    } catch (IOException e) {
      throw new KasebException(
          new KasebException.Problem(
              label, "cannot be read (%s)".formatted(e.getMessage()), null, null),
          e);
    }
  }
}
