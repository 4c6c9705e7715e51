package io.kaseb.search;

import io.kaseb.base.KasebException;
import io.kaseb.base.NewFolder;
import io.kaseb.store.Experiment;
import io.kaseb.tune.study.Settings;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/// An experiment's folder: what in it is the experiment's own, apart from its database. Whatever
/// else lies there is the user's, and stays when the experiment goes.
final class ExperimentFolder {
  private static final Pattern FILES =
      own("plan\\.json|best\\.yaml|report\\.txt|report\\.html|confirmation\\.json");

  /// What lies in folders of its own.
  private static final Map<String, Pattern> INNER =
      Map.of(
          "trials", own("\\d+-\\d+\\.checkpoint"),
          "warm", own("\\d+\\.(safetensors|json)"),
          "confirm",
              own(
                  "(trial-\\d+|base|base-best-epoch|random-search)-\\d+\\.(json|kaseb|kaseb\\.checkpoint|kaseb\\.lock)"));

  /// Experiments inside the experiment.
  private static final List<String> EXPERIMENTS = List.of("random", "scratch");

  private ExperimentFolder() {}

  /// Returns what matches names, also while they are being written.
  private static Pattern own(String names) {
    return Pattern.compile("(" + names + ")(\\.part\\d*)?");
  }

  /// Creates an experiment in a folder that is new or empty; leaves nothing where that fails.
  static void create(Path folder, TunePlan plan, Settings settings) throws IOException {
    refuseContent(folder);
    NewFolder made = NewFolder.make(folder);
    try {
      TuneExperiment.create(folder, plan, settings);
    } catch (IOException | RuntimeException e) {
      clear(folder);
      made.discard();
      throw e;
    }
  }

  /// Deletes all of an experiment's own files, however far it has come.
  static void clear(Path folder) throws IOException {
    Experiment.deleteFiles(folder);
    deleteOwn(folder);
  }

  /// Refuses a folder that holds anything.
  static void refuseContent(Path folder) throws IOException {
    if (!Files.isDirectory(folder)) {
      return;
    }
    if (Experiments.isOne(folder)) {
      throw new KasebException(
          new KasebException.Problem(
              folder.toString(),
              "an experiment already",
              null,
              "resume it, or take another folder"));
    }
    try (Stream<Path> inside = Files.list(folder)) {
      List<String> names = inside.limit(1).map(path -> path.getFileName().toString()).toList();
      if (!names.isEmpty()) {
        throw new KasebException(
            new KasebException.Problem(
                folder.toString(),
                "is not empty (it holds " + names.getFirst() + ")",
                "a new or empty folder",
                "take another one"));
      }
    }
  }

  /// Deletes an experiment that does not run: its own files, and its folder where nothing else lies
  /// in it.
  ///
  /// @return what stayed, because it is not the experiment's
  static List<Path> delete(Path folder) throws IOException {
    if (!Files.exists(folder.resolve(TunePlan.FILE)) || !Experiments.isOne(folder)) {
      // Without a plan only its database can tell that the folder is an experiment's.
      try (Experiment experiment = Experiment.open(folder)) {
        experiment.settings();
      }
    }
    Experiment.delete(folder, () -> deleteOwn(folder));
    if (!Files.exists(folder)) {
      return List.of();
    }
    try (Stream<Path> left = Files.list(folder)) {
      return left.sorted().toList();
    }
  }

  private static void deleteOwn(Path folder) throws IOException {
    for (String name : EXPERIMENTS) {
      Path inner = folder.resolve(name);
      if (isFolder(inner)) {
        clear(inner);
        deleteIfEmpty(inner);
      }
    }
    for (String name : INNER.keySet()) {
      deleteInner(folder.resolve(name));
    }
    deleteFiles(folder, FILES);
  }

  /// Deletes the experiment's own files in one of its inner folders, and the folder where nothing
  /// else lies in it.
  static void deleteInner(Path inner) throws IOException {
    Pattern own = INNER.get(inner.getFileName().toString());
    if (own != null && isFolder(inner)) {
      deleteFiles(inner, own);
      deleteIfEmpty(inner);
    }
  }

  /// A link to a folder is not the experiment's, and what it points to even less.
  private static boolean isFolder(Path path) {
    return Files.isDirectory(path, LinkOption.NOFOLLOW_LINKS);
  }

  private static void deleteFiles(Path folder, Pattern names) throws IOException {
    if (!Files.isDirectory(folder)) {
      return;
    }
    List<Path> own;
    try (Stream<Path> inside = Files.list(folder)) {
      own =
          inside
              .filter(path -> names.matcher(path.getFileName().toString()).matches())
              .filter(path -> Files.isRegularFile(path, LinkOption.NOFOLLOW_LINKS))
              .toList();
    }
    for (Path path : own) {
      Files.delete(path);
    }
  }

  private static void deleteIfEmpty(Path folder) throws IOException {
    boolean empty;
    try (Stream<Path> inside = Files.list(folder)) {
      empty = inside.findAny().isEmpty();
    }
    if (empty) {
      Files.delete(folder);
    }
  }
}
