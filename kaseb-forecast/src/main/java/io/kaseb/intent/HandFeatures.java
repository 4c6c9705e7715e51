package io.kaseb.intent;

import io.kaseb.config.Feature;
import io.kaseb.feature.GeneratedFeatures;
import io.kaseb.signal.Schema;
import io.kaseb.signal.SignalFeatures;
import java.time.ZonedDateTime;
import java.util.Arrays;
import java.util.Set;

/// The hand-made features of sessions and items, for boosted trees and logistic regression.
/// [HandFeatureNames] names them: what is added here is named there.
public final class HandFeatures {
  private static final int MOST = 96;

  private final SignalFeatures signals;
  private final GeneratedFeatures generated;
  private final Set<Feature> features;

  /// How many features a session has.
  public final int session;

  /// How many an item has.
  public final int item;

  /// Creates the features of some groups.
  public HandFeatures(Set<Feature> features, Schema schema) {
    this.features = features;
    this.signals = new SignalFeatures(schema);
    this.generated = new GeneratedFeatures(schema);
    SessionFeatures any = anySession(schema);
    session = session(any, false).length;
    item = item(any, 0).length;
  }

  /// Returns a session of one event of which little is known.
  static SessionFeatures anySession(Schema schema) {
    SessionEvent event = new SessionEvent();
    event.category = -1;
    event.realTime = true;
    event.signals = new float[schema.width()];
    schema.begin(-1, event.signals, 0);
    SessionFeatures any = new SessionFeatures(schema);
    any.event(event);
    return any;
  }

  /// Returns the features of a session so far.
  ///
  /// @param over whether it is known that no more events come
  float[] session(SessionFeatures s, boolean over) {
    Row row = new Row();
    add(row, over ? 1 : 0, s.events, Math.log(s.events));
    if (features.contains(Feature.REPEATS)) {
      add(row, s.distinct, s.clicks - s.distinct, (double) s.distinct / Math.max(1, s.clicks));
      add(row, s.immediate, s.mostClicks(), s.clicksOnCurrent());
      add(row, s.distinct == 0 ? 0 : s.clicksOn[0]);
      add(row, s.clicks - 1 - s.immediate);
    }
    if (features.contains(Feature.DWELL)) {
      double pairs = Math.max(1, s.events - 1);
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
      add(row, s.distinct == 0 ? 0 : s.of(0, Statistics.SESSION_RATE));
      add(row, s.mean(Statistics.SESSION_RATE) * s.clicks);
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
    signals.session(s.signals, value -> add(row, value));
    generated.session(s, value -> add(row, value));
    return row.values();
  }

  private static void statistics(Row row, SessionFeatures s, int statistic) {
    add(row, s.mean(statistic), s.most(statistic), s.latest(statistic));
  }

  /// Returns the features of item `j` of a session so far.
  float[] item(SessionFeatures s, int j) {
    Row row = new Row();
    add(row, s.events, s.distinct, s.events - s.last[j], s.last[j] == s.events - 1 ? 1 : 0);
    add(row, s.first[j], j, s.distinct - j);
    if (features.contains(Feature.REPEATS)) {
      add(row, s.clicksOn[j], (double) s.clicksOn[j] / Math.max(1, s.clicks));
      add(row, s.mostClicks() - s.clicksOn[j]);
    }
    if (features.contains(Feature.DWELL)) {
      double total = Math.max(1, s.duration());
      add(row, Math.log1p(s.dwell[j]), s.dwell[j] / total, s.dwell[j] / Math.max(1, s.clicksOn[j]));
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
    signals.item(s.signals, j, value -> add(row, value));
    return row.values();
  }

  private static void add(Row row, double... values) {
    for (double value : values) {
      if (row.size == row.values.length) {
        row.values = Arrays.copyOf(row.values, 2 * row.size);
      }
      row.values[row.size++] = (float) value;
    }
  }

  private static final class Row {
    private float[] values = new float[MOST];
    private int size;

    float[] values() {
      return Arrays.copyOf(values, size);
    }
  }
}
