package io.kaseb.spark;

import io.kaseb.base.KasebException;
import io.kaseb.ingest.DatasetWriter;
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
import java.util.Set;
import java.util.stream.Collectors;
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
  /// Bytes of a file's beginning that say what it is.
  private static final int HEAD = 1 << 20;

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
  /// @param files where its files are
  /// @param work place of an existing folder that all machines see; takes the rows
  /// @param maxBadRows share of rows that may be bad
  static ClusterLog read(
      SparkSession spark,
      LogSpec spec,
      LogInput input,
      double maxBadRows,
      Cut cut,
      SharedFiles files,
      String work)
      throws IOException {
    Format format = spec.read();
    refuse(format);
    List<Chunk> chunks = chunks(format, input, cut, files);
    String folder = work + "/raw";
    files.makeFolder(folder);
    List<String> inTable =
        input.items() == null
            ? List.of()
            : ClusterItems.inTable(files, input.items(), input.itemId(), format.attributes());
    ChunkReader reader =
        new ChunkReader(spec, input.itemId(), inTable, files, folder, cut.memory());
    List<ChunkNotes> notes =
        JavaSparkContext.fromSparkContext(spark.sparkContext())
            .parallelize(chunks, chunks.size())
            .map(reader)
            .collect();
    BadRows bad = ChunkReader.bad(chunks, notes);
    Set<String> written = notes.stream().map(ChunkNotes::file).collect(Collectors.toSet());
    for (String name : files.list(folder)) {
      if (!written.contains(name)) {
        files.delete(folder + "/" + name);
      }
    }
    Dataset<Row> rows = spark.read().parquet(SharedFiles.uri(folder));
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

  private static List<Chunk> chunks(Format format, LogInput input, Cut cut, SharedFiles files)
      throws IOException {
    List<Chunk> chunks = new ArrayList<>();
    if (input.items() != null) {
      add(chunks, format, input.items(), Part.ITEMS, cut, files);
    }
    for (String file : input.clicks()) {
      add(chunks, format, file, Part.TRAIN, cut, files);
    }
    for (String file : input.test()) {
      add(chunks, format, file, Part.TEST, cut, files);
    }
    for (String file : input.buys()) {
      add(chunks, format, file, Part.BUYS, cut, files);
    }
    if (chunks.size() > Chunk.MOST) {
      throw KasebException.ofSetting("chunk_bytes", cut.bytes(), "more bytes: too many chunks");
    }
    return chunks;
  }

  private static void add(
      List<Chunk> chunks, Format format, String given, Part part, Cut cut, SharedFiles files)
      throws IOException {
    Path own = Files.createTempDirectory("kaseb-head");
    try {
      String place = SharedFiles.place(given);
      files.checkFile(place);
      // What a file is its beginning says; a path is looked at as it is.
      Path head = files.local(place, own, HEAD);
      if (SourceFile.isArchive(head)) {
        throw new KasebException(
            new KasebException.Problem(
                given,
                "a 7z archive, which one machine alone can read",
                null,
                "unpack it into the shared folder"));
      }
      boolean isWhole = part == Part.ITEMS || format.layout() == Format.Layout.PARQUET;
      if (Files.isRegularFile(head) && (isWhole || Compression.of(head) != Compression.NONE)) {
        chunks.add(new Chunk(chunks.size(), place, 0, 0, true, 0, part.number()));
        return;
      }
      // Says what is wrong with the file before any task begins.
      SourceFile source = SourceFile.open(head, "", own.resolve("unpacked"));
      Format rows = part == Part.BUYS ? format.buys(source) : format;
      boolean hasHeader = rows.layout() == Format.Layout.DELIMITED && rows.header().isEmpty();
      int header = hasHeader ? header(head) : 0;
      long size = files.size(place);
      long pieces = hasHeader && header == 0 ? 1 : Math.max(1, Math.ceilDiv(size, cut.bytes()));
      for (long p = 0; p < pieces; p++) {
        long from = p * size / pieces;
        long to = (p + 1) * size / pieces;
        chunks.add(new Chunk(chunks.size(), place, from, to, false, header, part.number()));
      }
    } finally {
      DatasetWriter.delete(own);
    }
  }

  /// Returns the length of the first line with its end, in bytes.
  private static int header(Path file) throws IOException {
    try (InputStream in = new FileInputStream(file.toFile())) {
      byte[] head = in.readNBytes(HEAD);
      for (int i = 0; i < head.length; i++) {
        if (head[i] == '\n') {
          return i + 1;
        }
      }
      return 0;
    }
  }
}
