package io.kaseb.ingest;

import io.kaseb.base.KasebException;
import io.kaseb.base.Progress;
import io.kaseb.data.LabelledSessions;
import io.kaseb.data.Purchases;
import io.kaseb.data.Signals;
import io.kaseb.duckdb.Chunk;
import io.kaseb.duckdb.DuckDatabase;
import io.kaseb.duckdb.Resources;
import io.kaseb.event.Actions;
import io.kaseb.logfile.ClickSource;
import io.kaseb.model.Catalogue;
import io.kaseb.model.Sessions;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.SQLException;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/// A log as it is, for forecasts: every session of it, unfiltered.
///
/// @param sessionIds the log's own id of each session
/// @param sessions the sessions' clicks, ordered by start (by line where there are no times); an
///   item that the catalogue does not know has the index -1
/// @param labelled the same sessions with all their events, categories, attributes and visitors, in
///   the log's own item numbers; nothing is known of their purchases
/// @param itemIds the log's items by those numbers
/// @param inputOrder the sessions' places in `sessions`, in the order in which the log first names
///   them
/// @param badRows rows that could not be used, each as `file:line: reason`; the first few only
public record ClickLog(
    List<String> sessionIds,
    Sessions sessions,
    LabelledSessions labelled,
    List<String> itemIds,
    int[] inputOrder,
    List<String> badRows) {

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
      tables.numberAll();
      return readOut(tables, catalogue, source.format().hasTimes());
    } catch (SQLException e) {
      throw new KasebException("cannot read the clicks back: " + DuckDatabase.firstLine(e), e);
    } finally {
      DatasetWriter.delete(folder);
    }
  }

  private static ClickLog readOut(ClickTables tables, Catalogue catalogue, boolean timed)
      throws SQLException {
    DuckDatabase database = tables.database();
    LogSignals log = new LogSignals(tables);
    log.order();
    List<String> sessionIds = database.texts("SELECT id FROM ordered ORDER BY place");
    List<String> itemIds = database.texts("SELECT id FROM item_ids ORDER BY item");
    int[] known = itemIds.stream().mapToInt(catalogue::index).toArray();
    Sessions sessions = log.sessions(sessionIds.size(), timed);
    LabelledSessions labelled =
        labelled(database, log, sessions, log.signals(sessions, timed), known);
    return new ClickLog(
        sessionIds,
        clicks(labelled, known, tables.hasClicks()),
        labelled,
        itemIds,
        inputOrder(database, sessionIds.size()),
        tables.firstBadRows());
  }

  /// Returns the views of items, in the catalogue's numbers; all events with items where the log
  /// has no view.
  private static Sessions clicks(LabelledSessions labelled, int[] known, boolean hasViews) {
    Sessions sessions = labelled.sessions();
    Signals signals = labelled.signals();
    long[] times = sessions.times();
    int[] offsets = new int[sessions.count() + 1];
    int[] items = new int[sessions.events()];
    long[] kept = new long[times == null ? 0 : items.length];
    int n = 0;
    for (int s = 0; s < sessions.count(); s++) {
      for (int e = sessions.start(s); e < sessions.end(s); e++) {
        if (sessions.items()[e] >= 0 && (!hasViews || signals.action(e) == Actions.VIEW)) {
          items[n] = known[sessions.items()[e]];
          if (times != null) {
            kept[n] = times[e];
          }
          n++;
        }
      }
      offsets[s + 1] = n;
    }
    return new Sessions(
        offsets, Arrays.copyOf(items, n), times == null ? null : Arrays.copyOf(kept, n));
  }

  private static int[] inputOrder(DuckDatabase database, int sessions) throws SQLException {
    int[] order = new int[sessions];
    int[] at = {0};
    database.read(
        "SELECT (place - 1)::INT FROM ordered ORDER BY session",
        chunk -> {
          Chunk.Column places = chunk.column(0);
          for (int row = 0; row < chunk.rows(); row++) {
            order[at[0]++] = places.asInt(row);
          }
        });
    return order;
  }

  private static LabelledSessions labelled(
      DuckDatabase database, LogSignals log, Sessions sessions, Signals signals, int[] known)
      throws SQLException {
    Map<String, Integer> numbers = new LinkedHashMap<>();
    int[] categories = new int[sessions.events()];
    int[] at = {0};
    database.read(
        log.inOrder("coalesce(e.category, '')", ""),
        chunk -> {
          for (int row = 0; row < chunk.rows(); row++) {
            String name = chunk.column(0).asText(row);
            categories[at[0]++] =
                name.isEmpty() ? -1 : numbers.computeIfAbsent(name, n -> numbers.size());
          }
        });
    return new LabelledSessions(
        sessions,
        signals,
        categories,
        List.copyOf(numbers.keySet()),
        Purchases.none(sessions.count()),
        true,
        known);
  }
}
