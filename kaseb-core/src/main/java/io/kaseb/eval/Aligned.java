package io.kaseb.eval;

import io.kaseb.model.Catalogue;
import io.kaseb.model.NextItemModel;
import io.kaseb.model.SessionState;
import java.util.Arrays;

/// A model as if it knew all items of a larger catalogue, so that models of different catalogues
/// meet the same predictions. It passes over clicks on items that it does not know, and ranks such
/// items below all others; before the first click that it knows it ranks all alike.
public final class Aligned implements NextItemModel {
  private final NextItemModel model;
  private final Catalogue catalogue;

  /// The model's number of each item, negative where it does not know it.
  private final int[] numbers;

  private Aligned(NextItemModel model, Catalogue catalogue) {
    this.model = model;
    this.catalogue = catalogue;
    this.numbers = catalogue.indicesIn(model.catalogue());
  }

  /// Returns the model in another catalogue's numbers; the model itself where that is its own.
  public static NextItemModel of(NextItemModel model, Catalogue catalogue) {
    boolean same = model.catalogue().ids().equals(catalogue.ids());
    return same ? model : new Aligned(model, catalogue);
  }

  @Override
  public String name() {
    return model.name();
  }

  @Override
  public Catalogue catalogue() {
    return catalogue;
  }

  @Override
  public SessionState newSession() {
    return model.newSession();
  }

  @Override
  public void click(SessionState state, int item) {
    if (numbers[item] >= 0) {
      model.click(state, numbers[item]);
    }
  }

  @Override
  public void scores(SessionState[] states, int n, float[][] out) {
    SessionState[] begun = new SessionState[n];
    int m = 0;
    for (int i = 0; i < n; i++) {
      if (states[i].clicks() > 0) {
        begun[m++] = states[i];
      }
    }
    float[][] own = new float[m][model.catalogue().size()];
    if (m > 0) {
      model.scores(begun, m, own);
    }
    for (int i = 0, next = 0; i < n; i++) {
      if (states[i].clicks() == 0) {
        Arrays.fill(out[i], 0);
        continue;
      }
      float[] scores = own[next++];
      for (int item = 0; item < numbers.length; item++) {
        out[i][item] = numbers[item] < 0 ? Float.NEGATIVE_INFINITY : scores[numbers[item]];
      }
    }
  }
}
