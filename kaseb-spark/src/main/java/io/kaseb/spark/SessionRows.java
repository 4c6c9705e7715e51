package io.kaseb.spark;

import io.kaseb.event.Event;
import io.kaseb.event.Visitor;
import io.kaseb.forecast.Forecaster;
import io.kaseb.forecast.Session;
import java.util.ArrayDeque;
import java.util.HashMap;
import java.util.Iterator;
import java.util.List;
import java.util.Map;
import java.util.NoSuchElementException;
import java.util.Queue;
import java.util.Set;
import org.apache.spark.sql.Row;
import org.jspecify.annotations.Nullable;

/// Turns events, sessions one behind the other, into the rows of forecasts: an event is told to its
/// session as it comes and then forgotten, so that a session may be of any length.
final class SessionRows implements Iterator<Row> {
  private final Iterator<Row> told;
  private final ToldLog log;
  private final Forecaster forecaster;
  private final ForecastKind kind;
  private final Queue<Row> ready = new ArrayDeque<>();
  private @Nullable Row ahead;

  /// Creates the rows.
  ///
  /// @param told the rows of a log, as [ToldLog] has them
  /// @param kind what is wanted of each session
  SessionRows(Iterator<Row> told, ToldLog log, Forecaster forecaster, ForecastKind kind) {
    this.told = told;
    this.log = log;
    this.forecaster = forecaster;
    this.kind = kind;
    ahead = told.hasNext() ? told.next() : null;
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
    @Nullable Row row = first;
    if (first.getInt(6) == 0) {
      visitor(session, first);
      session.attributes(values(first));
      row = told.hasNext() ? told.next() : null;
    }
    Long start = null;
    long place = Long.MAX_VALUE;
    while (row != null && row.getString(0).equals(id)) {
      place = Math.min(place, row.getLong(5));
      if (start == null && !row.isNullAt(2)) {
        start = row.getLong(2);
      }
      session.event(event(row));
      row = told.hasNext() ? told.next() : null;
    }
    ahead = row;
    kind.add(ready, id, session, start, place);
  }

  private Event event(Row row) {
    String category = row.getString(4);
    boolean isClick = kind.itemsAreClicks() && !row.isNullAt(1);
    return new Event(
        isClick ? Forecaster.NEXT_VIEW : row.getString(3),
        row.getString(1),
        category == null || category.isEmpty() ? null : category,
        row.isNullAt(2) ? -1 : row.getLong(2),
        values(row));
  }

  private Map<String, Object> values(Row row) {
    if (log.columns().isEmpty()) {
      return Map.of();
    }
    Map<String, Object> values = new HashMap<>();
    for (int i = 0; i < log.columns().size(); i++) {
      int at = ToldLog.VALUES + i;
      if (!row.isNullAt(at)) {
        ToldLog.Column column = log.columns().get(i);
        if (column.isNumber()) {
          values.put(column.name(), (float) row.getDouble(at));
        } else if (!row.getString(at).isEmpty()) {
          values.put(column.name(), row.getString(at));
        }
      }
    }
    return values;
  }

  private void visitor(Session session, Row head) {
    int at = ToldLog.VALUES + log.columns().size();
    if (log.visitors() && !head.isNullAt(at)) {
      List<String> seen = head.getList(at + 3);
      List<String> taken = head.getList(at + 4);
      session.visitor(
          new Visitor(
              head.getInt(at),
              head.getInt(at + 1),
              head.getLong(at + 2),
              Set.copyOf(seen),
              Set.copyOf(taken)));
    }
  }
}
