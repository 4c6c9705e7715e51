package io.kaseb.model;

import io.kaseb.base.Json;
import io.kaseb.config.IntentConfig;
import io.kaseb.config.IntentKeys;
import io.kaseb.config.KeyTable;
import io.kaseb.config.KnnKeys;
import io.kaseb.config.KnnSettings;
import io.kaseb.config.TrainConfig;
import io.kaseb.config.TrainKeys;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ObjectNode;

/// The resolved configuration that trained a model.
///
/// @param network the next-item network's, or null where there is none
/// @param intent the purchase forecast's, or null where it was switched off
/// @param knn session-kNN's, or null where the kind has none
/// @param networks networks of an ensemble, 0 for other kinds
/// @param others keys that this version does not know: they are kept
public record ModelConfig(
    @Nullable TrainConfig network,
    @Nullable IntentConfig intent,
    @Nullable KnnSettings knn,
    int networks,
    Map<String, JsonNode> others) {
  /// That of a model without any settings.
  public static final ModelConfig NONE = new ModelConfig(null, null, null, 0, Map.of());

  private static final String NETWORKS = "networks";

  /// Copies the map.
  public ModelConfig {
    others = Collections.unmodifiableMap(new LinkedHashMap<>(others));
  }

  /// Returns a network's configuration.
  ///
  /// @param intent the purchase forecast's, or null where it was switched off
  public static ModelConfig of(TrainConfig network, @Nullable IntentConfig intent) {
    return new ModelConfig(network, intent, null, 0, Map.of());
  }

  /// Returns the same with session-kNN's settings.
  public ModelConfig withKnn(KnnSettings settings) {
    return new ModelConfig(network, intent, settings, networks, others);
  }

  /// Returns the same with another purchase forecast's configuration.
  public ModelConfig withIntent(@Nullable IntentConfig other) {
    return new ModelConfig(network, other, knn, networks, others);
  }

  /// Returns the same for an ensemble.
  ///
  /// @param count its networks
  public ModelConfig withNetworks(int count) {
    return new ModelConfig(network, intent, knn, count, others);
  }

  /// Returns it as files have it: one object with the keys of all parts.
  public ObjectNode json() {
    ObjectNode node = Json.MAPPER.createObjectNode();
    if (network != null) {
      TrainKeys.TABLE.json(network).forEach(node::set);
    }
    if (intent != null) {
      IntentKeys.TABLE.json(intent).forEach(node::set);
    }
    if (knn != null) {
      KnnKeys.TABLE.json(knn).forEach(node::set);
    }
    if (networks > 0) {
      node.put(NETWORKS, networks);
    }
    others.forEach(node::set);
    return node;
  }

  /// Reads what [#json()] gave. Keys that an older version did not write have their defaults.
  ///
  /// @param place the file, for messages
  static ModelConfig of(String place, JsonNode node) {
    Map<String, JsonNode> rest = new LinkedHashMap<>();
    node.properties().forEach(e -> rest.put(e.getKey(), e.getValue()));
    TrainConfig network = part(place, TrainKeys.TABLE, TrainConfig.DEFAULT, rest);
    IntentConfig intent = part(place, IntentKeys.TABLE, IntentConfig.DEFAULT, rest);
    KnnSettings knn = part(place, KnnKeys.TABLE, KnnSettings.VMIS_KNN, rest);
    JsonNode networks = rest.remove(NETWORKS);
    return new ModelConfig(network, intent, knn, networks == null ? 0 : networks.asInt(), rest);
  }

  /// Takes a table's keys out of `rest`; null where there are none.
  private static <R extends Record> @Nullable R part(
      String place, KeyTable<R> table, R defaults, Map<String, JsonNode> rest) {
    Map<String, String> own = new LinkedHashMap<>();
    rest.forEach(
        (key, value) -> {
          if (table.has(key)) {
            own.put(key, value.isArray() ? value.toString() : value.asString());
          }
        });
    rest.keySet().removeAll(own.keySet());
    return own.isEmpty() ? null : table.changed(place, defaults, own);
  }
}
