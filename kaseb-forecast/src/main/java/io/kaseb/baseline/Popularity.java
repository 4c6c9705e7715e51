package io.kaseb.baseline;

import io.kaseb.config.KnnSettings;
import io.kaseb.model.Catalogue;
import io.kaseb.model.SessionState;
import io.kaseb.model.Sessions;
import io.kaseb.model.Tensor;
import java.util.Map;

/// Popularity, in two forms. `popularity` scores every item by its number of clicks in train,
/// whatever the session. `session-popularity` scores first by the number of clicks in the session
/// so far, then by those in train. Known as POP and S-POP in Hidasi et al., "Session-based
/// Recommendations with Recurrent Neural Networks" (2016), section 4.
public final class Popularity extends CountedModel {
  /// The kind that knows no session.
  public static final String KIND = "popularity";

  /// The kind that looks at the session first.
  public static final String SESSION_KIND = "session-popularity";

  private final float[] counts;

  /// What each click of the session adds: more than any count, or 0.
  private final float step;

  private Popularity(String name, Catalogue catalogue, float[] counts) {
    super(name, catalogue, name.equals(SESSION_KIND) ? KnnSettings.MOST_CLICKS : 1);
    this.counts = counts;
    float most = 0;
    for (float count : counts) {
      most = Math.max(most, count);
    }
    this.step = name.equals(SESSION_KIND) ? most + 1 : 0;
  }

  /// Counts the clicks of the sessions.
  public static Popularity of(Catalogue catalogue, Sessions train) {
    return of(KIND, catalogue, train);
  }

  /// Counts the clicks of the sessions for the model that looks at the session first.
  public static Popularity ofSession(Catalogue catalogue, Sessions train) {
    return of(SESSION_KIND, catalogue, train);
  }

  private static Popularity of(String kind, Catalogue catalogue, Sessions train) {
    float[] scores = new float[catalogue.size()];
    long[] counts = train.itemCounts(scores.length);
    for (int i = 0; i < scores.length; i++) {
      scores[i] = counts[i];
    }
    return new Popularity(kind, catalogue, scores);
  }

  @Override
  StoredArrays numbers() {
    return new StoredArrays(Map.of("popularity.clicks", Tensor.vector(counts)), Map.of());
  }

  /// Puts a model together again.
  static Popularity read(String kind, Catalogue catalogue, StoredArrays numbers) {
    return new Popularity(kind, catalogue, numbers.floats("popularity.clicks", catalogue.size()));
  }

  @Override
  public float[] popularity() {
    return counts.clone();
  }

  @Override
  public void scores(SessionState[] states, int n, float[][] out) {
    for (int i = 0; i < n; i++) {
      System.arraycopy(counts, 0, out[i], 0, counts.length);
      for (int back = 0; step > 0 && back < states[i].remembered(); back++) {
        out[i][states[i].recent(back)] += step;
      }
    }
  }
}
