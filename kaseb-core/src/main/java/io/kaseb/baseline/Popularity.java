package io.kaseb.baseline;

import io.kaseb.data.Catalogue;
import io.kaseb.data.Sessions;
import io.kaseb.model.SessionState;

/// Scores every item by its number of clicks in train, whatever the session.
public final class Popularity extends LastItemModel {
  private final float[] counts;

  private Popularity(Catalogue catalogue, float[] counts) {
    super(catalogue);
    this.counts = counts;
  }

  /// Counts the clicks of the sessions.
  public static Popularity of(Catalogue catalogue, Sessions train) {
    float[] scores = new float[catalogue.size()];
    long[] counts = train.itemCounts(scores.length);
    for (int i = 0; i < scores.length; i++) {
      scores[i] = counts[i];
    }
    return new Popularity(catalogue, scores);
  }

  @Override
  public String name() {
    return "popularity";
  }

  @Override
  public void scores(SessionState[] states, int n, float[][] out) {
    for (int i = 0; i < n; i++) {
      System.arraycopy(counts, 0, out[i], 0, counts.length);
    }
  }
}
