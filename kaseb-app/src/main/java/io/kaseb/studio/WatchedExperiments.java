package io.kaseb.studio;

import io.kaseb.base.KasebException;
import io.kaseb.serve.http.Problem;
import io.kaseb.store.Experiment;
import io.kaseb.store.StudyChanges;
import io.kaseb.tune.study.Settings;
import io.kaseb.tune.study.StudyStatus;
import io.kaseb.watch.Watched;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.BasicFileAttributes;
import java.nio.file.attribute.FileTime;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/// The experiments that a studio shows: finds them in their folders, keeps those open that are
/// being looked at, and reads a row of the list again only where the experiment's file has changed.
final class WatchedExperiments implements AutoCloseable {
  /// Experiments that are kept open; of more the one that was asked for longest ago is closed.
  private static final int MOST_OPEN = 8;

  private final List<Path> folders;
  private final Map<String, Row> rows = new HashMap<>();
  private final Map<String, Open> open = new LinkedHashMap<>(16, .75f, true);
  private boolean isClosed;

  /// An experiment in the list.
  ///
  /// @param id names it in paths
  /// @param folder where it lies
  /// @param name its name
  /// @param running whether some process runs it
  /// @param status how it stands
  /// @param reason why it does not go on, or empty
  /// @param seconds it has run
  /// @param trials that it has begun itself
  /// @param maxTrials that it may begin
  /// @param goal the first goal's name
  /// @param maximize whether more of it is better
  /// @param best the best value of a whole trial, null where there is none yet
  record Listed(
      String id,
      String folder,
      String name,
      boolean running,
      String status,
      String reason,
      double seconds,
      int trials,
      int maxTrials,
      String goal,
      boolean maximize,
      @Nullable Double best) {}

  /// The list.
  ///
  /// @param damaged what is wrong with those that cannot be read, one text each
  record Listing(List<Listed> experiments, List<String> damaged) {}

  /// @param stamp of the file that was read
  private record Row(String stamp, @Nullable Listed row, String damage) {}

  /// @param file tells the file from another one that took its name
  private record Open(Object file, Watched watched) {}

  WatchedExperiments(List<Path> folders) {
    this.folders = List.copyOf(folders);
  }

  /// Reads the experiments that changed last, so that the first look at them need not wait.
  void readAhead() {
    try {
      List<Path> newest = new ArrayList<>(paths());
      newest.sort(Comparator.comparing(WatchedExperiments::lastChange).reversed());
      newest = newest.subList(0, Math.min(MOST_OPEN, newest.size()));
      for (Path path : newest) {
        find(id(path)).news("", false);
      }
      for (Path path : newest) {
        find(id(path)).curves(false);
      }
    } catch (IOException | RuntimeException e) {
      // Whoever asks for it hears why.
    }
  }

  private static FileTime lastChange(Path folder) {
    try {
      return Files.getLastModifiedTime(folder.resolve("experiment.db"));
    } catch (IOException e) {
      return FileTime.fromMillis(0);
    }
  }

  private List<Path> paths() throws IOException {
    List<Path> paths = new ArrayList<>();
    for (Path folder : folders) {
      if (Files.isDirectory(folder)) {
        paths.addAll(Experiment.list(folder));
      }
    }
    return paths;
  }

  private static String id(Path experiment) {
    byte[] name =
        experiment.toAbsolutePath().normalize().toString().getBytes(StandardCharsets.UTF_8);
    return UUID.nameUUIDFromBytes(name).toString();
  }

  /// Returns the experiment's folder.
  Path folder(String id) throws IOException {
    for (Path path : paths()) {
      if (id(path).equals(id)) {
        return path;
      }
    }
    throw Problem.of(404, "Not found", "no such experiment; it may have been deleted or moved");
  }

  /// Returns an experiment, read as far as it is now.
  Watched find(String id) throws IOException {
    Path folder = folder(id);
    Watched watched = opened(id, folder);
    watched.refresh();
    return watched;
  }

  private synchronized Watched opened(String id, Path folder) throws IOException {
    refuseWhereClosed();
    Path file = folder.resolve("experiment.db");
    BasicFileAttributes facts = Files.readAttributes(file, BasicFileAttributes.class);
    Object key = facts.fileKey() == null ? facts.creationTime() : facts.fileKey();
    Open known = open.get(id);
    if (known != null && known.file().equals(key)) {
      return known.watched();
    }
    forget(id);
    Watched watched = Watched.open(folder);
    open.put(id, new Open(key, watched));
    if (open.size() > MOST_OPEN) {
      forget(open.keySet().iterator().next());
    }
    return watched;
  }

  /// Closes an experiment, whose file may be damaged or gone.
  synchronized void forget(String id) throws IOException {
    Open known = open.remove(id);
    if (known != null) {
      known.watched().close();
    }
  }

  /// Returns the list.
  synchronized Listing list() throws IOException {
    refuseWhereClosed();
    List<Listed> listed = new ArrayList<>();
    List<String> damaged = new ArrayList<>();
    for (Path path : paths()) {
      String id = id(path);
      String stamp = stamp(path);
      Row row = rows.get(id);
      if (row == null || !row.stamp().equals(stamp)) {
        row = read(id, path, stamp);
        rows.put(id, row);
      }
      if (row.row() == null) {
        damaged.add(row.damage());
      } else {
        listed.add(row.row());
      }
    }
    return new Listing(listed, damaged);
  }

  /// Returns what is another text when an experiment's file has changed or its process has ended.
  private static String stamp(Path folder) throws IOException {
    StringBuilder stamp = new StringBuilder();
    for (String name : List.of("experiment.db", "experiment.db-wal")) {
      Path file = folder.resolve(name);
      stamp.append(
          Files.exists(file)
              ? Files.size(file) + "@" + Files.getLastModifiedTime(file) + " "
              : "- ");
    }
    return stamp.append(isRunning(folder)).toString();
  }

  private static boolean isRunning(Path folder) throws IOException {
    Path lock = folder.resolve("experiment.lock");
    return Files.exists(lock) && io.kaseb.base.LockFile.held(lock);
  }

  private static Row read(String id, Path folder, String stamp) throws IOException {
    try (Experiment experiment = Experiment.open(folder)) {
      Settings settings = experiment.settings();
      StudyStatus status = experiment.status();
      StudyChanges.Counts counts = experiment.store().changes().counts(settings.goals().getFirst());
      int begun = counts.trials() - counts.imported();
      return new Row(
          stamp,
          new Listed(
              id,
              folder.toString(),
              settings.name(),
              experiment.running(),
              status.status().name(),
              status.reason(),
              status.seconds(),
              begun,
              Math.max(settings.maxTrials(), begun),
              settings.goals().getFirst().name(),
              settings.goals().getFirst().maximize(),
              counts.best()),
          "");
    } catch (KasebException e) {
      return new Row(stamp, null, String.valueOf(e.getMessage()));
    }
  }

  /// What still answers while the studio closes opens no file again.
  private void refuseWhereClosed() {
    if (isClosed) {
      throw Problem.busy("the studio is closing");
    }
  }

  @Override
  public synchronized void close() {
    isClosed = true;
    for (Open one : open.values()) {
      try {
        one.watched().close();
      } catch (IOException | RuntimeException e) {
        // Nothing was written through it; the others are closed all the same.
      }
    }
    open.clear();
  }
}
