package io.kaseb.pipeline;

import io.kaseb.base.AtomicFiles;
import io.kaseb.base.Progress;
import io.kaseb.duckdb.Resources;
import io.kaseb.forecast.Forecaster;
import io.kaseb.forecast.Session;
import io.kaseb.forecast.SessionForecast;
import io.kaseb.ingest.ClickLog;
import io.kaseb.model.Sessions;
import io.kaseb.model.TopItems;
import java.io.BufferedWriter;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/// Forecasts the next items of every session of a click log, from all its clicks.
public final class Forecast {
  private static final int BATCH = 16;

  /// What was forecast.
  ///
  /// @param sessions sessions of the log, each a line of the answers
  /// @param withoutForecast sessions that click no item the model knows: their line has the most
  ///   popular items
  /// @param unknownItems clicks on items that the model does not know
  /// @param seconds wall-clock time
  public record Figures(int sessions, int withoutForecast, long unknownItems, double seconds) {}

  private Forecast() {}

  /// Writes the answers: a line `session;item,item,...` for each session, likeliest item first, in
  /// the order in which sessions start.
  ///
  /// @param input read for next items
  public static Figures nextItems(
      ForecastInput input, Path out, Resources resources, Progress progress) throws IOException {
    Forecaster forecaster = input.forecaster();
    ClickLog log = input.log();
    Sessions sessions = log.sessions();
    boolean isClick = input.target().equals(Forecaster.NEXT_VIEW);
    int[] empty = new int[1];
    AtomicFiles.write(
        out,
        path -> {
          try (BufferedWriter writer = Files.newBufferedWriter(path)) {
            int batches = (sessions.count() + BATCH - 1) / BATCH;
            resources
                .workers()
                .<List<Line>>inOrder(
                    batches,
                    b ->
                        isClick
                            ? batch(forecaster, sessions, b * BATCH, input.next())
                            : acted(input, b * BATCH),
                    lines -> {
                      for (Line line : lines) {
                        empty[0] += line.isByModel() ? 0 : 1;
                        writer.write(
                            AnswerFile.line(log.sessionIds().get(line.session()), line.items()));
                      }
                      progress.at(
                          "forecasting",
                          lines.getLast().session() + 1,
                          sessions.count(),
                          "sessions");
                    });
          }
        });
    return new Figures(sessions.count(), empty[0], input.unknownItems(), input.seconds());
  }

  private record Line(int session, List<String> items, boolean isByModel) {}

  private static List<Line> batch(Forecaster forecaster, Sessions sessions, int from, int next) {
    int to = Math.min(sessions.count(), from + BATCH);
    TopItems top = TopItems.of(next);
    List<Line> lines = new ArrayList<>();
    for (int s = from; s < to; s++) {
      Forecaster.State session = forecaster.newState();
      top.clear();
      boolean any = false;
      for (int e = sessions.start(s); e < sessions.end(s); e++) {
        if (sessions.items()[e] >= 0) {
          session.click(sessions.items()[e]);
          any = true;
        }
      }
      if (any) {
        forecaster.top(session, top);
      } else {
        forecaster.popular(top);
      }
      lines.add(new Line(s, ids(forecaster, top.items()), any));
    }
    return lines;
  }

  /// Names the items likeliest to get another action than a click.
  private static List<Line> acted(ForecastInput input, int from) {
    Sessions sessions = input.log().sessions();
    List<Line> lines = new ArrayList<>();
    for (int s = from; s < Math.min(sessions.count(), from + BATCH); s++) {
      Session session = input.forecaster().newSession();
      new LoggedSession(input.log().labelled(), input.log().itemIds(), s).into(session);
      List<SessionForecast.Next> items =
          session.forecast(input.next(), null, false, input.target()).items();
      boolean isByModel =
          items.stream().anyMatch(item -> item.source() != SessionForecast.Source.POPULAR);
      lines.add(new Line(s, items.stream().map(SessionForecast.Next::item).toList(), isByModel));
    }
    return lines;
  }

  private static List<String> ids(Forecaster forecaster, int[] items) {
    List<String> ids = new ArrayList<>();
    for (int item : items) {
      ids.add(forecaster.catalogue().id(item));
    }
    return ids;
  }
}
