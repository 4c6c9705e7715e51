package io.kaseb.serve;

import com.fasterxml.jackson.annotation.JsonInclude;
import io.kaseb.event.Attribute;
import io.kaseb.event.Event;
import io.kaseb.forecast.PurchaseForecaster;
import io.kaseb.serve.http.Call;
import io.kaseb.serve.http.Problem;
import io.kaseb.serve.http.Query;
import io.kaseb.serve.http.Reply;
import io.kaseb.serve.http.Route;
import io.kaseb.serve.pages.Replay;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/// Answers the routes that tell what there is to click: items, what a model reads of events, and
/// sessions of a log to play again.
final class CatalogueApi {
  private static final int MOST_FOUND = 100;
  private static final int FOUND = 24;
  private static final int MOST_TEXT = 200;
  private static final int MOST_VALUES = 50;
  private static final int MOST_DIGITS = 9;

  private final ModelRegistry models;
  private final Replay replay;
  private volatile @Nullable ItemDetails details;

  /// @param replay sessions to play again
  CatalogueApi(ModelRegistry models, Replay replay) {
    this.models = models;
    this.replay = replay;
  }

  /// Takes what is known of items; none is known before.
  void know(ItemDetails of) {
    details = of;
  }

  List<Route> routes() {
    return List.of(
        // A search may look at every item.
        Route.forecast("GET", "/v1/catalogue", this::catalogue),
        new Route("GET", "/v1/signals", Route.Kind.SESSION, this::signals),
        new Route("GET", "/v1/replay", Route.Kind.SESSION, this::visit));
  }

  private ServedModel model(Query query) {
    if (!models.isReady()) {
      throw Problem.busy("the model is still loading");
    }
    return models.deployment().pick("", query.one("model")).model();
  }

  /// @param name null where it has none
  /// @param known whether the model knows it
  /// @param attributes what else is known of it, by name
  private record ItemView(
      String item, @Nullable String name, boolean known, Map<String, Object> attributes) {}

  /// @param more whether there are more than were asked for
  private record Found(List<ItemView> items, boolean more) {}

  private Reply catalogue(Call call) {
    Query query = call.query();
    query.checkNames(List.of("query", "limit", "items", "model"));
    ServedModel model = model(query);
    List<String> named = query.ids("items");
    String text = query.one("query");
    if (!named.isEmpty() && text != null) {
      throw Problem.field("items", "give query or items, not both");
    }
    if (!named.isEmpty()) {
      return Reply.ok(
          new Found(
              named.stream()
                  .distinct()
                  .filter(item -> !model.hides(item))
                  .map(item -> view(model, item))
                  .toList(),
              false));
    }
    if (text != null && text.length() > MOST_TEXT) {
      throw Problem.field("query", "must be " + MOST_TEXT + " characters or fewer");
    }
    int limit = number(query, "limit", FOUND, 1, MOST_FOUND);
    List<String> found =
        CatalogueSearch.of(model, details(), text == null ? "" : text).first(limit + 1);
    return Reply.ok(
        new Found(
            found.stream().limit(limit).map(item -> view(model, item)).toList(),
            found.size() > limit));
  }

  private static int number(Query query, String name, int otherwise, int least, int most) {
    String text = query.one(name);
    if (text == null) {
      return otherwise;
    }
    int number =
        text.matches("[0-9]{1," + MOST_DIGITS + "}") ? Integer.parseInt(text) : Integer.MIN_VALUE;
    if (number < least || number > most) {
      throw Problem.field(name, "must be " + least + ".." + most);
    }
    return number;
  }

  private ItemDetails details() {
    ItemDetails known = details;
    if (known == null) {
      throw Problem.busy("the model is still loading");
    }
    return known;
  }

  private ItemView view(ServedModel model, String item) {
    Map<String, Object> known = details().of(item, model.attributes(item));
    String name = ItemDetails.takeName(known);
    return new ItemView(item, name, model.forecaster().catalogue().index(item) >= 0, known);
  }

  /// @param level what has it: `event`, `session`, `user` or `item`
  /// @param values the most frequent words, up to 50; none for numbers
  private record AttributeView(String name, String kind, String level, List<String> values) {
    static AttributeView of(PurchaseForecaster.Known known) {
      Attribute attribute = known.attribute();
      return new AttributeView(
          attribute.name(),
          attribute.kind().name().toLowerCase(Locale.ROOT),
          attribute.level().name().toLowerCase(Locale.ROOT),
          known.values().stream().limit(MOST_VALUES).toList());
    }
  }

  /// @param purchases whether it forecasts purchases
  /// @param goals what it forecasts, by action
  /// @param actions that move its purchase forecast
  /// @param visits sessions that can be played again
  private record SignalsView(
      String model,
      String version,
      String kind,
      int items,
      boolean purchases,
      List<String> goals,
      List<String> actions,
      List<AttributeView> attributes,
      int visits,
      String source) {}

  private Reply signals(Call call) {
    call.query().checkNames(List.of("model"));
    ServedModel model = model(call.query());
    PurchaseForecaster purchases = model.forecaster().purchases();
    return Reply.ok(
        new SignalsView(
            model.name(),
            model.version(),
            model.forecaster().name(),
            model.forecaster().catalogue().size(),
            purchases != null,
            purchases == null ? List.of() : List.copyOf(purchases.goals().keySet()),
            purchases == null ? List.of("view") : purchases.actions(),
            purchases == null
                ? List.of()
                : purchases.attributes().stream().map(AttributeView::of).toList(),
            replay.visits().size(),
            replay.source()));
  }

  /// An event as the route of events takes it.
  @JsonInclude(JsonInclude.Include.NON_EMPTY)
  private record EventView(
      String action,
      @Nullable String item,
      @Nullable String category,
      @Nullable Long time,
      Map<String, Object> attributes) {
    static EventView of(Event event) {
      return new EventView(
          event.action(),
          event.item(),
          event.category(),
          event.time() < 0 ? null : event.time(),
          event.attributes());
    }
  }

  /// @param visit its number
  /// @param visits how many there are
  /// @param bought what it bought in the end
  private record VisitView(
      int visit,
      int visits,
      String source,
      List<EventView> events,
      Map<String, Object> sessionAttributes,
      List<String> bought) {}

  private Reply visit(Call call) {
    call.query().checkNames(List.of("visit"));
    int visits = replay.visits().size();
    if (visits == 0) {
      throw Problem.of(404, "Not found", "the server was started without sessions to play again");
    }
    int number = number(call.query(), "visit", 1, 1, visits);
    Replay.Visit visit = replay.visits().get(number - 1);
    return Reply.ok(
        new VisitView(
            number,
            visits,
            replay.source(),
            visit.events().stream().map(EventView::of).toList(),
            visit.attributes(),
            visit.bought()));
  }
}
