package io.kaseb.pipeline;

import io.kaseb.base.KasebException;
import io.kaseb.base.Progress;
import io.kaseb.duckdb.Resources;
import io.kaseb.forecast.Forecaster;
import io.kaseb.forecast.PurchaseForecaster;
import io.kaseb.forecast.Session;
import io.kaseb.forecast.SessionForecast;
import io.kaseb.ingest.ClickLog;
import io.kaseb.pipeline.TableFile.Column;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// Writes what a model forecasts for every session of a click log, in numbers: that the session
/// buys, that it buys each clicked item, and the score of each likely next item.
public final class Probabilities {
  private static final int BATCH = 64;
  private static final String SETTING = "probabilities";
  private static final TableFile TABLE =
      new TableFile(
          List.of(
              new Column("session", TableFile.Type.TEXT),
              new Column("forecast", TableFile.Type.TEXT),
              new Column("place", TableFile.Type.WHOLE),
              new Column("item", TableFile.Type.TEXT),
              new Column("probability", TableFile.Type.NUMBER),
              new Column("score", TableFile.Type.NUMBER)));

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
      @Nullable Float score) {
    List<@Nullable Object> values() {
      return Arrays.asList(session, forecast, place, item, probability, score);
    }
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
    boolean parquet = TableFile.isParquet(SETTING, out);
    if (input.next() == 0) {
      input.purchases();
    }
    long rows =
        TABLE.write(
            out, parquet, resources, progress, sink -> all(input, resources, progress, sink));
    int sessions = input.log().sessionIds().size();
    return new Figures(sessions, rows, input.unknownItems(), input.seconds());
  }

  /// Checks the name of a file to write, before the work.
  ///
  /// @throws KasebException where its ending is neither `.csv` nor `.parquet`
  public static void checkName(Path out) {
    TableFile.isParquet(SETTING, out);
  }

  private static long all(
      ForecastInput input, Resources resources, Progress progress, TableFile.Sink sink)
      throws IOException {
    int n = input.log().sessionIds().size();
    long[] counts = new long[2];
    resources
        .workers()
        .<List<Row>>inOrder(
            (n + BATCH - 1) / BATCH,
            b -> batch(input, b * BATCH),
            rows -> {
              sink.take(rows.stream().map(Row::values).toList());
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
