package io.kaseb.studio;

import io.kaseb.base.KasebException;
import io.kaseb.search.Experiments;
import io.kaseb.serve.http.Call;
import io.kaseb.serve.http.Compressed;
import io.kaseb.serve.http.JsonFields;
import io.kaseb.serve.http.Problem;
import io.kaseb.serve.http.Reply;
import io.kaseb.serve.http.Route;
import io.kaseb.store.ParameterText;
import io.kaseb.store.StudyChanges;
import io.kaseb.tune.study.Request;
import io.kaseb.watch.Watched;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.OptionalDouble;
import java.util.OptionalInt;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;

/// Data and actions of the pages about experiments. Reading is guarded as writing is: trials may
/// hold what is nobody else's business.
final class ExperimentsApi {
  private static final String ONE = "/v1/experiments/{id}";

  /// Characters of a note.
  private static final int LONGEST_NOTE = 20_000;

  private final WatchedExperiments experiments;
  private final ResumedSearch resumed;

  ExperimentsApi(WatchedExperiments experiments, ResumedSearch resumed) {
    this.experiments = experiments;
    this.resumed = resumed;
  }

  List<Route> routes() {
    return List.of(
        admin(
            "GET",
            "/v1/experiments",
            call -> Compressed.json(call, Reply.json(experiments.list()))),
        admin("GET", ONE + "/trials", this::trials),
        admin("GET", ONE + "/curves", this::curves),
        admin("GET", ONE + "/trials/{trial}/reports", this::reports),
        admin("GET", ONE + "/events", this::events),
        admin("GET", ONE + "/importance", this::importance),
        admin("GET", ONE + "/page", this::page),
        admin("PUT", ONE + "/notes", this::note),
        admin("POST", ONE + "/pause", call -> ask(call, new Request.Pause())),
        admin("POST", ONE + "/stop", call -> ask(call, new Request.Stop())),
        admin("POST", ONE + "/continue", this::unpause),
        admin("POST", ONE + "/resume", this::resume),
        admin("POST", ONE + "/update", call -> ask(call, change(call.body()))),
        admin("POST", ONE + "/trials", this::enqueue),
        admin(
            "POST",
            ONE + "/trials/{trial}/kill",
            call -> ask(call, new Request.Kill(number(call.path("trial"))))));
  }

  /// A route whose experiment may be one that cannot be read: that is said, and is no failure of
  /// the studio.
  private Route admin(String method, String path, Route.Handler handler) {
    return Route.admin(
        method,
        path,
        call -> {
          try {
            return handler.handle(call);
          } catch (KasebException e) {
            if (path.startsWith(ONE)) {
              experiments.forget(call.path("id"));
            }
            throw Problem.of(422, "Unreadable experiment", String.valueOf(e.getMessage()));
          }
        });
  }

  private Reply trials(Call call) throws IOException {
    Watched watched = experiments.find(call.path("id"));
    return Compressed.json(call, watched.news(since(call), false).json());
  }

  private static String since(Call call) {
    String since = call.query().one("since");
    return since == null ? "" : since;
  }

  private Reply curves(Call call) throws IOException {
    String all = call.query().one("all");
    if (all != null && !all.equals("true") && !all.equals("false")) {
      throw Problem.field("all", "must be true or false");
    }
    return Compressed.json(call, experiments.find(call.path("id")).curves("true".equals(all)));
  }

  private Reply reports(Call call) throws IOException {
    Watched watched = experiments.find(call.path("id"));
    try {
      return Compressed.json(call, Reply.json(watched.reports(number(call.path("trial")))));
    } catch (IllegalArgumentException e) {
      throw Problem.of(404, "Not found", String.valueOf(e.getMessage()));
    }
  }

  private Reply events(Call call) throws IOException {
    String id = call.path("id");
    experiments.find(id);
    return ChangeEvents.reply(call, () -> experiments.find(id), since(call));
  }

  private Reply importance(Call call) throws IOException {
    Watched watched = experiments.find(call.path("id"));
    String asked = call.query().one("goal");
    int goal = asked == null ? 0 : number(asked);
    if (goal >= watched.settings().goals().size()) {
      throw Problem.field("goal", "must be 0.." + (watched.settings().goals().size() - 1));
    }
    return Reply.ok(Map.of("importance", watched.importance(goal)));
  }

