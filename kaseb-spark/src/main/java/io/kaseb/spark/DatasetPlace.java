package io.kaseb.spark;

import io.kaseb.base.KasebException;
import io.kaseb.base.LockFile;
import io.kaseb.data.Manifest;
import io.kaseb.ingest.DatasetWriter;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// Where a dataset is to lie: nothing of the user's is lost there, and what is there stays until
/// the new dataset is whole.
///
/// @param files where folders are
/// @param target place of the dataset
/// @param force whether a dataset that is there may be replaced
record DatasetPlace(SharedFiles files, String target, boolean force) {
  /// Fails where the place cannot take a dataset.
  void check() throws IOException {
    if (SharedFiles.isPath(target)) {
      DatasetWriter.checkTarget(Path.of(target), force);
      return;
    }
    if (!files.exists(target)) {
      return;
    }
    if (files.exists(target + "/" + Manifest.FILE)) {
      readManifest();
      if (!force) {
        throw new KasebException(
            new KasebException.Problem(
                target,
                "a dataset is there already",
                null,
                "give %s to replace it, or another %s"
                    .formatted(KasebException.setting("force"), KasebException.setting("out"))));
      }
      checkOwn(target);
    } else if (!files.list(target).isEmpty()) {
      throw new KasebException(
          new KasebException.Problem(
              target,
              "exists and is no dataset",
              null,
              "give another " + KasebException.setting("out")));
    }
  }

  /// Any program may have a file of that name; what it says must be of ours.
  private void readManifest() throws IOException {
    Path folder = Files.createTempDirectory("kaseb-manifest");
    try {
      Manifest.parse(files.local(target + "/" + Manifest.FILE, folder));
    } finally {
      DatasetWriter.delete(folder);
    }
  }

  /// Fails where a folder that is to be deleted holds what no dataset has.
  private void checkOwn(String folder) throws IOException {
    if (SharedFiles.isPath(folder)) {
      DatasetWriter.checkOwn(Path.of(folder));
      return;
    }
    if (!files.exists(folder)) {
      return;
    }
    refuseForeign(folder, "");
    for (String part : List.of("train", "test")) {
      if (files.exists(folder + "/" + part)) {
        refuseForeign(folder, part);
      }
    }
  }

  private void refuseForeign(String folder, String part) throws IOException {
    String place = part.isEmpty() ? folder : folder + "/" + part;
    for (String name : files.list(place)) {
      if (!DatasetWriter.owns(part, name)) {
        throw new KasebException(
            new KasebException.Problem(
                place + "/" + name,
                "is no part of a dataset and would be lost",
                null,
                "move it away, or give another " + KasebException.setting("out")));
      }
    }
  }

  /// Takes the place for this process, where its file system can tell; null where it cannot.
  @Nullable LockFile lock() throws IOException {
    if (!SharedFiles.isPath(target)) {
      return null;
    }
    LockFile lock = LockFile.take(LockFile.of(Path.of(target)));
    if (lock == null) {
      throw new KasebException(
          new KasebException.Problem(
              target,
              "another prepare is making it",
              null,
              "wait for it, or give another " + KasebException.setting("out")));
    }
    return lock;
  }

  private String staging() {
    return target + ".part";
  }

  /// Makes the empty folder that is filled; returns its place.
  String begin() throws IOException {
    checkOwn(staging());
    checkOwn(target + ".old");
    files.delete(staging());
    files.makeFolder(staging());
    return staging();
  }

  /// Puts the finished folder in its place, whose old content goes only then.
  void end() throws IOException {
    if (SharedFiles.isPath(target)) {
      DatasetWriter.moveInPlace(Path.of(staging()), Path.of(target));
      return;
    }
    String old = target + ".old";
    files.delete(old);
    if (files.exists(target)) {
      files.move(target, old);
    }
    files.move(staging(), target);
    files.delete(old);
  }
}
