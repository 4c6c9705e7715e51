package io.kaseb.intent;

import io.kaseb.config.Feature;
import io.kaseb.signal.Schema;
import io.kaseb.signal.SignalInputs;
import java.time.ZonedDateTime;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;

/// The numbers that the recurrent network reads at an event, besides the item's embedding, the
/// category's and those of attributes; all of order 1. A group that is switched off has no numbers.
public final class ClickInputs {
  private static final int MOST = 32;

  private final Set<Feature> features;
  private final SignalInputs signals;
  private final List<Integer> embedded;
  private final int count;

  /// Creates the inputs of some groups of features.
  public ClickInputs(Set<Feature> features, Schema schema) {
    this.features = features;
    this.signals = new SignalInputs(schema);
    this.embedded = schema.embedded();
    SessionFeatures any = HandFeatures.anySession(schema);
    this.count = write(any, new float[MOST + signals.count()], 0);
  }

  /// Returns how many numbers an event has.
  public int count() {
    return count;
  }

  /// Returns what the numbers of a log of clicks alone are, in their order. docs/interoperation.md
  /// says how each is made.
  public List<String> names() {
    List<String> names = new ArrayList<>(List.of("events"));
    if (features.contains(Feature.DWELL)) {
      names.addAll(List.of("gap", "duration"));
    }
    if (features.contains(Feature.REPEATS)) {
      names.addAll(List.of("clicks_on_item", "came_back", "distinct", "immediate"));
    }
    if (features.contains(Feature.TIME)) {
      names.addAll(List.of("day_sin", "day_cos", "half_day_sin", "half_day_cos"));
      names.addAll(List.of("monday", "tuesday", "wednesday", "thursday"));
      names.addAll(List.of("friday", "saturday", "sunday"));
    }
    if (features.contains(Feature.DATE)) {
      names.add("day_rate");
    }
    if (features.contains(Feature.PRICE)) {
      names.add("price");
    }
    if (features.contains(Feature.RATES)) {
      names.addAll(List.of("session_rate", "item_rate", "support", "mean_session_rate"));
      if (features.contains(Feature.CATEGORY)) {
        names.add("category_rate");
      }
    }
    if (features.contains(Feature.PAIRS)) {
      names.addAll(List.of("pair_rate", "pair_mean", "pair_support"));
    }
    return names;
  }

  /// Returns the place of the attribute of a table of embeddings.
  public int embedded(int table) {
    return embedded.get(table);
  }

  /// Writes the numbers of the last event; returns how many.
  int write(SessionFeatures state, float[] out, int at) {
    int i = at;
    out[i++] = (float) Math.log(state.events) - 1;
    if (features.contains(Feature.DWELL)) {
      out[i++] = state.events > 1 ? (float) Math.log1p(state.gap) / 3 - 1 : 0;
      out[i++] = (float) Math.log1p(state.duration()) / 4;
    }
    if (features.contains(Feature.REPEATS)) {
      int on = Math.max(1, state.clicksOnCurrent());
      out[i++] = (float) Math.log(on);
      out[i++] = on > 1 && state.gap >= 0 && state.events > 1 ? 1 : 0;
      out[i++] = (float) Math.log(Math.max(1, state.distinct)) - 1;
      out[i++] = (float) state.immediate / Math.max(1, state.clicks);
    }
    if (features.contains(Feature.TIME)) {
      i = time(state, out, i);
    }
    if (features.contains(Feature.DATE)) {
      out[i++] = state.latest(Statistics.DAY_RATE);
    }
    if (features.contains(Feature.PRICE)) {
      out[i++] = state.latest(Statistics.PRICE) / 2;
    }
    if (features.contains(Feature.RATES)) {
      out[i++] = state.latest(Statistics.SESSION_RATE);
      out[i++] = state.latest(Statistics.ITEM_RATE);
      out[i++] = state.latest(Statistics.SUPPORT) / 4;
      out[i++] = state.mean(Statistics.SESSION_RATE);
      if (features.contains(Feature.CATEGORY)) {
        out[i++] = state.latest(Statistics.CATEGORY_RATE);
      }
    }
    if (features.contains(Feature.PAIRS)) {
      out[i++] = state.pairRate();
      out[i++] = state.latest(Statistics.PAIR_SUM) / (state.latest(Statistics.PAIR_WEIGHT) + 1);
      out[i++] = state.pairSupport() / 4;
    }
    i += signals.write(state.signals, state.current, out, i);
    return i - at;
  }

  /// Hour as a point on a circle, weekday as one of seven; 0 where times are not real.
  private static int time(SessionFeatures state, float[] out, int at) {
    int i = at;
    ZonedDateTime time = state.startTime();
    double turn = 2 * Math.PI * (time.getHour() + time.getMinute() / 60.0) / 24;
    float on = state.realTime ? 1 : 0;
    out[i++] = on * (float) Math.sin(turn);
    out[i++] = on * (float) Math.cos(turn);
    out[i++] = on * (float) Math.sin(2 * turn);
    out[i++] = on * (float) Math.cos(2 * turn);
    for (int day = 1; day <= 7; day++) {
      out[i++] = time.getDayOfWeek().getValue() == day ? on : 0;
    }
    return i;
  }
}
