package io.kaseb.intent;

import io.kaseb.config.Feature;
import java.time.ZonedDateTime;
import java.util.Arrays;
import java.util.Set;

/// The hand-made features of sessions and items, for boosted trees and logistic regression.
public final class HandFeatures {
  private static final int MOST = 96;

  private final Set<Feature> features;

  /// How many features a session has.
  public final int session;

  /// How many an item has.
  public final int item;

  /// Creates the features of some groups.
  public HandFeatures(Set<Feature> features) {
    this.features = features;
    SessionFeatures any = new SessionFeatures();
    any.click(0, 0, -1, 0, true, new float[Statistics.WIDTH], 0);
    session = session(any, false).length;
    item = item(any, 0).length;
  }

  /// Returns the features of a session so far.
  ///
  /// @param over whether it is known that no more clicks come
  float[] session(SessionFeatures s, boolean over) {
    Row row = new Row();
    add(row, over ? 1 : 0, s.clicks, Math.log(s.clicks));
    if (features.contains(Feature.REPEATS)) {
      add(row, s.distinct, s.clicks - s.distinct, (double) s.distinct / s.clicks);
      add(row, s.immediate, s.mostClicks(), s.clicksOn[s.current], s.clicksOn[0]);
      add(row, s.clicks - 1 - s.immediate);
    }
    if (features.contains(Feature.DWELL)) {
      double pairs = Math.max(1, s.clicks - 1);
      add(row, Math.log1p(s.duration()), s.logGaps / pairs, Math.log1p(s.longestGap));
      add(row, Math.log1p(s.gap), s.duration() / pairs, s.logGaps);
    }
    if (features.contains(Feature.TIME)) {
      ZonedDateTime time = s.startTime();
      double hour = time.getHour() + time.getMinute() / 60.0;
      double on = s.realTime ? 1 : 0;
      add(row, on * hour, on * Math.sin(hour * Math.PI / 12), on * Math.cos(hour * Math.PI / 12));
      add(row, on * time.getDayOfWeek().getValue());
      for (int day = 1; day <= 7; day++) {
        add(row, time.getDayOfWeek().getValue() == day ? on : 0);
      }
    }
    if (features.contains(Feature.DATE)) {
      add(row, s.latest(Statistics.DAY_RATE));
    }
    if (features.contains(Feature.PRICE)) {
      statistics(row, s, Statistics.PRICE);
    }
    if (features.contains(Feature.RATES)) {
      statistics(row, s, Statistics.SESSION_RATE);
      statistics(row, s, Statistics.ITEM_RATE);
      statistics(row, s, Statistics.SUPPORT);
      add(row, s.of(0, Statistics.SESSION_RATE), s.mean(Statistics.SESSION_RATE) * s.clicks);
      if (features.contains(Feature.CATEGORY)) {
        statistics(row, s, Statistics.CATEGORY_RATE);
      }
    }
    if (features.contains(Feature.PAIRS)) {
      add(row, s.pairRate(), s.pairSupport(), s.latest(Statistics.PAIR_SUM));
    }
    if (features.contains(Feature.CATEGORY)) {
      add(row, s.category, s.categoryChanges);
    }
    return row.values();
  }

  private static void statistics(Row row, SessionFeatures s, int statistic) {
    add(row, s.mean(statistic), s.most(statistic), s.latest(statistic));
  }

  /// Returns the features of item `j` of a session so far.
  float[] item(SessionFeatures s, int j) {
    Row row = new Row();
    add(row, s.clicks, s.distinct, s.clicks - s.last[j], s.last[j] == s.clicks - 1 ? 1 : 0);
    add(row, s.first[j], j, s.distinct - j);
    if (features.contains(Feature.REPEATS)) {
      add(row, s.clicksOn[j], (double) s.clicksOn[j] / s.clicks, s.mostClicks() - s.clicksOn[j]);
    }
    if (features.contains(Feature.DWELL)) {
      double total = Math.max(1, s.duration());
      add(row, Math.log1p(s.dwell[j]), s.dwell[j] / total, s.dwell[j] / s.clicksOn[j]);
    }
    if (features.contains(Feature.PRICE)) {
      add(row, s.of(j, Statistics.PRICE));
      add(row, s.of(j, Statistics.PRICE) - s.mean(Statistics.PRICE));
    }
    if (features.contains(Feature.RATES)) {
      add(row, s.of(j, Statistics.ITEM_RATE), s.of(j, Statistics.SESSION_RATE));
      add(row, s.of(j, Statistics.SUPPORT));
      add(row, s.of(j, Statistics.ITEM_RATE) - s.mean(Statistics.ITEM_RATE));
      add(row, s.mean(Statistics.SESSION_RATE));
    }
    return row.values();
  }

  private static void add(Row row, double... values) {
    for (double value : values) {
      row.values[row.size++] = (float) value;
    }
  }

  private static final class Row {
    private final float[] values = new float[MOST];
    private int size;

    float[] values() {
      return Arrays.copyOf(values, size);
    }
  }
}
