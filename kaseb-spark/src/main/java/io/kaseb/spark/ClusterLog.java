package io.kaseb.spark;

import io.kaseb.base.KasebException;
import io.kaseb.logfile.BadRows;
import io.kaseb.logfile.Compression;
import io.kaseb.logfile.Format;
import io.kaseb.logfile.Part;
import io.kaseb.logfile.SourceFile;
import java.io.FileInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.apache.spark.api.java.JavaSparkContext;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.SparkSession;

/// A click log on a cluster: read in chunks, then a view `raw (part, session, item, time, kind,
/// category, price, quantity, row, visitor, a0, a1, ...)` of the rows that can be used, `row`
/// growing with the place in the log.
///
/// @param format the log's format
/// @param bad the rows that could not be used
record ClusterLog(Format format, BadRows bad) {
  /// How the reading is cut up.
  ///
  /// @param bytes bytes of text that a task reads, about
  /// @param memory what a task's DuckDB may use
  record Cut(long bytes, String memory) {
    /// 64 MB of text, 1 GB of memory.
    static final Cut DEFAULT = new Cut(64L << 20, "1GB");
  }

  /// Reads a log.
  ///
  /// @param work an existing folder that all machines see; takes the rows
  /// @param maxBadRows share of rows that may be bad
  static ClusterLog read(
      SparkSession spark, LogSpec spec, LogInput input, double maxBadRows, Cut cut, Path work)
      throws IOException {
    Format format = spec.read();
    refuse(format);
    List<Chunk> chunks = chunks(format, input, cut);
    Path folder = Files.createDirectories(work.resolve("raw"));
    List<String> inTable =
        input.items() == null
            ? List.of()
            : ClusterItems.inTable(Path.of(input.items()), input.itemId(), format.attributes());
    ChunkReader reader =
        new ChunkReader(spec, input.itemId(), inTable, folder.toString(), cut.memory());
    List<ChunkNotes> notes =
        JavaSparkContext.fromSparkContext(spark.sparkContext())
            .parallelize(chunks, chunks.size())
            .map(reader)
            .collect();
    BadRows bad = ChunkReader.bad(chunks, notes);
    Dataset<Row> rows = spark.read().parquet(folder.toUri().toString());
    rows.createOrReplaceTempView("raw");
    refuseUnknownWords(spark, format);
    bad.check(maxBadRows);
    return new ClusterLog(format, bad);
  }

  /// Session lines have no ids but their numbers, which no part of a file knows.
  private static void refuse(Format format) {
    if (format.layout() == Format.Layout.SESSION_LINES) {
      throw new KasebException(
          new KasebException.Problem(
              KasebException.setting("format"),
              format.name(),
              null,
              "a cluster does not read it; kaseb prepare does, on one machine"));
    }
  }

  private static void refuseUnknownWords(SparkSession spark, Format format) {
    Map<String, Long> counts = new LinkedHashMap<>();
    spark
        .sql(
            """
            SELECT substring(kind, 2) AS word, count(*) AS n FROM raw WHERE kind LIKE '?%'
            GROUP BY kind ORDER BY n DESC, kind LIMIT 1000""")
        .collectAsList()
        .forEach(row -> counts.put(row.getString(0), row.getLong(1)));
    if (!counts.isEmpty()) {
      throw format.actions().unknown(counts);
    }
  }

  private static List<Chunk> chunks(Format format, LogInput input, Cut cut) throws IOException {
    List<Chunk> chunks = new ArrayList<>();
    if (input.items() != null) {
      add(chunks, format, input.items(), Part.ITEMS, cut);
    }
    for (String file : input.clicks()) {
      add(chunks, format, file, Part.TRAIN, cut);
    }
    for (String file : input.test()) {
      add(chunks, format, file, Part.TEST, cut);
    }
    for (String file : input.buys()) {
      add(chunks, format, file, Part.BUYS, cut);
    }
    if (chunks.size() > Chunk.MOST) {
      throw KasebException.ofSetting("chunk_bytes", cut.bytes(), "more bytes: too many chunks");
    }
    return chunks;
  }

  private static void add(List<Chunk> chunks, Format format, String given, Part part, Cut cut)
      throws IOException {
    Path file = Path.of(given).toAbsolutePath().normalize();
    if (SourceFile.isArchive(file)) {
      throw new KasebException(
          new KasebException.Problem(
              given,
              "a 7z archive, which one machine alone can read",
              null,
              "unpack it into the shared folder"));
    }
    boolean isBuys = part == Part.BUYS;
    boolean isWhole = part == Part.ITEMS || format.layout() == Format.Layout.PARQUET;
    if (Files.isRegularFile(file) && (isWhole || Compression.of(file) != Compression.NONE)) {
      chunks.add(new Chunk(chunks.size(), file.toString(), 0, 0, true, 0, part.number()));
      return;
    }
    // Says what is wrong with the file before any task begins.
    SourceFile source = SourceFile.open(file, "", file.resolveSibling("none"));
    Format rows = isBuys ? format.buys(source) : format;
    boolean hasHeader = rows.layout() == Format.Layout.DELIMITED && rows.header().isEmpty();
    int header = hasHeader ? header(file) : 0;
    long size = Files.size(file);
    long pieces = hasHeader && header == 0 ? 1 : Math.max(1, Math.ceilDiv(size, cut.bytes()));
    for (long p = 0; p < pieces; p++) {
      chunks.add(
          new Chunk(
              chunks.size(),
              file.toString(),
              p * size / pieces,
              (p + 1) * size / pieces,
              false,
              header,
              part.number()));
    }
  }

  /// Returns the length of the first line with its end, in bytes.
  private static int header(Path file) throws IOException {
    try (InputStream in = new FileInputStream(file.toFile())) {
      byte[] head = in.readNBytes(1 << 20);
      for (int i = 0; i < head.length; i++) {
        if (head[i] == '\n') {
          return i + 1;
        }
      }
      return 0;
    }
  }
}
