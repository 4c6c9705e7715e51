package io.kaseb.studio;

import io.kaseb.base.KasebException;
import io.kaseb.search.Experiments;
import io.kaseb.serve.http.Call;
import io.kaseb.serve.http.JsonFields;
import io.kaseb.serve.http.Problem;
import io.kaseb.serve.http.Reply;
import io.kaseb.serve.http.Route;
import io.kaseb.store.Experiment;
import io.kaseb.tune.study.Request;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.OptionalDouble;
import java.util.OptionalInt;
import java.util.UUID;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;

/// Data and actions of the pages about experiments. Reading is guarded as writing is: trials may
/// hold what is nobody else's business.
final class ExperimentsApi {
  private static final String ONE = "/api/experiments/{id}";

  private final List<Path> folders;

  ExperimentsApi(List<Path> folders) {
    this.folders = List.copyOf(folders);
  }

  /// An experiment in the list.
  ///
  /// @param id names it in paths
  /// @param running whether some process runs it
  record Listed(String id, Experiments.Row row, boolean running) {}

  /// The list.
  ///
  /// @param damaged what is wrong with those that cannot be read, one text each
  record Listing(List<Listed> experiments, List<String> damaged) {}

  List<Route> routes() {
    return List.of(
        Route.admin("GET", "/api/experiments", call -> Reply.ok(list())),
        Route.admin("GET", ONE + "/trials", call -> Reply.ok(Experiments.trials(find(call)))),
        Route.admin("POST", ONE + "/pause", call -> ask(call, new Request.Pause())),
        Route.admin("POST", ONE + "/stop", call -> ask(call, new Request.Stop())),
        Route.admin("POST", ONE + "/continue", this::unpause),
        Route.admin("POST", ONE + "/update", call -> ask(call, change(call.body()))),
        Route.admin(
            "POST",
            ONE + "/trials/{trial}/kill",
            call -> ask(call, new Request.Kill(number(call.path("trial"))))));
  }

  private Listing list() throws IOException {
    List<Listed> rows = new ArrayList<>();
    List<String> damaged = new ArrayList<>();
    for (Path folder : folders) {
      Experiments.Listing listing = Experiments.listing(folder);
      for (Experiments.Row row : listing.rows()) {
        Path path = Path.of(row.folder());
        rows.add(new Listed(id(path), row, Experiments.running(path)));
      }
      damaged.addAll(listing.damaged());
    }
    return new Listing(rows, damaged);
  }

  private static String id(Path experiment) {
    byte[] name =
        experiment.toAbsolutePath().normalize().toString().getBytes(StandardCharsets.UTF_8);
    return UUID.nameUUIDFromBytes(name).toString();
  }

  private Path find(Call call) throws IOException {
    String id = call.path("id");
    for (Path folder : folders) {
      for (Path path : Experiment.list(folder)) {
        if (id(path).equals(id)) {
          return path;
        }
      }
    }
    throw Problem.of(404, "Not found", "no such experiment");
  }

  private Reply ask(Call call, Request request) throws IOException {
    try {
      Experiments.request(find(call), request);
    } catch (KasebException e) {
      throw Problem.of("request", e);
    }
    return Reply.done();
  }

  private Reply unpause(Call call) throws IOException {
    if (!Experiments.running(find(call))) {
      throw Problem.of(409, "Conflict", "it does not run; kaseb experiment resume goes on with it");
    }
    return ask(call, new Request.Unpause());
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
      throw Problem.field("trial", "must be a trial's number");
    }
    return Integer.parseInt(trial);
  }
}
