package io.kaseb.intent;

import io.kaseb.config.Feature;
import java.time.ZonedDateTime;
import java.util.Set;

/// The numbers that the recurrent network reads at a click, besides the item's embedding and the
/// category's; all of order 1. A group that is switched off has no numbers.
public final class ClickInputs {
  private static final int MOST = 32;

  private final Set<Feature> features;
  private final int count;

  /// Creates the inputs of some groups of features.
  public ClickInputs(Set<Feature> features) {
    this.features = features;
    SessionFeatures any = new SessionFeatures();
    any.click(0, 0, -1, 0, true, new float[Statistics.WIDTH], 0);
    this.count = write(any, new float[MOST], 0);
  }

  /// Returns how many numbers a click has.
  public int count() {
    return count;
  }

  /// Writes the numbers of the last click; returns how many.
  int write(SessionFeatures state, float[] out, int at) {
    int i = at;
    out[i++] = (float) Math.log(state.clicks) - 1;
    if (features.contains(Feature.DWELL)) {
      out[i++] = state.clicks > 1 ? (float) Math.log1p(state.gap) / 3 - 1 : 0;
      out[i++] = (float) Math.log1p(state.duration()) / 4;
    }
    if (features.contains(Feature.REPEATS)) {
      int on = state.clicksOn[state.current];
      out[i++] = (float) Math.log(on);
      out[i++] = on > 1 && state.gap >= 0 && state.clicks > 1 ? 1 : 0;
      out[i++] = (float) Math.log(state.distinct) - 1;
      out[i++] = (float) state.immediate / state.clicks;
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
