package io.kaseb.pipeline;

import io.kaseb.base.AtomicFiles;
import io.kaseb.base.DelimitedText;
import io.kaseb.base.KasebException;
import io.kaseb.base.Progress;
import io.kaseb.duckdb.DuckDatabase;
import io.kaseb.duckdb.Resources;
import io.kaseb.duckdb.TableWriter;
import io.kaseb.forecast.Forecaster;
import io.kaseb.forecast.PurchaseForecaster;
import io.kaseb.forecast.Session;
import io.kaseb.forecast.SessionForecast;
import io.kaseb.ingest.ClickLog;
import io.kaseb.ingest.DatasetWriter;
import java.io.BufferedWriter;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/// Writes what a model forecasts for every session of a click log, in numbers: that the session
/// buys, that it buys each clicked item, and the score of each likely next item.
public final class Probabilities {
  private static final int BATCH = 64;
  private static final String COLUMNS =
      "session VARCHAR, forecast VARCHAR, place BIGINT, item VARCHAR, probability DOUBLE, score DOUBLE";

  /// What was written.
  ///
  /// @param sessions sessions of the log
  /// @param rows rows of the file
  /// @param unknownItems clicks on items that the model does not know
  /// @param seconds wall-clock time
  public record Figures(int sessions, long rows, long unknownItems, double seconds) {}

  /// One row of the file.
  ///
  /// @param forecast `buys`, `bought`, `popular`, or `next` with the target, where that is no
  ///   click, behind it
  /// @param place from 1, likeliest first; null for `buys`
  /// @param item its id; null for `buys`
  /// @param probability null where the model's scores of next items are no probabilities
  /// @param score of a next item, on the model's own scale; null for the others
  private record Row(
      String session,
      String forecast,
      @Nullable Integer place,
      @Nullable String item,
      @Nullable Double probability,
      @Nullable Float score) {}

  /// Takes rows.
  @FunctionalInterface
  private interface Sink {
    void take(List<Row> rows) throws IOException;
  }

  private Probabilities() {}

  /// Writes a table with the columns `session, forecast, place, item, probability, score`: for each
  /// session, in the order in which the log first names them, one row `buys`, one row `bought` for
  /// each clicked item and, where wanted, one row `next` for each next item (`popular` where the
  /// model knows no item of the session). Every session counts as finished.
  ///
  /// @param out a name that ends in `.csv` or `.parquet`; standard output and what is no plain file
  ///   get CSV
  public static Figures write(ForecastInput input, Path out, Resources resources, Progress progress)
      throws IOException {
    boolean parquet = isParquet(out);
    if (input.next() == 0) {
      input.purchases();
    }
    ClickLog log = input.log();
    long[] rows = {0};
    AtomicFiles.write(
        out,
        path -> {
          if (parquet) {
            rows[0] =
                writeParquet(
                    path, resources, progress, sink -> all(input, resources, progress, sink));
          } else {
            rows[0] = writeCsv(path, sink -> all(input, resources, progress, sink));
          }
        });
    return new Figures(log.sessionIds().size(), rows[0], input.unknownItems(), input.seconds());
  }

  /// Checks the name of a file to write, before the work.
  ///
  /// @throws KasebException where its ending is neither `.csv` nor `.parquet`
  public static void checkName(Path out) {
    isParquet(out);
  }

  private static boolean isParquet(Path out) {
    String name = String.valueOf(out.getFileName()).toLowerCase(Locale.ROOT);
    if (name.endsWith(".parquet")) {
      return true;
    }
    boolean plain = !out.equals(AtomicFiles.STANDARD_OUTPUT);
    plain &= !Files.exists(out) || Files.isRegularFile(out);
    if (plain && !name.endsWith(".csv")) {
      throw KasebException.ofSetting("probabilities", out, "a name that ends in .csv or .parquet");
    }
    return false;
  }

  /// Something that gives rows to a sink.
  @FunctionalInterface
  private interface Rows {
    long into(Sink sink) throws IOException;
  }

