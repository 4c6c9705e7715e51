package io.kaseb.data;

import java.util.Arrays;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.function.IntToLongFunction;
import java.util.stream.IntStream;

/// Sessions with their users, of which it tells, for each session, what its user did in sessions
/// that ended before it began. Not safe for several threads.
public final class VisitorHistory {
  private static final long DAY_MILLIS = 86_400_000;

  private final boolean byDay;
  private final int[] users;
  private final long[] starts;
  private final long[] ends;
  private final boolean[] bought;

  /// Rows of items: the session, and the item doubled, plus 1 where it was bought.
  private int[] rowSessions = new int[16];

  private int[] rowItems = new int[16];
  private int rows;

  /// Creates the history of some sessions, of whose users none is known yet.
  ///
  /// @param byDay whether only days tell what came earlier, the time of day meaning nothing
  public VisitorHistory(int sessions, boolean byDay) {
    this.byDay = byDay;
    users = new int[sessions];
    starts = new long[sessions];
    ends = new long[sessions];
    bought = new boolean[sessions];
    Arrays.fill(users, -1);
  }

  /// Tells of a session.
  ///
  /// @param user its user's number, -1 where it is not known
  /// @param start the time of its first event
  /// @param end the time of its last event or purchase
  /// @param buys whether it bought anything
  public void session(int session, int user, long start, long end, boolean buys) {
    users[session] = user;
    starts[session] = start;
    ends[session] = end;
    bought[session] = buys;
  }

  /// Tells of an item of a session, in the order of events.
  ///
  /// @param taken whether it was bought
  public void item(int session, int item, boolean taken) {
    if (rows == rowItems.length) {
      rowSessions = Arrays.copyOf(rowSessions, 2 * rows);
      rowItems = Arrays.copyOf(rowItems, 2 * rows);
    }
    rowSessions[rows] = session;
    rowItems[rows++] = 2 * item + (taken ? 1 : 0);
  }

  /// Returns what is known of all sessions' visitors.
  public Visitors visitors() {
    int n = users.length;
    int[] known = IntStream.range(0, n).filter(s -> users[s] >= 0).toArray();
    int[] byUser = sorted(known, Arrays.stream(known).map(s -> users[s]).toArray());
    int[] byRow = sorted(IntStream.range(0, rows).toArray(), Arrays.copyOf(rowSessions, rows));
    int[] ofSession = new int[n + 1];
    for (int r = 0; r < rows; r++) {
      ofSession[rowSessions[r] + 1]++;
    }
    addUp(ofSession);
    Visitors unknown = Visitors.unknown(n);
    Known result = new Known(unknown.sessions(), unknown.bought(), unknown.ended(), new int[n][]);
    for (int from = 0; from < byUser.length; ) {
      int to = from;
      while (to < byUser.length && users[byUser[to]] == users[byUser[from]]) {
        to++;
      }
      user(Arrays.copyOfRange(byUser, from, to), byRow, ofSession, result);
      from = to;
    }
    return result.visitors();
  }

  /// What is gathered of each session.
  ///
  /// @param items its visitor's items, as the rows have them
  private record Known(int[] sessions, int[] bought, long[] ended, int[][] items) {
    Visitors visitors() {
      int[] offsets = new int[sessions.length + 1];
      for (int s = 0; s < sessions.length; s++) {
        offsets[s + 1] = offsets[s] + (items[s] == null ? 0 : items[s].length);
      }
      int[] all = new int[offsets[sessions.length]];
      boolean[] taken = new boolean[all.length];
      for (int s = 0; s < sessions.length; s++) {
        for (int i = offsets[s]; i < offsets[s + 1]; i++) {
          all[i] = items[s][i - offsets[s]] >> 1;
          taken[i] = (items[s][i - offsets[s]] & 1) > 0;
        }
      }
      return new Visitors(sessions, bought, ended, offsets, all, taken);
    }
  }

  private void user(int[] mine, int[] byRow, int[] ofSession, Known result) {
    int[] byStart = sorted(mine, s -> starts[s]);
    int[] byEnd = sorted(mine, s -> ends[s]);
    Map<Integer, Integer> items = new LinkedHashMap<>();
    int ended = 0;
    int buyers = 0;
    for (int s : byStart) {
      for (; ended < byEnd.length && isBefore(byEnd[ended], s); ended++) {
        int earlier = byEnd[ended];
        buyers += bought[earlier] ? 1 : 0;
        for (int r = ofSession[earlier]; r < ofSession[earlier + 1]; r++) {
          remember(items, rowItems[byRow[r]]);
        }
      }
      result.sessions[s] = ended;
      result.bought[s] = buyers;
      result.ended[s] = ended == 0 ? -1 : ends[byEnd[ended - 1]];
      result.items[s] =
          items.entrySet().stream().mapToInt(e -> 2 * e.getKey() + e.getValue()).toArray();
    }
  }

  private static void remember(Map<Integer, Integer> items, int row) {
    Integer before = items.remove(row >> 1);
    items.put(row >> 1, (row & 1) | (before == null ? 0 : before));
    if (items.size() > Visitors.MOST_ITEMS) {
      items.remove(items.keySet().iterator().next());
    }
  }

  private boolean isBefore(int earlier, int session) {
    return byDay
        ? Math.floorDiv(ends[earlier], DAY_MILLIS) < Math.floorDiv(starts[session], DAY_MILLIS)
        : ends[earlier] < starts[session];
  }

  private static int[] sorted(int[] values, IntToLongFunction key) {
    return Arrays.stream(values)
        .boxed()
        .sorted(Comparator.comparingLong((Integer s) -> key.applyAsLong(s)))
        .mapToInt(Integer::intValue)
        .toArray();
  }

  /// Adds to each number those before it.
  private static void addUp(int[] counts) {
    for (int i = 1; i < counts.length; i++) {
      counts[i] += counts[i - 1];
    }
  }

  /// Sorts values by keys of their own, equal ones staying in order.
  private static int[] sorted(int[] values, int[] keys) {
    int most = Arrays.stream(keys).max().orElse(-1);
    int[] next = new int[most + 2];
    for (int key : keys) {
      next[key + 1]++;
    }
    addUp(next);
    int[] sorted = new int[values.length];
    for (int i = 0; i < values.length; i++) {
      sorted[next[keys[i]]++] = values[i];
    }
    return sorted;
  }
}
