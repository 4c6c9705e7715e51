package io.kaseb.data;

import io.kaseb.KasebException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.SQLException;
import java.util.List;

/// A click log as it is, for forecasts: every session of it, unfiltered.
///
/// @param sessionIds the log's own id of each session
/// @param sessions the sessions, ordered by start (by line where there are no times); an item that
///   the catalogue does not know has the index -1
/// @param badRows rows that could not be used, each as `file:line: reason`; the first few only
public record ClickLog(List<String> sessionIds, Sessions sessions, List<String> badRows) {

  /// Reads a log.
  ///
  /// @param catalogue the items that get an index
  /// @param maxBadRows share of rows that may be bad
  public static ClickLog read(
      ClickSource source,
      Catalogue catalogue,
      double maxBadRows,
      Resources resources,
      Progress progress)
      throws IOException {
    Path folder = Files.createTempDirectory("kaseb-clicks");
    try (ClickTables tables = ClickTables.open(folder, resources, progress)) {
      tables.read(source, maxBadRows);
      tables.number();
      return readOut(tables, catalogue, source.format().hasTimes());
    } catch (SQLException e) {
      throw new KasebException("cannot read the clicks back: " + Duck.firstLine(e), e);
    } finally {
      DatasetWriter.delete(folder);
    }
  }

  private static ClickLog readOut(ClickTables tables, Catalogue catalogue, boolean timed)
      throws SQLException {
    Duck duck = tables.duck();
    duck.run(
        "ordering sessions",
        """
        CREATE TABLE ordered AS
        SELECT session, id, row_number() OVER (ORDER BY min(time), min(row)) AS place,
          count(*)::INT AS events
        FROM events JOIN session_ids USING (session) GROUP BY session, id""");
    List<String> sessionIds = duck.texts("SELECT id FROM ordered ORDER BY place");
    int[] known =
        duck.texts("SELECT id FROM item_ids ORDER BY item").stream()
            .mapToInt(catalogue::index)
            .toArray();
    Sessions sessions =
        SessionColumns.read(
            duck,
            sessionIds.size(),
            Math.toIntExact(tables.clicks(0)),
            timed,
            "SELECT events FROM ordered ORDER BY place",
            "SELECT item, e.time FROM events e JOIN ordered USING (session) ORDER BY place, e.time, e.row");
    int[] items = sessions.items();
    for (int event = 0; event < items.length; event++) {
      items[event] = known[items[event]];
    }
    return new ClickLog(sessionIds, sessions, tables.firstBadRows());
  }
}
