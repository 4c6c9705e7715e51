package io.kaseb.model;

import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/// Click sessions in one flat block: session `s` holds events `offsets[s]` (inclusive) to
/// `offsets[s + 1]` (exclusive), oldest first.
///
/// The arrays are shared, not copied: treat them as read-only.
///
/// @param offsets length `count + 1`, from 0 to the number of events
/// @param items item index of each event
/// @param times time of each event in milliseconds since 1970 UTC, or null where the log has none
public record Sessions(int[] offsets, int[] items, long @Nullable [] times) {
  /// The index of an item that a catalogue lacks: above every real one.
  public static final int UNKNOWN = Integer.MAX_VALUE;

  /// No sessions at all.
  public static final Sessions EMPTY = new Sessions(new int[] {0}, new int[0], null);

  /// Checks that the arrays fit together.
  // Written out: a compact constructor does not carry the annotation into the class file.
  public Sessions(int[] offsets, int[] items, long @Nullable [] times) {
    if (offsets.length == 0 || offsets[0] != 0 || offsets[offsets.length - 1] != items.length) {
      throw new IllegalArgumentException(
          "offsets must start with 0 and end with the number of events, " + items.length);
    }
    if (times != null && times.length != items.length) {
      throw new IllegalArgumentException(times.length + " times for " + items.length + " events");
    }
    this.offsets = offsets;
    this.items = items;
    this.times = times;
  }

  /// Returns the number of sessions.
  public int count() {
    return offsets.length - 1;
  }

  /// Returns the number of events.
  public int events() {
    return items.length;
  }

  /// Returns the first event of a session.
  public int start(int session) {
    return offsets[session];
  }

  /// Returns the event after a session's last.
  public int end(int session) {
    return offsets[session + 1];
  }

  /// Returns the number of events of a session.
  public int length(int session) {
    return offsets[session + 1] - offsets[session];
  }

  /// Returns sessions `from` (inclusive) to `to` (exclusive), in the same order.
  public Sessions slice(int from, int to) {
    int first = offsets[from];
    int[] cut = new int[to - from + 1];
    for (int s = from; s <= to; s++) {
      cut[s - from] = offsets[s] - first;
    }
    return new Sessions(
        cut,
        Arrays.copyOfRange(items, first, offsets[to]),
        times == null ? null : Arrays.copyOfRange(times, first, offsets[to]));
  }

  /// Returns the same sessions with other item indices: `index[item]`, or [#UNKNOWN] where that is
  /// negative or the item has no entry.
  public Sessions renumbered(int[] index) {
    int[] changed = new int[items.length];
    for (int e = 0; e < items.length; e++) {
      int item = items[e];
      changed[e] = item < index.length && index[item] >= 0 ? index[item] : UNKNOWN;
    }
    return new Sessions(offsets, changed, times);
  }

  /// Returns the sessions without events of unknown items; a session may be left empty.
  public Sessions known() {
    int[] cut = new int[offsets.length];
    int[] kept = new int[items.length];
    int n = 0;
    for (int s = 0; s < count(); s++) {
      for (int e = start(s); e < end(s); e++) {
        if (items[e] != UNKNOWN) {
          kept[n++] = items[e];
        }
      }
      cut[s + 1] = n;
    }
    return new Sessions(cut, Arrays.copyOf(kept, n), null);
  }

  /// Counts how often each of the first `n` items occurs; events of later items are passed over.
  public long[] itemCounts(int n) {
    long[] counts = new long[n];
    for (int item : items) {
      if (item < n) {
        counts[item]++;
      }
    }
    return counts;
  }
}
