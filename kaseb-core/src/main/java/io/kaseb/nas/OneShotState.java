package io.kaseb.nas;

import io.kaseb.base.Json;
import io.kaseb.base.KasebException;
import io.kaseb.base.LockFile;
import io.kaseb.base.NewFolder;
import io.kaseb.model.Architecture;
import io.kaseb.model.TrainingEpoch;
import io.kaseb.train.Checkpoint;
import io.kaseb.train.Training;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/// What a search with shared weights has come to so far, in its folder until its report is there:
/// the network that holds all others after each epoch, and what was measured. Networks that were
/// measured are asked for again by the same search, in the same order, and then cost nothing.
final class OneShotState implements AutoCloseable {
  /// The network that holds all others.
  private static final String WEIGHTS = "shared.checkpoint";

  private static final String MEASURED = "measured.json";

  private final Path out;
  private final NewFolder parent;
  private final LockFile lock;
  private final Map<String, String> identity;
  private final Map<String, Double> shared = new LinkedHashMap<>();
  private final Map<String, OneShotFigures.Trained> own = new LinkedHashMap<>();
  private @Nullable Checkpoint checkpoint;
  private double before;

  /// What was measured.
  ///
  /// @param seconds of all runs so far
  /// @param shared mrr@20 with shared weights, by the network's name
  /// @param own trainings by themselves, by the network's name
  private record Measured(
      double seconds, Map<String, Double> shared, Map<String, OneShotFigures.Trained> own) {
    Measured {
      shared = Map.copyOf(shared);
      own = Map.copyOf(own);
    }
  }

  private OneShotState(Path out, NewFolder parent, LockFile lock, Map<String, String> identity) {
    this.out = out;
    this.parent = parent;
    this.lock = lock;
    this.identity = identity;
  }

  /// Takes a folder for a search: a new or empty one, or one where a search of the same identity
  /// stopped.
  ///
  /// @param identity what must be equal for a search to go on
  static OneShotState open(Path out, Map<String, String> identity) throws IOException {
    Path lockFile = LockFile.of(out);
    NewFolder parent = NewFolder.make(Objects.requireNonNull(lockFile.getParent()));
    LockFile lock = LockFile.take(lockFile);
    if (lock == null) {
      throw new KasebException(
          new KasebException.Problem(
              out.toString(), "another command is at it", null, "wait for it, or name another"));
    }
    OneShotState state = new OneShotState(out, parent, lock, identity);
    try {
      state.read();
      return state;
    } catch (IOException | RuntimeException e) {
      state.close();
      throw e;
    }
  }

  /// Returns whether a search stopped in a folder before its report was there.
  static boolean isUnfinished(Path out) {
    return Files.exists(out.resolve(WEIGHTS)) && !Files.exists(out.resolve(OneShotFiles.REPORT));
  }

  private void read() throws IOException {
    if (isUnfinished(out)) {
      checkpoint = Checkpoint.read(out.resolve(WEIGHTS), identity);
      Path file = out.resolve(MEASURED);
      if (Files.exists(file)) {
        Measured measured = Json.read(file, Measured.class);
        before = measured.seconds;
        shared.putAll(measured.shared);
        own.putAll(measured.own);
      }
      return;
    }
    if (Files.exists(out) && !isEmpty(out)) {
      throw new KasebException(
          new KasebException.Problem(
              out.toString(), "is there already", null, "name a new or an empty folder"));
    }
  }

  /// What a stopped search measured with weights that were deleted since means nothing.
  private static boolean isEmpty(Path out) throws IOException {
    if (!Files.isDirectory(out)) {
      return false;
    }
    List<Path> files;
    try (Stream<Path> listed = Files.list(out)) {
      files = listed.toList();
    }
    if (files.equals(List.of(out.resolve(MEASURED)))) {
      Files.delete(out.resolve(MEASURED));
      return true;
    }
    return files.isEmpty();
  }

  /// Returns the network that holds all others as the last whole epoch left it, or null.
  @Nullable Checkpoint checkpoint() {
    return checkpoint;
  }

  /// Keeps the network that holds all others after an epoch.
  void keep(Training training, List<TrainingEpoch> history) throws IOException {
    Files.createDirectories(out);
    Checkpoint now =
        new Checkpoint(
            identity,
            training.epoch(),
            training.steps(),
            training.epoch(),
            new ArrayList<>(history),
            training.weights(),
            training.optimizerState(),
            Map.of());
    now.write(out.resolve(WEIGHTS));
    checkpoint = now;
  }

  /// Returns what a network reached with shared weights in an earlier run, or null.
  @Nullable Double shared(Architecture shape) {
    return shared.get(Shapes.name(shape));
  }

  /// Returns what a network reached by itself in an earlier run, or null.
  OneShotFigures.@Nullable Trained own(Architecture shape) {
    return own.get(Shapes.name(shape));
  }

  /// Returns the seconds of earlier runs.
  double before() {
    return before;
  }

  /// Keeps what a network reached with shared weights.
  ///
  /// @param seconds of this run so far
  void measured(Architecture shape, double value, double seconds) throws IOException {
    shared.put(Shapes.name(shape), value);
    write(seconds);
  }

  /// Keeps what a network reached by itself.
  ///
  /// @param seconds of this run so far
  void trained(Architecture shape, OneShotFigures.Trained figures, double seconds)
      throws IOException {
    own.put(Shapes.name(shape), figures);
    write(seconds);
  }

  private void write(double seconds) throws IOException {
    Json.write(out.resolve(MEASURED), new Measured(before + seconds, shared, own));
  }

  /// Deletes it: the search has its report.
  void delete() throws IOException {
    Files.deleteIfExists(out.resolve(MEASURED));
    Files.deleteIfExists(out.resolve(WEIGHTS));
  }

  @Override
  public void close() throws IOException {
    lock.close();
    parent.discard();
  }
}
