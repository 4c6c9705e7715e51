package io.kaseb.serve;

import io.kaseb.forecast.SessionForecast;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;

/// The routes that forecast.
final class ForecastApi {
  /// Sessions of one batch.
  static final int MOST_SESSIONS = 1000;

  private static final int MOST_CLICKS = 10_000;
  private static final int BATCH_PART = 8;
  private static final List<String> SESSION_FIELDS = List.of("session", "clicks", "over");
  private static final Set<String> SERENADE = Set.of("session_id", "item_id", "user_consent");

  private final ModelRegistry models;
  private final SessionStore sessions;
  private final Forecasts forecasts;
  private final Metrics metrics;
  private final ServeConfig config;
  private final InstantSource clock;

  ForecastApi(
      ModelRegistry models,
      SessionStore sessions,
      Metrics metrics,
      ServeConfig config,
      InstantSource clock) {
    this.models = models;
    this.sessions = sessions;
    this.forecasts = new Forecasts(metrics);
    this.metrics = metrics;
    this.config = config;
    this.clock = clock;
  }

  List<Route> routes() {
    return List.of(
        Route.forecast("POST", "/v1/sessions/{id}/events", this::event),
        Route.get("/v1/sessions/{id}", this::session),
        new Route("DELETE", "/v1/sessions/{id}", Route.Kind.PLAIN, this::delete),
        Route.forecast("POST", "/v1/forecast", this::stateless),
        Route.forecast("GET", "/v1/recommend", this::recommend));
  }

  /// Returns the models, or refuses while there are none.
  private Deployment deployment() {
    if (!models.isReady()) {
      throw Problem.busy("the model is still loading");
    }
    return models.deployment();
  }

  private Reply event(Call call) {
    String id = call.path("id");
    ForecastQuery ask = ForecastQuery.of(call.query(), config.models());
    Click click = Click.of(JsonFields.of(JsonFields.parse(call.body()), "", Click.FIELDS));
    Deployment.Pick pick = deployment().pick(id, ask.model());
    checkKnown(List.of(click), pick.model(), ask, "");
    Taken taken = take(id, click);
    Answer answer = forecasts.answer(id, taken.history, pick, ask, false);
    Reply reply = Reply.ok(answer);
    return taken.isKept ? reply : reply.with("Kaseb-Degraded", "sessions");
  }

  private record Taken(SessionClicks history, boolean isKept) {}

  /// Adds a click to its session; without the store to a session of its own.
  private Taken take(String id, Click click) {
    boolean[] seen = new boolean[2];
    try {
      SessionClicks history =
          sessions.update(
              id,
              before -> {
                seen[0] = before.has(click.event());
                if (seen[0]) {
                  return before;
                }
                Click timed = click.time() < 0 ? click.at(before.stamp(clock.millis())) : click;
                seen[1] = before.isLate(timed);
                return before.plus(timed, config.sessions().clicks());
              });
      if (seen[0]) {
        metrics.count("events.duplicate");
      }
      if (seen[1]) {
        metrics.count("events.late");
      }
      return new Taken(history, true);
    } catch (SessionStore.Unavailable e) {
      metrics.count("sessions.degraded");
      long now = clock.millis();
      Click timed = click.time() < 0 ? click.at(now) : click;
      return new Taken(SessionClicks.begin(now).plus(timed, config.sessions().clicks()), false);
    }
  }

  /// Counts unknown items, and refuses them where they are not followed.
  private void checkKnown(List<Click> clicks, ServedModel model, ForecastQuery ask, String place) {
    for (int i = 0; i < clicks.size(); i++) {
      if (model.forecaster().catalogue().index(clicks.get(i).item()) < 0) {
        metrics.count("unknown.items");
        if (!ask.isFollowingUnknown()) {
          throw Problem.unknownItem(
              place.isEmpty() ? "item" : place + "[" + i + "].item", clicks.get(i).item());
        }
      }
    }
  }

  private Reply session(Call call) {
    String id = call.path("id");
    SessionClicks history;
    try {
      history = sessions.find(id);
    } catch (SessionStore.Unavailable e) {
      throw Problem.busy("the session store is away");
    }
    if (history == null) {
      throw Problem.of(404, "Not found", "no session has this id, or it is over");
    }
    Set<String> hidden = models.rules().hidden();
    return Reply.ok(
        new SessionView(
            id,
            history.count(),
            history.created(),
            history.clicks().stream()
                .filter(c -> !hidden.contains(c.item()))
                .map(c -> new ClickView(c.item(), c.category(), c.time()))
                .toList()));
  }

  private record SessionView(String session, long clicks, long created, List<ClickView> recent) {}

  private record ClickView(String item, @Nullable String category, long time) {}

  private Reply delete(Call call) {
    try {
      sessions.delete(call.path("id"));
      return Reply.done();
    } catch (SessionStore.Unavailable e) {
      throw Problem.busy("the session store is away");
    }
  }

