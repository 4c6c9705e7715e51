package io.kaseb.spark;

import io.kaseb.base.Hashes;
import io.kaseb.base.KasebException;
import io.kaseb.forecast.Forecaster;
import io.kaseb.forecast.PurchaseForecaster;
import io.kaseb.ingest.DatasetWriter;
import io.kaseb.signal.Schema;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
import org.apache.spark.api.java.function.MapPartitionsFunction;
import org.apache.spark.sql.DataFrameWriter;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Encoders;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.SparkSession;
import org.apache.spark.sql.types.DataTypes;
import org.apache.spark.sql.types.StructType;

/// Forecasts for every session of a log on a cluster: the table that `kaseb forecast` writes with
/// `--probabilities`, as a folder of files.
public final class ForecastJob {
  private static final StructType COLUMNS =
      new StructType()
          .add("session", DataTypes.StringType)
          .add("forecast", DataTypes.StringType)
          .add("place", DataTypes.LongType)
          .add("item", DataTypes.StringType)
          .add("probability", DataTypes.DoubleType)
          .add("score", DataTypes.DoubleType);

  private static final int MOST_NEXT = 1_000;

  /// What is to be forecast.
  ///
  /// @param model the model file, which all machines see
  /// @param log how the log is read
  /// @param clicks its files, which all machines see
  /// @param next how many next items of each session are wanted, 0 for none
  /// @param target the action that they are likeliest to get, `view` for the next click
  /// @param maxBadRows share of rows that may be bad
  /// @param out a folder to write, which all machines see; its name ends in `.csv` or `.parquet`
  /// @param chunkBytes bytes of text that a task reads, about
  public record Request(
      Path model,
      LogSpec log,
      List<Path> clicks,
      int next,
      String target,
      double maxBadRows,
      Path out,
      long chunkBytes) {}

  /// What was forecast.
  ///
  /// @param rows rows written
  /// @param sessions sessions of the log
  /// @param seconds wall-clock time
  public record Figures(long rows, long sessions, double seconds) {}

  private ForecastJob() {}

  /// Writes the rows of all sessions: those of a session stand together and in the order of `kaseb
  /// forecast`, sessions in any order.
  public static Figures run(SparkSession spark, Request request) throws IOException {
    long started = System.nanoTime();
    if (request.next() < 0 || request.next() > MOST_NEXT) {
      throw KasebException.ofSetting("next", request.next(), "1.." + MOST_NEXT);
    }
    boolean isParquet = isParquet(request.out());
    if (Files.exists(request.out())) {
      throw new KasebException(
          new KasebException.Problem(
              request.out().toString(), "is there already", null, "give another name"));
    }
    Forecaster model = Forecaster.load(request.model());
    String target = model.target(request.target());
    List<String> actions = actions(request, model);
    Path out = request.out().toAbsolutePath().normalize();
    Path folder = out.resolveSibling("x").getParent();
    Files.createDirectories(folder);
    Path work = Files.createTempDirectory(folder, "." + out.getFileName());
    try {
      ClusterLog.Cut cut =
          new ClusterLog.Cut(request.chunkBytes(), ClusterLog.Cut.DEFAULT.memory());
      LogInput input =
          LogInput.of(request.clicks().stream().map(Path::toString).toList(), List.of(), List.of());
      LogSpec log = request.log().withAttributes("").withOwn(actions);
      ClusterLog.read(spark, log, input, request.maxBadRows(), cut, work);
      String file = request.model().toAbsolutePath().toString();
      write(forecast(spark, file, request.next(), target), isParquet, work.resolve("rows"));
      Files.move(work.resolve("rows"), out);
    } finally {
      DatasetWriter.delete(work);
    }
    Dataset<Row> rows = read(spark, isParquet, out);
    return new Figures(
        rows.count(),
        rows.select("session").distinct().count(),
        (System.nanoTime() - started) / 1e9);
  }

  private static Dataset<Row> read(SparkSession spark, boolean isParquet, Path out) {
    String place = out.toUri().toString();
    return isParquet
        ? spark.read().parquet(place)
        : spark.read().option("header", true).option("escape", "\"").schema(COLUMNS).csv(place);
  }

  private static boolean isParquet(Path out) {
    String name = String.valueOf(out.getFileName()).toLowerCase(Locale.ROOT);
    if (!name.endsWith(".parquet") && !name.endsWith(".csv")) {
      throw KasebException.ofSetting("probabilities", out, "a name that ends in .csv or .parquet");
    }
    return name.endsWith(".parquet");
  }

  /// Returns the model's own actions; refuses what needs more of a log than a session's own events.
  private static List<String> actions(Request request, Forecaster model) {
    PurchaseForecaster purchases = model.purchases();
    if (purchases == null) {
      if (request.next() == 0) {
        PurchaseForecaster.needed(request.model(), purchases);
      }
      return List.of();
    }
    Schema schema = purchases.model().signals().schema();
    if (!schema.attributes().isEmpty() || (schema.visitors() && request.log().read().hasUsers())) {
      throw new KasebException(
          new KasebException.Problem(
              request.model().toString(),
              "its purchase forecast asks for attributes or earlier sessions of visitors, which a cluster does not gather",
              null,
              "kaseb forecast does, on one machine; or train without them"));
    }
    return schema.actions();
  }

  private static Dataset<Row> forecast(SparkSession spark, String file, int next, String target)
      throws IOException {
    String checksum = Hashes.sha256(Path.of(file));
    Dataset<Row> events =
        spark.sql(
            """
            SELECT session, item, time, kind, category, row FROM raw
            WHERE part < 2 AND kind <> 'purchase'""");
    return events
        .repartition(events.col("session"))
        .sortWithinPartitions("session", "time", "row")
        .mapPartitions(
            (MapPartitionsFunction<Row, Row>)
                rows -> new SessionRows(rows, SharedModel.of(file, checksum), next, target),
            Encoders.row(COLUMNS));
  }

  private static void write(Dataset<Row> rows, boolean isParquet, Path folder) {
    // As text a score has the digits of the model's own numbers, which are floats.
    Dataset<Row> typed =
        isParquet ? rows : rows.withColumn("score", rows.col("score").cast("float"));
    DataFrameWriter<Row> writer = typed.write();
    String place = folder.toUri().toString();
    if (isParquet) {
      writer.option("compression", "zstd").parquet(place);
    } else {
      writer.option("header", true).option("escape", "\"").csv(place);
    }
  }
}
