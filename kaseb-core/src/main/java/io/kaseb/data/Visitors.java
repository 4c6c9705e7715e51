package io.kaseb.data;

import io.kaseb.event.Visitor;
import java.util.Arrays;

/// What is known of each session's visitor from earlier sessions: those that ended before it began,
/// of train and test alike, never a later one. Flat arrays, one entry for each session; shared:
/// treat them as read-only.
///
/// @param sessions how many earlier sessions, -1 where the visitor is not known
/// @param bought how many of them bought
/// @param ended when the latest of them ended, milliseconds since 1970; -1 where there is none
/// @param offsets session `s` has the rows `offsets[s]` to `offsets[s + 1]` (exclusive) of `items`
/// @param items distinct items (the log's numbers) of its visitor's earlier sessions, the latest
///   last, at most [#MOST_ITEMS] of them
/// @param taken whether the visitor bought that item
public record Visitors(
    int[] sessions, int[] bought, long[] ended, int[] offsets, int[] items, boolean[] taken) {
  /// Items of a visitor that are remembered, the latest.
  public static final int MOST_ITEMS = Visitor.MOST_ITEMS;

  /// Returns unknown visitors.
  public static Visitors unknown(int count) {
    int[] none = new int[count];
    Arrays.fill(none, -1);
    long[] never = new long[count];
    Arrays.fill(never, -1);
    return new Visitors(
        none, new int[count], never, new int[count + 1], new int[0], new boolean[0]);
  }

  /// Returns the number of sessions.
  public int count() {
    return sessions.length;
  }

  /// Returns the rows of sessions `from` (inclusive) to `to` (exclusive).
  Visitors slice(int from, int to) {
    int[] ends = new int[to - from + 1];
    for (int s = from; s <= to; s++) {
      ends[s - from] = offsets[s] - offsets[from];
    }
    return new Visitors(
        Arrays.copyOfRange(sessions, from, to),
        Arrays.copyOfRange(bought, from, to),
        Arrays.copyOfRange(ended, from, to),
        ends,
        Arrays.copyOfRange(items, offsets[from], offsets[to]),
        Arrays.copyOfRange(taken, offsets[from], offsets[to]));
  }
}
