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
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.UUID;
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
      String model,
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
      @Nullable String probabilities, @Nullable String answers, Payoff.@Nullable Costs costs) {
    /// Returns a table alone.
    public static Output table(String probabilities) {
      return new Output(probabilities, null, null);
    }

    /// Returns answers alone, by the challenge's score.
    public static Output answers(String answers) {
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
  private final SharedFiles files;
  private final Request request;
  private final String file;
  private final String checksum;
  private final String target;
  private final Forecaster model;
  private final LogSpec log;

  private ForecastJob(SparkSession spark, SharedFiles files, Request request) throws IOException {
    this.spark = spark;
    this.files = files;
    this.request = request;
    file = SharedFiles.place(request.model());
    Path own = Files.createTempDirectory("kaseb-model");
    try {
      Path local = files.local(file, own);
      checksum = Hashes.sha256(local);
      model = Forecaster.load(local);
    } finally {
      DatasetWriter.delete(own);
    }
    target = model.target(request.target());
    PurchaseForecaster purchases = model.purchases();
    boolean wantsPurchases = request.next() == 0;
    if (wantsPurchases) {
      PurchaseForecaster.needed(Path.of(request.model()), purchases);
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
    SharedFiles files = SharedFiles.of(spark);
    List<String> places = new ArrayList<>();
    for (String out : new String[] {output.probabilities(), output.answers()}) {
      if (out != null) {
        places.add(SharedFiles.place(out));
      }
    }
    for (String place : places) {
      if (files.exists(place)) {
        throw new KasebException(
            new KasebException.Problem(place, "is there already", null, "give another name"));
      }
    }
    if (output.probabilities() != null) {
      isParquet(output.probabilities());
    }
    ForecastJob job = new ForecastJob(spark.newSession(), files, request);
    String out = places.getFirst();
    String work = beside(out);
    files.makeFolder(work);
    try {
      return job.into(work, started);
    } finally {
      files.delete(work);
    }
  }

  /// Returns the name of a hidden folder that nobody else has.
  private static String beside(String out) {
    return "%s/.%s-%s".formatted(SharedFiles.parent(out), SharedFiles.name(out), UUID.randomUUID());
  }

  private Figures into(String work, long started) throws IOException {
    ClusterLog.Cut cut = new ClusterLog.Cut(request.chunkBytes(), ClusterLog.Cut.DEFAULT.memory());
    LogInput input = LogInput.of(request.clicks(), List.of(), List.of());
    input.source(log.read());
    ClusterLog.read(spark, log, input, request.maxBadRows(), cut, files, work);
    PurchaseForecaster purchases = model.purchases();
    boolean wantsVisitors =
        purchases != null
            && purchases.goals().values().stream().anyMatch(m -> m.signals().schema().visitors());
    ToldLog told = ToldLog.of(log.read(), wantsVisitors);
    long rows = 0;
    Output output = request.output();
    if (output.probabilities() != null) {
      rows = table(told, work, SharedFiles.place(output.probabilities()));
    }
    Lines lines = Lines.NONE;
    if (output.answers() != null) {
      lines = answers(told, work, SharedFiles.place(output.answers()), purchases);
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

  private long table(ToldLog told, String work, String out) throws IOException {
    boolean isParquet = isParquet(out);
    String place = work + "/rows";
    write(forecast(told, new ForecastKind.Table(request.next(), target)), isParquet, place);
    Dataset<Row> written = read(isParquet, place);
    long rows = written.count();
    files.move(place, out);
    return rows;
  }

  private record Lines(long count, long byModel, double expected) {
    static final Lines NONE = new Lines(0, 0, 0);
  }

  private Lines answers(
      ToldLog told, String work, String out, @Nullable PurchaseForecaster purchases)
      throws IOException {
    String unordered = SharedFiles.uri(work + "/answers");
    forecast(told, answered(purchases)).write().option("compression", "zstd").parquet(unordered);
    spark.read().parquet(unordered).createOrReplaceTempView("answers");
    Dataset<Row> ordered =
        spark.sql("SELECT line AS value FROM answers ORDER BY start NULLS LAST, row");
    // Beside the answers, which may lie elsewhere than the table: nobody sees half of them.
    String staging = beside(out);
    try {
      ordered.write().text(SharedFiles.uri(staging));
      files.move(staging, out);
    } finally {
      files.delete(staging);
    }
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
    double share =
        PurchaseForecaster.needed(Path.of(request.model()), purchases).model().buyerShare();
    Payoff.Costs costs = request.output().costs();
    return new ForecastKind.Buyers(
        share,
        costs == null ? null : costs.caughtBuyer(),
        costs == null ? null : costs.wrongNudge());
  }

  private Dataset<Row> read(boolean isParquet, String out) {
    String place = SharedFiles.uri(out);
    return isParquet
        ? spark.read().parquet(place)
        : spark
            .read()
            .option("header", true)
            .option("escape", "\"")
            .schema(ForecastKind.Table.COLUMNS)
            .csv(place);
  }

  private static boolean isParquet(String out) {
    String name = out.toLowerCase(Locale.ROOT);
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

  private Dataset<Row> forecast(ToldLog told, ForecastKind kind) {
    SharedModel shared = new SharedModel(files, file, checksum);
    return told.rows(spark)
        .mapPartitions(
            (MapPartitionsFunction<Row, Row>)
                rows -> new SessionRows(rows, told, shared.forecaster(), kind),
            Encoders.row(kind.columns()));
  }

  private static void write(Dataset<Row> rows, boolean isParquet, String folder) {
    // As text a score has the digits of the model's own numbers, which are floats.
    Dataset<Row> typed =
        isParquet ? rows : rows.withColumn("score", rows.col("score").cast("float"));
    DataFrameWriter<Row> writer = typed.write();
    String place = SharedFiles.uri(folder);
    if (isParquet) {
      writer.option("compression", "zstd").parquet(place);
    } else {
      writer.option("header", true).option("escape", "\"").csv(place);
    }
  }
}
