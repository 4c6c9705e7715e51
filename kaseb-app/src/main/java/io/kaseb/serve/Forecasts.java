package io.kaseb.serve;

import io.kaseb.forecast.PurchaseForecaster;
import io.kaseb.forecast.Visit;
import io.kaseb.forecast.VisitForecast;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// Makes an answer from a trail: the clicks are shown to the model one by one, and it is asked. No
/// state of a model is kept between requests, so the answer depends on trail, model and query
/// alone, on every node and after every swap.
final class Forecasts {
  private final Metrics metrics;

  Forecasts(Metrics metrics) {
    this.metrics = metrics;
  }

  /// Answers.
  ///
  /// @param session the session's id, or null
  /// @param over whether it is known that no more clicks come
  Answer answer(@Nullable String session, Trail trail, Roster.Pick pick, Ask ask, boolean over) {
    Served model = pick.model();
    Visit visit = model.forecaster().newVisit();
    List<Answer.Step> steps = new ArrayList<>();
    int unknown = 0;
    for (Click click : trail.clicks()) {
      boolean isKnown = visit.click(click.item(), click.category(), click.time());
      unknown += isKnown ? 0 : 1;
      if (ask.isExplained() && !model.hides(click.item())) {
        steps.add(
            new Answer.Step(
                click.item(),
                click.category(),
                click.time() < 0 ? null : click.time(),
                isKnown,
                visit.forecast(0).buyProbability()));
      }
    }
    int k = Math.min(ask.k(), model.forecaster().catalogue().size());
    VisitForecast forecast =
        visit.forecast(k, model.allowed(ask.exclude(), ask.categories()), over);
    List<PurchaseForecaster.Item> bought =
        forecast.bought().stream().filter(b -> !model.hides(b.item())).limit(ask.k()).toList();
    metrics.forecast(model, pick.variant(), forecast);
    return new Answer(
        session,
        trail.count(),
        forecast.buyProbability(),
        forecast.items(),
        bought,
        new Answer.ModelOf(model.name(), model.version(), pick.variant()),
        unknown,
        ask.isExplained() ? new Answer.Explanation(steps) : null);
  }
}
