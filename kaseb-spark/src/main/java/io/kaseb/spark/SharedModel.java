package io.kaseb.spark;

import io.kaseb.forecast.Forecaster;
import io.kaseb.ingest.DatasetWriter;
import java.io.IOException;
import java.io.Serializable;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;

/// A model file as it was when the job began: another of the same name is another model.
///
/// @param files where the file is
/// @param file its place
/// @param checksum its SHA-256
record SharedModel(SharedFiles files, String file, String checksum) implements Serializable {
  private record Key(String file, String checksum) {}

  private static final Map<Key, Forecaster> LOADED = new ConcurrentHashMap<>();

  /// Returns the model, loaded once in each JVM however many tasks forecast with it.
  Forecaster forecaster() {
    return LOADED.computeIfAbsent(
        new Key(file, checksum),
        key -> {
          LOADED.clear();
          try {
            return load();
          } catch (IOException e) {
            throw new UncheckedIOException(e);
          }
        });
  }

  private Forecaster load() throws IOException {
    Path own = Files.createTempDirectory("kaseb-model");
    try {
      return Forecaster.load(files.local(file, own));
    } finally {
      DatasetWriter.delete(own);
    }
  }
}
