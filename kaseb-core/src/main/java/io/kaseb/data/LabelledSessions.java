package io.kaseb.data;

import io.kaseb.event.Actions;
import io.kaseb.model.Sessions;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;

/// Sessions with all that a purchase forecast reads or is taught: events, their actions, categories
/// and attributes, what is known of the visitor, and what was bought.
///
/// @param sessions all events, clicks or not; an event without an item has [#NO_ITEM]
/// @param signals actions, attributes and visitors
/// @param categories index of each click's category in `categoryNames`, -1 where it has none
/// @param categoryNames the log's own names
/// @param purchases what each session bought; none where that is not known
/// @param realTimes whether the time of day means something; gaps inside a session always do
/// @param index a model's number of each item of this log, negative where it lacks one; clicks keep
///   the log's numbers, so that items unknown to the model stay apart
public record LabelledSessions(
    Sessions sessions,
    Signals signals,
    int[] categories,
    List<String> categoryNames,
    Purchases purchases,
    boolean realTimes,
    int[] index) {
  /// The item of an event that has none.
  public static final int NO_ITEM = -1;

  /// Creates sessions of clicks alone.
  public LabelledSessions(
      Sessions sessions,
      int[] categories,
      List<String> categoryNames,
      Purchases purchases,
      boolean realTimes,
      int[] index) {
    this(
        sessions,
        Signals.none(sessions.count()),
        categories,
        categoryNames,
        purchases,
        realTimes,
        index);
  }

  /// Checks that the parts fit together.
  public LabelledSessions {
    categoryNames = List.copyOf(categoryNames);
    if (categories.length != sessions.events() || purchases.count() != sessions.count()) {
      throw new IllegalArgumentException(
          categories.length
              + " categories for "
              + sessions.events()
              + " clicks, purchases of "
              + purchases.count()
              + " of "
              + sessions.count()
              + " sessions");
    }
  }

  /// Returns the number of sessions.
  public int count() {
    return sessions.count();
  }

  /// Returns the same labelled for a model that has items of its own.
  ///
  /// @param numbers the model's number of each item of this log, negative where it lacks one
  public LabelledSessions indexed(int[] numbers) {
    return new LabelledSessions(
        sessions, signals, categories, categoryNames, purchases, realTimes, numbers);
  }

  /// Returns the same labelled with categories numbered as in `names`; others have none.
  public LabelledSessions categorised(List<String> names) {
    if (names.equals(categoryNames)) {
      return this;
    }
    Map<String, Integer> numbers = new HashMap<>();
    for (int c = 0; c < names.size(); c++) {
      numbers.put(names.get(c), c);
    }
    int[] changed = new int[categories.length];
    for (int e = 0; e < changed.length; e++) {
      changed[e] =
          categories[e] < 0 ? -1 : numbers.getOrDefault(categoryNames.get(categories[e]), -1);
    }
    return new LabelledSessions(sessions, signals, changed, names, purchases, realTimes, index);
  }

  /// Returns the model's number of a click's item; negative where the model lacks it.
  public int item(int event) {
    return index(sessions.items()[event]);
  }

  /// Returns the model's number of an item of this log; negative where the model lacks it.
  public int index(int item) {
    return item >= 0 && item < index.length ? index[item] : -1;
  }

  /// Returns the `live` view: events at or after a session's first purchase are cut, so that
  /// nothing is left that a shop could not have seen in time. Where only times tell (datasets of
  /// version 1), a click at the very time of the purchase stays. A session that bought before any
  /// event is left with none.
  public LabelledSessions live() {
    if (purchases.places().length > 0) {
      return filtered(
          (session, event) -> event - sessions.start(session) < purchases.firstPlace(session));
    }
    long[] times = sessions.times();
    if (times == null) {
      return this;
    }
    return filtered((session, event) -> times[event] <= purchases.first(session));
  }

  /// Returns the clicks alone, without actions; all events of a log that has no click.
  public LabelledSessions clicks() {
    if (signals.isClicksOnly()) {
      return this;
    }
    LabelledSessions clicks =
        filtered(
            (session, event) ->
                sessions.items()[event] != NO_ITEM && signals.action(event) == Actions.VIEW);
    return clicks.sessions().events() == 0 ? this : clicks;
  }

  /// Returns the same sessions labelled by another action: each event of it is a purchase, and what
  /// follows the first is cut in [#live()].
  ///
  /// @param action as the signals number it; [Actions#PURCHASE] changes nothing
  public LabelledSessions forGoal(int action) {
    if (action == Actions.PURCHASE) {
      return this;
    }
    int[] rows =
        IntStream.range(0, sessions.events()).filter(e -> signals.action(e) == action).toArray();
    int[] offsets = new int[count() + 1];
    int[] items = new int[rows.length];
    int[] keys = new int[rows.length];
    long[] times = new long[rows.length];
    int[] places = new int[rows.length];
    long[] logged = sessions.times();
    int r = 0;
    for (int s = 0; s < count(); s++) {
      for (; r < rows.length && rows[r] < sessions.end(s); r++) {
        int item = sessions.items()[rows[r]];
        items[r] = item < 0 ? Sessions.UNKNOWN : item;
        keys[r] = items[r];
        times[r] = logged == null ? Purchases.NO_TIME : logged[rows[r]];
        places[r] = rows[r] - sessions.start(s);
      }
      offsets[s + 1] = r;
    }
    return new LabelledSessions(
        sessions,
        signals,
        categories,
        categoryNames,
        new Purchases(offsets, items, keys, times, new float[rows.length], places),
        realTimes,
        index);
  }

  /// Returns the same sessions, those not to keep without clicks.
  public LabelledSessions masked(boolean[] keep) {
    return filtered((session, event) -> keep[session]);
  }

  /// Decides which clicks stay.
  @FunctionalInterface
  private interface Filter {
    boolean keeps(int session, int event);
  }

  private LabelledSessions filtered(Filter filter) {
    long[] times = sessions.times();
    int[] offsets = new int[sessions.count() + 1];
    int[] items = new int[sessions.events()];
    long[] kept = new long[times == null ? 0 : items.length];
    int[] groups = new int[items.length];
    int[] events = new int[items.length];
    int n = 0;
    for (int s = 0; s < sessions.count(); s++) {
      for (int e = sessions.start(s); e < sessions.end(s); e++) {
        if (filter.keeps(s, e)) {
          items[n] = sessions.items()[e];
          groups[n] = categories[e];
          events[n] = e;
          if (times != null) {
            kept[n] = times[e];
          }
          n++;
        }
      }
      offsets[s + 1] = n;
    }
    return new LabelledSessions(
        new Sessions(
            offsets, Arrays.copyOf(items, n), times == null ? null : Arrays.copyOf(kept, n)),
        signals.ofEvents(Arrays.copyOf(events, n)),
        Arrays.copyOf(groups, n),
        categoryNames,
        purchases,
        realTimes,
        index);
  }

  /// Returns sessions `from` (inclusive) to `to` (exclusive).
  public LabelledSessions slice(int from, int to) {
    int first = sessions.start(from);
    int last = to == from ? first : sessions.end(to - 1);
    int firstRow = purchases.offsets()[from];
    int lastRow = purchases.offsets()[to];
    int[] offsets = new int[to - from + 1];
    for (int s = from; s <= to; s++) {
      offsets[s - from] = purchases.offsets()[s] - firstRow;
    }
    return new LabelledSessions(
        sessions.slice(from, to),
        signals.slice(from, to, first, last),
        Arrays.copyOfRange(categories, first, last),
        categoryNames,
        new Purchases(
            offsets,
            Arrays.copyOfRange(purchases.items(), firstRow, lastRow),
            Arrays.copyOfRange(purchases.keys(), firstRow, lastRow),
            Arrays.copyOfRange(purchases.times(), firstRow, lastRow),
            Arrays.copyOfRange(purchases.prices(), firstRow, lastRow),
            purchases.places().length == 0
                ? purchases.places()
                : Arrays.copyOfRange(purchases.places(), firstRow, lastRow)),
        realTimes,
        index);
  }
}
