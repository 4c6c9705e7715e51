package io.kaseb.baseline;

import io.kaseb.model.Sessions;
import java.util.Arrays;

/// The pruned index of session-kNN (Kersbergen et al., "Serenade", SIGMOD 2022, section 3): for
/// each item the most recent sessions that hold it, newest first, and each session's items.
///
/// Sessions are numbered from the oldest, so that a higher number is a more recent one. Of each
/// item the index keeps no more sessions than a search would ever look at; a session that no item
/// keeps is left out.
///
/// @param sets distinct items of each session
/// @param weights what each entry of `sets` counts; empty where all count 1
/// @param recency what each session counts by its age; empty where all count 1
/// @param starts item `i` has `starts[i]` (inclusive) to `starts[i + 1]` (exclusive) of `recent`
/// @param recent session numbers, the most recent first
record SessionIndex(Sessions sets, float[] weights, float[] recency, int[] starts, int[] recent) {
  /// Indexes sessions.
  ///
  /// @param sets sessions in order of time, each item once, all below `items`
  /// @param most sessions kept for each item
  static SessionIndex of(int items, Sessions sets, int most) {
    return of(items, sets, new float[0], new float[0], most);
  }

  /// Indexes sessions that differ in weight.
  ///
  /// @param weights what each entry of `sets` counts; empty where all count 1
  /// @param recency what each session counts; empty where all count 1
  static SessionIndex of(int items, Sessions sets, float[] weights, float[] recency, int most) {
    int[] keptOf = new int[items];
    boolean[] keeps = new boolean[sets.count()];
    int kept = 0;
    int events = 0;
    for (int s = sets.count() - 1; s >= 0; s--) {
      boolean wanted = false;
      for (int e = sets.start(s); e < sets.end(s); e++) {
        wanted |= keptOf[sets.items()[e]]++ < most;
      }
      keeps[s] = wanted;
      kept += wanted ? 1 : 0;
      events += wanted ? sets.length(s) : 0;
    }
    Sessions used = kept == sets.count() ? sets : only(sets, keeps, kept, events);
    float[] counted = kept == sets.count() ? weights : only(sets, weights, keeps, events);
    float[] ages = kept == sets.count() ? recency : only(recency, keeps, kept);
    int[] starts = new int[items + 1];
    for (int i = 0; i < items; i++) {
      starts[i + 1] = starts[i] + Math.min(keptOf[i], most);
    }
    int[] recent = new int[starts[items]];
    int[] at = starts.clone();
    for (int s = used.count() - 1; s >= 0; s--) {
      for (int e = used.start(s); e < used.end(s); e++) {
        int item = used.items()[e];
        if (at[item] < starts[item + 1]) {
          recent[at[item]++] = s;
        }
      }
    }
    return new SessionIndex(used, counted, ages, starts, recent);
  }

  private static float[] only(float[] recency, boolean[] keeps, int kept) {
    float[] ages = new float[recency.length == 0 ? 0 : kept];
    int n = 0;
    for (int s = 0; s < recency.length; s++) {
      if (keeps[s]) {
        ages[n++] = recency[s];
      }
    }
    return ages;
  }

  private static float[] only(Sessions sets, float[] weights, boolean[] keeps, int events) {
    float[] kept = new float[weights.length == 0 ? 0 : events];
    int n = 0;
    for (int s = 0; s < sets.count() && kept.length > 0; s++) {
      if (keeps[s]) {
        System.arraycopy(weights, sets.start(s), kept, n, sets.length(s));
        n += sets.length(s);
      }
    }
    return kept;
  }

  private static Sessions only(Sessions sets, boolean[] keeps, int kept, int events) {
    int[] offsets = new int[kept + 1];
    int[] items = new int[events];
    int n = 0;
    for (int s = 0; s < sets.count(); s++) {
      if (keeps[s]) {
        int length = sets.length(s);
        System.arraycopy(sets.items(), sets.start(s), items, offsets[n], length);
        offsets[n + 1] = offsets[n] + length;
        n++;
      }
    }
    return new Sessions(offsets, Arrays.copyOf(items, offsets[n]), null);
  }
}