  private Reply page(Call call) throws IOException {
    Path folder = experiments.folder(call.path("id"));
    byte[] html = Experiments.page(folder).getBytes(StandardCharsets.UTF_8);
    return Compressed.of(call, "text/html; charset=utf-8", html)
        .with("Content-Disposition", "attachment; filename=\"search.html\"")
        .with("Content-Security-Policy", "sandbox allow-scripts")
        .with("X-Content-Type-Options", "nosniff");
  }

  private Reply note(Call call) throws IOException {
    JsonFields fields = JsonFields.of(JsonFields.parse(call.body()), "", List.of("trial", "text"));
    JsonNode text = fields.node("text");
    if (text == null || !text.isString() || text.asString().length() > LONGEST_NOTE) {
      throw Problem.field("text", "must be a text of " + LONGEST_NOTE + " characters or fewer");
    }
    Watched watched = experiments.find(call.path("id"));
    JsonNode trial = fields.node("trial");
    int id = StudyChanges.WHOLE;
    if (trial != null) {
      id = existing(watched, trial);
    }
    watched.note(id, text.asString().strip());
    return Reply.done();
  }

  private static int existing(Watched watched, JsonNode trial) {
    try {
      return watched.trial(trial.isInt() ? trial.asInt() : -1).id();
    } catch (IllegalArgumentException e) {
      throw Problem.field("trial", "must be the number of a trial");
    }
  }

  private Reply enqueue(Call call) throws IOException {
    JsonFields fields = JsonFields.of(JsonFields.parse(call.body()), "", List.of("parameters"));
    JsonNode given = fields.node("parameters");
    if (given == null || !given.isObject()) {
      throw Problem.field("parameters", "must be an object with a value for each parameter");
    }
    Map<String, String> texts = new LinkedHashMap<>();
    given
        .properties()
        .forEach(
            e ->
                texts.put(
                    e.getKey(),
                    e.getValue().isContainer()
                        ? e.getValue().toString()
                        : e.getValue().asString()));
    Watched watched = experiments.find(call.path("id"));
    try {
      return ask(
          call, new Request.Enqueue(ParameterText.parameters(watched.settings().space(), texts)));
    } catch (IllegalArgumentException e) {
      throw Problem.field("parameters", String.valueOf(e.getMessage()));
    }
  }

  private Reply ask(Call call, Request request) throws IOException {
    Path folder = experiments.folder(call.path("id"));
    // What cannot be read at all is said by the caller; what is refused here is the request.
    experiments.find(call.path("id"));
    try {
      Experiments.request(folder, request);
    } catch (KasebException e) {
      throw Problem.of("request", e);
    }
    return Reply.done();
  }

  private Reply unpause(Call call) throws IOException {
    if (!Experiments.running(experiments.folder(call.path("id")))) {
      throw Problem.of(409, "Conflict", "it does not run; resume it");
    }
    return ask(call, new Request.Unpause());
  }

  /// Goes on, in this process, with an experiment that no process runs.
  private Reply resume(Call call) throws IOException {
    experiments.find(call.path("id"));
    resumed.begin(experiments.folder(call.path("id")));
    return Reply.done();
  }

  private static Request change(byte[] body) {
    JsonFields fields =
        JsonFields.of(JsonFields.parse(body), "", List.of("concurrency", "max_trials", "seconds"));
    JsonNode seconds = fields.node("seconds");
    if (seconds != null
        && !(seconds.isNumber() && seconds.asDouble() > 0 && Double.isFinite(seconds.asDouble()))) {
      throw Problem.field("seconds", "must be a number above 0");
    }
    OptionalInt concurrency = count("concurrency", fields.node("concurrency"));
    OptionalInt trials = count("max_trials", fields.node("max_trials"));
    if (seconds == null && concurrency.isEmpty() && trials.isEmpty()) {
      throw Problem.of(
          400, "Bad request", "nothing to change; give concurrency, max_trials or seconds");
    }
    return new Request.Change(
        concurrency,
        trials,
        seconds == null ? OptionalDouble.empty() : OptionalDouble.of(seconds.asDouble()),
        null);
  }

  private static OptionalInt count(String field, @Nullable JsonNode node) {
    if (node == null) {
      return OptionalInt.empty();
    }
    if (!node.isInt() || node.asInt() < 1) {
      throw Problem.field(field, "must be a whole number, 1 or more");
    }
    return OptionalInt.of(node.asInt());
  }

  private static int number(String trial) {
    if (!trial.matches("[0-9]{1,9}")) {
      throw Problem.field("trial", "must be a whole number");
    }
    return Integer.parseInt(trial);
  }
}
