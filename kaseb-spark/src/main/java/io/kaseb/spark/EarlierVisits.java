package io.kaseb.spark;

import io.kaseb.event.Visitor;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.PriorityQueue;
import java.util.Queue;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.RowFactory;
import org.apache.spark.sql.types.DataTypes;
import org.apache.spark.sql.types.StructType;
import org.jspecify.annotations.Nullable;

/// Tells of each session what its visitor did in sessions that ended before it began, as
/// [io.kaseb.data.VisitorHistory] does on one machine: a visitor's sessions pass by start, and only
/// those that have not ended yet are kept, so that a visitor may have any number.
///
/// Of a session only the latest touch of each item is known here.
final class EarlierVisits implements Iterator<Row> {
  /// What is told of a session.
  static final StructType COLUMNS =
      new StructType()
          .add("visit", DataTypes.StringType)
          .add("earlier", DataTypes.IntegerType)
          .add("buyers", DataTypes.IntegerType)
          .add("last_ended", DataTypes.LongType)
          .add("seen", DataTypes.createArrayType(DataTypes.StringType))
          .add("taken", DataTypes.createArrayType(DataTypes.StringType));

  private record Visit(
      long ended, long place, boolean bought, List<String> ids, List<Integer> taken) {}

  private final Iterator<Row> visits;
  private final Queue<Visit> open =
      new PriorityQueue<>(Comparator.comparingLong(Visit::ended).thenComparingLong(Visit::place));
  private final Map<String, Boolean> items = new LinkedHashMap<>();
  private @Nullable String visitor;
  private long place;
  private int earlier;
  private int buyers;
  private long ended = -1;

  /// Creates the rows.
  ///
  /// @param visits `visit, visitor, start, first_row, ended, bought, ids, taken`, by visitor, then
  ///   start
  EarlierVisits(Iterator<Row> visits) {
    this.visits = visits;
  }

  @Override
  public boolean hasNext() {
    return visits.hasNext();
  }

  @Override
  public Row next() {
    Row row = visits.next();
    if (!row.getString(1).equals(visitor)) {
      visitor = row.getString(1);
      open.clear();
      items.clear();
      earlier = 0;
      buyers = 0;
      ended = -1;
    }
    long start = row.getLong(2);
    for (Visit first = open.peek(); first != null && first.ended() < start; first = open.peek()) {
      close(open.remove());
    }
    List<String> ids = row.isNullAt(6) ? List.of() : row.getList(6);
    List<Integer> taken = row.isNullAt(7) ? List.of() : row.getList(7);
    open.add(new Visit(row.getLong(4), place++, row.getBoolean(5), ids, taken));
    List<String> looked = new ArrayList<>();
    List<String> bought = new ArrayList<>();
    items.forEach((id, isTaken) -> (isTaken ? bought : looked).add(id));
    return RowFactory.create(
        row.getString(0),
        earlier,
        buyers,
        ended,
        looked.toArray(new String[0]),
        bought.toArray(new String[0]));
  }

  private void close(Visit visit) {
    earlier++;
    buyers += visit.bought() ? 1 : 0;
    ended = visit.ended();
    for (int i = 0; i < visit.ids().size(); i++) {
      String id = visit.ids().get(i);
      boolean was = Boolean.TRUE.equals(items.remove(id));
      items.put(id, was || visit.taken().get(i) > 0);
      if (items.size() > Visitor.MOST_ITEMS) {
        items.remove(items.keySet().iterator().next());
      }
    }
  }
}
