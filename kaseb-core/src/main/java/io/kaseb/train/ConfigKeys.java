package io.kaseb.train;

import io.kaseb.base.Json;
import io.kaseb.base.Nearest;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import tools.jackson.databind.JsonNode;

/// Reads [TrainConfig] from key-value pairs as users write them, and writes it back. Knows the
/// names that GRU4Rec's official versions and the original Kaseb system give the same things.
public final class ConfigKeys {
  /// Other tools' names for our keys.
  private static final Map<String, String> ALIASES =
      Map.ofEntries(
          Map.entry("lr", "learning_rate"),
          Map.entry("loss_type", "loss"),
          Map.entry("optimizer_type", "optimizer"),
          Map.entry("dropout_input", "dropout_p_embed"),
          Map.entry("dropout_hidden", "dropout_p_hidden"),
          Map.entry("sigma", "init_sigma"),
          Map.entry("embedding_dim", "embedding"),
          Map.entry("epochs", "n_epochs"));

  /// Keys of other tools that have no meaning here.
  private static final Set<String> IGNORED =
      Set.of(
          "device",
          "cuda",
          "is_eval",
          "load_model",
          "checkpoint_dir",
          "time_sort",
          "k_eval",
          "sample_cache_max_size",
          "compatibility_mode",
          "sample_store",
          "train_random_order",
          "adapt",
          "n_hiddens");

  /// What was read: the configuration, and the keys that were passed over.
  ///
  /// @param config the whole configuration
  /// @param ignored keys of other tools that mean nothing here
  public record Read(TrainConfig config, List<String> ignored) {}

  private ConfigKeys() {}

  /// Changes `base` by key-value pairs.
  ///
  /// @throws IllegalArgumentException naming the key, its value and what is allowed
  public static Read read(TrainConfig base, Map<String, String> pairs) {
    Map<String, JsonNode> values = values(base);
    List<String> ignored = new ArrayList<>();
    Map<String, String> own = new LinkedHashMap<>();
    pairs.forEach((key, value) -> own.put(canonical(key), value.strip()));
    foldHiddenSize(own, base);
    own.forEach(
        (key, value) -> {
          JsonNode current = values.get(key);
          if (current != null) {
            values.put(key, parse(key, value, current, base));
          } else if (IGNORED.contains(key)) {
            ignored.add(key);
          } else {
            throw new IllegalArgumentException(
                key
                    + "="
                    + value
                    + ": no such key; the nearest is "
                    + Nearest.of(key, values.keySet()));
          }
        });
    return new Read(Json.MAPPER.convertValue(values, TrainConfig.class), ignored);
  }

  /// Returns whether a key is one of ours, or another tool's name for one.
  public static boolean isOwn(String key) {
    String plain = canonical(key);
    return plain.equals("hidden_size")
        || plain.equals("num_layers")
        || values(TrainConfig.DEFAULT).containsKey(plain);
  }

  /// Returns all keys of a configuration with their values.
  public static Map<String, JsonNode> values(TrainConfig config) {
    Map<String, JsonNode> values = new TreeMap<>();
    Json.MAPPER
        .<JsonNode>valueToTree(config)
        .properties()
        .forEach(e -> values.put(e.getKey(), e.getValue()));
    return values;
  }

  /// Returns our name of a key, in case another tool's is given.
  public static String canonical(String key) {
    String plain = key.strip().toLowerCase(Locale.ROOT);
    return ALIASES.getOrDefault(plain, plain);
  }

  /// The original system's `hidden_size` and `num_layers` together are our `layers`.
  private static void foldHiddenSize(Map<String, String> own, TrainConfig base) {
    String size = own.remove("hidden_size");
    String count = own.remove("num_layers");
    if (size == null && count == null) {
      return;
    }
    int units = size == null ? base.layers().getFirst() : integer("hidden_size", size);
    int layers = count == null ? base.layers().size() : integer("num_layers", count);
    if (layers < 1 || layers > 16) {
      throw new IllegalArgumentException("num_layers=" + layers + "; must be 1..16");
    }
    Integer[] all = new Integer[layers];
    Arrays.fill(all, units);
    own.put("layers", Arrays.toString(all));
  }

  private static JsonNode parse(String key, String value, JsonNode current, TrainConfig base) {
    Object parsed =
        switch (key) {
          case "layers" -> layers(value);
          case "loss" -> lossName(value);
          case "optimizer" -> value.toLowerCase(Locale.ROOT).replace("sparseadam", "adam");
          case "cell", "final_act" -> value.toLowerCase(Locale.ROOT);
          case "embedding" -> embedding(value, base);
          default -> {
            if (current.isBoolean()) {
              yield bool(key, value);
            }
            yield current.isIntegralNumber() ? integer(key, value) : decimal(key, value);
          }
        };
    return Json.MAPPER.valueToTree(parsed);
  }

  private static String lossName(String value) {
    String name = value.toLowerCase(Locale.ROOT).replace('_', '-');
    return name.equals("crossentropy") || name.equals("xe") ? "cross-entropy" : name;
  }

  private static int embedding(String value, TrainConfig base) {
    if (value.equalsIgnoreCase("layersize")) {
      return base.layers().getFirst();
    }
    return Math.max(0, integer("embedding", value));
  }

  private static List<Integer> layers(String value) {
    String bare = value.replaceAll("[\\[\\]\\s]", "");
    return Arrays.stream(bare.split("[,/]")).map(part -> integer("layers", part)).toList();
  }

  private static boolean bool(String key, String value) {
    return switch (value.toLowerCase(Locale.ROOT)) {
      case "true", "1", "yes" -> true;
      case "false", "0", "no" -> false;
      default -> throw new IllegalArgumentException(key + "=" + value + "; must be true or false");
    };
  }

  private static int integer(String key, String value) {
    try {
      return Integer.parseInt(value);
    } catch (NumberFormatException e) {
      throw new IllegalArgumentException(key + "=" + value + "; must be a whole number", e);
    }
  }

  private static float decimal(String key, String value) {
    try {
      return Float.parseFloat(value);
    } catch (NumberFormatException e) {
      throw new IllegalArgumentException(key + "=" + value + "; must be a number", e);
    }
  }
}
