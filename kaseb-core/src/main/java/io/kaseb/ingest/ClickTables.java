package io.kaseb.ingest;

import io.kaseb.base.Hashes;
import io.kaseb.base.KasebException;
import io.kaseb.base.Progress;
import io.kaseb.data.Manifest;
import io.kaseb.duckdb.DuckDatabase;
import io.kaseb.duckdb.Resources;
import io.kaseb.logfile.BadRows;
import io.kaseb.logfile.ClickSource;
import io.kaseb.logfile.FileStamp;
import io.kaseb.logfile.Format;
import io.kaseb.logfile.ItemFile;
import io.kaseb.logfile.ItemMap;
import io.kaseb.logfile.LogAttribute;
import io.kaseb.logfile.LogFiles;
import io.kaseb.logfile.LogNotes;
import io.kaseb.logfile.Part;
import io.kaseb.logfile.RawLog;
import io.kaseb.logfile.SourceFile;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/// A click log on its way to a dataset, as tables: `raw` (text, as logged), then `events`,
/// `session_ids`, `item_ids` and `buys` (numbers), on which [SessionRules] work.
public final class ClickTables implements AutoCloseable {
  private static final String COUNT = "SELECT count(*) FROM raw WHERE %s";
  private static final String CLICK = "problem IS NULL AND part < 2 AND kind = 'view'";

  /// What a session holds besides clicks; purchases have a table of their own.
  private static final String OTHER =
      "problem IS NULL AND part < 2 AND kind NOT IN ('view', 'purchase', 'ignore')";

  private final Path folder;
  private final DuckDatabase database;
  private final BadRows bad = new BadRows();
  private final List<SourceFile> files = new ArrayList<>();
  private final Map<Path, FileStamp> stamps = new HashMap<>();
  private final RawLog raw;
  private long unmappedItems;
  private boolean hasClicks;
  private boolean hasOthers;
  private boolean hasItems;
  private Format format = Format.ALL.getFirst();

  private ClickTables(Path folder, DuckDatabase database) {
    this.folder = folder;
    this.database = database;
    this.raw = new RawLog(database, bad, folder.resolve("copies"));
  }

  /// Opens empty tables whose data lies in `folder`, which the caller deletes afterwards.
  public static ClickTables open(Path folder, Resources resources, Progress progress)
      throws IOException {
    return new ClickTables(folder, DuckDatabase.open(folder, resources, progress));
  }

  /// Reads every file of a log; fails where more than `maxBadRows` of the rows (a share) are bad.
  ///
  /// Purchases of a YOOCHOOSE archive are read along with its clicks.
  public void read(ClickSource source, double maxBadRows) throws IOException {
    Format format = source.format();
    raw.begin(format);
    if (source.items() != null) {
      format = withItems(source, source.items());
    }
    this.format = format;
    List<Path> all = new ArrayList<>(source.clicks());
    all.addAll(source.test());
    for (Path path : source.clicks()) {
      bad.tolerate(maxBadRows, shareOf(path, all));
      raw.read(format, open(path, "yoochoose-clicks.dat"), Part.TRAIN);
    }
    for (Path path : source.test()) {
      bad.tolerate(maxBadRows, shareOf(path, all));
      raw.read(format, open(path, "yoochoose-test.dat"), Part.TEST);
    }
    bad.tolerate(maxBadRows, 0);
    for (Path path : buys(source)) {
      SourceFile file = open(path, "yoochoose-buys.dat");
      Format sold = format.buys(file);
      raw.read(sold.withAttributes(LogAttribute.optional(format.attributes())), file, Part.BUYS);
    }
    raw.refuseUnknownWords(format.actions());
    bad.check(maxBadRows);
    hasClicks = database.number(COUNT.formatted(CLICK)) > 0;
    hasOthers = database.number(COUNT.formatted(OTHER)) > 0;
    if (!hasClicks && !hasOthers) {
      throw new KasebException(
          new KasebException.Problem(
              LogFiles.label(source.clicks().getFirst()),
              "holds no clicks",
              null,
              "check %s and %s%s"
                  .formatted(
                      KasebException.setting("format"),
                      KasebException.setting("columns"),
                      bad.shown())));
    }
    if (source.itemMap() != null) {
      translateItems(open(source.itemMap(), "item-map.tsv"));
    }
  }

