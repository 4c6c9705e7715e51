package io.kaseb.ingest;

import io.kaseb.base.KasebException;
import io.kaseb.base.Progress;
import io.kaseb.duckdb.DuckDatabase;
import io.kaseb.duckdb.Resources;
import io.kaseb.logfile.ClickSource;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.SQLException;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

/// Who bought what, for scoring answers.
///
/// @param sessions every session of the clicks, by its id in the log
/// @param bought items that each buying session bought; a session that is not there bought nothing
public record PurchaseLog(Set<String> sessions, Map<String, Set<String>> bought) {
  /// Reads clicks and purchases; purchases of sessions without clicks are left out.
  public static PurchaseLog read(
      ClickSource source, double maxBadRows, Resources resources, Progress progress)
      throws IOException {
    Path folder = Files.createTempDirectory("kaseb-score");
    try (ClickTables tables = ClickTables.open(folder, resources, progress)) {
      tables.read(source, maxBadRows);
      tables.number();
      Set<String> sessions = new HashSet<>(tables.database().texts("SELECT id FROM session_ids"));
      Map<String, Set<String>> bought = new HashMap<>();
      List<String> names =
          tables
              .database()
              .texts("SELECT n.id FROM buys b JOIN session_ids n USING (session) ORDER BY b.row");
      List<String> items =
          tables.database().texts("SELECT coalesce(item_id, '') FROM buys ORDER BY row");
      for (int r = 0; r < items.size(); r++) {
        bought.computeIfAbsent(names.get(r), id -> new HashSet<>()).add(items.get(r));
      }
      return new PurchaseLog(sessions, bought);
    } catch (SQLException e) {
      throw new KasebException("cannot read the purchases back: " + DuckDatabase.firstLine(e), e);
    } finally {
      DatasetWriter.delete(folder);
    }
  }
}
