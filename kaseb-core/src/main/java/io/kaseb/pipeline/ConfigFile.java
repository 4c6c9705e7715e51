package io.kaseb.pipeline;

import io.kaseb.base.AtomicFiles;
import io.kaseb.base.KasebException;
import io.kaseb.intent.IntentConfig;
import io.kaseb.intent.IntentKeys;
import io.kaseb.train.ConfigKeys;
import io.kaseb.train.TrainConfig;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.JsonNode;
import tools.jackson.dataformat.yaml.YAMLMapper;

/// Resolves a training configuration: the defaults, changed by a YAML or JSON file, changed by
/// `--set`.
public final class ConfigFile {
  private static final YAMLMapper YAML = new YAMLMapper();

  private ConfigFile() {}

  /// What was resolved.
  ///
  /// @param config the next-item network's
  /// @param intent the purchase forecast's
  /// @param ignored keys of other tools that mean nothing here
  /// @param knn keys that begin with `knn_`: session-kNN's, whose defaults the kind of model
  ///   decides
  public record Resolved(
      TrainConfig config, IntentConfig intent, List<String> ignored, Map<String, String> knn) {
    /// Creates a configuration without session-kNN's keys.
    public Resolved(TrainConfig config, IntentConfig intent, List<String> ignored) {
      this(config, intent, ignored, Map.of());
    }
  }

  /// Resolves a configuration.
  ///
  /// @param file a mapping of keys to values, or null
  /// @param sets `key=value` each, the last one wins
  public static Resolved resolve(@Nullable Path file, List<String> sets) throws IOException {
    Resolved resolved = new Resolved(TrainConfig.DEFAULT, IntentConfig.DEFAULT, List.of());
    if (file != null) {
      resolved = changed(file.toString(), resolved, pairs(file));
    }
    Map<String, String> changes = new LinkedHashMap<>();
    for (String set : sets) {
      int at = set.indexOf('=');
      if (at < 1) {
        throw KasebException.ofSetting("set", set, "key=value, as in layers=100");
      }
      changes.put(set.substring(0, at), set.substring(at + 1));
    }
    return changed(KasebException.setting("set"), resolved, changes);
  }

  /// Changes a configuration by key-value pairs.
  ///
  /// @param place what an error names, such as a file
  public static Resolved changed(String place, Resolved base, Map<String, String> pairs) {
    Map<String, String> own = new LinkedHashMap<>();
    Map<String, String> intent = new LinkedHashMap<>();
    Map<String, String> knn = new LinkedHashMap<>(base.knn);
    pairs.forEach(
        (key, value) -> {
          if (key.startsWith("knn_")) {
            knn.put(key, value);
          } else {
            (IntentKeys.isOwn(key) ? intent : own).put(key, value);
          }
        });
    ConfigKeys.Read read = read(place, base.config, own);
    List<String> ignored = new ArrayList<>(base.ignored);
    ignored.addAll(read.ignored());
    return new Resolved(
        read.config(), IntentKeys.read(place, base.intent, intent), List.copyOf(ignored), knn);
  }

  private static ConfigKeys.Read read(String place, TrainConfig base, Map<String, String> pairs) {
    try {
      return ConfigKeys.read(base, pairs);
    } catch (IllegalArgumentException e) {
      Throwable cause = e;
      // A record's own check arrives wrapped by the JSON binding.
      while (cause.getCause() instanceof IllegalArgumentException inner) {
        cause = inner;
      }
      throw new KasebException(place + ": " + cause.getMessage(), e);
    } catch (JacksonException e) {
      Throwable cause = e.getCause() == null ? e : e.getCause();
      throw new KasebException(place + ": " + cause.getMessage(), e);
    }
  }

  /// Writes a configuration as YAML that [#resolve] reads.
  ///
  /// @param purchases whether the purchase forecast's keys are written
  /// @param comment its first line
  public static void write(Path file, Resolved resolved, boolean purchases, String comment)
      throws IOException {
    StringBuilder text = new StringBuilder("# " + comment + "\n");
    values(resolved, purchases)
        .forEach((key, value) -> text.append(key).append(": ").append(line(value)).append('\n'));
    AtomicFiles.write(file, path -> Files.writeString(path, text));
  }

  /// Returns all keys of a configuration with their values, as a config file has them.
  ///
  /// @param purchases whether the purchase forecast's keys are among them
  public static Map<String, JsonNode> values(Resolved resolved, boolean purchases) {
    Map<String, JsonNode> values = new LinkedHashMap<>(ConfigKeys.values(resolved.config()));
    if (purchases) {
      values.putAll(IntentKeys.values(resolved.intent()));
    }
    return values;
  }

  /// A list over several lines would be no value of one YAML line.
  private static String line(JsonNode value) {
    return value.toString().replaceAll("\\s*\n\\s*", "");
  }

  private static Map<String, String> pairs(Path file) throws IOException {
    JsonNode root;
    try {
      root = YAML.readTree(Files.readString(file));
    } catch (JacksonException e) {
      throw new KasebException(file + ": not valid YAML or JSON: " + e.getOriginalMessage(), e);
    }
    if (!root.isObject()) {
      throw new KasebException(file + ": must map keys to values, as in `layers: [100]`");
    }
    Map<String, String> pairs = new LinkedHashMap<>();
    root.properties()
        .forEach(
            e ->
                pairs.put(
                    e.getKey(),
                    e.getValue().isArray() ? e.getValue().toString() : e.getValue().asString()));
    return pairs;
  }
}
