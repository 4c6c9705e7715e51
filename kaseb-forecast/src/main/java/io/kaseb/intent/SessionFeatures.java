package io.kaseb.intent;

import java.time.Instant;
import java.time.ZoneOffset;
import java.time.ZonedDateTime;
import java.util.Arrays;

/// What a session has shown so far, click by click: the source of every feature, the same while
/// training and while forecasting. Small and mutable, one thread's at a time.
///
/// A time that runs backwards counts as no time passed.
public final class SessionFeatures {
  private static final int START = 8;

  /// The distinct items' numbers in the log, in order of their first click, as in the next arrays.
  public int[] keys = new int[START];

  /// Their numbers in the model, negative where it lacks the item.
  public int[] items = new int[START];

  /// Clicks on each, dwell in seconds, and the place of the first click, from 0.
  int[] clicksOn = new int[START];

  double[] dwell = new double[START];
  int[] first = new int[START];

  /// The place of the last click on each, from 0.
  public int[] last = new int[START];

  /// The statistics at the last click on each, `[items x Statistics.WIDTH]`.
  float[] stats = new float[START * Statistics.WIDTH];

  /// How many distinct items there are.
  public int distinct;

  /// How many clicks there were.
  public int clicks;

  /// The last click's item, by its place in the arrays.
  public int current;

  /// The last click's category, -1 for none.
  public int category = -1;

  double gap;
  double longestGap;
  double logGaps;
  int immediate;
  int categoryChanges;
  long start;
  long now;
  boolean timed;
  boolean realTime;

  private final double[] sums = new double[Statistics.WIDTH];
  private final float[] most = new float[Statistics.WIDTH];

  /// Forgets everything.
  public void reset() {
    distinct = 0;
    clicks = 0;
    current = 0;
    category = -1;
    gap = 0;
    longestGap = 0;
    logGaps = 0;
    immediate = 0;
    categoryChanges = 0;
    timed = false;
    start = 0;
    now = 0;
    Arrays.fill(sums, 0);
    Arrays.fill(most, Float.NEGATIVE_INFINITY);
  }

  /// Creates a session without clicks.
  public SessionFeatures() {
    reset();
  }

  /// Takes a click.
  ///
  /// @param key the log's number of the item, which tells items apart
  /// @param item the model's number, negative where it has none
  /// @param newCategory index, -1 for none
  /// @param time milliseconds since 1970, -1 where the log has none
  /// @param isReal whether the time of day means something
  /// @param click the click's statistics from `at`
  public void click(
      int key, int item, int newCategory, long time, boolean isReal, float[] click, int at) {
    boolean isFirst = clicks == 0;
    gap = timed && time >= 0 ? Math.max(0, time - now) / 1000.0 : 0;
    if (time >= 0) {
      start = timed ? start : time;
      now = timed ? Math.max(now, time) : time;
      timed = true;
    }
    realTime = timed && isReal;
    if (!isFirst) {
      dwell[current] += gap;
      longestGap = Math.max(longestGap, gap);
      logGaps += Math.log1p(gap);
      categoryChanges += newCategory != category ? 1 : 0;
    }
    int before = current;
    current = find(key, item);
    immediate += !isFirst && before == current ? 1 : 0;
    clicksOn[current]++;
    last[current] = clicks;
    category = newCategory;
    System.arraycopy(click, at, stats, current * Statistics.WIDTH, Statistics.WIDTH);
    for (int i = 0; i < Statistics.WIDTH; i++) {
      sums[i] += click[at + i];
      most[i] = Math.max(most[i], click[at + i]);
    }
    clicks++;
  }

  private int find(int key, int item) {
    for (int i = distinct - 1; i >= 0; i--) {
      if (keys[i] == key) {
        return i;
      }
    }
    if (distinct == keys.length) {
      int size = 2 * distinct;
      keys = Arrays.copyOf(keys, size);
      items = Arrays.copyOf(items, size);
      clicksOn = Arrays.copyOf(clicksOn, size);
      dwell = Arrays.copyOf(dwell, size);
      first = Arrays.copyOf(first, size);
      last = Arrays.copyOf(last, size);
      stats = Arrays.copyOf(stats, size * Statistics.WIDTH);
    }
    int i = distinct++;
    keys[i] = key;
    items[i] = item;
    clicksOn[i] = 0;
    dwell[i] = 0;
    first[i] = clicks;
    return i;
  }

  /// Returns whether the session has clicked an item.
  boolean has(int key) {
    for (int i = 0; i < distinct; i++) {
      if (keys[i] == key) {
        return true;
      }
    }
    return false;
  }

  /// Returns the weighted mean of the pairs' log odds so far; 0 where there are none.
  float pairRate() {
    return (float) (sums[Statistics.PAIR_SUM] / (sums[Statistics.PAIR_WEIGHT] + 1));
  }

  /// Returns log(1 + the weight behind [#pairRate()]).
  float pairSupport() {
    return (float) Math.log1p(sums[Statistics.PAIR_WEIGHT]);
  }

  /// Returns the mean of a statistic over the clicks so far.
  float mean(int statistic) {
    return (float) (sums[statistic] / clicks);
  }

  /// Returns the highest value of a statistic so far.
  float most(int statistic) {
    return most[statistic];
  }

  /// Returns a statistic of the last click.
  float latest(int statistic) {
    return stats[current * Statistics.WIDTH + statistic];
  }

  /// Returns a statistic of an item.
  float of(int item, int statistic) {
    return stats[item * Statistics.WIDTH + statistic];
  }

  /// Returns seconds since the first click.
  public double duration() {
    return timed ? Math.max(0, now - start) / 1000.0 : 0;
  }

  /// Returns the day and hour of the session's start in UTC.
  ZonedDateTime startTime() {
    return Instant.ofEpochMilli(start).atZone(ZoneOffset.UTC);
  }

  /// Returns the most clicks on one item.
  int mostClicks() {
    int n = 0;
    for (int i = 0; i < distinct; i++) {
      n = Math.max(n, clicksOn[i]);
    }
    return n;
  }
}
