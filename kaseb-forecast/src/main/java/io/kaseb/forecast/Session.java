package io.kaseb.forecast;

import io.kaseb.event.Event;
import io.kaseb.event.Visitor;
import io.kaseb.intent.Payoff;
import io.kaseb.model.ItemMask;
import io.kaseb.model.TopItems;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/// One session, followed event by event by item ids: asks a model file for everything it can
/// forecast. Belongs to one thread at a time.
public final class Session {
  private final Forecaster forecaster;
  private final Forecaster.State next;
  private final PurchaseForecaster.@Nullable Session purchase;
  private int clicks;
  private int known;

  Session(Forecaster forecaster) {
    this.forecaster = forecaster;
    PurchaseForecaster purchases = forecaster.purchases();
    next = forecaster.newState();
    purchase = purchases == null ? null : purchases.newSession();
  }

  /// Takes a click of which only the item is known.
  ///
  /// @param item its id
  /// @return whether the model knows the item
  public boolean click(String item) {
    return click(item, null, -1);
  }

  /// Takes a click. One on an item that the model does not know leaves the next items as they are,
  /// the most popular ones where none is known yet; the purchase forecast follows it all the same.
  ///
  /// @param item its id
  /// @param category the click's category, or null
  /// @param time milliseconds since 1970, or -1 where there is none
  /// @return whether the model knows the item
  public boolean click(String item, @Nullable String category, long time) {
    return event(Event.view(item, category, time));
  }

  /// Takes an event. A view of an item is a click; of others the purchase forecast alone hears.
  /// Actions, attributes and values that the model does not know are as missing ones.
  ///
  /// @param event behind those before it in time; one that runs backwards counts as no time passed
  /// @return whether the model knows the event's item; false where it has none
  public boolean event(Event event) {
    String item = event.item();
    int index = item == null ? -1 : forecaster.catalogue().index(item);
    if (item != null && event.action().equals(Forecaster.NEXT_VIEW)) {
      clicks++;
      if (index >= 0) {
        next.click(index);
        known++;
      }
    }
    if (purchase != null) {
      purchase.event(event);
    }
    return index >= 0;
  }

  /// Says what is known of the session, once: values of attributes of sessions and users, by their
  /// names.
  ///
  /// @param values by attribute: a number, or text for categories and words
  public void attributes(Map<String, Object> values) {
    if (purchase != null) {
      purchase.attributes(values);
    }
  }

  /// Says what is known of the visitor from earlier sessions, before the first event.
  ///
  /// @param earlier sessions, purchases and items before this session
  public void visitor(Visitor earlier) {
    if (purchase != null) {
      purchase.visitor(earlier);
    }
  }

  /// {@return the number of clicks}
  public int clicks() {
    return clicks;
  }

  /// Forecasts the `k` likeliest next items and the purchase.
  ///
  /// @param k how many next items at most, 0 for none
  /// @return the forecast of a session that may go on
  public SessionForecast forecast(int k) {
    return forecast(k, null, false);
  }

  /// Forecasts.
  ///
  /// @param k how many next items at most, 0 for none
  /// @param allowed which items may be among them; null for all
  /// @param over whether it is known that no more clicks come
  /// @return next items likeliest first, probabilities 0..1
  public SessionForecast forecast(int k, @Nullable ItemMask allowed, boolean over) {
    return forecast(k, allowed, over, Forecaster.NEXT_VIEW);
  }

  /// Forecasts, the items being those likeliest to get an action in the rest of the session.
  ///
  /// Of the session's own items the goal's forecast tells how likely that is. Those that it has not
  /// touched come in the order in which it is likely to click them next, with the share that such
  /// items had in training. Which list an item is from is its `source`.
  ///
  /// @param k how many items at most, 0 for none
  /// @param allowed which items may be among them; null for all
  /// @param over whether it is known that no more clicks come
  /// @param target one of [Forecaster#targets()]
  /// @return items likeliest first, probabilities 0..1
  /// @throws io.kaseb.base.KasebException where the model has no such target
  public SessionForecast forecast(int k, @Nullable ItemMask allowed, boolean over, String target) {
    String action = forecaster.target(target);
    List<SessionForecast.Next> next =
        purchase == null || k == 0 || action.equals(Forecaster.NEXT_VIEW)
            ? items(k, allowed, action)
            : new TargetItems(
                    forecaster, Objects.requireNonNull(forecaster.purchases()), purchase, action)
                .merged(k, allowed, over, n -> items(n, allowed, Forecaster.NEXT_VIEW));
    if (purchase == null) {
      return new SessionForecast(clicks, null, next, List.of(), Map.of());
    }
    PurchaseForecaster.Purchase bought = purchase.forecast(over);
    List<PurchaseForecaster.Item> items = new ArrayList<>(bought.items());
    items.sort(Comparator.comparingDouble(PurchaseForecaster.Item::probability).reversed());
    return new SessionForecast(clicks, bought.probability(), next, items, bought.goals());
  }

  /// Returns what the trees and regressions of the purchase forecast read of the session so far.
  ///
  /// @param over whether it is known that no more events come
  /// @return null where the model has no purchase forecast, or it followed no event yet
  public @Nullable PurchaseFeatures features(boolean over) {
    return purchase == null ? null : purchase.features(over);
  }

  /// Returns what to name of the session as a buyer, no more clicks coming: where its expected
  /// worth is positive, the items of highest expected overlap.
  ///
  /// @param payoff what it is worth to name a session that buys, and one that does not
  /// @return null where naming it does not pay, and of a model without a purchase forecast
  public PurchaseForecaster.@Nullable Answer answer(Payoff payoff) {
    return purchase == null ? null : purchase.answer(payoff);
  }

  private List<SessionForecast.Next> items(int k, @Nullable ItemMask allowed, String action) {
    List<SessionForecast.Next> items = new ArrayList<>();
    if (k == 0) {
      return items;
    }
    TopItems top = TopItems.of(k);
    if (known == 0) {
      forecaster.popular(top, allowed);
      for (int place = 0; place < top.size(); place++) {
        String id = forecaster.catalogue().id(top.item(place));
        items.add(
            new SessionForecast.Next(id, top.score(place), null, SessionForecast.Source.POPULAR));
      }
      return items;
    }
    double total = forecaster.top(next, action, top, allowed);
    for (int place = 0; place < top.size(); place++) {
      float score = top.score(place);
      double probability = Math.exp(score - total);
      items.add(
          new SessionForecast.Next(
              forecaster.catalogue().id(top.item(place)),
              score,
              Double.isFinite(probability) ? Math.min(1, probability) : null,
              forecaster.isNew(top.item(place))
                  ? SessionForecast.Source.NEW
                  : SessionForecast.Source.MODEL));
    }
    return items;
  }
}
