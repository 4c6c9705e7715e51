package io.kaseb.serve;

import io.kaseb.base.KasebException;
import io.kaseb.serve.http.Call;
import io.kaseb.serve.http.JsonFields;
import io.kaseb.serve.http.Problem;
import io.kaseb.serve.http.Reply;
import io.kaseb.serve.http.Route;
import io.kaseb.serve.session.SessionStore;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.BooleanSupplier;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import tools.jackson.databind.JsonNode;

/// Answers the routes that show and change the server itself.
final class AdminApi {
  private static final Logger LOG = LoggerFactory.getLogger(AdminApi.class);

  private final ModelRegistry models;
  private final SessionStore sessions;
  private final Metrics metrics;
  private final BooleanSupplier isDraining;

  AdminApi(
      ModelRegistry models, SessionStore sessions, Metrics metrics, BooleanSupplier isDraining) {
    this.models = models;
    this.sessions = sessions;
    this.metrics = metrics;
    this.isDraining = isDraining;
  }

  List<Route> routes() {
    return List.of(
        Route.operator("/v1/model", call -> Reply.ok(view())),
        Route.admin("POST", "/v1/model", this::load),
        Route.admin("POST", "/v1/model/rollback", this::rollBack),
        Route.admin("DELETE", "/v1/model/{name}", this::remove),
        Route.admin("PUT", "/v1/shares", this::share),
        Route.admin("POST", "/v1/rules", this::reload),
        Route.open("/health/live", call -> Reply.ok(Map.of("status", "live"))),
        Route.open("/health/ready", call -> ready()),
        Route.operator("/metrics", call -> metrics()),
        Route.get("/openapi.json", call -> openApi()));
  }

  private record ModelsView(
      List<ModelView> models, Map<String, Integer> shares, int hiddenItems, int categories) {}

  /// @param purchases whether it forecasts purchases
  /// @param probabilities whether next items come with probabilities
  /// @param shadow whether it is only asked, and not answered
  /// @param previous version of the model that a rollback brings back; null for none
  private record ModelView(
      String name,
      String file,
      String version,
      String kind,
      int items,
      boolean purchases,
      boolean probabilities,
      boolean shadow,
      @Nullable String previous) {}

  private ModelsView view() {
    Deployment deployment = models.deployment();
    Map<String, Integer> shares = new LinkedHashMap<>();
    deployment.arms().forEach(e -> shares.put(e.getKey(), e.getValue()));
    ItemRules rules = models.rules();
    return new ModelsView(
        deployment.names().stream()
            .map(name -> view(deployment, deployment.models().get(name)))
            .toList(),
        shares,
        rules.hidden().size(),
        rules.categories().size());
  }

  private static ModelView view(Deployment deployment, @Nullable ServedModel model) {
    if (model == null) {
      throw new IllegalStateException("a model without entry");
    }
    ServedModel before = deployment.before().get(model.name());
    return new ModelView(
        model.name(),
        model.file(),
        model.version(),
        model.forecaster().name(),
        model.forecaster().catalogue().size(),
        model.forecaster().purchases() != null,
        model.forecaster().probabilities(),
        deployment.shadows().contains(model.name()),
        before == null ? null : before.version());
  }

  private Reply load(Call call) {
    JsonFields fields =
        JsonFields.of(JsonFields.parse(call.body()), "", List.of("file", "name", "shadow"));
    String file = fields.needed("file");
    String given = fields.text("name");
    String name = given == null ? ServeConfig.ModelFiles.DEFAULT : given;
    checkName(name);
    boolean isShadow = fields.flag("shadow");
    if (isShadow && name.equals(ServeConfig.ModelFiles.DEFAULT)) {
      throw Problem.field("shadow", "the model named default always answers; give another name");
    }
    try {
      ServedModel served = models.load(name, file, isShadow);
      metrics.models(models.deployment());
      LOG.info("model {} is now version {}", name, served.version());
      return Reply.ok(view(models.deployment(), served));
    } catch (Problem e) {
      throw e;
    } catch (IOException | RuntimeException e) {
      throw refused(name, file, e);
    } catch (StackOverflowError | OutOfMemoryError e) {
      throw refused(name, file, new IllegalStateException(e));
    }
  }

  /// Whatever reading a file or warming it up fails with, the file is at fault.
  private Problem refused(String name, String file, Exception e) {
    LOG.warn("model {} was refused: {}", name, e.toString());
    metrics.count("model.refused");
    return Problem.unreadable("file", "the model stays as it was: " + file, e);
  }

  private static void checkName(String name) {
    try {
      ServeConfig.ModelFiles.checkName(name);
    } catch (KasebException e) {
      throw Problem.of("name", e);
    }
  }

  private Reply rollBack(Call call) {
    String name = ServeConfig.ModelFiles.DEFAULT;
    if (call.body().length > 0) {
      String given = JsonFields.of(JsonFields.parse(call.body()), "", List.of("name")).text("name");
      name = given == null ? name : given;
    }
    ServedModel served = models.rollBack(name);
    metrics.models(models.deployment());
    LOG.info("model {} is back at version {}", name, served.version());
    return Reply.ok(view(models.deployment(), served));
  }

  private Reply remove(Call call) {
    models.remove(call.path("name"));
    metrics.models(models.deployment());
    return Reply.done();
  }

  private Reply share(Call call) {
    JsonFields fields = JsonFields.of(JsonFields.parse(call.body()), "", List.of("shares"));
    JsonNode node = fields.node("shares");
    if (node == null || !node.isObject()) {
      throw Problem.field("shares", "must be an object of model names and percentages");
    }
    Map<String, Integer> shares = new HashMap<>();
    for (Map.Entry<String, JsonNode> e : node.properties()) {
      if (!e.getValue().isInt()) {
        throw Problem.field("shares", "every percentage must be a whole number");
      }
      shares.put(e.getKey(), e.getValue().asInt());
    }
    try {
      models.share(shares);
    } catch (KasebException e) {
      throw Problem.of("shares", e);
    }
    return Reply.ok(view());
  }

  private Reply reload(Call call) {
    try {
      models.reload();
      return Reply.ok(view());
    } catch (KasebException | IOException e) {
      LOG.warn("the item rules were refused and stay as they were: {}", e.toString());
      throw Problem.of(
          409, "Conflict", "the files cannot be read, the old rules stay; the log says why");
    }
  }

  private Reply ready() {
    if (isDraining.getAsBoolean()) {
      throw Problem.busy("the server is stopping");
    }
    if (!models.isReady()) {
      throw Problem.busy("the model is still loading");
    }
    String trouble = sessions.tried();
    return Reply.ok(
        trouble == null
            ? Map.of("status", "ready", "sessions", "up")
            : Map.of("status", "ready", "sessions", "degraded", "reason", trouble));
  }

  private Reply metrics() {
    return new Reply(
        200,
        "text/plain; version=0.0.4; charset=utf-8",
        metrics.scrape().getBytes(StandardCharsets.UTF_8),
        Map.of());
  }

  private static Reply openApi() throws IOException {
    try (InputStream in = AdminApi.class.getResourceAsStream("openapi.json")) {
      if (in == null) {
        throw new IOException("openapi.json is not in the jar");
      }
      return new Reply(200, "application/json", in.readAllBytes(), Map.of());
    }
  }
}
