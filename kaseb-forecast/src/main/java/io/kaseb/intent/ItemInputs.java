package io.kaseb.intent;

import io.kaseb.config.Feature;
import java.util.Set;

/// The numbers of a clicked item that the network's item head reads, besides its states.
public final class ItemInputs {
  private ItemInputs() {}

  /// How many numbers an item has, whatever groups are on: those of groups that are off are 0.
  static final int COUNT = 11;

  /// Writes the numbers of item `j` of a session.
  public static void write(
      Set<Feature> features, SessionFeatures state, int j, float[] out, int at) {
    int i = at;
    boolean dwell = features.contains(Feature.DWELL);
    boolean repeats = features.contains(Feature.REPEATS);
    boolean rates = features.contains(Feature.RATES);
    out[i++] = (float) Math.log(state.distinct) - 1;
    out[i++] = state.last[j] == state.clicks - 1 ? 1 : 0;
    out[i++] = state.first[j] == 0 ? 1 : 0;
    out[i++] = (float) Math.log(state.clicks - state.last[j]) / 2;
    out[i++] = repeats ? (float) Math.log(state.clicksOn[j]) : 0;
    out[i++] = repeats ? (float) state.clicksOn[j] / state.clicks : 0;
    out[i++] = dwell ? (float) Math.log1p(state.dwell[j]) / 3 - 1 : 0;
    out[i++] = rates ? state.of(j, Statistics.ITEM_RATE) : 0;
    out[i++] = rates ? state.of(j, Statistics.SESSION_RATE) : 0;
    out[i++] = rates ? state.of(j, Statistics.SUPPORT) / 4 : 0;
    out[i] = features.contains(Feature.PRICE) ? state.of(j, Statistics.PRICE) / 2 : 0;
  }
}
