package io.kaseb.spark;

import io.kaseb.forecast.Forecaster;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Path;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;

/// A model file, loaded once in each JVM however many tasks forecast with it.
final class SharedModel {
  /// A file as it was when the job began: another of the same name is another model.
  private record Key(String file, String checksum) {}

  private static final Map<Key, Forecaster> LOADED = new ConcurrentHashMap<>();

  private SharedModel() {}

  /// Returns the model of a file.
  ///
  /// @param checksum SHA-256 of the file
  static Forecaster of(String file, String checksum) {
    return LOADED.computeIfAbsent(
        new Key(file, checksum),
        key -> {
          LOADED.clear();
          try {
            return Forecaster.load(Path.of(file));
          } catch (IOException e) {
            throw new UncheckedIOException(e);
          }
        });
  }
}
