package io.kaseb.store;

import io.kaseb.base.KasebException;
import io.kaseb.tune.study.Request;
import io.kaseb.tune.study.Settings;
import io.kaseb.tune.study.Study;
import io.kaseb.tune.study.StudyState;
import io.kaseb.tune.study.StudyStatus;
import io.kaseb.tune.trial.Trial;
import io.kaseb.tune.trial.TrialState;
import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.channels.FileLock;
import java.nio.channels.OverlappingFileLockException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/// An experiment's folder: a study's SQLite file and the lock of the process that runs it, which
/// the system releases when that process dies, however it dies.
public final class Experiment implements AutoCloseable {
  private static final String DATABASE = "experiment.db";
  private static final String LOCK = "experiment.lock";

  private final Path folder;
  private final SqliteStore store;
  private @Nullable FileChannel channel;

  private Experiment(Path folder, SqliteStore store) {
    this.folder = folder;
    this.store = store;
  }

  /// Creates the folder for a new experiment; an experiment that is there already is an error.
  public static Experiment create(Path folder, Settings settings) throws IOException {
    if (Files.exists(folder.resolve(DATABASE))) {
      throw new KasebException(
          new KasebException.Problem(
              folder.toString(),
              "an experiment already",
              null,
              "resume it, delete it or take another folder"));
    }
    Experiment experiment = new Experiment(folder, SqliteStore.open(folder.resolve(DATABASE)));
    Study.create(experiment.store, settings);
    return experiment;
  }

  /// Opens an experiment's folder.
  public static Experiment open(Path folder) throws IOException {
    if (!Files.exists(folder.resolve(DATABASE))) {
      throw new KasebException(
          new KasebException.Problem(
              folder.toString(), "no experiment (it has no " + DATABASE + ")", null, null));
    }
    return new Experiment(folder, SqliteStore.open(folder.resolve(DATABASE)));
  }

  /// Returns the experiments' folders in a folder, by name, itself included.
  public static List<Path> list(Path folder) throws IOException {
    try (Stream<Path> inside = Files.list(folder)) {
      return Stream.concat(Stream.of(folder), inside.sorted())
          .filter(path -> Files.exists(path.resolve(DATABASE)))
          .toList();
    }
  }

  /// Returns the folder.
  public Path folder() {
    return folder;
  }

  /// Returns the store.
  public SqliteStore store() {
    return store;
  }

  /// Returns the settings.
  public Settings settings() {
    return store.settings().orElseThrow(() -> new KasebException(folder + ": empty experiment"));
  }

  /// Takes the right to run the experiment until [#close].
  public void lock() throws IOException {
    FileChannel opened =
        FileChannel.open(folder.resolve(LOCK), StandardOpenOption.CREATE, StandardOpenOption.WRITE);
    if (!locked(opened)) {
      opened.close();
      throw new KasebException(
          new KasebException.Problem(
              folder.toString(), "runs in another process", null, "stop it first"));
    }
    channel = opened;
  }

  private static boolean locked(FileChannel opened) throws IOException {
    try {
      FileLock lock = opened.tryLock();
      return lock != null;
    } catch (OverlappingFileLockException e) {
      return false;
    }
  }

  /// Returns whether some process runs the experiment.
  public boolean running() throws IOException {
    if (channel != null) {
      return true;
    }
    try (FileChannel opened =
        FileChannel.open(
            folder.resolve(LOCK), StandardOpenOption.CREATE, StandardOpenOption.WRITE)) {
      return !locked(opened);
    }
  }

  /// Returns how the experiment stands; one that was killed is STOPPED.
  public StudyStatus status() throws IOException {
    StudyStatus status = store.status();
    boolean alive =
        switch (status.status()) {
          case RUNNING, PAUSED, STOPPING -> true;
          default -> false;
        };
    return alive && !running()
        ? new StudyStatus(StudyState.STOPPED, "its process ended; resume goes on", status.seconds())
        : status;
  }

  /// Asks the running experiment for something, or notes it for the next start; what only a running
  /// one can do is an error otherwise.
  public void request(Request request) throws IOException {
    boolean needsProcess =
        switch (request) {
          case Request.Stop s -> true;
          case Request.Pause p -> true;
          case Request.Unpause u -> true;
          case Request.Kill kill -> {
            checkTrial(kill.trial());
            yield false;
          }
          case Request.Enqueue enqueue -> {
            settings().space().checked(enqueue.parameters());
            yield false;
          }
          case Request.Change change -> {
            change.applied(settings());
            yield false;
          }
        };
    if (needsProcess && !running()) {
      throw new KasebException(
          new KasebException.Problem(
              folder.toString(),
              "does not run (" + status().status() + ")",
              null,
              "resume it first"));
    }
    store.request(request);
  }

  private void checkTrial(int id) {
    List<Trial> trials = store.trials();
    if (id < 0 || id >= trials.size()) {
      throw new KasebException(
          new KasebException.Problem(
              folder.toString(), "trial " + id, "0.." + (trials.size() - 1), null));
    }
    if (trials.get(id).state().finished()) {
      throw new KasebException(
          new KasebException.Problem(
              folder.toString(),
              "trial " + id + " is " + trials.get(id).state() + " already",
              null,
              null));
    }
  }

  /// Adds results that were measured elsewhere; those whose parameters are there already are left
  /// out. The experiment must not run.
  ///
  /// @return how many were added
  public int add(List<Results.Imported> results) throws IOException {
    lock();
    try {
      Set<Object> seen = new HashSet<>();
      List<Trial> trials = store.trials();
      trials.forEach(t -> seen.add(t.parameters()));
      int id = trials.size();
      List<Trial> added = new ArrayList<>();
      for (Results.Imported result : results) {
        var parameters = settings().space().checked(result.parameters());
        if (seen.add(parameters)) {
          added.add(
              new Trial(
                  id++,
                  TrialState.SUCCEEDED,
                  parameters,
                  Trial.Origin.IMPORT,
                  List.of(),
                  List.of(),
                  result.outcome(),
                  "",
                  0));
        }
      }
      added.forEach(store::save);
      return added.size();
    } catch (IllegalArgumentException e) {
      throw KasebException.at(folder + ": import", e);
    } finally {
      unlock();
    }
  }

  /// Creates another experiment with the same settings.
  ///
  /// @param target its folder
  /// @param withResults whether it begins with this one's results, as imported trials
  public void copyTo(Path target, boolean withResults) throws IOException {
    try (Experiment copy = create(target, settings())) {
      if (withResults) {
        List<Results.Imported> results = new ArrayList<>();
        for (Trial trial : store.trials()) {
          if (trial.state() == TrialState.SUCCEEDED && trial.outcome() != null) {
            results.add(new Results.Imported(trial.parameters(), trial.outcome()));
          }
        }
        copy.add(results);
      }
    }
  }

  /// Deletes the folder with all that lies in it and closes this; the experiment must not run.
  public void delete() throws IOException {
    lock();
    close();
    try (Stream<Path> files = Files.walk(folder)) {
      for (Path path : files.sorted(Comparator.reverseOrder()).toList()) {
        Files.delete(path);
      }
    }
  }

  private void unlock() throws IOException {
    if (channel != null) {
      channel.close();
      channel = null;
    }
  }

  @Override
  public void close() throws IOException {
    store.close();
    unlock();
  }
}
