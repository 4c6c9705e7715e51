package io.kaseb.serve;

import com.fasterxml.jackson.annotation.JsonInclude;
import io.kaseb.event.Visitor;
import io.kaseb.forecast.Forecaster;
import io.kaseb.forecast.SessionForecast;
import io.kaseb.serve.http.Call;
import io.kaseb.serve.http.ConcurrencyLimit;
import io.kaseb.serve.http.JsonFields;
import io.kaseb.serve.http.Problem;
import io.kaseb.serve.http.Reply;
import io.kaseb.serve.http.Route;
import io.kaseb.serve.http.Text;
import io.kaseb.serve.session.Click;
import io.kaseb.serve.session.SessionClicks;
import io.kaseb.serve.session.SessionStore;
import java.io.IOException;
import java.io.OutputStream;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicReference;
import java.util.concurrent.locks.ReentrantLock;
import org.jspecify.annotations.Nullable;

/// Answers the routes that forecast.
final class ForecastApi {
  /// Sessions of one batch.
  static final int MOST_SESSIONS = 1000;

  /// How far ahead of the server's a client's clock may be, in milliseconds.
  private static final long MOST_AHEAD = 300_000;

  /// Items that the answers of one batch may have together.
  static final int MOST_BATCH_ITEMS = 100_000;

  private static final int LARGE_BODY = 256 << 10;

  private static final List<String> SERENADE = List.of("session_id", "item_id", "user_consent");

  private final ModelRegistry models;
  private final SessionStore sessions;
  private final Users users;
  private final Forecasts forecasts;
  private final Metrics metrics;
  private final ServeConfig config;
  private final InstantSource clock;
  private final ConcurrencyLimit limit;
  private final ReentrantLock readingLarge = new ReentrantLock();

  ForecastApi(
      ModelRegistry models,
      SessionStore sessions,
      Metrics metrics,
      ServeConfig config,
      InstantSource clock,
      ConcurrencyLimit limit,
      Shadows shadows) {
    this.models = models;
    this.sessions = sessions;
    this.users = new Users(sessions, () -> models.rules().hidden());
    this.forecasts = new Forecasts(metrics, shadows);
    this.metrics = metrics;
    this.config = config;
    this.clock = clock;
    this.limit = limit;
  }

  List<Route> routes() {
    List<Route> routes = new ArrayList<>(users.routes());
    routes.addAll(
        List.of(
            Route.forecast("POST", "/v1/sessions/{id}/events", this::event),
            new Route("GET", "/v1/sessions/{id}", Route.Kind.SESSION, this::session),
            new Route("DELETE", "/v1/sessions/{id}", Route.Kind.SESSION, this::delete),
            Route.forecast("POST", "/v1/forecast", this::stateless),
            Route.forecast("GET", "/v1/recommend", this::recommend)));
    return routes;
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
    check(List.of(click), pick.model(), ask, "");
    Added added =
        SessionBody.consents(body)
            ? add(id, click, attributes, body.text("user"))
            : alone(click, attributes);
    return added.marked(
        Reply.ok(forecasts.answer(id, added.session, added.visitor, pick, ask, false)));
  }

  /// Takes an event without consent: nothing is read or stored.
  private Added alone(Click click, Map<String, String> attributes) {
    long now = clock.millis();
    return new Added(
        SessionClicks.begin(now)
            .with(attributes)
            .plus(click.time() < 0 ? click.at(now) : click, config.sessions().clicks()),
        null,
        true);
  }

  /// A session with its newest click.
  ///
  /// @param visitor what is known of its visitor, or null
  /// @param isKept false where the store could not be reached
  private record Added(SessionClicks session, @Nullable Visitor visitor, boolean isKept) {
    /// Says in an answer's headers where it was made without the session's earlier clicks.
    Reply marked(Reply reply) {
      return isKept ? reply : reply.with("Kaseb-Degraded", "sessions");
    }
  }