  /// Reads an item table; returns the log's format, whose columns may lack what the table has.
  private Format withItems(ClickSource source, Path items) throws IOException {
    List<LogAttribute> all = source.format().attributes();
    SourceFile file = raw.plain(open(items, "items.csv"));
    ItemFile table = ItemFile.of(file, database, source.itemId());
    raw.read(
        table.format().withMissing(source.format().missing()).withAttributes(table.of(all)),
        file,
        Part.ITEMS);
    hasItems = true;
    return source.format().withAttributes(table.others(all));
  }

  /// Returns the share of a log's bytes that a file has.
  private static double shareOf(Path path, List<Path> all) throws IOException {
    long bytes = 0;
    for (Path one : all) {
      bytes += Files.isRegularFile(one) ? Files.size(one) : 0;
    }
    return all.size() == 1 ? 1 : Files.isRegularFile(path) ? (double) Files.size(path) / bytes : 0;
  }

  private SourceFile open(Path path, String member) throws IOException {
    FileStamp before = Files.isRegularFile(path) ? FileStamp.of(path) : null;
    SourceFile file = SourceFile.open(path, member, folder.resolve("unpacked"));
    files.add(file);
    stamps.putIfAbsent(file.given(), before == null ? FileStamp.of(file.given()) : before);
    return file;
  }

  private static List<Path> buys(ClickSource source) {
    return source.buys().isEmpty()
        ? source.clicks().stream()
            .filter(SourceFile::isArchive)
            .filter(archive -> SourceFile.holds(archive, "yoochoose-buys.dat"))
            .toList()
        : source.buys();
  }

  /// Gives the items of the click files the ids of a map; ids that it lacks become `unmapped:ID`.
  private void translateItems(SourceFile map) {
    database.run("mapping items", "CREATE TABLE item_map AS " + ItemMap.rows(map));
    refuseSecondNames(map);
    unmappedItems =
        database.number(
            """
            SELECT count(DISTINCT item) FROM raw WHERE problem IS NULL AND kind <> 'ignore'
              AND part < %d AND item NOT IN (SELECT index FROM item_map)"""
                .formatted(Part.BUYS.number()));
    database.run(
        "mapping items",
        """
        UPDATE raw SET item = '%s' || item
        WHERE part < %d AND item NOT IN (SELECT index FROM item_map)"""
            .formatted(ItemMap.UNMAPPED, Part.BUYS.number()));
    database.run(
        "mapping items",
        "UPDATE raw SET item = m.id FROM item_map m WHERE part < %d AND m.index = raw.item"
            .formatted(Part.BUYS.number()));
  }

  private void refuseSecondNames(SourceFile map) {
    List<List<String>> twice = database.rows(ItemMap.SECOND_NAMES);
    if (!twice.isEmpty()) {
      throw ItemMap.secondName(map.label(), twice.getFirst());
    }
  }

  /// Numbers sessions and items by first appearance and turns the text rows into number rows:
  /// `events` has the clicks, on which rules work, `others` all other actions. A log without a
  /// click has its other actions in both: there the same rules go by them. Sessions without clicks
  /// are left out where others have some.
  public void number() {
    number(hasClicks ? CLICK : OTHER);
  }

  /// Does what [#number()] does, and keeps sessions without clicks too.
  void numberAll() {
    number("((%s) OR (%s))".formatted(CLICK, OTHER));
  }

