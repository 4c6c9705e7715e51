package io.kaseb.model;

import io.kaseb.KasebException;
import io.kaseb.data.Catalogue;
import io.kaseb.data.Json;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import tools.jackson.core.type.TypeReference;
import tools.jackson.databind.JsonNode;

/// A trained model as one safetensors file: weights, item ids, configuration, provenance and
/// metrics. It holds no time of day, so that equal runs give equal bytes.
///
/// @param kind what it is, as in `gru4rec`
/// @param architecture the network's shape
/// @param catalogue the items it knows
/// @param tensors weights, as [Architecture] names them
/// @param config the resolved configuration that trained it
/// @param provenance dataset hash, seed, version, commit, JDK, vector width
/// @param metrics what it reached while training
/// @param intent the purchase forecast's description, or null without one; its tensors are among
///   `tensors`, with names that begin with `intent.`
public record ModelFile(
    String kind,
    Architecture architecture,
    Catalogue catalogue,
    Map<String, Tensor> tensors,
    JsonNode config,
    JsonNode provenance,
    JsonNode metrics,
    @Nullable JsonNode intent) {
  /// The newest version of this file format; files of any version up to it are read. Version 2 has
  /// a purchase forecast; without one, version 1 is written.
  public static final int FORMAT_VERSION = 2;

  private static final String ITEMS = "items";

  /// Creates a model without purchase forecast.
  public ModelFile(
      String kind,
      Architecture architecture,
      Catalogue catalogue,
      Map<String, Tensor> tensors,
      JsonNode config,
      JsonNode provenance,
      JsonNode metrics) {
    this(kind, architecture, catalogue, tensors, config, provenance, metrics, null);
  }

  /// Writes the file, atomically.
  public void write(Path file) throws IOException {
    Map<String, String> metadata = new LinkedHashMap<>();
    metadata.put("format", "kaseb-model");
    metadata.put("format_version", intent == null ? "1" : "2");
    metadata.put("kind", kind);
    metadata.put("architecture", Json.MAPPER.<JsonNode>valueToTree(architecture).toString());
    metadata.put("config", config.toString());
    metadata.put("provenance", provenance.toString());
    metadata.put("metrics", metrics.toString());
    if (intent != null) {
      metadata.put("intent", intent.toString());
    }
    byte[] ids =
        Json.MAPPER
            .<JsonNode>valueToTree(catalogue.ids())
            .toString()
            .getBytes(StandardCharsets.UTF_8);
    new Safetensors(metadata, tensors, Map.of(ITEMS, ids)).write(file);
  }

  /// Reads and checks a file.
  ///
  /// @throws KasebException where it is broken, newer than this Kaseb, or no model
  public static ModelFile read(Path file) throws IOException {
    checkVersion(file, Safetensors.readMetadata(file));
    Safetensors content = Safetensors.read(file);
    Map<String, String> metadata = content.metadata();
    byte[] ids = content.bytes().get(ITEMS);
    if (ids == null) {
      throw new KasebException(file + ": has no item ids");
    }
    List<String> names = Json.MAPPER.readValue(ids, new TypeReference<List<String>>() {});
    return new ModelFile(
        metadata.getOrDefault("kind", ""),
        Json.MAPPER.readValue(metadata.getOrDefault("architecture", "{}"), Architecture.class),
        Catalogue.of(names),
        content.tensors(),
        json(metadata, "config"),
        json(metadata, "provenance"),
        json(metadata, "metrics"),
        metadata.containsKey("intent") ? json(metadata, "intent") : null);
  }

  private static JsonNode json(Map<String, String> metadata, String key) {
    return Json.MAPPER.readTree(metadata.getOrDefault(key, "{}"));
  }

  private static void checkVersion(Path file, Map<String, String> metadata) {
    if (!"kaseb-model".equals(metadata.get("format"))) {
      throw new KasebException(file + ": a safetensors file, but no model of Kaseb's");
    }
    int version = Integer.parseInt(metadata.getOrDefault("format_version", "0"));
    if (version > FORMAT_VERSION) {
      throw new KasebException(
          file
              + ": model format version "
              + version
              + "; this Kaseb reads versions up to "
              + FORMAT_VERSION
              + ": use a newer Kaseb");
    }
  }

  /// Returns the network, ready to score.
  public Gru4Rec model() {
    return Gru4Rec.of(architecture, catalogue, tensors);
  }
}
