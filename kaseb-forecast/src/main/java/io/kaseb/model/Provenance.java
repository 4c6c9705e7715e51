package io.kaseb.model;

import com.fasterxml.jackson.annotation.JsonIgnoreProperties;
import io.kaseb.base.Json;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ObjectNode;

/// Where a model comes from. No time of day, so that equal runs give equal files.
///
/// @param datasetHash the dataset's hash; empty where it was trained on none
/// @param protocol how the dataset was split
/// @param trainSessions sessions trained on
/// @param trainEvents their clicks
/// @param valid share of the latest sessions held back
/// @param seed of everything random
/// @param threads threads that trained
/// @param kernels the kernels, with their vector width: rounding depends on it
/// @param kaseb version that trained it
/// @param commit git commit of that version
/// @param jdk the Java version
@JsonIgnoreProperties(ignoreUnknown = true)
public record Provenance(
    String datasetHash,
    String protocol,
    int trainSessions,
    long trainEvents,
    double valid,
    long seed,
    int threads,
    String kernels,
    String kaseb,
    String commit,
    String jdk) {
  /// Returns that of a model that was not trained.
  ///
  /// @param maker what made it
  public static Provenance untrained(String maker) {
    return new Provenance("", maker, 0, 0, 0, 0, 0, "", "", "", "");
  }

  /// Returns it as files have it.
  public ObjectNode json() {
    return Json.MAPPER.valueToTree(this);
  }

  /// Reads what [#json()] gave; keys of newer versions are passed over, missing ones are empty.
  static Provenance of(JsonNode node) {
    ObjectNode all = untrained("").json();
    node.properties().forEach(e -> all.set(e.getKey(), e.getValue()));
    return Json.MAPPER.convertValue(all, Provenance.class);
  }
}
