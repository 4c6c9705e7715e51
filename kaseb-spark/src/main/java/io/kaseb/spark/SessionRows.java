package io.kaseb.spark;

import io.kaseb.event.Event;
import io.kaseb.forecast.Forecaster;
import io.kaseb.forecast.PurchaseForecaster;
import io.kaseb.forecast.Session;
import io.kaseb.forecast.SessionForecast;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;
import java.util.Map;
import java.util.NoSuchElementException;
import java.util.Queue;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.RowFactory;
import org.jspecify.annotations.Nullable;

/// Turns events, sessions one behind the other, into the rows of forecasts: an event is told to its
/// session as it comes and then forgotten, so that a session may be of any length.
final class SessionRows implements Iterator<Row> {
  private final Iterator<Row> events;
  private final Forecaster forecaster;
  private final int next;
  private final String target;
  private final Queue<Row> ready = new ArrayDeque<>();
  private @Nullable Row ahead;

  /// Creates the rows.
  ///
  /// @param events `session, item, time, kind, category`, by session and in order
  /// @param next how many next items of each session are wanted
  /// @param target the action that they are likeliest to get
  SessionRows(Iterator<Row> events, Forecaster forecaster, int next, String target) {
    this.events = events;
    this.forecaster = forecaster;
    this.next = next;
    this.target = target;
    ahead = events.hasNext() ? events.next() : null;
  }

  @Override
  public boolean hasNext() {
    while (ready.isEmpty() && ahead != null) {
      session(ahead);
    }
    return !ready.isEmpty();
  }

  @Override
  public Row next() {
    if (!hasNext()) {
      throw new NoSuchElementException();
    }
    return ready.remove();
  }

  private void session(Row first) {
    String id = first.getString(0);
    Session session = forecaster.newSession();
    session.attributes(Map.of());
    @Nullable Row event = first;
    while (event != null && event.getString(0).equals(id)) {
      String category = event.getString(4);
      session.event(
          new Event(
              event.getString(3),
              event.getString(1),
              category == null || category.isEmpty() ? null : category,
              event.isNullAt(2) ? -1 : event.getLong(2),
              Map.of()));
      event = events.hasNext() ? events.next() : null;
    }
    ahead = event;
    add(id, session.forecast(next, null, true, target));
  }

  private void add(String id, SessionForecast forecast) {
    List<Row> rows = new ArrayList<>();
    Double buys = forecast.buyProbability();
    if (buys != null) {
      rows.add(RowFactory.create(id, "buys", null, null, buys, null));
    }
    long place = 1;
    for (PurchaseForecaster.Item item : forecast.bought()) {
      rows.add(RowFactory.create(id, "bought", place++, item.item(), item.probability(), null));
    }
    place = 1;
    String what = target.equals(Forecaster.NEXT_VIEW) ? "next" : "next_" + target;
    for (SessionForecast.Next item : forecast.items()) {
      boolean isPopular = item.source() == SessionForecast.Source.POPULAR;
      rows.add(
          RowFactory.create(
              id,
              isPopular ? "popular" : what,
              place++,
              item.item(),
              item.probability(),
              (double) item.score()));
    }
    ready.addAll(rows);
  }
}
