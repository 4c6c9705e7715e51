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
    try (DuckDatabase database = DuckDatabase.inMemory(workers)) {
      return new Dataset(
          catalogue(database, folder),
          manifest.trainItems(),
          part(database, manifest, folder.resolve("train"), manifest.train()),
          part(database, manifest, folder.resolve("test"), manifest.test()));
    } catch (SQLException | IndexOutOfBoundsException | IllegalArgumentException e) {
      throw Manifest.broken(
          folder, "a data file is damaged (%s)".formatted(DuckDatabase.whatIsWrong(e)), e);
    }
  }

  private static Catalogue catalogue(DuckDatabase database, Path folder) throws SQLException {
    return Catalogue.of(
        database.texts(
            "SELECT id FROM read_parquet(%s)"
                .formatted(DuckDatabase.file(folder.resolve("items.parquet")))));
  }

  private static Sessions part(
      DuckDatabase database, Manifest manifest, Path place, Manifest.Part counts)
      throws SQLException {
    boolean timed = !manifest.times().equals("none");
    boolean clicksOnly = manifest.actions().isEmpty();
    return SessionColumns.read(
        database,
        ArraySize.of(counts.sessions(), "sessions", place),
        ArraySize.of(counts.events(), "clicks", place),
        timed,
        "SELECT %s FROM read_parquet(%s)"
            .formatted(
                clicksOnly ? "events" : "clicks",
                DuckDatabase.file(place.resolve("sessions.parquet"))),
        "SELECT item%s FROM read_parquet(%s)%s"
            .formatted(
                timed ? ", time" : "",
                DuckDatabase.file(place.resolve("events.parquet")),
                clicksOnly
                    ? ""
                    : manifest.hasViews() ? " WHERE action = 'view'" : " WHERE item IS NOT NULL"));
  }
}
