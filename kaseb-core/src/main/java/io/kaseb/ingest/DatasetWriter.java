package io.kaseb.ingest;

import io.kaseb.base.Hashes;
import io.kaseb.base.KasebException;
import io.kaseb.data.Manifest;
import io.kaseb.duckdb.DuckDatabase;
import io.kaseb.event.Actions;
import io.kaseb.logfile.Part;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HexFormat;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/// Writes prepared tables as a dataset folder: Parquet files that any tool opens. The same tables
/// give the same bytes.
public final class DatasetWriter {
  private static final List<Part> PARTS = List.of(Part.TRAIN, Part.TEST);

  /// What lies in a dataset's folder, also while it is being made.
  private static final Set<String> OWN =
      Set.of(Manifest.FILE, "items.parquet", "train", "test", "work");

  /// What lies in the folder of a part.
  private static final Set<String> OWN_OF_PART =
      Set.of("events.parquet", "sessions.parquet", "buys.parquet");

  private static final String PARQUET = "(FORMAT parquet, COMPRESSION zstd)";

  private final DuckDatabase database;
  private final Path folder;
  private final boolean hasClicks;
  private final boolean hasOthers;
  private final boolean hasItems;
  private final AttributeTables signals;

  /// The table of all events of any action.
  private final String events;

  /// Creates the writer.
  ///
  /// @param folder an existing folder, to be filled
  public DatasetWriter(ClickTables tables, Path folder) {
    this.database = tables.database();
    this.folder = folder;
    hasClicks = tables.hasClicks();
    hasOthers = tables.hasOthers();
    hasItems = tables.hasItems();
    events = hasOthers ? "all_events" : "events";
    signals = new AttributeTables(database, tables.format(), events);
  }

  /// What was written.
  ///
  /// @param datasetHash SHA-256 over the files' hashes
  /// @param parts train and test
  /// @param items items in all
  /// @param trainItems items that occur in train
  /// @param files the data files
  /// @param actions the actions of the events with their counts; none where all are clicks
  /// @param attributes the attributes with their counts
  /// @param users how many users the sessions have
  public record Written(
      String datasetHash,
      List<Manifest.Part> parts,
      int items,
      int trainItems,
      List<Manifest.Source> files,
      List<Manifest.Action> actions,
      List<Manifest.AttributeCount> attributes,
      long users) {}

  /// Writes every data file.
  public Written write() throws IOException {
    if (hasOthers) {
      gather();
    }
    numberFinally();
    signals.gather();
    List<String> names = new ArrayList<>(List.of("items.parquet"));
    writeItems(folder.resolve("items.parquet"));
    for (Part part : PARTS) {
      Path place = Files.createDirectories(folder.resolve(part.folder()));
      writeEvents(part, place.resolve("events.parquet"));
      writeSessions(part, place.resolve("sessions.parquet"));
      writeBuys(part, place.resolve("buys.parquet"));
      for (String name : List.of("events", "sessions", "buys")) {
        names.add(part.folder() + "/" + name + ".parquet");
      }
    }
    List<Manifest.Source> files = new ArrayList<>();
    for (String name : names) {
      Path file = folder.resolve(name);
      files.add(new Manifest.Source(name, Files.size(file), Hashes.sha256(file)));
    }
    long[] items =
        database.numbers("SELECT count(*), count(*) FILTER (train_events > 0) FROM final_items");
    return new Written(
        hash(files),
        PARTS.stream().map(this::part).toList(),
        (int) items[0],
        (int) items[1],
        files,
        actions(),
        signals.counts(),
        signals.users());
  }