  /// A session of a request's body.
  private record Given(@Nullable String session, SessionClicks history, boolean over) {}

  private Reply stateless(Call call) {
    ForecastQuery ask = ForecastQuery.of(call.query(), config.models());
    JsonNode body = JsonFields.parse(call.body());
    Deployment deployment = deployment();
    if (!body.isArray()) {
      Given given = given(body, "");
      Deployment.Pick pick = deployment.pick(given.session, ask.model());
      checkKnown(given.history.clicks(), pick.model(), ask, "clicks");
      return Reply.ok(answer(given, pick, ask));
    }
    if (body.size() > MOST_SESSIONS) {
      throw Problem.field(
          "body", "has " + body.size() + " sessions; must be " + MOST_SESSIONS + " or fewer");
    }
    List<Given> all = new ArrayList<>();
    List<Deployment.Pick> picks = new ArrayList<>();
    for (int s = 0; s < body.size(); s++) {
      Given given = given(body.get(s), "[" + s + "]");
      all.add(given);
      picks.add(deployment.pick(given.session, ask.model()));
      checkKnown(given.history.clicks(), picks.getLast().model(), ask, "[" + s + "].clicks");
    }
    List<Answer> answers = new ArrayList<>();
    for (int i = 0; i < all.size(); i++) {
      answers.add(answer(all.get(i), picks.get(i), ask));
      if (i % BATCH_PART == BATCH_PART - 1) {
        // Single clicks get their turn between the parts of a batch.
        Thread.yield();
      }
    }
    return Reply.ok(answers);
  }

  private Answer answer(Given given, Deployment.Pick pick, ForecastQuery ask) {
    return forecasts.answer(given.session, given.history, pick, ask, given.over);
  }

  private Given given(JsonNode node, String place) {
    JsonFields fields = JsonFields.of(node, place, SESSION_FIELDS);
    JsonNode clicks = fields.node("clicks");
    if (clicks == null || !clicks.isArray() || clicks.isEmpty() || clicks.size() > MOST_CLICKS) {
      throw Problem.field(
          fields.name("clicks"), "must be an array of 1.." + MOST_CLICKS + " clicks");
    }
    int most = config.sessions().clicks();
    List<Click> all = new ArrayList<>();
    Set<Long> events = new HashSet<>();
    long before = -1;
    for (int i = 0; i < clicks.size(); i++) {
      String at = fields.name("clicks") + "[" + i + "]";
      Click click = Click.of(JsonFields.of(clicks.get(i), at, Click.FIELDS));
      if (click.event() == 0 || events.add(click.event())) {
        // A click without time stands where it was given.
        all.add(click.time() < 0 && before >= 0 ? click.at(before) : click);
        before = all.getLast().time();
      }
    }
    all.sort(Comparator.comparingLong(Click::time));
    List<Click> kept = all.subList(Math.max(0, all.size() - most), all.size());
    return new Given(
        fields.text("session"),
        new SessionClicks(Math.max(0, kept.getFirst().time()), all.size(), kept),
        fields.flag("over"));
  }

  /// Serenade's route: item ids alone, as numbers where all of the model's ids are. Without consent
  /// nothing is read or stored.
  private Reply recommend(Call call) {
    for (String name : call.query().names()) {
      if (!SERENADE.contains(name)) {
        throw Problem.field(
            Text.quoted(name).replace("\"", ""),
            "no such query parameter; there are session_id, item_id, user_consent");
      }
    }
    String session = needed(call, "session_id");
    String item = needed(call, "item_id");
    if (ForecastQuery.one(call.query(), "user_consent") == null) {
      throw Problem.field("user_consent", "is missing; must be true or false");
    }
    boolean consents = ForecastQuery.flag(call.query(), "user_consent");
    ForecastQuery ask =
        new ForecastQuery(config.models().k(), List.of(), List.of(), false, null, true);
    Deployment.Pick pick = deployment().pick(session, null);
    Click click = new Click(item, null, -1, 0);
    checkKnown(List.of(click), pick.model(), ask, "");
    long now = clock.millis();
    Taken taken =
        consents
            ? take(session, click)
            : new Taken(SessionClicks.begin(now).plus(click.at(now), 1), true);
    Answer answer = forecasts.answer(session, taken.history, pick, ask, false);
    List<?> ids =
        answer.items().stream()
            .map(SessionForecast.Next::item)
            .map(id -> pick.model().isNumeric() ? (Object) Long.valueOf(id) : id)
            .toList();
    Reply reply = Reply.ok(ids);
    return taken.isKept ? reply : reply.with("Kaseb-Degraded", "sessions");
  }

  private static String needed(Call call, String name) {
    String value = ForecastQuery.one(call.query(), name);
    if (value == null) {
      throw Problem.field(name, "is missing");
    }
    return JsonFields.checkId(name, value);
  }
}
