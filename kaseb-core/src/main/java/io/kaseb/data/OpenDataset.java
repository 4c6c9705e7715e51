package io.kaseb.data;

import io.kaseb.base.Workers;
import io.kaseb.model.Sessions;
import java.io.IOException;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.Map;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/// A dataset folder that all steps of a command share: the manifest is read at once, everything
/// else when it is first asked for, and nothing twice. Safe for all threads.
public final class OpenDataset {
  private final Path folder;
  private final Workers workers;
  private final Manifest manifest;
  private final Map<String, LabelledSessions> labelled = new HashMap<>();
  private final Map<String, Visitors> visitors = new HashMap<>();
  private @Nullable Dataset dataset;

  private OpenDataset(Path folder, Workers workers, Manifest manifest) {
    this.folder = folder;
    this.workers = workers;
    this.manifest = manifest;
  }

  /// Opens a folder that `kaseb prepare` wrote.
  ///
  /// @param workers threads that read
  public static OpenDataset of(Path folder, Workers workers) throws IOException {
    return new OpenDataset(folder, workers, Manifest.read(folder));
  }

  /// Returns the folder.
  public Path folder() {
    return folder;
  }

  /// Returns what `dataset.json` says.
  public Manifest manifest() {
    return manifest;
  }

  /// Returns the items and the sessions.
  public synchronized Dataset dataset() {
    Dataset read = dataset;
    if (read == null) {
      read = DatasetReader.read(folder, manifest, workers);
      dataset = read;
    }
    return read;
  }

  /// Returns the items and the sessions, to measure on.
  ///
  /// @throws io.kaseb.base.KasebException where there is no test part
  public Dataset withTest() {
    return dataset().withTest(folder);
  }

  /// Returns the training sessions with categories and purchases.
  public LabelledSessions labelledTrain() {
    return labelled("train", dataset().train());
  }

  /// Returns the test sessions with categories and purchases.
  public LabelledSessions labelledTest() {
    return labelled("test", dataset().test());
  }

  private synchronized LabelledSessions labelled(String part, Sessions sessions) {
    return labelled.computeIfAbsent(
        part,
        name ->
            LabelledSessionReader.read(
                folder, manifest, name, sessions, visitors(name, sessions.count()), workers));
  }

  private Visitors visitors(String part, int sessions) {
    if (!manifest.hasUsers()) {
      return Visitors.unknown(sessions);
    }
    if (visitors.isEmpty()) {
      visitors.putAll(VisitorReader.read(folder, manifest, workers));
    }
    return Objects.requireNonNull(visitors.get(part));
  }
}
