package io.kaseb.serve;

import com.fasterxml.jackson.annotation.JsonInclude;
import io.kaseb.forecast.SessionForecast;
import io.kaseb.serve.http.Call;
import io.kaseb.serve.http.JsonFields;
import io.kaseb.serve.http.Problem;
import io.kaseb.serve.http.Reply;
import io.kaseb.serve.http.Route;
import io.kaseb.serve.http.Text;
import io.kaseb.serve.session.Click;
import io.kaseb.serve.session.SessionClicks;
import io.kaseb.serve.session.SessionStore;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.atomic.AtomicBoolean;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;

/// Answers the routes that forecast.
final class ForecastApi {
  /// Sessions of one batch.
  static final int MOST_SESSIONS = 1000;

  /// How far ahead of the server's a client's clock may be, in milliseconds.
  private static final long MOST_AHEAD = 300_000;

  private static final int BATCH_PART = 8;
  private static final List<String> SERENADE = List.of("session_id", "item_id", "user_consent");

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
        new Route("GET", "/v1/sessions/{id}", Route.Kind.SESSION, this::session),
        new Route("DELETE", "/v1/sessions/{id}", Route.Kind.SESSION, this::delete),
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
    JsonFields body = SessionBody.event(JsonFields.parse(call.body()));
    Click click = SessionBody.click(body);
    Map<String, String> attributes = body.attributes("session_attributes");
    Deployment.Pick pick = deployment().pick(id, ask.model());
    checkKnown(List.of(click), pick.model(), ask, "");
    Added added = add(id, click, attributes);
    return added.marked(Reply.ok(forecasts.answer(id, added.session, pick, ask, false)));
  }

  /// A session with its newest click.
  ///
  /// @param isKept false where the store could not be reached
  private record Added(SessionClicks session, boolean isKept) {
    /// Says in an answer's headers where it was made without the session's earlier clicks.
    Reply marked(Reply reply) {
      return isKept ? reply : reply.with("Kaseb-Degraded", "sessions");
    }
  }

  /// Adds an event to its session; without the store to a session of its own.
  ///
  /// @param attributes further attributes of the session
  private Added add(String id, Click given, Map<String, String> attributes) {
    Click click = notAhead(given);
    AtomicBoolean isDuplicate = new AtomicBoolean();
    AtomicBoolean isLate = new AtomicBoolean();
    try {
      SessionClicks session =
          sessions.update(
              id,
              before -> {
                isDuplicate.setPlain(before.has(click.event()));
                if (isDuplicate.getPlain()) {
                  return before;
                }
                Click timed = click.time() < 0 ? click.at(before.stamp(clock.millis())) : click;
                isLate.setPlain(before.isLate(timed));
                return before.with(attributes).plus(timed, config.sessions().clicks());
              });
      if (isDuplicate.getPlain()) {
        metrics.count("events.duplicate");
      }
      if (isLate.getPlain()) {
        metrics.count("events.late");
      }
      return new Added(session, true);
    } catch (SessionStore.Unavailable e) {
      metrics.count("sessions.degraded");
      if (e.isRefused()) {
        metrics.count("sessions.refused");
      }
      long now = clock.millis();
      Click timed = click.time() < 0 ? click.at(now) : click;
      return new Added(
          SessionClicks.begin(now).with(attributes).plus(timed, config.sessions().clicks()), false);
    }
  }

  /// Takes a click of a later time than now as one of now: it would stay its session's last for the
  /// rest of its life.
  private Click notAhead(Click click) {
    long now = clock.millis();
    if (click.time() <= now + MOST_AHEAD) {
      return click;
    }
    metrics.count("events.ahead");
    return click.at(now);
  }

  /// Counts unknown items, and refuses them where they are not followed.
  private void checkKnown(List<Click> clicks, ServedModel model, ForecastQuery ask, String place) {
    for (int i = 0; i < clicks.size(); i++) {
      String item = clicks.get(i).item();
      if (item != null && model.forecaster().catalogue().index(item) < 0) {
        metrics.count("unknown.items");
        if (!ask.isFollowingUnknown()) {
          throw unknownItem(place.isEmpty() ? "item" : place + "[" + i + "].item", item);
        }
      }
    }
  }

  private static Problem unknownItem(String field, String item) {
    return Problem.of(
        422,
        "Unknown item",
        "the model does not know item "
            + Text.quoted(item)
            + "; nothing was stored. unknown=follow in the query takes such clicks",
        field);
  }

  private Reply session(Call call) {
    String id = call.path("id");
    SessionClicks session;
    try {
      session = sessions.find(id);
    } catch (SessionStore.Unavailable e) {
      throw Problem.busy("sessions cannot be reached: " + e.getMessage());
    }
    if (session == null) {
      throw Problem.of(404, "Not found", "no session has this id, or it is over");
    }
    Set<String> hidden = models.rules().hidden();
    return Reply.ok(
        new SessionView(
            id,
            session.count(),
            session.created(),
            session.recent().stream()
                .filter(c -> c.item() == null || !hidden.contains(c.item()))
                .map(ClickView::of)
                .toList(),
            session.attributes()));
  }

  private record SessionView(
      String session,
      long clicks,
      long created,
      List<ClickView> recent,
      @JsonInclude(JsonInclude.Include.NON_EMPTY) Map<String, String> attributes) {}

  /// @param action what was done, where it is no plain click
  /// @param attributes the event's own attributes, where it has any
  private record ClickView(
      @Nullable String item,
      @Nullable String category,
      long time,
      @JsonInclude(JsonInclude.Include.NON_NULL) @Nullable String action,
      @JsonInclude(JsonInclude.Include.NON_EMPTY) Map<String, String> attributes) {
    static ClickView of(Click click) {
      String action = click.action().equals(Click.VIEW) ? null : click.action();
      return new ClickView(
          click.item(), click.category(), click.time(), action, click.attributes());
    }
  }

  private Reply delete(Call call) {
    try {
      sessions.delete(call.path("id"));
      return Reply.done();
    } catch (SessionStore.Unavailable e) {
      throw Problem.busy("sessions cannot be reached: " + e.getMessage());
    }
  }

  private Reply stateless(Call call) {
    ForecastQuery ask = ForecastQuery.of(call.query(), config.models());
    JsonNode body = JsonFields.parse(call.body());
    Deployment deployment = deployment();
    if (!body.isArray()) {
      SessionBody session = SessionBody.of(body, "", config.sessions().clicks());
      Deployment.Pick pick = deployment.pick(session.id(), ask.model());
      checkKnown(session.clicks().recent(), pick.model(), ask, "clicks");
      return Reply.ok(answer(session, pick, ask));
    }
    if (body.size() > MOST_SESSIONS) {
      throw Problem.field(
          "body", "has " + body.size() + " sessions; must be " + MOST_SESSIONS + " or fewer");
    }
    List<SessionBody> all = new ArrayList<>();
    List<Deployment.Pick> picks = new ArrayList<>();
    for (int i = 0; i < body.size(); i++) {
      String place = "[" + i + "]";
      SessionBody session = SessionBody.of(body.get(i), place, config.sessions().clicks());
      all.add(session);
      picks.add(deployment.pick(session.id(), ask.model()));
      checkKnown(session.clicks().recent(), picks.getLast().model(), ask, place + ".clicks");
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

  private Answer answer(SessionBody session, Deployment.Pick pick, ForecastQuery ask) {
    return forecasts.answer(session.id(), session.clicks(), pick, ask, session.over());
  }

  /// Serenade's route: item ids alone, as numbers where all of the model's ids are. Without consent
  /// nothing is read or stored.
  private Reply recommend(Call call) {
    call.query().checkNames(SERENADE);
    String session = needed(call, "session_id");
    String item = needed(call, "item_id");
    if (call.query().one("user_consent") == null) {
      throw Problem.field("user_consent", "is missing; must be true or false");
    }
    boolean consents = call.query().flag("user_consent");
    ForecastQuery ask =
        new ForecastQuery(config.models().k(), List.of(), List.of(), false, null, true);
    Deployment.Pick pick = deployment().pick(session, null);
    Click click = new Click(item, null, -1, 0);
    checkKnown(List.of(click), pick.model(), ask, "");
    long now = clock.millis();
    Added added =
        consents
            ? add(session, click, Map.of())
            : new Added(SessionClicks.begin(now).plus(click.at(now), 1), true);
    Answer answer = forecasts.answer(session, added.session, pick, ask, false);
    List<?> ids =
        answer.items().stream()
            .map(SessionForecast.Next::item)
            .map(id -> pick.model().isNumeric() ? (Object) Long.valueOf(id) : id)
            .toList();
    return added.marked(Reply.ok(ids));
  }

  private static String needed(Call call, String name) {
    String value = call.query().one(name);
    if (value == null) {
      throw Problem.field(name, "is missing");
    }
    return JsonFields.checkId(name, value);
  }
}
