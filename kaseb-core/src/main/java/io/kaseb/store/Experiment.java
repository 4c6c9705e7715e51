package io.kaseb.store;

import io.kaseb.base.KasebException;
import io.kaseb.base.LockFile;
import io.kaseb.tune.space.Parameters;
import io.kaseb.tune.study.Request;
import io.kaseb.tune.study.Settings;
import io.kaseb.tune.study.Study;
import io.kaseb.tune.study.StudyState;
import io.kaseb.tune.study.StudyStatus;
import io.kaseb.tune.trial.Outcome;
import io.kaseb.tune.trial.Trial;
import io.kaseb.tune.trial.TrialState;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
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

  /// The files that this class and SQLite write.
  private static final List<String> FILES =
      List.of(DATABASE + "-wal", DATABASE + "-shm", DATABASE + "-journal", DATABASE, LOCK);

  private final Path folder;
  private final SqliteStore store;
  private @Nullable LockFile lock;

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
    LockFile taken = LockFile.take(folder.resolve(LOCK));
    if (taken == null) {
      throw new KasebException(
          new KasebException.Problem(
              folder.toString(), "runs in another process", null, "stop it first"));
    }
    lock = taken;
  }

  /// Returns whether some process runs the experiment.
  public boolean running() throws IOException {
    return lock != null || LockFile.held(folder.resolve(LOCK));
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
            checkMaxTrials(change);
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

  /// Trials that have begun cannot be taken back.
  private void checkMaxTrials(Request.Change change) {
    int begun = begun(store.trials());
    int wanted = change.maxTrials().orElse(begun);
    if (wanted < begun) {
      throw new KasebException(
          new KasebException.Problem(
              KasebException.setting("max_trials"),
              Integer.toString(wanted),
              begun + " or more, as so many have begun in " + folder,
              "give " + begun + " to let no more begin"));
    }
  }

  /// Returns how many trials an experiment has begun itself: all but those that were measured
  /// elsewhere. This is what `max_trials` limits.
  public static int begun(List<Trial> trials) {
    return (int) trials.stream().filter(t -> !t.origin().equals(Trial.Origin.IMPORT)).count();
  }

  private void checkTrial(int id) {
    List<Trial> trials = store.trials();
    if (trials.isEmpty()) {
      throw new KasebException(
          new KasebException.Problem(
              folder.toString(), "has no trial " + id + ": none has begun", null, null));
    }
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

  /// What came of results that were measured elsewhere.
  ///
  /// @param added how many were added
  /// @param known how many were there already
  /// @param refused why others were left out, one text each
  public record Added(int added, int known, List<String> refused) {
    /// Copies the list.
    public Added {
      refused = List.copyOf(refused);
    }
  }

  /// Adds results that were measured elsewhere; those whose parameters are there already are left
  /// out, and so are those outside the search space. The experiment must not run.
  public Added add(List<Results.Imported> results) throws IOException {
    lock();
    try {
      Set<Object> seen = new HashSet<>();
      List<Trial> trials = store.trials();
      trials.forEach(t -> seen.add(t.parameters()));
      int id = trials.size();
      int known = 0;
      List<String> refused = new ArrayList<>();
      List<Trial> added = new ArrayList<>();
      for (Results.Imported result : results) {
        try {
          Parameters parameters = settings().space().checked(result.parameters());
          if (seen.add(parameters)) {
            added.add(imported(id++, parameters, result.outcome()));
          } else {
            known++;
          }
        } catch (IllegalArgumentException e) {
          refused.add(result.place() + ": " + e.getMessage());
        }
      }
      added.forEach(store::save);
      return new Added(added.size(), known, refused);
    } finally {
      unlock();
    }
  }

  private static Trial imported(int id, Parameters parameters, Outcome outcome) {
    return new Trial(
        id,
        TrialState.SUCCEEDED,
        parameters,
        Trial.Origin.IMPORT,
        List.of(),
        List.of(),
        outcome,
        "",
        0);
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
            results.add(
                new Results.Imported("trial " + trial.id(), trial.parameters(), trial.outcome()));
          }
        }
        copy.add(results);
      }
    }
  }

  /// Deletes the experiment's own files, then its folder where nothing else lies in it, and closes
  /// this; the experiment must not run.
  ///
  /// @param others further files and folders of the experiment in its folder, deleted first
  public void delete(Deletion others) throws IOException {
    settings();
    store.close();
    delete(folder, others);
  }

  /// Deletes an experiment's own files, then its folder where nothing else lies in it, also where
  /// its database is damaged; the experiment must not run.
  ///
  /// @param others further files and folders of the experiment in its folder, deleted first
  public static void delete(Path folder, Deletion others) throws IOException {
    LockFile taken = LockFile.take(folder.resolve(LOCK));
    if (taken == null) {
      throw new KasebException(
          new KasebException.Problem(
              folder.toString(), "runs in another process", null, "stop it first"));
    }
    try (taken) {
      others.delete();
      deleteFiles(folder);
    }
    try (Stream<Path> left = Files.list(folder)) {
      if (left.findAny().isPresent()) {
        return;
      }
    }
    // A folder that was reached by a link goes with the link.
    Path real = folder.toRealPath();
    Files.delete(real);
    if (Files.isSymbolicLink(folder)) {
      Files.delete(folder);
    }
  }

  /// Deletes an experiment's database and what belongs to it.
  public static void deleteFiles(Path folder) throws IOException {
    for (String name : FILES) {
      Files.deleteIfExists(folder.resolve(name));
    }
  }

  /// Deletes something.
  @FunctionalInterface
  public interface Deletion {
    /// Deletes it.
    void delete() throws IOException;
  }

  private void unlock() throws IOException {
    if (lock != null) {
      lock.close();
      lock = null;
    }
  }

  @Override
  public void close() throws IOException {
    store.close();
    unlock();
  }
}
