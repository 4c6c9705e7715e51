package io.kaseb.ingest;

import io.kaseb.base.KasebException;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.ArrayList;
import java.util.List;

/// The files that a user names as a log: a file, a folder (its files by name), a pattern such as
/// `logs/*.csv.gz` (where no file has that very name), or `-` for standard input.
public final class LogFiles {
  private LogFiles() {}

  /// Returns the files, in the order of what was given.
  ///
  /// @param input what `-` stands for; copied into a file of its own, which goes with the process
  public static List<Path> of(List<Path> given, InputStream input) throws IOException {
    List<Path> files = new ArrayList<>();
    for (Path path : given) {
      if (path.toString().equals("-")) {
        Path copy = Files.createTempFile("kaseb-input", ".log");
        copy.toFile().deleteOnExit();
        Files.copy(input, copy, StandardCopyOption.REPLACE_EXISTING);
        files.add(copy);
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
