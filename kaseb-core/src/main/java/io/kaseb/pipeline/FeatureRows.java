package io.kaseb.pipeline;

import io.kaseb.base.KasebException;
import io.kaseb.base.Progress;
import io.kaseb.duckdb.Resources;
import io.kaseb.forecast.PurchaseFeatures;
import io.kaseb.forecast.Session;
import io.kaseb.ingest.ClickLog;
import io.kaseb.pipeline.TableFile.Column;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.function.BiConsumer;
import org.jspecify.annotations.Nullable;

/// Writes the features that the trees and regressions of a purchase forecast read, of every session
/// of a click log: what the graph of [Export#onnxPurchases] takes, and what a model of one's own
/// can be trained on.
public final class FeatureRows {
  private static final int BATCH = 64;
  private static final String SESSION = "session";

  /// What was written.
  ///
  /// @param sessions sessions of the log
  /// @param rows rows of the file; a session of which the model follows no event has none
  /// @param features numbers of a row
  /// @param seconds wall-clock time
  public record Figures(int sessions, long rows, int features, double seconds) {}

  private FeatureRows() {}

  /// Checks the name of a file to write, before the work.
  ///
  /// @param setting what the user calls it
  /// @throws KasebException where its ending is neither `.csv` nor `.parquet`
  public static void checkName(String setting, Path out) {
    TableFile.isParquet(setting, out);
  }

  /// Writes a row for each session, in the order in which the log first names them: its id in the
  /// column `session`, then 32-bit floats,
  /// [io.kaseb.forecast.PurchaseForecaster#sessionFeatures()]. Every session counts as finished.
  ///
  /// @param setting what the user calls the file
  /// @param out a name that ends in `.csv` or `.parquet`; standard output and what is no plain file
  ///   get CSV
  /// @throws KasebException where the model has no purchase forecast
  public static Figures ofSessions(
      ForecastInput input, String setting, Path out, Resources resources, Progress progress)
      throws IOException {
    List<Column> columns = new ArrayList<>();
    columns.add(new Column(SESSION, TableFile.Type.TEXT));
    return write(
        input,
        columns,
        input.purchases().sessionFeatures(),
        (session, rows) -> rows.add(row(List.of(session.id()), session.features().session())),
        TableFile.isParquet(setting, out),
        out,
        resources,
        progress);
  }

  /// Writes a row for each item that a session touched, in the order of first events: the session's
  /// id in the column `session`, the item's in `item`, then 32-bit floats,
  /// [io.kaseb.forecast.PurchaseForecaster#itemFeatures()].
  ///
  /// @param setting what the user calls the file
  /// @param out a name that ends in `.csv` or `.parquet`; standard output and what is no plain file
  ///   get CSV
  /// @throws KasebException where the model has no purchase forecast
  public static Figures ofItems(
      ForecastInput input, String setting, Path out, Resources resources, Progress progress)
      throws IOException {
    List<Column> columns = new ArrayList<>();
    columns.add(new Column(SESSION, TableFile.Type.TEXT));
    columns.add(new Column("item", TableFile.Type.TEXT));
    return write(
        input,
        columns,
        input.purchases().itemFeatures(),
        (session, rows) ->
            session
                .features()
                .items()
                .forEach((item, features) -> rows.add(row(List.of(session.id(), item), features))),
        TableFile.isParquet(setting, out),
        out,
        resources,
        progress);
  }

  private record Followed(String id, PurchaseFeatures features) {}

  private static Figures write(
      ForecastInput input,
      List<Column> columns,
      List<String> features,
      BiConsumer<Followed, List<List<@Nullable Object>>> rows,
      boolean parquet,
      Path out,
      Resources resources,
      Progress progress)
      throws IOException {
    features.forEach(name -> columns.add(new Column(name, TableFile.Type.SHORT_NUMBER)));
    int n = input.log().sessionIds().size();
    long written =
        new TableFile(columns)
            .write(
                out,
                parquet,
                resources,
                progress,
                sink -> {
                  long[] counts = new long[2];
                  resources
                      .workers()
                      .<List<List<@Nullable Object>>>inOrder(
                          (n + BATCH - 1) / BATCH,
                          b -> batch(input, b * BATCH, rows),
                          batch -> {
                            sink.take(batch);
                            counts[0] += batch.size();
                            counts[1] = Math.min(n, counts[1] + BATCH);
                            progress.at("features", counts[1], n, "sessions");
                          });
                  return counts[0];
                });
    return new Figures(n, written, features.size(), input.seconds());
  }

  private static List<List<@Nullable Object>> batch(
      ForecastInput input, int from, BiConsumer<Followed, List<List<@Nullable Object>>> into) {
    ClickLog log = input.log();
    List<List<@Nullable Object>> rows = new ArrayList<>();
    for (int i = from; i < Math.min(log.sessionIds().size(), from + BATCH); i++) {
      int s = log.inputOrder()[i];
      Session session = input.forecaster().newSession();
      new LoggedSession(log.labelled(), log.itemIds(), s).into(session);
      PurchaseFeatures features = session.features(true);
      if (features != null) {
        into.accept(new Followed(log.sessionIds().get(s), features), rows);
      }
    }
    return rows;
  }

  private static List<@Nullable Object> row(List<String> ids, float[] features) {
    List<@Nullable Object> row = new ArrayList<>(ids);
    for (float feature : features) {
      row.add(feature);
    }
    return row;
  }
}
