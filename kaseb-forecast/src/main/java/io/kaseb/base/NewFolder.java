package io.kaseb.base;

import java.io.IOException;
import java.nio.file.DirectoryNotEmptyException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/// A folder for output, and which of it and those around it were made for that: a job that fails
/// before it has written anything leaves no folder behind.
public final class NewFolder {
  /// The folders that were made, the innermost first.
  private final List<Path> made;

  private NewFolder(List<Path> made) {
    this.made = List.copyOf(made);
  }

  /// Makes a folder, and those around it, as far as they are missing.
  ///
  /// @throws KasebException naming what stands in the way
  public static NewFolder make(Path folder) throws IOException {
    List<Path> missing = new ArrayList<>();
    Path at = folder.toAbsolutePath();
    while (at != null && !Files.exists(at)) {
      if (Files.isSymbolicLink(at)) {
        throw new KasebException(
            new KasebException.Problem(
                folder.toString(),
                (at.equals(folder.toAbsolutePath()) ? "is" : "cannot lie in " + at + ", which is")
                    + " a link to nothing",
                null,
                "give another name, or delete the link"));
      }
      missing.add(at);
      at = at.getParent();
    }
    if (at != null && !Files.isDirectory(at)) {
      boolean itself = missing.isEmpty();
      throw new KasebException(
          new KasebException.Problem(
              folder.toString(),
              itself ? "is a file" : "cannot lie in " + at + ", which is no folder",
              itself ? "a folder" : null,
              "give another name"));
    }
    if (at != null && !missing.isEmpty() && !Files.isWritable(at)) {
      throw new KasebException(
          new KasebException.Problem(
              folder.toString(),
              "cannot be made: " + at + " allows no new files",
              null,
              "give another name"));
    }
    NewFolder made = new NewFolder(missing);
    try {
      Files.createDirectories(folder);
    } catch (IOException e) {
      made.discard();
      throw e;
    }
    return made;
  }

  /// Takes away the folders that were made, as far as nothing lies in them.
  public void discard() throws IOException {
    for (Path folder : made) {
      try {
        Files.delete(folder);
      } catch (NoSuchFileException e) {
        // Gone already, as where something else was moved here and away.
      } catch (DirectoryNotEmptyException e) {
        return;
      }
    }
  }
}
