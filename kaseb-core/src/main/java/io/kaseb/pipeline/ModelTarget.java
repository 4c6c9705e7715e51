package io.kaseb.pipeline;

import io.kaseb.base.AtomicFiles;
import io.kaseb.base.KasebException;
import io.kaseb.base.LockFile;
import io.kaseb.base.NewFolder;
import io.kaseb.model.Safetensors;
import io.kaseb.train.Checkpoint;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.stream.Stream;

/// The model file that a command writes, taken for it alone before it begins.
final class ModelTarget implements AutoCloseable {
  private final Path out;
  private final NewFolder folder;
  private final LockFile lock;

  private ModelTarget(Path out, NewFolder folder, LockFile lock) {
    this.out = out;
    this.folder = folder;
    this.lock = lock;
  }

  /// Takes a file; fails where it cannot be written or another command is at it.
  static ModelTarget take(Path out) throws IOException {
    AtomicFiles.check(out);
    Path lockFile = LockFile.of(AtomicFiles.target(out));
    Path parent = lockFile.getParent();
    boolean plain = !Files.exists(out) || Files.isRegularFile(out);
    if (!plain || out.equals(AtomicFiles.STANDARD_OUTPUT) || parent == null) {
      throw new KasebException(
          new KasebException.Problem(
              out.toString(),
              "is no plain file, which a model needs",
              null,
              "give the name of a file"));
    }
    NewFolder folder = NewFolder.make(parent);
    LockFile lock = LockFile.take(lockFile);
    if (lock == null) {
      throw new KasebException(
          new KasebException.Problem(
              out.toString(),
              "another command is making it",
              null,
              "wait for it, or give another " + KasebException.setting("out")));
    }
    return new ModelTarget(out, folder, lock);
  }

  /// Refuses to replace what is there already, unless that is wanted.
  ///
  /// @param replace whether a model may be replaced
  /// @param resume whether an unfinished run goes on, which may replace it
  void checkReplaced(boolean replace, boolean resume) throws IOException {
    if (!Files.isRegularFile(out) || Files.size(out) == 0) {
      return;
    }
    if (!Safetensors.isOne(out)) {
      throw new KasebException(
          new KasebException.Problem(
              out.toString(),
              "is there already and is no model",
              null,
              "give another " + KasebException.setting("out")));
    }
    if (!replace && !(resume && unfinished())) {
      throw new KasebException(
          new KasebException.Problem(
              out.toString(),
              resume ? "is whole; there is nothing to resume" : "a model is there already",
              null,
              "give %s to replace it, or another %s"
                  .formatted(KasebException.setting("force"), KasebException.setting("out"))));
    }
  }

  /// Returns whether a run left a checkpoint, or the networks of a hybrid or an ensemble.
  private boolean unfinished() throws IOException {
    return unfinished(out);
  }

  /// Returns whether a run of a model's file left a checkpoint, or networks of a hybrid or an
  /// ensemble.
  static boolean unfinished(Path out) throws IOException {
    Path file = out.toAbsolutePath();
    Path folder = file.getParent();
    if (folder == null || !Files.isDirectory(folder)) {
      return false;
    }
    if (Files.exists(Checkpoint.of(file))) {
      return true;
    }
    String begin = file.getFileName() + ".";
    try (Stream<Path> beside = Files.list(folder)) {
      return beside
          .map(path -> path.getFileName().toString())
          .anyMatch(
              name ->
                  name.startsWith(begin)
                      && name.substring(begin.length())
                          .matches("(net\\d+|trial|network)(\\.checkpoint)?"));
    }
  }

  @Override
  public void close() throws IOException {
    lock.close();
    folder.discard();
  }
}
