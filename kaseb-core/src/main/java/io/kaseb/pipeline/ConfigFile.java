package io.kaseb.pipeline;

import io.kaseb.base.AtomicFiles;
import io.kaseb.base.KasebException;
import io.kaseb.config.IntentConfig;
import io.kaseb.config.IntentKeys;
import io.kaseb.config.KnnKeys;
import io.kaseb.config.TrainConfig;
import io.kaseb.config.TrainKeys;
import io.kaseb.store.Gru4recParameters;
import io.kaseb.store.Presets;
import io.kaseb.store.Yaml;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;

/// Resolves a training configuration: the defaults, changed by a YAML or JSON file, changed by
/// single keys.
public final class ConfigFile {
  /// The setting of a single key.
  private static final String SET = "set";

  /// The setting of GRU4Rec's parameters.
  private static final String GRU4REC = "gru4rec_params";

  /// The setting of a configuration that comes with Kaseb.
  private static final String PRESET = "preset";

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
    /// The defaults.
    public static final Resolved DEFAULT =
        new Resolved(TrainConfig.DEFAULT, IntentConfig.DEFAULT, List.of(), Map.of());
  }

  /// Resolves a configuration.
  ///
  /// @param file a mapping of keys to values, or null
  /// @param sets `key=value` each, the last one wins
  public static Resolved resolve(@Nullable Path file, List<String> sets) throws IOException {
    return new Start(file, null, null).resolve(sets);
  }

  /// What a configuration begins with, besides the defaults: nothing or one of these.
  ///
  /// @param file a mapping of keys to values
  /// @param gru4rec the parameters of GRU4Rec's official version: the text of its `-ps`, or the
  ///   name of a Python file of its `-pf`. What they leave out is as that version has it, not
  ///   Kaseb's default
  /// @param preset the name of a configuration that comes with Kaseb, see [Presets]
  public record Start(@Nullable Path file, @Nullable String gru4rec, @Nullable String preset) {
    /// Checks that one is given at most.
    public Start {
      List<String> given = new ArrayList<>();
      if (file != null) {
        given.add(KasebException.setting("config"));
      }
      if (gru4rec != null) {
        given.add(KasebException.setting(GRU4REC));
      }
      if (preset != null) {
        given.add(KasebException.setting(PRESET));
      }
      if (given.size() > 1) {
        throw new KasebException(
            String.join(" and ", given) + " exclude each other: leave all but one out");
      }
    }

    /// Returns whether it begins with the defaults.
    public boolean isEmpty() {
      return file == null && gru4rec == null && preset == null;
    }

    /// Resolves a configuration.
    ///
    /// @param sets `key=value` each, the last one wins
    public Resolved resolve(List<String> sets) throws IOException {
      Resolved resolved = Resolved.DEFAULT;
      if (gru4rec != null) {
        resolved = ConfigFile.gru4rec(gru4rec);
      }
      if (file != null) {
        resolved = changed(file.toString(), resolved, pairs(file));
      }
      if (preset != null) {
        String place = KasebException.setting(PRESET, preset);
        resolved = changed(place, resolved, pairs(place, Yaml.read(place, Presets.yaml(preset))));
      }
      Map<String, String> changes = new LinkedHashMap<>();
      for (String set : sets) {
        int at = set.indexOf('=');
        if (at < 1) {
          throw KasebException.ofSetting(SET, set, "key=value, as in layers=100");
        }
        changes.put(set.substring(0, at), set.substring(at + 1));
      }
      return changed(KasebException.setting(SET), resolved, changes);
    }
  }

  private static Resolved gru4rec(String given) throws IOException {
    boolean isFile = !given.contains("=") || Files.isRegularFile(Path.of(given));
    String place = isFile ? given : KasebException.setting(GRU4REC);
    Map<String, String> pairs =
        isFile ? Gru4recParameters.read(Path.of(given)) : Gru4recParameters.parse(place, given);
    Map<String, String> all = new LinkedHashMap<>(pairs);
    List<String> named = pairs.keySet().stream().map(TrainKeys.TABLE::canonical).toList();
    Gru4recParameters.DEFAULTS.forEach(
        (key, value) -> {
          if (!named.contains(key)) {
            all.put(key, value);
          }
        });
    return changed(place, Resolved.DEFAULT, all);
  }

  /// Changes a configuration by key-value pairs.
  ///
  /// @param place what an error names, as in `gru4rec.yaml`
  public static Resolved changed(String place, Resolved base, Map<String, String> pairs) {
    Map<String, String> own = new LinkedHashMap<>();
    Map<String, String> intent = new LinkedHashMap<>();
    Map<String, String> knn = new LinkedHashMap<>();
    pairs.forEach(
        (key, value) -> {
          Map<String, String> part =
              KnnKeys.TABLE.claims(key) ? knn : IntentKeys.TABLE.claims(key) ? intent : own;
          part.put(key, value);
        });
    KnnKeys.check(place, knn);
    Map<String, String> allKnn = new LinkedHashMap<>(base.knn);
    knn.forEach((key, value) -> allKnn.put(KnnKeys.TABLE.canonical(key), value));
    List<String> ignored = new ArrayList<>(base.ignored);
    ignored.addAll(TrainKeys.TABLE.ignored(own.keySet()));
    return new Resolved(
        TrainKeys.TABLE.changed(place, base.config, own),
        IntentKeys.TABLE.changed(place, base.intent, intent),
        List.copyOf(ignored),
        allKnn);
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
    Map<String, JsonNode> network = new TreeMap<>(TrainKeys.TABLE.json(resolved.config()));
    Map<String, JsonNode> values = new LinkedHashMap<>(network);
    if (purchases) {
      values.putAll(IntentKeys.TABLE.json(resolved.intent()));
    }
    return values;
  }

  /// A list over several lines would be no value of one YAML line.
  private static String line(JsonNode value) {
    return value.toString().replaceAll("\\s*\n\\s*", "");
  }

  private static Map<String, String> pairs(Path file) throws IOException {
    if (file.toString().endsWith(".py")) {
      throw new KasebException(
          new KasebException.Problem(
              file.toString(),
              "is a Python file",
              "YAML or JSON",
              "GRU4Rec's parameter files are read by " + KasebException.setting(GRU4REC, file)));
    }
    return pairs(file.toString(), Yaml.read(file));
  }

  private static Map<String, String> pairs(String place, JsonNode root) {
    if (!root.isObject()) {
      throw new KasebException(place + ": must map keys to values, as in `layers: [100]`");
    }
    Map<String, String> pairs = new LinkedHashMap<>();
    root.properties().forEach(e -> pairs.put(e.getKey(), text(e.getValue())));
    return pairs;
  }

  private static String text(JsonNode value) {
    return value.isContainer() || value.isNull() ? value.toString() : value.asString();
  }
}
