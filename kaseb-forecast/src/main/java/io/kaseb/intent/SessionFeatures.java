package io.kaseb.intent;

import io.kaseb.feature.SessionFacts;
import io.kaseb.signal.Schema;
import io.kaseb.signal.SignalState;
import java.time.Instant;
import java.time.ZoneOffset;
import java.time.ZonedDateTime;
import java.util.Arrays;

/// What a session has shown so far, event by event: the source of every feature, the same while
/// training and while forecasting. Small and mutable, one thread's at a time.
///
/// A time that runs backwards counts as no time passed. A view of an item is a click; other events
/// are counted by what they are ([SignalState]), and an event without an item is on none.
public final class SessionFeatures implements SessionFacts {
  private static final int START = 8;

  /// The distinct items' numbers in the log, in order of their first event, as in the next arrays.
  public int[] keys = new int[START];

  /// Their numbers in the model, negative where it lacks the item.
  public int[] items = new int[START];

  /// Clicks on each, dwell in seconds, and the place of the first event, from 0.
  int[] clicksOn = new int[START];

  double[] dwell = new double[START];
  int[] first = new int[START];

  /// The place of the last event on each, from 0.
  public int[] last = new int[START];

  /// The statistics at the last event on each, `[items x Statistics.WIDTH]`.
  float[] stats = new float[START * Statistics.WIDTH];

  /// How many distinct items there are.
  public int distinct;

  /// How many events there were.
  public int events;

  /// How many of them were clicks.
  public int clicks;

  /// Whether the last event was a click.
  public boolean isClick;

  /// The last event's item, by its place in the arrays; -1 for none.
  public int current;

  /// The last event's category, -1 for none.
  public int category = -1;

  /// What it has shown beyond clicks.
  public final SignalState signals;

  double gap;
  double longestGap;
  double logGaps;
  int immediate;
  int categoryChanges;
  long start;
  long now;
  boolean timed;
  boolean realTime;

  private final Schema schema;

  /// The events whose statistics are in the sums: clicks, and other events on new items.
  private int looks;

  private final double[] sums = new double[Statistics.WIDTH];
  private final float[] most = new float[Statistics.WIDTH];

  /// Forgets everything.
  public void reset() {
    distinct = 0;
    events = 0;
    clicks = 0;
    looks = 0;
    current = -1;
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
    signals.reset();
  }

  /// Creates a session without events.
  ///
  /// @param schema what events have beyond clicks
  public SessionFeatures(Schema schema) {
    this.schema = schema;
    this.signals = new SignalState(schema);
    reset();
  }

  /// Takes an event.
  public void event(SessionEvent event) {
    boolean isFirst = events == 0;
    long time = event.time;
    gap = timed && time >= 0 ? Math.max(0, time - now) / 1000.0 : 0;
    if (time >= 0) {
      start = timed ? start : time;
      now = timed ? Math.max(now, time) : time;
      timed = true;
    }
    realTime = timed && event.realTime;
    if (!isFirst) {
      if (current >= 0) {
        dwell[current] += gap;
      }
      longestGap = Math.max(longestGap, gap);
      logGaps += Math.log1p(gap);
    }
    int known = distinct;
    int before = current;
    current = event.key < 0 ? -1 : find(event.key, event.item);
    if (current >= 0) {
      item(event, before, distinct > known);
    } else {
      category = event.category;
      isClick = false;
    }
    signals.event(current, distinct > known, event.past, now, event.signals, event.signalsAt);
    events++;
  }

  private void item(SessionEvent event, int before, boolean isNew) {
    boolean isView = schema.isView(event.signals, event.signalsAt);
    categoryChanges += events > 0 && event.category != category ? 1 : 0;
    category = event.category;
    last[current] = events;
    if (isView) {
      immediate += events > 0 && before == current ? 1 : 0;
      clicksOn[current]++;
      clicks++;
    }
    isClick = isView;
    System.arraycopy(
        event.statistics, event.statisticsAt, stats, current * Statistics.WIDTH, Statistics.WIDTH);
    if (isView || isNew) {
      for (int i = 0; i < Statistics.WIDTH; i++) {
        sums[i] += event.statistics[event.statisticsAt + i];
        most[i] = Math.max(most[i], event.statistics[event.statisticsAt + i]);
      }
      looks++;
    }
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
    first[i] = events;
    return i;
  }

  /// Returns whether the session has an event on an item.
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

  /// Returns the mean of a statistic over the clicks so far; 0 where there are none.
  float mean(int statistic) {
    return (float) (sums[statistic] / Math.max(1, looks));
  }

  /// Returns the highest value of a statistic so far; 0 where there is none.
  float most(int statistic) {
    return looks == 0 ? 0 : most[statistic];
  }

  /// Returns a statistic of the last event; 0 where it has no item.
  float latest(int statistic) {
    return current < 0 ? 0 : stats[current * Statistics.WIDTH + statistic];
  }

  /// Returns a statistic of an item.
  float of(int item, int statistic) {
    return stats[item * Statistics.WIDTH + statistic];
  }

  /// Returns seconds since the first event.
  public double duration() {
    return timed ? Math.max(0, now - start) / 1000.0 : 0;
  }

  /// Returns the day and hour of the session's start in UTC.
  ZonedDateTime startTime() {
    return Instant.ofEpochMilli(start).atZone(ZoneOffset.UTC);
  }

  @Override
  public double fact(Fact fact) {
    return switch (fact) {
      case EVENTS -> events;
      case CLICKS -> clicks;
      case ITEMS -> distinct;
      case REPEATS -> Math.max(0, clicks - distinct);
      case DURATION -> Math.log1p(duration());
      case GAP -> Math.log1p(gap);
      case LONGEST_GAP -> Math.log1p(longestGap);
      case PACE -> logGaps / Math.max(1, events - 1);
      case HOUR -> realTime ? Math.floorMod(start, Statistics.DAY) / 3_600_000.0 : 0;
      case WEEKDAY -> realTime ? startTime().getDayOfWeek().getValue() : 0;
      case CATEGORY_CHANGES -> categoryChanges;
      case PAIRS -> pairRate();
    };
  }

  @Override
  public double rate(Rate rate, Over over) {
    int statistic =
        switch (rate) {
          case ITEM -> Statistics.SESSION_RATE;
          case ITEM_BOUGHT -> Statistics.ITEM_RATE;
          case CATEGORY -> Statistics.CATEGORY_RATE;
          case SUPPORT -> Statistics.SUPPORT;
        };
    return switch (over) {
      case LATEST -> latest(statistic);
      case MEAN -> mean(statistic);
      case MOST -> most(statistic);
      case LEAST -> throw new IllegalArgumentException("no least of rates of items is kept");
    };
  }

  @Override
  public SignalState beyond() {
    return signals;
  }

  /// Returns the clicks on the last event's item; 0 where it has none.
  int clicksOnCurrent() {
    return current < 0 ? 0 : clicksOn[current];
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