  /// Joins what is no click with the clicks: what belongs to a session that is left. In a log that
  /// has no view at all, every event with an item is a click.
  private void gather() {
    String clicks =
        "SELECT part, session, item, time, row, category, price, 'view' AS action, true AS is_click FROM events UNION ALL";
    String kept =
        hasClicks
            ? "(SELECT DISTINCT part, session FROM events) e USING (session)"
            : "events e USING (row)";
    database.run(
        "gathering events",
        """
        CREATE TABLE all_events AS %s
        SELECT e.part, o.session, o.item, o.time, o.row, o.category, o.price, o.action, %s AS is_click
        FROM others o JOIN %s"""
            .formatted(hasClicks ? clicks : "", hasClicks ? "false" : "o.item IS NOT NULL", kept));
  }

  private List<Manifest.Action> actions() {
    if (!hasOthers) {
      return List.of();
    }
    List<Manifest.Action> counts = new ArrayList<>();
    for (List<String> row :
        database.rows(
            """
            SELECT action, count(*) FILTER (part = %d), count(*) FILTER (part = %d)
            FROM all_events GROUP BY action"""
                .formatted(Part.TRAIN.number(), Part.TEST.number()))) {
      counts.add(
          new Manifest.Action(row.get(0), Long.parseLong(row.get(1)), Long.parseLong(row.get(2))));
    }
    Actions names = Actions.of(counts.stream().map(Manifest.Action::word).toList());
    counts.sort(Comparator.comparingInt(action -> names.number(action.word())));
    return counts;
  }

  /// Numbers what is left: items by first appearance in train, then those of test; sessions of each
  /// part by start, then first appearance.
  private void numberFinally() {
    database.run(
        "numbering items",
        """
        CREATE TABLE final_items AS
        SELECT item, (row_number() OVER (ORDER BY %2$s min(part), min(row) FILTER (part = %1$d), min(row)) - 1)::INT AS number,
          count(*) FILTER (part = %1$d%3$s) AS train_events, arg_max(category, row) AS category
        FROM %4$s GROUP BY item"""
            .formatted(Part.TRAIN.number(), clickedFirst(), viewed(" AND"), withItem()));
    if (hasItems) {
      database.run(
          "numbering items",
          """
          INSERT INTO final_items
          SELECT n.item, ((SELECT count(*) FROM final_items) + row_number() OVER (ORDER BY r.line) - 1)::INT,
            0, NULL
          FROM item_ids n JOIN (SELECT item AS id, min(rowid) AS line FROM raw
            WHERE kind = 'item' AND problem IS NULL GROUP BY item) r USING (id)
          WHERE n.item NOT IN (SELECT item FROM final_items)""");
    }
    database.run(
        "numbering sessions",
        """
        CREATE TABLE final_sessions AS
        SELECT part, session,
          (row_number() OVER (PARTITION BY part ORDER BY min(time), min(row)) - 1)::INT AS number,
          min(time) AS first, max(time) AS last, count(*)::INT AS events
        FROM events GROUP BY part, session""");
    if (hasOthers) {
      database.run(
          "numbering sessions",
          """
          CREATE OR REPLACE TABLE final_sessions AS
          SELECT s.part, s.session, s.number, a.* EXCLUDE (session) FROM final_sessions s JOIN (
            SELECT session, min(time) AS first, max(time) AS last, count(*)::INT AS events,
              (count(*) FILTER (is_click))::INT AS clicks
            FROM all_events GROUP BY session) a USING (session)""");
    }
    labelPurchases();
  }

  /// Returns the order of items that puts those first that are clicked in train, then those that
  /// are clicked at all.
  private String clickedFirst() {
    return hasOthers
        ? """
        min(part) FILTER (is_click) NULLS LAST,
        min(row) FILTER (part = %d AND is_click) NULLS LAST,
        min(row) FILTER (is_click) NULLS LAST,"""
            .formatted(Part.TRAIN.number())
        : "";
  }

  private String viewed(String before) {
    return hasOthers ? before + " is_click" : "";
  }

  private String withItem() {
    return hasOthers ? "(SELECT * FROM all_events WHERE item IS NOT NULL)" : "events";
  }

