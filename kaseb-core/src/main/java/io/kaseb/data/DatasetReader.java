package io.kaseb.data;

import io.kaseb.base.KasebException;
import io.kaseb.duckdb.Duck;
import io.kaseb.model.Catalogue;
import io.kaseb.model.Sessions;
import java.io.IOException;
import java.nio.file.Path;
import java.sql.SQLException;

/// Reads a dataset folder into memory.
final class DatasetReader {
  private DatasetReader() {}

  /// Reads the dataset of a folder.
  static Dataset read(Path folder) throws IOException {
    Manifest manifest = Manifest.read(folder);
    boolean timed = !manifest.times().equals("none");
    try (Duck duck = Duck.inMemory()) {
      return new Dataset(
          catalogue(duck, folder),
          manifest.trainItems(),
          part(duck, folder.resolve("train"), manifest.train(), timed),
          part(duck, folder.resolve("test"), manifest.test(), timed));
    } catch (SQLException | IndexOutOfBoundsException | IllegalArgumentException e) {
      throw new KasebException(
          "%s: a data file is damaged (%s); prepare the dataset again"
              .formatted(folder, String.valueOf(e.getMessage()).lines().findFirst().orElse("")),
          e);
    }
  }

  private static Catalogue catalogue(Duck duck, Path folder) throws SQLException {
    return Catalogue.of(
        duck.texts(
            "SELECT id FROM read_parquet(%s)"
                .formatted(Duck.text(folder.resolve("items.parquet")))));
  }

  private static Sessions part(Duck duck, Path place, Manifest.Part counts, boolean timed)
      throws SQLException {
    return SessionColumns.read(
        duck,
        Math.toIntExact(counts.sessions()),
        Math.toIntExact(counts.events()),
        timed,
        "SELECT events FROM read_parquet(%s)"
            .formatted(Duck.text(place.resolve("sessions.parquet"))),
        "SELECT item%s FROM read_parquet(%s)"
            .formatted(timed ? ", time" : "", Duck.text(place.resolve("events.parquet"))));
  }
}
