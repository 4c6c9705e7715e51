package io.kaseb.data;

/// Purchase rows in one flat block: session `s` bought rows `offsets[s]` (inclusive) to `offsets[s
/// + 1]` (exclusive), oldest first. The arrays are shared: treat them as read-only.
///
/// @param offsets length sessions + 1
/// @param items item index of each row; [io.kaseb.model.Sessions#UNKNOWN] where nobody ever clicked
///   the item
/// @param keys number of the row's item among all bought items, clicked or not: equal for equal ids
/// @param times milliseconds since 1970 UTC; [#NO_TIME] where the log has none
/// @param prices price of one piece in the log's unit; 0 where the log does not say
/// @param places how many events of the session came before each row; empty where only times tell,
///   as in datasets of format 1
public record Purchases(
    int[] offsets, int[] items, int[] keys, long[] times, float[] prices, int[] places) {
  /// The time of a purchase whose time is unknown: after every click.
  public static final long NO_TIME = Long.MAX_VALUE;

  /// Creates purchases of which only times tell what came before.
  public Purchases(int[] offsets, int[] items, int[] keys, long[] times, float[] prices) {
    this(offsets, items, keys, times, prices, new int[0]);
  }

  /// Checks that the arrays fit together.
  public Purchases {
    int n = items.length;
    if (offsets.length == 0
        || offsets[offsets.length - 1] != n
        || keys.length != n
        || times.length != n
        || prices.length != n
        || (places.length != n && places.length != 0)) {
      throw new IllegalArgumentException("purchase columns of different lengths");
    }
  }

  /// Returns no purchases of `sessions` sessions.
  public static Purchases none(int sessions) {
    return new Purchases(new int[sessions + 1], new int[0], new int[0], new long[0], new float[0]);
  }

  /// Returns the number of sessions.
  public int count() {
    return offsets.length - 1;
  }

  /// Returns whether a session bought anything.
  public boolean any(int session) {
    return offsets[session] < offsets[session + 1];
  }

  /// Returns the number of sessions that bought anything.
  public int buyers() {
    int n = 0;
    for (int s = 0; s < count(); s++) {
      n += any(s) ? 1 : 0;
    }
    return n;
  }

  /// Returns whether a session bought an item.
  public boolean bought(int session, int item) {
    for (int r = offsets[session]; r < offsets[session + 1]; r++) {
      if (items[r] == item) {
        return true;
      }
    }
    return false;
  }

  /// Returns how many distinct items a session bought, clicked or not.
  public int distinct(int session) {
    int n = 0;
    for (int r = offsets[session]; r < offsets[session + 1]; r++) {
      boolean isNew = true;
      for (int before = offsets[session]; before < r && isNew; before++) {
        isNew = keys[before] != keys[r];
      }
      n += isNew ? 1 : 0;
    }
    return n;
  }

  /// Returns how many events of a session came before its first purchase; the greatest number where
  /// it bought nothing.
  public int firstPlace(int session) {
    int first = Integer.MAX_VALUE;
    for (int r = offsets[session]; r < offsets[session + 1]; r++) {
      first = Math.min(first, places[r]);
    }
    return first;
  }

  /// Returns the time of a session's first purchase; [#NO_TIME] where it bought nothing.
  public long first(int session) {
    long first = NO_TIME;
    for (int r = offsets[session]; r < offsets[session + 1]; r++) {
      first = Math.min(first, times[r]);
    }
    return first;
  }
}
