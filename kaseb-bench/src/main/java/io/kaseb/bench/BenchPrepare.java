package io.kaseb.bench;

import io.kaseb.base.Progress;
import io.kaseb.data.Dataset;
import io.kaseb.duckdb.Resources;
import io.kaseb.ingest.DatasetWriter;
import io.kaseb.logfile.ClickSource;
import io.kaseb.logfile.Format;
import io.kaseb.logfile.Protocol;
import io.kaseb.pipeline.Prepare;
import java.io.BufferedWriter;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.List;
import java.util.SplittableRandom;
import org.jspecify.annotations.Nullable;

/// Measures [Prepare] and [Dataset#load] on a YOOCHOOSE log of full size.
public final class BenchPrepare {
  private static final int ITEMS = 52_739;
  private static final Instant START = Instant.parse("2014-04-01T00:00:00Z");

  private BenchPrepare() {}

  /// What was measured.
  ///
  /// @param clicks clicks in the log's train part
  /// @param trainEvents clicks in the prepared train part
  /// @param prepareSeconds wall-clock seconds of preparing
  /// @param loadSeconds wall-clock seconds of loading the dataset
  /// @param peakGib peak resident memory of the whole process in GiB; 0 where the system does not
  ///   tell
  public record Figures(
      long clicks, long trainEvents, double prepareSeconds, double loadSeconds, double peakGib) {}

  /// Measures.
  ///
  /// @param folder holds `yoochoose-clicks.dat` and perhaps `yoochoose-buys.dat`; null: a log is
  ///   made up for the purpose
  /// @param clicks how many clicks to make up
  public static Figures run(
      @Nullable Path folder, long clicks, Resources resources, Progress progress)
      throws IOException {
    Path work = Files.createTempDirectory("kaseb-bench");
    try {
      Path log = folder == null ? work : folder;
      if (folder == null) {
        makeUp(work.resolve("yoochoose-clicks.dat"), clicks, progress);
      }
      Path buys = log.resolve("yoochoose-buys.dat");
      ClickSource source =
          new ClickSource(
              Format.of("yoochoose"),
              List.of(log.resolve("yoochoose-clicks.dat")),
              Files.exists(buys) ? List.of(buys) : List.of(),
              List.of(),
              null);
      return measure(source, work.resolve("dataset"), resources, progress);
    } finally {
      DatasetWriter.delete(work);
    }
  }

  private static Figures measure(
      ClickSource source, Path out, Resources resources, Progress progress) throws IOException {
    Prepare.Rules rules = Prepare.Rules.DEFAULT.with(Protocol.RSC15);
    Prepare.Prepared prepared = Prepare.run(source, rules, resources, out, false, progress);
    long started = System.nanoTime();
    Dataset dataset = Dataset.load(out, resources.workers());
    double loadSeconds = (System.nanoTime() - started) / 1e9;
    long lines;
    try (var text = Files.lines(source.clicks().getFirst())) {
      lines = text.count();
    }
    return new Figures(lines, dataset.train().events(), prepared.seconds(), loadSeconds, peakGib());
  }

  /// Writes clicks of sessions of 1 to 6 clicks, half a minute apart, over 180 days.
  private static void makeUp(Path file, long clicks, Progress progress) throws IOException {
    SplittableRandom random = new SplittableRandom(42);
    long spanMillis = 180L * 86_400_000;
    try (BufferedWriter out = Files.newBufferedWriter(file)) {
      long session = 0;
      for (long click = 0; click < clicks; session++) {
        long at = START.toEpochMilli() + (long) ((double) click / clicks * spanMillis);
        int length = (int) Math.min(clicks - click, random.nextInt(1, 7));
        for (int i = 0; i < length; i++, click++) {
          long item = 214_500_000 + (long) (ITEMS * Math.pow(random.nextDouble(), 3));
          out.write(session + "," + Instant.ofEpochMilli(at + i * 30_001L) + "," + item + ",0\n");
        }
        if (session % 100_000 == 0) {
          progress.at("making up clicks", click, clicks, "clicks");
        }
      }
      progress.at("making up clicks", clicks, clicks, "clicks");
    }
  }

  private static double peakGib() throws IOException {
    Path status = Path.of("/proc/self/status");
    if (!Files.exists(status)) {
      return 0;
    }
    return Files.readAllLines(status).stream()
        .filter(line -> line.startsWith("VmHWM:"))
        .mapToDouble(line -> Double.parseDouble(line.replaceAll("[^0-9]", "")) / (1 << 20))
        .findFirst()
        .orElse(0);
  }
}
