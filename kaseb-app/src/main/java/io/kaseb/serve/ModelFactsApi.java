package io.kaseb.serve;

import io.kaseb.base.Json;
import io.kaseb.base.JsonFault;
import io.kaseb.base.KasebException;
import io.kaseb.model.Safetensors;
import io.kaseb.serve.http.Call;
import io.kaseb.serve.http.Problem;
import io.kaseb.serve.http.Reply;
import io.kaseb.serve.http.Route;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.JsonNode;

/// Answers the routes that tell where a model came from and how good it is.
final class ModelFactsApi {
  private static final long MOST_BYTES = 32 << 20;

  private final ModelRegistry models;
  private volatile @Nullable JsonNode report;

  ModelFactsApi(ModelRegistry models) {
    this.models = models;
  }

  List<Route> routes() {
    return List.of(
        Route.operator("/v1/model/{name}", this::facts),
        Route.operator("/v1/report", call -> report()));
  }

  /// Reads what a comparison or an evaluation measured.
  ///
  /// @param file JSON; null for none
  void read(@Nullable Path file) throws IOException {
    if (file == null) {
      return;
    }
    if (Files.size(file) > MOST_BYTES) {
      throw wrong(file, Files.size(file) + " bytes", MOST_BYTES + " or fewer");
    }
    JsonNode read;
    try {
      read = Json.MAPPER.readTree(Files.readAllBytes(file));
    } catch (JacksonException e) {
      throw wrong(file, JsonFault.of(e), "JSON that kaseb compare or evaluate wrote");
    }
    if (!read.path("rows").isArray() && !read.path("metrics").isObject()) {
      throw wrong(file, null, "JSON that kaseb compare or evaluate wrote");
    }
    report = read;
  }

  private static KasebException wrong(Path file, @Nullable String value, String allowed) {
    return new KasebException(new KasebException.Problem(file.toString(), value, allowed, null));
  }

  /// @param report whether the server was given a report
  private record Facts(
      String name,
      String file,
      String version,
      String kind,
      int items,
      boolean report,
      JsonNode architecture,
      JsonNode config,
      JsonNode provenance,
      JsonNode metrics) {}

  private Reply facts(Call call) throws IOException {
    if (!models.isReady()) {
      throw Problem.busy("the model is still loading");
    }
    ServedModel model = models.deployment().models().get(call.path("name"));
    if (model == null) {
      throw Problem.of(404, "Not found", "no model has this name");
    }
    // The file may be another by now; what is served stays what it was.
    if (!Files.isRegularFile(model.path())
        || !Safetensors.readChecksum(model.path()).startsWith(model.version())) {
      throw Problem.of(409, "Conflict", "the model's file has changed or gone since it was loaded");
    }
    Map<String, String> metadata = Safetensors.readMetadata(model.path());
    return Reply.ok(
        new Facts(
            model.name(),
            model.file(),
            model.version(),
            model.forecaster().name(),
            model.forecaster().catalogue().size(),
            report != null,
            json(metadata, "architecture"),
            json(metadata, "config"),
            json(metadata, "provenance"),
            json(metadata, "metrics")));
  }

  private static JsonNode json(Map<String, String> metadata, String key) {
    return Json.MAPPER.readTree(metadata.getOrDefault(key, "{}"));
  }

  private Reply report() {
    JsonNode read = report;
    if (read == null) {
      throw Problem.of(404, "Not found", "the server was started without a report");
    }
    return Reply.ok(read);
  }
}