  private void labelPurchases() {
    database.run(
        "labelling purchases",
        """
        CREATE TABLE clicked AS
        SELECT DISTINCT b.session, b.item_id
        FROM buys b JOIN item_ids n ON n.id = b.item_id
          JOIN %s e ON e.session = b.session AND e.item = n.item%s"""
            .formatted(events, viewed(" AND")));
    placePurchases();
    database.run(
        "labelling purchases",
        """
        CREATE TABLE final_buys AS
        SELECT s.part, s.number AS session, i.number AS item, b.item_id, b.time, b.price,
          b.quantity, b.row, c.session IS NOT NULL AS clicked, p.before
        FROM buys b JOIN final_sessions s ON s.session = b.session JOIN places p ON p.row = b.row
          LEFT JOIN clicked c ON c.session = b.session AND c.item_id = b.item_id
          LEFT JOIN item_ids n ON n.id = b.item_id LEFT JOIN final_items i ON i.item = n.item""");
  }

  /// Counts the events before each purchase: in the log's own order where both are in one file,
  /// else those of an earlier time, since nobody can say which of two at one time came first.
  private void placePurchases() {
    database.run(
        "labelling purchases",
        """
        CREATE TABLE places AS
        SELECT row, before FROM (
          SELECT row, is_buy, count(*) FILTER (NOT is_buy) OVER (PARTITION BY session
            ORDER BY time NULLS LAST, tie, row ROWS UNBOUNDED PRECEDING)::INT AS before
          FROM (SELECT session, time, row, true AS is_buy,
              CASE WHEN logged THEN 0 WHEN time IS NULL THEN 1 ELSE -1 END AS tie FROM buys
            UNION ALL SELECT session, time, row, false, 0 FROM %s
            WHERE session IN (SELECT session FROM buys)))
        WHERE is_buy"""
            .formatted(events));
  }

  private void writeItems(Path file) {
    copy(
        "writing items",
        """
        SELECT f.number AS item, n.id, f.train_events, f.category%s
        FROM final_items f JOIN item_ids n ON n.item = f.item%s ORDER BY f.number"""
            .formatted(signals.itemColumns(), signals.itemJoin()),
        file);
  }

  private void writeEvents(Part part, Path file) {
    copy(
        "writing events",
        """
        SELECT s.number AS session, i.number AS item, e.time, e.category, e.price%s
        FROM %s e JOIN final_sessions s ON s.session = e.session
          %s JOIN final_items i ON i.item = e.item%s
        WHERE e.part = %d ORDER BY s.number, e.time, e.row"""
            .formatted(
                (hasOthers ? ", e.action" : "") + signals.eventColumns(),
                events,
                hasOthers ? "LEFT" : "",
                signals.eventJoin(),
                part.number()),
        file);
  }

  private void writeSessions(Part part, Path file) {
    copy(
        "writing sessions",
        """
        SELECT s.number AS session, n.id, s.first AS start, s.last AS "end", s.events,
          s.number IN (SELECT session FROM final_buys WHERE part = %1$d) AS bought%2$s
        FROM final_sessions s JOIN session_ids n ON n.session = s.session%3$s
        WHERE s.part = %1$d ORDER BY s.number"""
            .formatted(
                part.number(),
                (hasOthers ? ", s.clicks" : "") + signals.sessionColumns(),
                signals.sessionJoin()),
        file);
  }

  private void writeBuys(Part part, Path file) {
    copy(
        "writing purchases",
        """
        SELECT session, item, item_id, time, price, quantity, clicked, before
        FROM final_buys WHERE part = %d ORDER BY session, time, row"""
            .formatted(part.number()),
        file);
  }

  private void copy(String task, String query, Path file) {
    database.run(task, "COPY (%s) TO %s %s".formatted(query, DuckDatabase.text(file), PARQUET));
  }

