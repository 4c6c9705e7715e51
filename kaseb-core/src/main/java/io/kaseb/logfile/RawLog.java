package io.kaseb.logfile;

import io.kaseb.base.ClickTime;
import io.kaseb.base.KasebException;
import io.kaseb.duckdb.Chunk;
import io.kaseb.duckdb.DuckDatabase;
import io.kaseb.logfile.Format.Layout;
import java.io.BufferedWriter;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.function.IntFunction;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;

/// Reads log files into the table `raw`, one row for each event in file order, bad rows marked.
public final class RawLog {
  /// Rows of a file that are looked at before all of a long one are read.
  private static final int HEAD = 50_000;

  private static final int LONG = 1_000_000;

  /// Bytes below which one thread reads a file.
  private static final int PART = 8 << 20;

  private final DuckDatabase database;
  private final String table;
  private final BadRows bad;
  private final Path folder;
  private List<LogAttribute> attributes = List.of();
  private boolean hasUsers;
  private int files;

  /// Creates the reader of the table, which [#begin] makes.
  ///
  /// @param folder takes copies of files that cannot be read as they are
  public RawLog(DuckDatabase database, BadRows bad, Path folder) {
    this(database, "raw", bad, folder);
  }

  private RawLog(DuckDatabase database, String table, BadRows bad, Path folder) {
    this.database = database;
    this.table = table;
    this.bad = bad;
    this.folder = folder;
  }

  /// Creates the empty table.
  ///
  /// @param format the log's format, for its attributes and users
  public void begin(Format format) {
    attributes = format.attributes();
    hasUsers = format.hasUsers();
    StringBuilder more = new StringBuilder(hasUsers ? ", visitor VARCHAR" : "");
    for (int i = 0; i < attributes.size(); i++) {
      more.append(", a%d %s".formatted(i, attributes.get(i).isNumber() ? "DOUBLE" : "VARCHAR"));
    }
    database.run(
        "opening",
        """
        CREATE TABLE %s (part TINYINT, session VARCHAR, item VARCHAR, time BIGINT, kind VARCHAR,
          category VARCHAR, price DOUBLE, quantity BIGINT, line BIGINT, problem VARCHAR%s)\
        """
            .formatted(table, more));
  }

  /// Reads one file.
  public void read(Format format, SourceFile source, Part part) throws IOException {
    String task = "reading " + source.given().getFileName();
    boolean isText = format.layout() != Layout.PARQUET;
    SourceFile found = isText ? plain(source) : source;
    LineBlocks blocks = isText ? blocks(format, found) : null;
    SourceFile.TextFile text =
        isText ? found.text(folder, blocks) : new SourceFile.TextFile(found, null);
    SourceFile file = text.file();
    if (format.layout() == Layout.JSON_LINES && file.firstLine().startsWith("[")) {
      throw new KasebException(
          file.label()
              + ": holds one JSON array; must hold one object a line. Convert it: jq -c '.[]' FILE"
              + " > NEW_FILE");
    }
    if (text.scan() != null && text.scan().lines() > LONG) {
      refuseHopeless(format, file, text.scan().lines(), part, blocks);
    }
    SourceRows rows = new SourceRows(format, file, files++);
    long before = database.number("SELECT count(*) FROM " + table);
    database.run(task, "BEGIN TRANSACTION");
    insert(task, format, file, part, rows);
    if (losesLines(format, file, text.scan(), rows, before)) {
      database.run(task, "ROLLBACK");
      dropRejects(task, rows);
      database.run(task, "BEGIN TRANSACTION");
      rows = rows.inOneGo();
      insert(task, format, file, part, rows);
    }
    database.run(task, "COMMIT");
    countBadRows(format, file, rows.rejects(), before);
    TextScan scan = text.scan();
    if (format.isQuoted() && scan != null) {
      countSwallowedLines(file, rows, scan, before);
    }
  }

  private void insert(String task, Format format, SourceFile file, Part part, SourceRows rows) {
    try {
      database.update(task, insert(format, part, rows.sql(database)));
    } catch (SQLException e) {
      long line = DuckDatabase.lineOf(e);
      throw new KasebException(
          new KasebException.Problem(
              line == 0 ? file.label() : file.label() + ":" + line,
              "cannot be read as %s (%s)".formatted(format.name(), DuckDatabase.whatIsWrong(e)),
              null,
              "mend it, fetch it again, or name its format"),
          e);
    }
  }

