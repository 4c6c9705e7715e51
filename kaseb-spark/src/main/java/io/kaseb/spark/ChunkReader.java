package io.kaseb.spark;

import io.kaseb.base.Progress;
import io.kaseb.duckdb.DuckDatabase;
import io.kaseb.duckdb.Resources;
import io.kaseb.ingest.DatasetWriter;
import io.kaseb.logfile.BadRows;
import io.kaseb.logfile.Format;
import io.kaseb.logfile.ItemFile;
import io.kaseb.logfile.LogAttribute;
import io.kaseb.logfile.Part;
import io.kaseb.logfile.RawLog;
import io.kaseb.logfile.SourceFile;
import java.io.BufferedOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.UUID;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.apache.spark.api.java.function.Function;
import org.jspecify.annotations.Nullable;

/// The task that reads a chunk of a log: takes its lines into a file of the machine's own, has them
/// read as `kaseb prepare` reads a log, and leaves the rows that can be used as a Parquet file in a
/// folder that all machines see.
///
/// @param spec how the log is read
/// @param itemId the column of an item table's ids; null for its own
/// @param inTable names of attributes that the log may lack, since an item table has them
/// @param files where the files are
/// @param folder place of the folder for the Parquet files
/// @param memory what DuckDB may use, such as `1GB`
record ChunkReader(
    LogSpec spec,
    @Nullable String itemId,
    List<String> inTable,
    SharedFiles files,
    String folder,
    String memory)
    implements Function<Chunk, ChunkNotes> {
  private static final Pattern PLACE = Pattern.compile("(?s)(.*):(\\d+): (.*)");

  @Override
  public ChunkNotes call(Chunk chunk) throws IOException {
    Path own = Files.createTempDirectory("kaseb-chunk");
    try {
      return read(chunk, own);
    } finally {
      DatasetWriter.delete(own);
    }
  }

  private ChunkNotes read(Chunk chunk, Path own) throws IOException {
    Path file;
    long lines = 0;
    if (chunk.whole()) {
      file = files.local(chunk.file(), own.resolve("whole"));
    } else {
      file = Files.createDirectory(own.resolve("lines")).resolve(SharedFiles.name(chunk.file()));
      lines = lines(chunk, file);
      if (lines == 0) {
        return new ChunkNotes(chunk.number(), "", 0, 0, 0, List.of());
      }
    }
    String written;
    BadRows bad = new BadRows();
    try (DuckDatabase database =
        DuckDatabase.open(own.resolve("tables"), new Resources(memory, 1), Progress.NONE)) {
      RawLog raw = new RawLog(database, bad, own.resolve("copies"));
      Format format = spec.read();
      raw.begin(format);
      SourceFile opened = SourceFile.open(file, "", own.resolve("unpacked"));
      SourceFile source =
          new SourceFile(opened.given(), opened.rows(), chunk.file(), opened.compression());
      rows(database, raw, format, source, Part.values()[chunk.part()]);
      written = write(database, format, chunk, own);
    }
    int before = chunk.header() > 0 && chunk.from() > 0 ? 1 : 0;
    return new ChunkNotes(
        chunk.number(), written, lines, bad.rows(), bad.count(), places(bad.first(), before));
  }

  private void rows(DuckDatabase database, RawLog raw, Format format, SourceFile source, Part part)
      throws IOException {
    List<LogAttribute> all = format.attributes();
    switch (part) {
      case TRAIN, TEST -> raw.read(format.withAttributes(ofLog(all)), source, part);
      case BUYS ->
          raw.read(format.buys(source).withAttributes(LogAttribute.optional(all)), source, part);
      case ITEMS -> {
        SourceFile plain = raw.plain(source);
        ItemFile table = ItemFile.of(plain, database, itemId);
        raw.read(
            table.format().withMissing(format.missing()).withAttributes(table.of(all)),
            plain,
            part);
      }
    }
  }

  private List<LogAttribute> ofLog(List<LogAttribute> all) {
    return all.stream()
        .map(
            one ->
                new LogAttribute(
                    one.attribute(),
                    one.column(),
                    one.isNeeded() && !inTable.contains(one.attribute().name())))
        .toList();
  }

  /// Each try of a task writes a file of its own; only that of the try that counts is read.
  private String write(DuckDatabase database, Format format, Chunk chunk, Path own)
      throws IOException {
    String name = "chunk-%07d-%s.parquet".formatted(chunk.number(), UUID.randomUUID());
    String target = folder + "/" + name;
    Path file = SharedFiles.isPath(folder) ? Path.of(target) : own.resolve(name);
    database.run(
        "writing rows",
        """
        COPY (SELECT part::INT AS part, session, item, time, kind, category, price, quantity,
          %d + rowid AS row%s FROM raw
          WHERE problem IS NULL AND kind <> 'ignore' ORDER BY rowid)
        TO %s (FORMAT parquet, COMPRESSION zstd)"""
            .formatted(
                (long) chunk.number() << Chunk.ROW_BITS,
                ClusterAttributes.rawColumns(format),
                DuckDatabase.text(file)));
    if (!SharedFiles.isPath(folder)) {
      files.put(file, target);
    }
    return name;
  }

  private static List<ChunkNotes.Bad> places(List<String> first, int before) {
    List<ChunkNotes.Bad> places = new ArrayList<>();
    for (String text : first) {
      Matcher place = PLACE.matcher(text);
      if (place.matches()) {
        places.add(new ChunkNotes.Bad(Long.parseLong(place.group(2)) - before, place.group(3)));
      }
    }
    return places;
  }

  /// Copies the chunk's lines behind the file's header line; returns how many there are, 0 where no
  /// line of any length begins in the chunk.
  private long lines(Chunk chunk, Path copy) throws IOException {
    try (InputStream in = files.open(chunk.file(), chunk.from() == 0 ? 0 : chunk.from() - 1);
        OutputStream out = new BufferedOutputStream(Files.newOutputStream(copy), 1 << 18)) {
      if (chunk.from() > 0 && chunk.header() > 0) {
        try (InputStream head = files.open(chunk.file(), 0)) {
          out.write(head.readNBytes(chunk.header()));
        }
      }
      return copyLines(chunk, in, out);
    }
  }

  private static long copyLines(Chunk chunk, InputStream in, OutputStream out) throws IOException {
    long at = chunk.from();
    if (at > 0) {
      // The byte before the chunk says whether a line begins with it.
      for (int b; (b = in.read()) != '\n'; at++) {
        if (b < 0) {
          return 0;
        }
      }
    }
    long lines = 0;
    boolean any = false;
    while (at < chunk.to()) {
      int b;
      while ((b = in.read()) >= 0) {
        at++;
        out.write(b);
        any |= b > ' ';
        if (b == '\n') {
          break;
        }
      }
      if (b < 0) {
        lines += 1;
        break;
      }
      lines++;
    }
    return any ? lines : 0;
  }

  /// Returns the bad rows of all chunks, in the log's order, each by its line of the file.
  static BadRows bad(List<Chunk> chunks, List<ChunkNotes> notes) {
    BadRows all = new BadRows();
    @Nullable String file = null;
    long before = 0;
    for (int c = 0; c < chunks.size(); c++) {
      Chunk chunk = chunks.get(c);
      ChunkNotes found = notes.get(c);
      before = chunk.file().equals(file) ? before : 0;
      file = chunk.file();
      all.add(found.rows(), found.bad());
      for (ChunkNotes.Bad row : found.first()) {
        all.show(file, before + row.line(), row.reason());
      }
      before += found.lines();
    }
    return all;
  }
}
