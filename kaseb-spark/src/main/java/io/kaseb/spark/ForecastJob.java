package io.kaseb.spark;

import io.kaseb.base.Hashes;
import io.kaseb.base.KasebException;
import io.kaseb.forecast.Forecaster;
import io.kaseb.forecast.PurchaseForecaster;
import io.kaseb.ingest.DatasetWriter;
import io.kaseb.intent.Payoff;
import io.kaseb.signal.Schema;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
import java.util.Objects;
import org.apache.spark.api.java.function.MapPartitionsFunction;
import org.apache.spark.sql.DataFrameWriter;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Encoders;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.SparkSession;
import org.jspecify.annotations.Nullable;

/// Forecasts for every session of a log on a cluster: what `kaseb forecast` writes, as folders of
/// files.
public final class ForecastJob {
  private static final int MOST_NEXT = 1_000;

  /// What is to be forecast.
  ///
  /// @param model the model file, which all machines see
  /// @param log how the log is read
  /// @param clicks its files, which all machines see
  /// @param next how many next items of each session are wanted, 0 for none
  /// @param target the action that they are likeliest to get, `view` for the next click
  /// @param maxBadRows share of rows that may be bad
  /// @param output what is written
  /// @param chunkBytes bytes of text that a task reads, about
  public record Request(
      Path model,
      LogSpec log,
      List<String> clicks,
      int next,
      String target,
      double maxBadRows,
      Output output,
      long chunkBytes) {}

  /// Folders to write, which all machines see.
  ///
  /// @param probabilities takes the table of all forecasts; its name ends in `.csv` or `.parquet`;
  ///   null for none
  /// @param answers takes a line for each session worth naming as a buyer, or, with next items, for
  ///   each session; null for none
  /// @param costs a shop's own costs, by which sessions are worth naming; null for the challenge's
  ///   score with the buyer share of the training period
  public record Output(
      @Nullable Path probabilities, @Nullable Path answers, Payoff.@Nullable Costs costs) {
    /// Returns a table alone.
    public static Output table(Path probabilities) {
      return new Output(probabilities, null, null);
    }

    /// Returns answers alone, by the challenge's score.
    public static Output answers(Path answers) {
      return new Output(null, answers, null);
    }
  }

  /// What was forecast.
  ///
  /// @param sessions sessions of the log
  /// @param rows rows of the table
  /// @param lines lines of the answers
  /// @param byModel those of them that the model named, not mere popularity
  /// @param expected what the answers are expected to be worth in all
  /// @param seconds wall-clock time
  public record Figures(
      long sessions, long rows, long lines, long byModel, double expected, double seconds) {}

  private final SparkSession spark;
  private final Request request;
  private final String target;
  private final Forecaster model;
  private final LogSpec log;

  private ForecastJob(SparkSession spark, Request request) throws IOException {
    this.spark = spark;
    this.request = request;
    model = Forecaster.load(request.model());
    target = model.target(request.target());
    PurchaseForecaster purchases = model.purchases();
    boolean wantsPurchases = request.next() == 0;
    if (wantsPurchases) {
      PurchaseForecaster.needed(request.model(), purchases);
    }
    log = asTrained(request.log(), purchases);
  }

  /// Writes what is wanted of all sessions. Rows of a session stand together and in the order of
  /// `kaseb forecast`, sessions in any order; lines are in the order of `kaseb forecast`.
  public static Figures run(SparkSession spark, Request request) throws IOException {
    long started = System.nanoTime();
    if (request.next() < 0 || request.next() > MOST_NEXT) {
      throw KasebException.ofSetting("next", request.next(), "1.." + MOST_NEXT);
    }
    Output output = request.output();
    for (Path out : new Path[] {output.probabilities(), output.answers()}) {
      if (out != null && Files.exists(out)) {
        throw new KasebException(
            new KasebException.Problem(
                out.toString(), "is there already", null, "give another name"));
      }
    }
    if (output.probabilities() != null) {
      isParquet(output.probabilities());
    }
    Path any =
        Objects.requireNonNull(
            output.probabilities() == null ? output.answers() : output.probabilities());
    Path out = any.toAbsolutePath().normalize();
    ForecastJob job = new ForecastJob(spark.newSession(), request);
    Path folder = out.resolveSibling("x").getParent();
    Files.createDirectories(folder);
    Path work = Files.createTempDirectory(folder, "." + out.getFileName());
    try {
      return job.into(work, started);
    } finally {
      DatasetWriter.delete(work);
    }
  }