  /// Returns whether lines are neither rows nor rejected: where several threads read a file and one
  /// of them begins among bad rows, DuckDB passes over its part without a word.
  private boolean losesLines(
      Format format, SourceFile file, @Nullable TextScan scan, SourceRows rows, long before)
      throws IOException {
    if (scan == null
        || format.layout() != Layout.DELIMITED
        || file.compression() != Compression.NONE
        || Files.size(file.rows()) < PART) {
      return false;
    }
    long rejected = database.number("SELECT count(DISTINCT line) FROM " + rows.rejects());
    long read =
        database.number("SELECT count(*) FROM %s WHERE rowid >= %d".formatted(table, before));
    return rejected > 0 && read + rejected < scan.lines() - (format.header().isEmpty() ? 1 : 0);
  }

  private @Nullable LineBlocks blocks(Format format, SourceFile file) {
    boolean hasHeader = format.layout() == Layout.DELIMITED && format.header().isEmpty();
    return LineBlocks.of(
        file,
        folder,
        bad.hopeless(),
        hasHeader,
        format.layout() == Layout.DELIMITED && format.isQuoted());
  }

  /// Fails where the first rows of a long file, or some throughout it, have more bad ones than all
  /// of it may have: the rest need not be read.
  private void refuseHopeless(
      Format format, SourceFile file, long lines, Part part, @Nullable LineBlocks blocks)
      throws IOException {
    BadRows some = new BadRows();
    some.add(sample(format, file, file.head(HEAD, folder), 0, part));
    bad.checkSome(some, "of the first", lines);
    for (LineBlocks.Block block : blocks == null ? List.<LineBlocks.Block>of() : blocks.blocks()) {
      some.add(sample(format, file, block.file(), block.before(), part));
      bad.checkSome(some, "of", lines);
    }
  }

  /// Reads some lines of a file that were copied.
  private BadRows sample(Format format, SourceFile file, Path lines, long before, Part part)
      throws IOException {
    BadRows ofSample = new BadRows(before);
    RawLog sample = new RawLog(database, table + "_sample", ofSample, folder);
    sample.begin(format);
    sample.read(format, new SourceFile(file.given(), lines, file.label(), Compression.NONE), part);
    database.run("opening", "DROP TABLE " + sample.table);
    dropRejects("opening", new SourceRows(format, file, 0));
    Files.delete(lines);
    return ofSample;
  }

  private void dropRejects(String task, SourceRows rows) {
    database.run(task, "DROP TABLE IF EXISTS " + rows.rejects());
    database.run(task, "DROP TABLE IF EXISTS " + rows.rejects() + "_scan");
  }

  /// Unpacks a Zstandard file, which the JDK cannot read.
  public SourceFile plain(SourceFile source) throws IOException {
    if (source.compression() != Compression.ZSTD) {
      return source;
    }
    Path out = SourceFile.fresh(folder, source.given().getFileName().toString());
    try (BufferedWriter writer = Files.newBufferedWriter(out)) {
      database.read(
          """
          SELECT coalesce(text, '') FROM read_csv(%s, auto_detect = false, compression = 'zstd',
            header = false, delim = '\\x01', quote = '', escape = '', columns = {'text': 'VARCHAR'},
            max_line_size = 8000000, buffer_size = 16000000)"""
              .formatted(DuckDatabase.file(source.rows())),
          chunk -> write(chunk, writer));
    } catch (SQLException e) {
      throw new KasebException(
          "%s: cannot be unpacked (%s); fetch it again"
              .formatted(source.label(), DuckDatabase.whatIsWrong(e)),
          e);
    }
    return new SourceFile(source.given(), out, source.label(), Compression.NONE);
  }

