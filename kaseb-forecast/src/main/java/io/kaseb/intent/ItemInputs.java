package io.kaseb.intent;

import io.kaseb.config.Feature;
import io.kaseb.signal.Schema;
import io.kaseb.signal.SignalInputs;
import java.util.Set;

/// The numbers of an item of the session that the network's item head reads, besides its states.
public final class ItemInputs {
  /// How many numbers an item has, whatever groups are on: those of groups that are off are 0.
  static final int COUNT = 11;

  private final Set<Feature> features;
  private final SignalInputs signals;

  /// Creates the inputs of some groups of features.
  public ItemInputs(Set<Feature> features, Schema schema) {
    this.features = features;
    this.signals = new SignalInputs(schema);
  }

  /// Writes the numbers of item `j` of a session.
  public void write(SessionFeatures state, int j, float[] out, int at) {
    int i = at;
    boolean dwell = features.contains(Feature.DWELL);
    boolean repeats = features.contains(Feature.REPEATS);
    boolean rates = features.contains(Feature.RATES);
    out[i++] = (float) Math.log(state.distinct) - 1;
    out[i++] = state.last[j] == state.events - 1 ? 1 : 0;
    out[i++] = state.first[j] == 0 ? 1 : 0;
    out[i++] = (float) Math.log(state.events - state.last[j]) / 2;
    out[i++] = repeats ? (float) Math.log(Math.max(1, state.clicksOn[j])) : 0;
    out[i++] = repeats ? (float) state.clicksOn[j] / Math.max(1, state.clicks) : 0;
    out[i++] = dwell ? (float) Math.log1p(state.dwell[j]) / 3 - 1 : 0;
    out[i++] = rates ? state.of(j, Statistics.ITEM_RATE) : 0;
    out[i++] = rates ? state.of(j, Statistics.SESSION_RATE) : 0;
    out[i++] = rates ? state.of(j, Statistics.SUPPORT) / 4 : 0;
    out[i++] = features.contains(Feature.PRICE) ? state.of(j, Statistics.PRICE) / 2 : 0;
    signals.item(state.signals, j, out, i);
  }
}