  private Figures into(Path work, long started) throws IOException {
    ClusterLog.Cut cut = new ClusterLog.Cut(request.chunkBytes(), ClusterLog.Cut.DEFAULT.memory());
    LogInput input = LogInput.of(request.clicks(), List.of(), List.of());
    input.source(log.read());
    ClusterLog.read(spark, log, input, request.maxBadRows(), cut, work);
    PurchaseForecaster purchases = model.purchases();
    boolean wantsVisitors =
        purchases != null
            && purchases.goals().values().stream().anyMatch(m -> m.signals().schema().visitors());
    ToldLog told = ToldLog.of(log.read(), wantsVisitors);
    long rows = 0;
    Output output = request.output();
    if (output.probabilities() != null) {
      rows = table(told, work, output.probabilities());
    }
    Lines lines = Lines.NONE;
    if (output.answers() != null) {
      lines = answers(told, work, output.answers(), purchases);
    }
    long sessions =
        spark
            .sql("SELECT count(DISTINCT session) FROM raw WHERE part < 2 AND kind <> 'purchase'")
            .first()
            .getLong(0);
    return new Figures(
        sessions,
        rows,
        lines.count(),
        lines.byModel(),
        lines.expected(),
        (System.nanoTime() - started) / 1e9);
  }

  private long table(ToldLog told, Path work, Path out) throws IOException {
    boolean isParquet = isParquet(out);
    Path place = work.resolve("rows");
    write(forecast(told, new ForecastKind.Table(request.next(), target)), isParquet, place);
    Dataset<Row> written = read(isParquet, place);
    long rows = written.count();
    Files.move(place, out);
    return rows;
  }

  private record Lines(long count, long byModel, double expected) {
    static final Lines NONE = new Lines(0, 0, 0);
  }

  private Lines answers(ToldLog told, Path work, Path out, @Nullable PurchaseForecaster purchases)
      throws IOException {
    Path unordered = work.resolve("answers");
    forecast(told, answered(purchases))
        .write()
        .option("compression", "zstd")
        .parquet(unordered.toUri().toString());
    spark.read().parquet(unordered.toUri().toString()).createOrReplaceTempView("answers");
    spark
        .sql("SELECT line AS value FROM answers ORDER BY start NULLS LAST, row")
        .write()
        .text(out.toUri().toString());
    Row sums =
        spark
            .sql(
                "SELECT count(*), count(*) FILTER (WHERE by_model), coalesce(sum(worth), 0.0D) FROM answers")
            .first();
    return new Lines(sums.getLong(0), sums.getLong(1), sums.getDouble(2));
  }

  private ForecastKind answered(@Nullable PurchaseForecaster purchases) {
    if (request.next() > 0) {
      boolean hasViews =
          !spark.sql("SELECT 1 FROM raw WHERE part < 2 AND kind = 'view' LIMIT 1").isEmpty();
      boolean isClick = target.equals(Forecaster.NEXT_VIEW);
      return new ForecastKind.NextItems(request.next(), target, isClick && !hasViews);
    }
    double share = PurchaseForecaster.needed(request.model(), purchases).model().buyerShare();
    Payoff.Costs costs = request.output().costs();
    return new ForecastKind.Buyers(
        share,
        costs == null ? null : costs.caughtBuyer(),
        costs == null ? null : costs.wrongNudge());
  }

  private Dataset<Row> read(boolean isParquet, Path out) {
    String place = out.toUri().toString();
    return isParquet
        ? spark.read().parquet(place)
        : spark
            .read()
            .option("header", true)
            .option("escape", "\"")
            .schema(ForecastKind.Table.COLUMNS)
            .csv(place);
  }

  private static boolean isParquet(Path out) {
    String name = String.valueOf(out.getFileName()).toLowerCase(Locale.ROOT);
    if (!name.endsWith(".parquet") && !name.endsWith(".csv")) {
      throw KasebException.ofSetting("probabilities", out, "a name that ends in .csv or .parquet");
    }
    return name.endsWith(".parquet");
  }

  /// Returns the log as the model's was read in its training: its own actions by their words, and,
  /// where the user names no attributes, the model's in columns of their names.
  private static LogSpec asTrained(LogSpec log, @Nullable PurchaseForecaster purchases) {
    if (purchases == null) {
      return log.withAttributes("");
    }
    Schema schema = purchases.model().signals().schema();
    LogSpec acting = log.withOwn(schema.actions());
    return log.read().attributes().isEmpty()
        ? acting.withNamed(
            schema.attributes().stream().map(coding -> coding.attribute().toString()).toList())
        : acting;
  }

  private Dataset<Row> forecast(ToldLog told, ForecastKind kind) throws IOException {
    String file = request.model().toAbsolutePath().toString();
    String checksum = Hashes.sha256(Path.of(file));
    return told.rows(spark)
        .mapPartitions(
            (MapPartitionsFunction<Row, Row>)
                rows -> new SessionRows(rows, told, SharedModel.of(file, checksum), kind),
            Encoders.row(kind.columns()));
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