  private Manifest.Part part(Part part) {
    long[] counts =
        database.numbers(
            """
            SELECT (SELECT count(*) FROM final_sessions WHERE part = %1$d),
              (SELECT count(*) FROM %2$s WHERE part = %1$d%3$s),
              (SELECT count(DISTINCT item) FROM %2$s WHERE part = %1$d%3$s),
              (SELECT count(DISTINCT session) FROM final_buys WHERE part = %1$d),
              (SELECT count(*) FROM final_buys WHERE part = %1$d),
              (SELECT count(*) FROM final_buys WHERE part = %1$d AND clicked)"""
                .formatted(part.number(), events, viewed(" AND")));
    return new Manifest.Part(counts[0], counts[1], counts[2], counts[3], counts[4], counts[5]);
  }

  /// Returns the hash of a dataset: SHA-256 over its files' names and hashes.
  public static String hash(List<Manifest.Source> files) {
    MessageDigest digest = Hashes.newSha256();
    for (Manifest.Source file : files) {
      digest.update((file.name() + " " + file.sha256() + "\n").getBytes(StandardCharsets.UTF_8));
    }
    return HexFormat.of().formatHex(digest.digest());
  }

  /// Puts a finished folder in the place of `target`, whose old content goes only then.
  public static void moveInPlace(Path staged, Path target) throws IOException {
    Path old = target.resolveSibling(target.getFileName() + ".old");
    delete(old);
    if (Files.exists(target)) {
      Files.move(target, old);
    }
    Files.move(staged, target);
    delete(old);
  }

  /// Deletes a folder and all in it, where it exists.
  public static void delete(Path folder) throws IOException {
    if (Files.exists(folder)) {
      try (var files = Files.walk(folder)) {
        for (Path file : files.sorted(Comparator.reverseOrder()).toList()) {
          Files.delete(file);
        }
      }
    }
  }

  /// Fails where a folder that is to be deleted holds what no dataset has: that is the user's.
  public static void checkOwn(Path folder) throws IOException {
    if (!Files.isDirectory(folder)) {
      return;
    }
    refuseForeign(folder, OWN);
    for (Part part : PARTS) {
      Path place = folder.resolve(part.folder());
      if (Files.isDirectory(place, LinkOption.NOFOLLOW_LINKS)) {
        refuseForeign(place, OWN_OF_PART);
      }
    }
  }

  /// Returns whether a dataset has what lies in its folder under a name.
  ///
  /// @param part the folder of a part; empty for the dataset's own
  public static boolean owns(String part, String name) {
    return (part.isEmpty() ? OWN : OWN_OF_PART).contains(name);
  }

  private static void refuseForeign(Path folder, Set<String> own) throws IOException {
    try (var files = Files.list(folder)) {
      Optional<Path> foreign =
          files.filter(path -> !own.contains(path.getFileName().toString())).sorted().findFirst();
      if (foreign.isPresent()) {
        throw new KasebException(
            new KasebException.Problem(
                foreign.get().toString(),
                "is no part of a dataset and would be lost",
                null,
                "move it away, or give another " + KasebException.setting("out")));
      }
    }
  }

  /// Fails where `target` cannot take a dataset: a dataset without `force`, or any other folder or
  /// file.
  public static void checkTarget(Path target, boolean force) throws IOException {
    if (!Files.exists(target)) {
      return;
    }
    if (Files.exists(target.resolve(Manifest.FILE))) {
      // Any program may have a file of that name; what it says must be of ours.
      Manifest.read(target);
      if (!force) {
        throw new KasebException(
            new KasebException.Problem(
                target.toString(),
                "a dataset is there already",
                null,
                "give %s to replace it, or another %s"
                    .formatted(KasebException.setting("force"), KasebException.setting("out"))));
      }
      checkOwn(target);
      return;
    }
    boolean empty = false;
    if (Files.isDirectory(target)) {
      try (var files = Files.list(target)) {
        empty = files.findAny().isEmpty();
      }
    }
    if (!empty) {
      throw new KasebException(
          new KasebException.Problem(
              target.toString(),
              "exists and is no dataset",
              null,
              "give another " + KasebException.setting("out")));
    }
  }
}
