package io.kaseb.baseline;

import io.kaseb.model.Catalogue;
import io.kaseb.model.NextItemModel;
import io.kaseb.model.Sessions;
import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/// Item-kNN (`item-knn`): scores an item by the cosine of the sets of sessions that hold it and the
/// session's last item, damped for rare items: `n_ij / sqrt((n_i + 20) (n_j + 20))`. The baseline
/// of Hidasi et al., "Session-based Recommendations with Recurrent Neural Networks" (2016), with
/// its published defaults: damping 20, alpha 0.5, the 100 most similar items.
public final class ItemKnn {
  /// The kind's name.
  public static final String KIND = "item-knn";

  private static final int KEPT = 100;
  private static final double DAMPING = 20;

  private ItemKnn() {}

  /// Counts the sessions of each pair of items.
  ///
  /// @param train sessions whose items all lie in the catalogue
  public static NextItemModel of(Catalogue catalogue, Sessions train) {
    return pairs(catalogue, train, null);
  }

  /// Counts the sessions of each pair of items.
  ///
  /// @param acted what counts more than once as the other item of a pair; null for nothing
  static PairModel pairs(Catalogue catalogue, Sessions train, @Nullable ActedOn acted) {
    Sessions sets = distinct(train);
    float[] weights = weights(sets, acted);
    double[] sessions = new double[catalogue.size()];
    for (int e = 0; e < weights.length; e++) {
      sessions[sets.items()[e]] += weights[e];
    }
    return PairModel.of(
        KIND,
        catalogue,
        sets,
        (all, s, at, row) -> {
          for (int e = all.start(s); e < all.end(s); e++) {
            if (e != at) {
              row.add(all.items()[e], weights[e]);
            }
          }
        },
        (item, other, sum, place, count) ->
            (float) (sum / Math.sqrt((sessions[item] + DAMPING) * (sessions[other] + DAMPING))),
        KEPT);
  }

  private static float[] weights(Sessions sets, @Nullable ActedOn acted) {
    if (acted != null) {
      return acted.weights(sets);
    }
    float[] ones = new float[sets.events()];
    Arrays.fill(ones, 1);
    return ones;
  }

  /// Returns the sessions with each item once, where it was clicked last.
  static Sessions distinct(Sessions train) {
    int[] offsets = new int[train.count() + 1];
    int[] items = new int[train.events()];
    int n = 0;
    for (int s = 0; s < train.count(); s++) {
      for (int e = train.start(s); e < train.end(s); e++) {
        int later = e + 1;
        while (later < train.end(s) && train.items()[later] != train.items()[e]) {
          later++;
        }
        if (later == train.end(s)) {
          items[n++] = train.items()[e];
        }
      }
      offsets[s + 1] = n;
    }
    return new Sessions(offsets, Arrays.copyOf(items, n), null);
  }
}