  private static long writeCsv(Path path, Rows rows) throws IOException {
    try (BufferedWriter writer = Files.newBufferedWriter(path)) {
      writer.write("session,forecast,place,item,probability,score\n");
      return rows.into(
          batch -> {
            for (Row row : batch) {
              List<String> fields =
                  List.of(
                      row.session(),
                      row.forecast(),
                      text(row.place()),
                      text(row.item()),
                      text(row.probability()),
                      text(row.score()));
              writer.write(DelimitedText.line(',', fields) + "\n");
            }
          });
    }
  }

  private static String text(@Nullable Object value) {
    return value == null ? "" : value.toString();
  }

  private static long writeParquet(Path path, Resources resources, Progress progress, Rows rows)
      throws IOException {
    Path folder = Files.createTempDirectory("kaseb-probabilities");
    try (DuckDatabase database = DuckDatabase.open(folder, resources, progress)) {
      database.run("writing", "CREATE TABLE forecasts (" + COLUMNS + ")");
      long written;
      try (TableWriter writer = database.append("forecasts")) {
        written = rows.into(batch -> append(writer, batch));
        writer.flush();
      }
      database.run(
          "writing", "COPY forecasts TO %s (FORMAT parquet)".formatted(DuckDatabase.text(path)));
      return written;
    } catch (SQLException e) {
      throw new KasebException(path + ": " + DuckDatabase.firstLine(e), e);
    } finally {
      DatasetWriter.delete(folder);
    }
  }

  private static void append(TableWriter writer, List<Row> rows) throws IOException {
    try {
      for (Row row : rows) {
        writer.row().add(row.session()).add(row.forecast());
        if (row.place() == null || row.item() == null) {
          writer.addNull().addNull();
        } else {
          writer.add((long) row.place()).add(row.item());
        }
        add(writer, row.probability());
        add(writer, row.score() == null ? null : Double.valueOf(row.score()));
        writer.end();
      }
    } catch (SQLException e) {
      throw new IOException(DuckDatabase.firstLine(e), e);
    }
  }

  private static void add(TableWriter writer, @Nullable Double value) throws SQLException {
    if (value == null) {
      writer.addNull();
    } else {
      writer.add((double) value);
    }
  }

  private static long all(ForecastInput input, Resources resources, Progress progress, Sink sink)
      throws IOException {
    int n = input.log().sessionIds().size();
    long[] counts = new long[2];
    resources
        .workers()
        .<List<Row>>inOrder(
            (n + BATCH - 1) / BATCH,
            b -> batch(input, b * BATCH),
            rows -> {
              sink.take(rows);
              counts[0] += rows.size();
              counts[1] = Math.min(n, counts[1] + BATCH);
              progress.at("forecasting", counts[1], n, "sessions");
            });
    return counts[0];
  }

  private static List<Row> batch(ForecastInput input, int from) {
    ClickLog log = input.log();
    List<Row> rows = new ArrayList<>();
    for (int i = from; i < Math.min(log.sessionIds().size(), from + BATCH); i++) {
      int s = log.inputOrder()[i];
      Session session = input.forecaster().newSession();
      new LoggedSession(log.labelled(), log.itemIds(), s).into(session);
      add(
          rows,
          log.sessionIds().get(s),
          input.target(),
          session.forecast(input.next(), null, true, input.target()));
    }
    return rows;
  }

  private static void add(List<Row> rows, String id, String target, SessionForecast forecast) {
    String next = target.equals(Forecaster.NEXT_VIEW) ? "next" : "next_" + target;
    if (forecast.buyProbability() != null) {
      rows.add(new Row(id, "buys", null, null, forecast.buyProbability(), null));
    }
    int place = 1;
    for (PurchaseForecaster.Item item : forecast.bought()) {
      rows.add(new Row(id, "bought", place++, item.item(), item.probability(), null));
    }
    place = 1;
    for (SessionForecast.Next item : forecast.items()) {
      boolean isPopular = item.source() == SessionForecast.Source.POPULAR;
      String what = isPopular ? "popular" : next;
      rows.add(new Row(id, what, place++, item.item(), item.probability(), item.score()));
    }
  }
}
