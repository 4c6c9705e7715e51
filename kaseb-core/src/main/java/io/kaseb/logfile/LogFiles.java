package io.kaseb.logfile;

import io.kaseb.base.KasebException;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Set;
import java.util.WeakHashMap;

/// The files that a user names as a log: a file, a folder (its files by name), a pattern such as
/// `logs/*.csv.gz` (where no file has that very name), or `-` for standard input.
public final class LogFiles {
  private static final String STANDARD_INPUT = "-";
  private static final String COPIES = "kaseb-input";

  /// Streams that were read to their end.
  private static final Set<InputStream> READ =
      Collections.synchronizedSet(Collections.newSetFromMap(new WeakHashMap<>()));

  private LogFiles() {}

  /// Returns the files, in the order of what was given.
  ///
  /// @param input what `-` stands for; copied into a file of its own, which goes with the process
  public static List<Path> of(List<Path> given, InputStream input) throws IOException {
    List<Path> files = new ArrayList<>();
    for (Path path : given) {
      if (path.toString().equals(STANDARD_INPUT)) {
        files.add(copied(input));
      } else if (Files.isDirectory(path)) {
        files.addAll(matching(path, "*", path));
      } else if (!Files.exists(path) && isPattern(path)) {
        Path folder = path.getParent();
        if (folder != null && isPattern(folder)) {
          throw new KasebException(
              path + ": a pattern may stand in the last part of a path only; name the folder");
        }
        String pattern = String.valueOf(path.getFileName());
        files.addAll(matching(folder == null ? Path.of("") : folder, pattern, path));
      } else {
        files.add(path);
      }
    }
    return files;
  }

  private static Path copied(InputStream input) throws IOException {
    if (!READ.add(input)) {
      throw new KasebException(
          new KasebException.Problem(
              STANDARD_INPUT,
              "standard input is named twice, and can be read once",
              null,
              "give all but one the name of a file"));
    }
    Path folder = Files.createTempDirectory(COPIES);
    folder.toFile().deleteOnExit();
    Path copy = folder.resolve(STANDARD_INPUT);
    copy.toFile().deleteOnExit();
    Files.copy(input, copy);
    return copy;
  }

  /// Returns how messages name a file: a copy by what it was copied from.
  public static String label(Path file) {
    Path folder = file.getParent();
    boolean isCopy =
        file.endsWith(STANDARD_INPUT)
            && folder != null
            && String.valueOf(folder.getFileName()).startsWith(COPIES);
    return isCopy ? STANDARD_INPUT : file.toString();
  }

  private static boolean isPattern(Path path) {
    return path.toString().matches("(?s).*[*?\\[{].*");
  }

  private static List<Path> matching(Path folder, String pattern, Path given) throws IOException {
    List<Path> found = new ArrayList<>();
    if (Files.isDirectory(folder.toAbsolutePath())) {
      try (DirectoryStream<Path> files =
          Files.newDirectoryStream(folder.toString().isEmpty() ? Path.of(".") : folder, pattern)) {
        for (Path file : files) {
          if (Files.isRegularFile(file) && !Files.isHidden(file)) {
            found.add(folder.toString().isEmpty() ? file.getFileName() : file);
          }
        }
      }
    }
    if (found.isEmpty()) {
      throw new KasebException(given + ": holds or matches no files; name at least one");
    }
    found.sort(null);
    return found;
  }
}
