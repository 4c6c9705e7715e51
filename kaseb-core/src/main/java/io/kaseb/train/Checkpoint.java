package io.kaseb.train;

import io.kaseb.base.Json;
import io.kaseb.base.KasebException;
import io.kaseb.model.Safetensors;
import io.kaseb.model.Tensor;
import io.kaseb.model.TrainingEpoch;
import java.io.IOException;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
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
/// @param best the best epoch's weights; the same as `weights` where that is the last
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

  /// Reads a file and checks that it belongs to the run that wants to go on.
  public static Checkpoint read(Path file, Map<String, String> identity) throws IOException {
    Safetensors content = Safetensors.read(file);
    Map<String, String> metadata = content.metadata();
    if (!FORMAT.equals(metadata.get("format"))) {
      throw new KasebException(
          new KasebException.Problem(file.toString(), "no checkpoint of a training", null, null));
    }
    identity.forEach(
        (key, value) -> {
          String before = metadata.getOrDefault(key, "");
          if (!before.equals(value)) {
            throw new KasebException(
                new KasebException.Problem(
                    file.toString(),
                    "was made with %s %s, this run has %s".formatted(key, before, value),
                    null,
                    "use the same, or delete the checkpoint to start again"));
          }
        });
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