  private static void write(Chunk chunk, BufferedWriter writer) throws SQLException {
    Chunk.Column text = chunk.column(0);
    try {
      for (int row = 0; row < chunk.rows(); row++) {
        writer.write(text.asText(row));
        writer.write('\n');
      }
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /// Counts lines that a stray quotation mark made part of a value: they are lost as rows.
  private void countSwallowedLines(SourceFile file, SourceRows rows, TextScan scan, long before)
      throws IOException {
    long taken =
        database.number("SELECT count(*) FROM %s WHERE rowid >= %d".formatted(table, before))
            + database.number("SELECT count(DISTINCT line) FROM " + rows.rejects());
    if (scan.lines() - 1 > taken) {
      QuotedLines quoted =
          QuotedLines.of(file, rows.delimiter(), rows.header().size(), rows.timeColumn());
      bad.add(quoted.swallowed(), quoted.swallowed());
      quoted
          .first()
          .forEach(
              (line, lines) ->
                  bad.show(
                      file.label(),
                      line,
                      "a quotation mark that opens here makes %,d lines one value"
                          .formatted(lines)));
    }
  }

  private String insert(Format format, Part part, String rows) {
    String time = format.timeForm().milliseconds("time_text", "date_text");
    return """
    INSERT INTO %s
    SELECT %d, session, item, time, kind, category_text, price, quantity, line,
      CASE WHEN broken IS NOT NULL THEN broken
        WHEN kind = 'ignore' THEN NULL
        WHEN session IS NULL THEN 'the session id is ' || coalesce('missing: ' || session_word, 'empty')
        WHEN kind IS NULL THEN 'the event type is missing'
        WHEN item IS NULL AND %s THEN 'the item id is ' || coalesce('missing: ' || item_word, 'empty')
        WHEN contains(session, chr(10)) OR contains(item, chr(10)) OR contains(session, chr(13)) OR contains(item, chr(13))
          THEN 'an id runs over several lines'
        WHEN contains(session, chr(0)) OR contains(item, chr(0)) THEN 'an id holds a NUL, which no text does'
        WHEN %s THEN 'time ' || coalesce(time_text, '') || ' is not %s'
        WHEN price_text IS NOT NULL AND price IS NULL THEN 'price ' || price_text || ' is no number from 0 to 1e12, such as 12.50'
        WHEN quantity_text IS NOT NULL AND quantity IS NULL THEN 'quantity ' || quantity_text || ' is no whole number from 0 on'%s END%s
    FROM (SELECT *, CASE WHEN ms >= 0 AND ms < %d THEN ms END AS time,
        CASE WHEN p >= 0 AND p <= 1e12 THEN p END AS price,
        CASE WHEN q >= 0 AND q <= 1e12 AND q = trunc(q) THEN q::BIGINT END AS quantity
      FROM (SELECT *, %s AS ms, %s AS kind, try_cast(CASE WHEN NOT contains(price_text, '_') THEN price_text END AS DOUBLE) AS p,
          try_cast(CASE WHEN NOT contains(quantity_text, '_') THEN quantity_text END AS DOUBLE) AS q%s
        FROM (SELECT line, broken, nullif(trim(type_text), '') AS type_text, trim(purchase_text) AS purchase_text, date_text, %s
          FROM (%s))))"""
        .formatted(
            table,
            part.number(),
            needsItem(format, part),
            format.timeForm() == TimeForm.NONE ? "false" : "time IS NULL",
            format.timeForm().allowed(),
            problems(),
            values(),
            ClickTime.END,
            time,
            kind(format, part),
            numbers(),
            cleaned(format.missing()),
            rows);
  }

  private String problems() {
    return eachAttribute(
        i ->
            attributes.get(i).isNumber()
                ? " WHEN a%1$d_text IS NOT NULL AND n%1$d IS NULL THEN %2$s || a%1$d_text || ' is no number'"
                    .formatted(i, DuckDatabase.text(attributes.get(i).attribute().name() + " "))
                : "");
  }

  private String values() {
    return (hasUsers ? ", user_text" : "")
        + eachAttribute(i -> (attributes.get(i).isNumber() ? ", n%d" : ", a%d_text").formatted(i));
  }

  private String numbers() {
    return eachAttribute(
        i ->
            attributes.get(i).isNumber()
                ? ", CASE WHEN NOT contains(a%1$d_text, '_') AND isfinite(try_cast(a%1$d_text AS DOUBLE)) THEN try_cast(a%1$d_text AS DOUBLE) END AS n%1$d"
                    .formatted(i)
                : "");
  }

  private String eachAttribute(IntFunction<String> sql) {
    return IntStream.range(0, attributes.size()).mapToObj(sql).collect(Collectors.joining());
  }

  /// Trims texts and takes those that stand for nothing as missing.
  private String cleaned(List<String> missing) {
    String words = quoted(missing);
    StringBuilder sql = new StringBuilder();
    List<String> texts =
        new ArrayList<>(
            List.of("session", "item", "time", "category", "price", "quantity", "user"));
    IntStream.range(0, attributes.size()).forEach(i -> texts.add("a" + i));
    for (String role : texts) {
      boolean isId = role.equals("session") || role.equals("item");
      String bare = "nullif(trim(%s_text), '')".formatted(role);
      sql.append(sql.isEmpty() ? "" : ", ");
      sql.append(
          missing.isEmpty()
              ? bare
              : "CASE WHEN %1$s IN (%2$s) THEN NULL ELSE %1$s END".formatted(bare, words));
      sql.append(" AS ").append(isId ? role : role + "_text");
      if (isId) {
        sql.append(", ");
        sql.append(
            missing.isEmpty()
                ? "NULL"
                : "CASE WHEN %1$s IN (%2$s) THEN %1$s END".formatted(bare, words));
        sql.append(" AS ").append(role).append("_word");
      }
    }
    return sql.toString();
  }

  /// A view is a view of something; so is a row of a file of purchases.
  private static String needsItem(Format format, Part part) {
    return part == Part.ITEMS || (part == Part.BUYS && !format.isTyped())
        ? "true"
        : "kind = 'view'";
  }

  /// Every row of a file of purchases is one, unless it says that it is something else; a row
  /// without a word is a view where the log has items.
  private static String kind(Format format, Part part) {
    LogColumns columns = format.namedColumns();
    String kind =
        format.isTyped()
            ? format.actions().sql("type_text")
            : part == Part.ITEMS ? "'item'" : part == Part.BUYS ? "'purchase'" : "'view'";
    return columns.purchaseWords().isEmpty()
        ? kind
        : "CASE WHEN purchase_text IN (%s) THEN 'purchase' ELSE %s END"
            .formatted(quoted(columns.purchaseWords()), kind);
  }

  private static String quoted(List<String> words) {
    return words.stream().map(DuckDatabase::text).collect(Collectors.joining(", "));
  }

  /// Fails where the log has words that stand for no action.
  ///
  /// @param words what the words were taken for
  public void refuseUnknownWords(ActionWords words) {
    Map<String, Long> counts = new LinkedHashMap<>();
    database
        .rows(
            """
            SELECT kind[2:], count(*) AS n FROM raw WHERE kind LIKE '?%' AND problem IS NULL
            GROUP BY kind ORDER BY n DESC, kind""")
        .forEach(row -> counts.put(row.get(0), Long.valueOf(row.get(1))));
    if (!counts.isEmpty()) {
      throw words.unknown(counts);
    }
  }

  private void countBadRows(Format format, SourceFile file, String rejects, long before) {
    long rows =
        database.number("SELECT count(*) FROM %s WHERE rowid >= %d".formatted(table, before));
    long marked =
        database.number(
            "SELECT count(*) FROM %s WHERE problem IS NOT NULL AND rowid >= %d"
                .formatted(table, before));
    boolean delimited = format.layout() == Layout.DELIMITED;
    long rejected = delimited ? database.number("SELECT count(DISTINCT line) FROM " + rejects) : 0;
    bad.add(rows + rejected, marked + rejected);
    if (rejected > 0) {
      database
          .rows(
              """
              SELECT line, CASE min(error_type)
                  WHEN 'MISSING COLUMNS' THEN 'too few columns'
                  WHEN 'TOO MANY COLUMNS' THEN 'too many columns'
                  WHEN 'UNQUOTED VALUE' THEN 'a quotation mark has no other, or text follows it'
                  WHEN 'LINE SIZE OVER MAXIMUM' THEN 'longer than 2,000,000 bytes'
                  WHEN 'INVALID ENCODING' THEN 'bytes that are no UTF-8 text'
                  ELSE 'cannot be taken apart into columns' END
              FROM %s GROUP BY line ORDER BY line LIMIT 5\
              """
                  .formatted(rejects))
          .forEach(row -> bad.show(file.label(), Long.parseLong(row.get(0)), row.get(1)));
    }
    if (marked > 0) {
      locate(format, file, rejects, before);
    }
    if (rows + rejected == 0) {
      throw new KasebException(
          new KasebException.Problem(
              file.label(), "holds no events", null, "it must hold at least one"));
    }
  }

  private void locate(Format format, SourceFile file, String rejects, long before) {
    List<List<String>> first =
        database.rows(
            "SELECT rowid - %d, line, problem FROM %s WHERE problem IS NOT NULL AND rowid >= %d ORDER BY rowid LIMIT 5"
                .formatted(before, table, before));
    if (format.layout() == Layout.DELIMITED) {
      TreeMap<Long, String> places = new TreeMap<>();
      first.forEach(row -> places.put(Long.parseLong(row.get(0)), row.get(2)));
      Set<Long> skipped =
          database.rows("SELECT DISTINCT line FROM " + rejects).stream()
              .map(row -> Long.parseLong(row.get(0)))
              .collect(Collectors.toSet());
      bad.locate(file, places, skipped, format.header().isEmpty());
    } else {
      for (List<String> row : first) {
        long line =
            row.get(1).isEmpty() ? 1 + Long.parseLong(row.get(0)) : Long.parseLong(row.get(1));
        bad.show(file.label(), line, row.get(2));
      }
    }
  }
}
