package io.kaseb.train;

import io.kaseb.baseline.ActedOn;
import io.kaseb.baseline.SessionKnn;
import io.kaseb.config.KnnSettings;
import io.kaseb.data.LabelledSessions;
import io.kaseb.data.OpenDataset;
import io.kaseb.data.Purchases;
import io.kaseb.data.Signals;
import io.kaseb.event.Actions;
import io.kaseb.model.Catalogue;
import io.kaseb.model.SessionState;
import io.kaseb.model.Sessions;
import io.kaseb.model.TopItems;
import java.util.Arrays;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/// Finds which items of each session were acted on, and how much more they are to count for
/// session-kNN: the weight of the highest mrr@20 on sessions held back, and 1 where no other gains
/// more than twice the standard error of its gain over sessions.
public final class ActedItems {
  private static final Set<Integer> ACTIONS =
      Set.of(Actions.CART, Actions.WISHLIST, Actions.PURCHASE);
  private static final float[] WEIGHTS = {1.5f, 2, 3};
  private static final int CUTOFF = 20;
  private static final int MOST_SESSIONS = 5_000;

  private ActedItems() {}

  /// Returns the items of each training session that were put into the cart, wished for or bought,
  /// in the log's numbers; null of a log of clicks alone.
  public static @Nullable Sessions of(OpenDataset dataset) {
    // Asked before anything is read: a log of clicks alone pays nothing.
    if (dataset.manifest().actions().isEmpty()) {
      return null;
    }
    LabelledSessions labelled = dataset.labelledTrain();
    Signals signals = labelled.signals();
    Sessions sessions = labelled.sessions();
    Purchases purchases = labelled.purchases();
    int[] offsets = new int[sessions.count() + 1];
    int[] items = new int[sessions.events() + purchases.items().length];
    int n = 0;
    for (int s = 0; s < sessions.count(); s++) {
      for (int e = sessions.start(s); e < sessions.end(s); e++) {
        if (sessions.items()[e] >= 0 && ACTIONS.contains(signals.action(e))) {
          items[n++] = sessions.items()[e];
        }
      }
      for (int p = purchases.offsets()[s]; p < purchases.offsets()[s + 1]; p++) {
        items[n++] = purchases.items()[p];
      }
      offsets[s + 1] = n;
    }
    return new Sessions(offsets, Arrays.copyOf(items, n), null);
  }

  /// Returns the weight that is best for sessions held back.
  ///
  /// @param kind of session-kNN
  /// @param earlier sessions to look through, in the catalogue's numbers
  /// @param acted items of theirs that were acted on
  /// @param later sessions after them; the last 5,000 are used
  public static float weight(
      String kind,
      Catalogue catalogue,
      Sessions earlier,
      Sessions acted,
      Sessions later,
      KnnSettings settings) {
    Sessions held = later.slice(Math.max(0, later.count() - MOST_SESSIONS), later.count());
    double[] plain = ranks(SessionKnn.of(kind, catalogue, earlier, settings), held);
    float best = 1;
    double most = 0;
    for (float weight : WEIGHTS) {
      ActedOn on = new ActedOn(acted, weight);
      double[] other = ranks(SessionKnn.of(kind, catalogue, earlier, settings, on), held);
      double gain = 0;
      double squares = 0;
      for (int s = 0; s < plain.length; s++) {
        gain += other[s] - plain[s];
        squares += (other[s] - plain[s]) * (other[s] - plain[s]);
      }
      if (gain > Math.max(most, 2 * Math.sqrt(squares))) {
        most = gain;
        best = weight;
      }
    }
    return best;
  }

  /// Returns each session's sum of reciprocal ranks among 20.
  private static double[] ranks(SessionKnn knn, Sessions held) {
    double[] sums = new double[held.count()];
    TopItems top = TopItems.of(CUTOFF);
    for (int s = 0; s < sums.length; s++) {
      SessionState state = knn.newSession();
      for (int e = held.start(s); e + 1 < held.end(s); e++) {
        knn.click(state, held.items()[e]);
        knn.top(state, top);
        for (int place = 0; place < top.size(); place++) {
          boolean isIt = top.item(place) == held.items()[e + 1] && top.score(place) > 0;
          sums[s] += isIt ? 1.0 / (place + 1) : 0;
        }
      }
    }
    return sums;
  }
}
