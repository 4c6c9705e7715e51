package io.kaseb.serve;

import io.kaseb.event.Event;
import io.kaseb.event.Visitor;
import io.kaseb.forecast.Forecaster;
import io.kaseb.forecast.PurchaseForecaster;
import io.kaseb.forecast.Session;
import io.kaseb.forecast.SessionForecast;
import io.kaseb.serve.session.Click;
import io.kaseb.serve.session.SessionClicks;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/// Makes an answer from a session's clicks: they are shown to the model one by one, and it is
/// asked. No state of a model is kept between requests, so the answer depends on clicks, model and
/// query alone, on every node and after every swap.
final class Forecasts {
  private static final int MOST_REASONS = 10;

  private final Metrics metrics;
  private final Shadows shadows;

  Forecasts(Metrics metrics, Shadows shadows) {
    this.metrics = metrics;
    this.shadows = shadows;
  }

  /// Answers.
  ///
  /// @param id the session's id, or null
  /// @param visitor what is known of the visitor's earlier sessions; null for nothing
  /// @param over whether it is known that no more clicks come
  Answer answer(
      @Nullable String id,
      SessionClicks session,
      @Nullable Visitor visitor,
      Deployment.Pick pick,
      ForecastQuery ask,
      boolean over) {
    ServedModel model = pick.model();
    String target = ask.target(model.forecaster());
    Session followed = model.forecaster().newSession();
    if (visitor != null) {
      followed.visitor(visitor);
    }
    List<Answer.Step> steps = new ArrayList<>();
    int unknown = 0;
    for (Click click : session.recent()) {
      boolean isKnown = followed.event(event(click, session.attributes(), model));
      String item = click.item();
      unknown += isKnown || item == null ? 0 : 1;
      if (ask.isExplained() && (item == null || !model.hides(item))) {
        steps.add(
            new Answer.Step(
                item,
                click.action().equals(Click.VIEW) ? null : click.action(),
                click.category(),
                click.time() < 0 ? null : click.time(),
                isKnown,
                followed.forecast(0).buyProbability()));
      }
    }
    int k = Math.min(ask.k(), model.forecaster().catalogue().size());
    SessionForecast forecast =
        followed.forecast(k, model.allowed(ask.exclude(), ask.categories()), over, target);
    List<PurchaseForecaster.Item> bought =
        forecast.bought().stream().filter(b -> !model.hides(b.item())).limit(ask.k()).toList();
    metrics.forecast(model, pick.variant(), forecast);
    // A filter of this request is no difference between the models.
    boolean isPlain = ask.exclude().isEmpty() && ask.categories().isEmpty();
    if (isPlain && target.equals(Forecaster.NEXT_VIEW)) {
      shadows.ask(pick.shadows(), session, visitor, forecast, ask.k(), over);
    }
    return new Answer(
        id,
        session.count(),
        forecast.buyProbability(),
        forecast.goals().size() > 1 ? forecast.goals() : Map.of(),
        target.equals(Forecaster.NEXT_VIEW) ? null : target,
        forecast.items(),
        bought,
        new Answer.ModelOf(model.name(), model.version(), pick.variant()),
        unknown,
        ask.isExplained()
            ? new Answer.Explanation(steps, reasons(session, visitor, model, over))
            : null);
  }

  private static List<PurchaseForecaster.Reason> reasons(
      SessionClicks session, @Nullable Visitor visitor, ServedModel model, boolean over) {
    PurchaseForecaster purchases = model.forecaster().purchases();
    if (purchases == null) {
      return List.of();
    }
    List<Event> events =
        session.recent().stream().map(click -> event(click, session.attributes(), model)).toList();
    return purchases.explain(events, visitor, over).stream()
        .filter(reason -> reason.item() == null || !model.hides(reason.item()))
        .limit(MOST_REASONS)
        .toList();
  }

  /// Returns an event with its attributes, its session's and those of its item where that is new;
  /// of one name the event's own counts, then the session's.
  static Event event(Click click, Map<String, String> session, ServedModel model) {
    Map<String, Object> attributes = model.attributes(click.item());
    if (!session.isEmpty() || !click.attributes().isEmpty()) {
      attributes = new HashMap<>(attributes);
      attributes.putAll(session);
      attributes.putAll(click.attributes());
    }
    return new Event(click.action(), click.item(), click.category(), click.time(), attributes);
  }
}
