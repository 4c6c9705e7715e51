package io.kaseb.train;

import io.kaseb.base.Json;
import io.kaseb.base.KasebException;
import io.kaseb.model.Safetensors;
import io.kaseb.model.Tensor;
import io.kaseb.model.TrainingEpoch;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.regex.Pattern;
import tools.jackson.core.type.TypeReference;
import tools.jackson.databind.JsonNode;

/// An unfinished training run after a whole epoch: everything that the next epoch needs. Random
/// numbers need no state, since each epoch's come from the seed and the epoch's number.
///
/// @param identity what must be equal for the run to go on: configuration, dataset, threads,
///   kernels
/// @param epoch the last finished epoch
/// @param steps steps made so far
/// @param bestEpoch the epoch of the best weights so far
/// @param history the epochs' figures
/// @param weights weights after `epoch`
/// @param state the optimiser's
/// @param best what the best epoch forecasts by; where that is the last epoch, whatever forecasts
///   are made by after it, and not kept again
public record Checkpoint(
    Map<String, String> identity,
    int epoch,
    long steps,
    int bestEpoch,
    List<TrainingEpoch> history,
    Map<String, Tensor> weights,
    Map<String, Tensor> state,
    Map<String, Tensor> best) {
  private static final String FORMAT = "kaseb-checkpoint";
  private static final String BEST = "best.";
  private static final Pattern LINE = Pattern.compile("\\s*\n\\s*");

  /// Returns where the checkpoint of a model file lies.
  public static Path of(Path model) {
    return model.resolveSibling(model.getFileName() + ".checkpoint");
  }

  /// Writes the file, atomically.
  public void write(Path file) throws IOException {
    Map<String, String> metadata = new LinkedHashMap<>();
    metadata.put("format", FORMAT);
    metadata.put("epoch", Integer.toString(epoch));
    metadata.put("steps", Long.toString(steps));
    metadata.put("best_epoch", Integer.toString(bestEpoch));
    metadata.put("history", Json.MAPPER.<JsonNode>valueToTree(history).toString());
    metadata.putAll(identity);
    Map<String, Tensor> all = new LinkedHashMap<>(weights);
    all.putAll(state);
    if (bestEpoch != epoch) {
      best.forEach((name, tensor) -> all.put(BEST + name, tensor));
    }
    new Safetensors(metadata, all, Map.of()).write(file);
  }

  /// Adds a value by its key, or, of an object's JSON, its values by theirs.
  private static void flatten(String key, String value, Map<String, String> flat) {
    if (!value.startsWith("{")) {
      flat.put(key, value);
      return;
    }
    Json.MAPPER
        .readTree(value)
        .properties()
        .forEach(
            e -> {
              JsonNode inner = e.getValue();
              flatten(
                  e.getKey(),
                  inner.isString()
                      ? inner.asString()
                      : LINE.matcher(inner.toString()).replaceAll(""),
                  flat);
            });
  }

  private static List<String> changes(
      Map<String, String> before, Map<String, String> now, Set<String> mayGrow) {
    Set<String> keys = new TreeSet<>(before.keySet());
    keys.addAll(now.keySet());
    List<String> changes = new ArrayList<>();
    for (String key : keys) {
      String old = before.getOrDefault(key, "nothing");
      String value = now.getOrDefault(key, "nothing");
      boolean grown = mayGrow.contains(key) && number(value) >= number(old);
      if (!old.equals(value) && !grown) {
        changes.add("%s (%s, now %s)".formatted(key, old, value));
      }
    }
    return changes;
  }

  private static double number(String text) {
    try {
      return Double.parseDouble(text);
    } catch (NumberFormatException e) {
      return Double.NaN;
    }
  }

  /// Reads a file and checks that it belongs to the run that wants to go on.
  public static Checkpoint read(Path file, Map<String, String> identity) throws IOException {
    return read(file, identity, Set.of());
  }

  /// Reads a file and checks that it belongs to the run that wants to go on.
  ///
  /// @param mayGrow numbers that may be larger than they were, by the last part of their key
  public static Checkpoint read(Path file, Map<String, String> identity, Set<String> mayGrow)
      throws IOException {
    Safetensors content = Safetensors.read(file);
    Map<String, String> metadata = content.metadata();
    if (!FORMAT.equals(metadata.get("format"))) {
      throw new KasebException(
          new KasebException.Problem(file.toString(), "no checkpoint of a training", null, null));
    }
    Map<String, String> before = new TreeMap<>();
    Map<String, String> now = new TreeMap<>();
    identity.forEach(
        (key, value) -> {
          flatten(key, metadata.getOrDefault(key, "nothing"), before);
          flatten(key, value, now);
        });
    List<String> changed = changes(before, now, mayGrow);
    if (!changed.isEmpty()) {
      throw new KasebException(
          new KasebException.Problem(
              file.toString(),
              "was made with another " + String.join(", another ", changed),
              null,
              "use the same, or delete the checkpoint to start again"));
    }
    Map<String, Tensor> weights = new LinkedHashMap<>();
    Map<String, Tensor> state = new LinkedHashMap<>();
    Map<String, Tensor> best = new LinkedHashMap<>();
    content
        .tensors()
        .forEach(
            (name, tensor) -> {
              if (name.startsWith(BEST)) {
                best.put(name.substring(BEST.length()), tensor);
              } else {
                (name.startsWith("optimizer.") ? state : weights).put(name, tensor);
              }
            });
    return new Checkpoint(
        identity,
        Integer.parseInt(metadata.getOrDefault("epoch", "0")),
        Long.parseLong(metadata.getOrDefault("steps", "0")),
        Integer.parseInt(metadata.getOrDefault("best_epoch", "0")),
        Json.MAPPER.readValue(
            metadata.getOrDefault("history", "[]"), new TypeReference<List<TrainingEpoch>>() {}),
        weights,
        state,
        best.isEmpty() ? weights : best);
  }
}
