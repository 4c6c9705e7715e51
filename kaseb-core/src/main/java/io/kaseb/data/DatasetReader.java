package io.kaseb.data;

import io.kaseb.base.Workers;
import io.kaseb.duckdb.DuckDatabase;
import io.kaseb.model.Catalogue;
import io.kaseb.model.Sessions;
import java.nio.file.Path;
import java.sql.SQLException;

/// Reads a dataset folder into memory.
final class DatasetReader {
  private DatasetReader() {}

  /// Reads the dataset of a folder that has this manifest.
  static Dataset read(Path folder, Manifest manifest, Workers workers) {
    boolean timed = !manifest.times().equals("none");
    try (DuckDatabase database = DuckDatabase.inMemory(workers)) {
      return new Dataset(
          catalogue(database, folder),
          manifest.trainItems(),
          part(database, folder.resolve("train"), manifest.train(), timed),
          part(database, folder.resolve("test"), manifest.test(), timed));
    } catch (SQLException | IndexOutOfBoundsException | IllegalArgumentException e) {
      throw Manifest.broken(
          folder, "a data file is damaged (%s)".formatted(DuckDatabase.firstLine(e)), e);
    }
  }

  private static Catalogue catalogue(DuckDatabase database, Path folder) throws SQLException {
    return Catalogue.of(
        database.texts(
            "SELECT id FROM read_parquet(%s)"
                .formatted(DuckDatabase.file(folder.resolve("items.parquet")))));
  }

  private static Sessions part(
      DuckDatabase database, Path place, Manifest.Part counts, boolean timed) throws SQLException {
    return SessionColumns.read(
        database,
        Math.toIntExact(counts.sessions()),
        Math.toIntExact(counts.events()),
        timed,
        "SELECT events FROM read_parquet(%s)"
            .formatted(DuckDatabase.file(place.resolve("sessions.parquet"))),
        "SELECT item%s FROM read_parquet(%s)"
            .formatted(timed ? ", time" : "", DuckDatabase.file(place.resolve("events.parquet"))));
  }
}