  private void number(String sessions) {
    String leading = hasClicks ? CLICK : OTHER;
    database.run(
        "numbering sessions",
        """
        CREATE TABLE session_ids AS
        SELECT part, session AS id, (row_number() OVER (ORDER BY min(rowid)) - 1)::INT AS session
        FROM raw WHERE %s GROUP BY part, id"""
            .formatted(sessions));
    database.run(
        "numbering items",
        """
        CREATE TABLE item_ids AS
        SELECT item AS id, (row_number() OVER (ORDER BY %s min(rowid)) - 1)::INT AS item
        FROM raw WHERE item IS NOT NULL AND %s GROUP BY id"""
            .formatted(
                hasOthers ? "min(rowid) FILTER (kind = 'view') NULLS LAST," : "",
                hasOthers ? "((%s) OR (%s))".formatted(CLICK, OTHER) : CLICK));
    if (hasItems) {
      database.run(
          "numbering items",
          """
          INSERT INTO item_ids
          SELECT item, ((SELECT count(*) FROM item_ids) + row_number() OVER (ORDER BY min(rowid)) - 1)::INT
          FROM raw WHERE kind = 'item' AND problem IS NULL
            AND item NOT IN (SELECT id FROM item_ids) GROUP BY item""");
    }
    database.run(
        "numbering events",
        """
        CREATE TABLE events AS
        SELECT r.part, s.session, i.item, r.time, r.rowid AS row, r.category, r.price
        FROM raw r JOIN session_ids s ON s.part = r.part AND s.id = r.session
          %s JOIN item_ids i ON i.id = r.item
        WHERE %s"""
            .formatted(hasClicks ? "" : "LEFT", of("r", leading)));
    if (hasOthers) {
      database.run(
          "numbering events",
          """
          CREATE TABLE others AS
          SELECT s.session, i.item, r.time, r.rowid AS row, r.category, r.price, r.kind AS action
          FROM raw r JOIN session_ids s ON s.part = r.part AND s.id = r.session
            LEFT JOIN item_ids i ON i.id = r.item
          WHERE %s"""
              .formatted(of("r", OTHER)));
    }
    database.run(
        "numbering purchases",
        """
        CREATE TABLE buys AS
        SELECT s.session, r.item AS item_id, r.time, r.price, r.quantity, r.rowid AS row,
          r.part <> %1$d AS logged
        FROM raw r JOIN session_ids s ON s.id = r.session AND (r.part = %1$d OR r.part = s.part)
        WHERE r.problem IS NULL AND r.kind = 'purchase'
        QUALIFY row_number() OVER (PARTITION BY r.rowid ORDER BY s.part) = 1"""
            .formatted(Part.BUYS.number()));
  }

  private static String of(String table, String condition) {
    return condition.replaceAll("\\b(problem|part|kind)\\b", table + ".$1");
  }

  /// Returns the log's format.
  Format format() {
    return format;
  }

  /// Returns whether there is an item table.
  boolean hasItems() {
    return hasItems;
  }

  /// Returns whether a column says who the visitor is.
  boolean hasUsers() {
    return format.hasUsers();
  }

  /// Returns whether there are clicks.
  boolean hasClicks() {
    return hasClicks;
  }

  /// Returns whether there are other actions than clicks and purchases.
  boolean hasOthers() {
    return hasOthers;
  }

  /// Returns what a user should know of the log, after [#number()].
  ///
  /// @param timed whether the log has times
  public LogNotes notes(boolean timed) {
    return LogNotes.of(database, timed, strayEvents());
  }

  /// Returns the rules, to be applied to these tables after [#number()].
  public SessionRules rules() {
    return new SessionRules(database, hasOthers);
  }

  /// Returns the number of clicks left in a part; of events where the log has no click.
  public long clicks(Part part) {
    return database.number("SELECT count(*) FROM events WHERE part = " + part.number());
  }

  /// Returns how many bad rows were left out.
  public long badRows() {
    return bad.count();
  }

  /// Returns the first bad rows, each as `file:line: reason`.
  public List<String> firstBadRows() {
    return bad.first();
  }

  /// Returns how many events that are no clicks lie in sessions without any; they are left out.
  private long strayEvents() {
    return hasOthers
        ? database.number(COUNT.formatted(OTHER)) - database.number("SELECT count(*) FROM others")
        : 0;
  }

  /// Returns how many purchases name a session without clicks; they are left out.
  public long strayPurchases() {
    return database.number(
        "SELECT (SELECT count(*) FROM raw WHERE problem IS NULL AND kind = 'purchase') - (SELECT count(*) FROM buys)");
  }

  /// Returns how many items the item map lacks.
  public long unmappedItems() {
    return unmappedItems;
  }

  /// Returns the files that were read, each once, with size and SHA-256; fails where one has
  /// changed since, as its checksum would be that of other rows.
  public List<Manifest.Source> sources() throws IOException {
    List<Manifest.Source> sources = new ArrayList<>();
    for (Path file : files.stream().map(SourceFile::given).distinct().toList()) {
      String hash = Hashes.sha256(file);
      if (!FileStamp.of(file).equals(stamps.get(file))) {
        throw new KasebException(
            new KasebException.Problem(
                LogFiles.label(file),
                "has changed while it was read",
                null,
                "prepare it again when nothing writes to it"));
      }
      sources.add(new Manifest.Source(file.getFileName().toString(), Files.size(file), hash));
    }
    return sources;
  }

  /// Returns the database, for the classes that read the tables out.
  DuckDatabase database() {
    return database;
  }

  @Override
  public void close() {
    database.close();
  }
}
