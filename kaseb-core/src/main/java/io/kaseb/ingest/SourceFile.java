package io.kaseb.ingest;

import io.kaseb.base.KasebException;
import java.io.BufferedInputStream;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStream;
import java.io.InputStreamReader;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.ArrayList;
import java.util.List;
import java.util.zip.GZIPInputStream;
import org.apache.commons.compress.archivers.sevenz.SevenZArchiveEntry;
import org.apache.commons.compress.archivers.sevenz.SevenZFile;

/// A file of the user, and the plain or gzip file that its rows are read from.
///
/// @param given the file as the user named it
/// @param rows the file to read rows from: the same, or what was unpacked from an archive
/// @param label how messages name it
record SourceFile(Path given, Path rows, String label) {
  /// Finds the file; takes `member` out of a 7z archive into `folder` first.
  static SourceFile open(Path given, String member, Path folder) throws IOException {
    if (!Files.isRegularFile(given)) {
      throw new KasebException(
          new KasebException.Problem(
              given.toString(), "no such file", null, "give the path of a click log"));
    }
    if (Files.size(given) == 0) {
      throw new KasebException(
          new KasebException.Problem(
              given.toString(), "the file is empty", null, "it must hold at least one event"));
    }
    if (!isArchive(given)) {
      return new SourceFile(given, given, given.toString());
    }
    Path unpacked = folder.resolve(member);
    try (SevenZFile archive = SevenZFile.builder().setPath(given).get()) {
      List<String> names = new ArrayList<>();
      for (SevenZArchiveEntry entry; (entry = archive.getNextEntry()) != null; ) {
        names.add(entry.getName());
        if (fileName(entry).equals(member)) {
          Files.createDirectories(folder);
          try (InputStream content = archive.getInputStream(entry)) {
            Files.copy(content, unpacked, StandardCopyOption.REPLACE_EXISTING);
          }
          return new SourceFile(given, unpacked, given + "!" + member);
        }
      }
      throw new KasebException(
          new KasebException.Problem(
              given.toString(),
              "the archive has no %s; it holds %s".formatted(member, names),
              null,
              null));
    } catch (IOException e) {
      throw damaged(given, e);
    }
  }

  /// Returns whether a file is a 7z archive, by its name.
  static boolean isArchive(Path file) {
    return file.toString().endsWith(".7z");
  }

  /// Returns whether an archive holds a member.
  static boolean holds(Path archive, String member) {
    try (SevenZFile file = SevenZFile.builder().setPath(archive).get()) {
      for (SevenZArchiveEntry entry : file.getEntries()) {
        if (fileName(entry).equals(member)) {
          return true;
        }
      }
      return false;
    } catch (IOException e) {
      throw damaged(archive, e);
    }
  }

  private static KasebException damaged(Path archive, IOException e) {
    return new KasebException(
        new KasebException.Problem(
            archive.toString(),
            "the archive is damaged or cut short (%s)".formatted(e.getMessage()),
            null,
            "fetch it again"),
        e);
  }

  private static String fileName(SevenZArchiveEntry entry) {
    return entry.getName().substring(entry.getName().lastIndexOf('/') + 1);
  }

  /// Returns whether the rows are compressed with gzip, by the file's name.
  boolean isGzip() {
    return rows.toString().endsWith(".gz");
  }

  /// Opens the rows as lines of text.
  BufferedReader lines() throws IOException {
    InputStream in = new BufferedInputStream(Files.newInputStream(rows), 1 << 16);
    return new BufferedReader(
        new InputStreamReader(
            isGzip() ? new GZIPInputStream(in, 1 << 16) : in, StandardCharsets.UTF_8));
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