  /// Adds an event to its session; without the store to a session of its own.
  ///
  /// @param attributes further attributes of the session
  /// @param user the visitor that the event names, or null
  private Added add(String id, Click given, Map<String, String> attributes, @Nullable String user) {
    Click click = notAhead(given);
    AtomicBoolean isDuplicate = new AtomicBoolean();
    AtomicBoolean isLate = new AtomicBoolean();
    AtomicReference<@Nullable Click> added = new AtomicReference<>();
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
                added.setPlain(timed);
                return before.with(attributes).of(user).plus(timed, config.sessions().clicks());
              });
      if (isDuplicate.getPlain()) {
        metrics.count("events.duplicate");
      }
      if (isLate.getPlain()) {
        metrics.count("events.late");
      }
      Click taken = isDuplicate.getPlain() ? null : added.getPlain();
      return new Added(session, users.remember(id, session, user, taken), true);
    } catch (SessionStore.Unavailable e) {
      metrics.count("sessions.degraded");
      if (e.isRefused()) {
        metrics.count("sessions.refused");
      }
      return new Added(alone(click, attributes).session, null, false);
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
  private void check(List<Click> clicks, ServedModel model, ForecastQuery ask, String place) {
    ask.target(model.forecaster());
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
            session.attributes(),
            session.user()));
  }

  private record SessionView(
      String session,
      long clicks,
      long created,
      List<ClickView> recent,
      @JsonInclude(JsonInclude.Include.NON_EMPTY) Map<String, String> attributes,
      @JsonInclude(JsonInclude.Include.NON_NULL) @Nullable String user) {}

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
    String id = call.path("id");
    try {
      SessionClicks gone = sessions.find(id);
      if (gone != null) {
        users.forgetSession(id, gone);
      }
      sessions.delete(id);
      return Reply.done();
    } catch (SessionStore.Unavailable e) {
      throw Problem.busy("sessions cannot be reached: " + e.getMessage());
    }
  }

  private Reply stateless(Call call) {
    ForecastQuery ask = ForecastQuery.of(call.query(), config.models());
    Deployment deployment = deployment();
    boolean isBatch = JsonFields.isArray(call.body());
    List<SessionBody> sessions = read(call.body(), isBatch);
    List<Deployment.Pick> picks = new ArrayList<>();
    long items = 0;
    for (int i = 0; i < sessions.size(); i++) {
      Deployment.Pick pick = deployment.pick(sessions.get(i).id(), ask.model());
      String place = isBatch ? "[" + i + "].clicks" : "clicks";
      check(sessions.get(i).clicks().recent(), pick.model(), ask, place);
      picks.add(pick);
      items += Math.min(ask.k(), pick.model().forecaster().catalogue().size());
    }
    if (!isBatch) {
      return Reply.ok(answer(sessions.getFirst(), picks.getFirst(), ask));
    }
    if (items > MOST_BATCH_ITEMS) {
      throw Problem.of(
          413,
          "Content too large",
          "the batch asks for %d items, %d sessions with k=%d; must be %d or fewer"
              .formatted(items, sessions.size(), ask.k(), MOST_BATCH_ITEMS),
          "k");
    }
    limit.enterBatch(sessions.size());
    return Reply.streamed(new Batch(sessions, picks, ask));
  }

  /// Reads the sessions of a body. What is made of a large body takes many times its memory for a
  /// moment, so that one is read at a time.
  private List<SessionBody> read(byte[] body, boolean isBatch) {
    boolean isLarge = body.length > LARGE_BODY;
    if (isLarge) {
      readingLarge.lock();
    }
    try {
      int kept = config.sessions().clicks();
      if (!isBatch) {
        return List.of(SessionBody.of(JsonFields.parse(body), "", kept));
      }
      List<SessionBody> all = new ArrayList<>();
      JsonFields.parseEach(
          body, MOST_SESSIONS, "sessions", (node, at) -> all.add(SessionBody.of(node, at, kept)));
      return all;
    } finally {
      if (isLarge) {
        readingLarge.unlock();
      }
    }
  }

  /// The answers of a batch, made one by one while they are sent.
  private final class Batch implements Reply.Stream {
    private final List<SessionBody> batch;
    private final List<Deployment.Pick> picks;
    private final ForecastQuery ask;
    private int left;

    Batch(List<SessionBody> batch, List<Deployment.Pick> picks, ForecastQuery ask) {
      this.batch = batch;
      this.picks = picks;
      this.ask = ask;
      left = batch.size();
    }

    @Override
    public void writeTo(OutputStream out) throws IOException {
      out.write('[');
      for (int i = 0; i < batch.size(); i++) {
        if (i > 0) {
          out.write(',');
        }
        byte[] json = Reply.json(answer(batch.get(i), picks.get(i), ask));
        limit.leaveBatch(1);
        left--;
        out.write(json, 0, json.length);
        // Single clicks get their turn between the parts of a batch.
        Thread.yield();
      }
      out.write(']');
    }

    @Override
    public void close() {
      limit.leaveBatch(left);
      left = 0;
    }
  }

  private Answer answer(SessionBody session, Deployment.Pick pick, ForecastQuery ask) {
    return forecasts.answer(
        session.id(), session.clicks(), session.visitor(), pick, ask, session.over());
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
        new ForecastQuery(
            config.models().k(), List.of(), List.of(), false, null, true, Forecaster.NEXT_VIEW);
    Deployment.Pick pick = deployment().pick(session, null);
    Click click = new Click(item, null, -1, 0);
    check(List.of(click), pick.model(), ask, "");
    Added added = consents ? add(session, click, Map.of(), null) : alone(click, Map.of());
    Answer answer = forecasts.answer(session, added.session, added.visitor, pick, ask, false);
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
