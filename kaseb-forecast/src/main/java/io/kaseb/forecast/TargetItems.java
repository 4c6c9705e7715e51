package io.kaseb.forecast;

import io.kaseb.model.ItemMask;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.function.IntFunction;
import org.jspecify.annotations.Nullable;

/// The items likeliest to get an action that a goal forecasts: a session's own, by the goal's
/// forecast, among those that it may click next.
///
/// How many of the items acted on a session has not touched is known from training. Of the next
/// items that it has not touched, the one at place j (from 1) gets the share 1/j of that: what
/// shoppers choose from a list falls about so.
final class TargetItems {
  /// The next items that are likely enough to count.
  static final int FRESH = 20;

  private static final double HARMONIC = harmonic();

  private final Forecaster forecaster;
  private final PurchaseForecaster purchases;
  private final PurchaseForecaster.Session session;
  private final String goal;

  TargetItems(
      Forecaster forecaster,
      PurchaseForecaster purchases,
      PurchaseForecaster.Session session,
      String goal) {
    this.forecaster = forecaster;
    this.purchases = purchases;
    this.session = session;
    this.goal = goal;
  }

  private static double harmonic() {
    double sum = 0;
    for (int place = 1; place <= FRESH; place++) {
      sum += 1.0 / place;
    }
    return sum;
  }

  /// Returns the `k` likeliest items, best first.
  ///
  /// @param next gives so many of the likeliest next items
  List<SessionForecast.Next> merged(
      int k,
      @Nullable ItemMask allowed,
      boolean over,
      IntFunction<List<SessionForecast.Next>> next) {
    List<SessionForecast.Next> all = new ArrayList<>();
    Set<String> touched = new HashSet<>();
    for (PurchaseForecaster.Item item : session.items(goal, over)) {
      touched.add(item.item());
      int index = forecaster.catalogue().index(item.item());
      if (allowed == null || (index >= 0 && allowed.allows(index))) {
        all.add(
            new SessionForecast.Next(
                item.item(),
                (float) item.probability(),
                item.probability(),
                SessionForecast.Source.SESSION));
      }
    }
    double share = session.probability(goal, over) * purchases.elsewhere(goal) / HARMONIC;
    int place = 0;
    for (SessionForecast.Next item : next.apply(k + touched.size())) {
      if (!touched.contains(item.item())) {
        place++;
        all.add(
            new SessionForecast.Next(item.item(), (float) (share / place), null, item.source()));
      }
    }
    all.sort(Comparator.comparingDouble(SessionForecast.Next::score).reversed());
    return all.subList(0, Math.min(k, all.size()));
  }
}
