package io.kaseb.baseline;

import io.kaseb.data.Catalogue;
import io.kaseb.data.Sessions;
import io.kaseb.model.NextItemModel;
import io.kaseb.model.SessionState;
import io.kaseb.model.Tensor;
import java.util.Map;

/// Popularity, in two forms. `popularity` scores every item by its number of clicks in train,
/// whatever the session. `session-popularity` scores first by the number of clicks in the session
/// so far, then by those in train. Known as POP and S-POP in Hidasi et al., "Session-based
/// Recommendations with Recurrent Neural Networks" (2016), section 4.
public final class Popularity implements NextItemModel {
  /// The kind that knows no session.
  public static final String KIND = "popularity";

  /// The kind that looks at the session first.
  public static final String SESSION_KIND = "session-popularity";

  private final String name;
  private final Catalogue catalogue;
  private final float[] counts;
  private final int memory;

  private Popularity(String name, Catalogue catalogue, float[] counts) {
    this.name = name;
    this.catalogue = catalogue;
    this.counts = counts;
    this.memory = name.equals(SESSION_KIND) ? KnnSettings.MOST_CLICKS : 1;
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

  /// Returns the numbers that [#read] takes.
  Numbers numbers() {
    return new Numbers(Map.of("popularity.clicks", Tensor.vector(counts)), Map.of());
  }

  /// Puts a model together again.
  static Popularity read(String kind, Catalogue catalogue, Numbers numbers) {
    return new Popularity(kind, catalogue, numbers.floats("popularity.clicks", catalogue.size()));
  }

  @Override
  public String name() {
    return name;
  }

  @Override
  public Catalogue catalogue() {
    return catalogue;
  }

  @Override
  public SessionState newSession() {
    return new SessionState(0, memory);
  }

  @Override
  public void click(SessionState state, int item) {
    state.add(item);
  }

  @Override
  public void scores(SessionState[] states, int n, float[][] out) {
    for (int i = 0; i < n; i++) {
      System.arraycopy(counts, 0, out[i], 0, counts.length);
      if (memory > 1) {
        addSession(states[i], out[i]);
      }
    }
  }

  /// Lifts the session's items above all others: by one more than the largest count for each click.
  private void addSession(SessionState state, float[] scores) {
    float step = 1;
    for (float count : counts) {
      step = Math.max(step, count + 1);
    }
    for (int back = 0; back < state.remembered(); back++) {
      scores[state.recent(back)] += step;
    }
  }
}
