package io.kaseb.trial;

import io.kaseb.base.Json;
import io.kaseb.model.Safetensors;
import io.kaseb.model.Tensor;
import io.kaseb.tune.space.Parameters;
import io.kaseb.tune.space.Space;
import io.kaseb.tune.trial.Trial;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/// The weights that trials left for others to start from, and who started from whom: files in the
/// folder `warm` of an experiment, each written whole, so that a kill leaves nothing by halves.
public final class WarmWeights {
  private static final String FOLDER = "warm";

  /// Weights kept at the same time, the most recent ones.
  private static final int KEPT = 32;

  /// Files read for a start at most.
  private static final int TRIED = 5;

  private final Path folder;
  private final Space space;

  /// Parameters of the trials whose weights lie in the folder, the oldest first.
  private final Map<Integer, Parameters> donors = new LinkedHashMap<>();

  /// Where a trial started.
  ///
  /// @param trial whose weights it took
  /// @param shared names of the tensors that it took
  public record Start(int trial, List<String> shared) {}

  private WarmWeights(Path folder, Space space) {
    this.folder = folder;
    this.space = space;
  }

  /// Opens what an experiment's trials left.
  public static WarmWeights open(Path experiment, Space space, List<Trial> trials) {
    WarmWeights warm = new WarmWeights(experiment.resolve(FOLDER), space);
    for (Trial trial : trials) {
      if (Files.exists(warm.weights(trial.id()))) {
        warm.donors.put(trial.id(), trial.parameters());
      }
    }
    return warm;
  }

  private Path weights(int trial) {
    return folder.resolve(trial + ".safetensors");
  }

  /// Returns where a trial started; null where it started from its own random weights.
  public static @Nullable Start start(Path experiment, int trial) throws IOException {
    Path file = experiment.resolve(FOLDER).resolve(trial + ".json");
    return Files.exists(file) ? Json.read(file, Start.class) : null;
  }

  /// Returns `fresh` with every tensor that the nearest fitting trial has in the same shape, and
  /// notes who that was. A trial fits where it shares a matrix: vectors alone are worth little.
  public synchronized Map<String, Tensor> from(
      int trial, Parameters parameters, Map<String, Tensor> fresh) throws IOException {
    Path note = folder.resolve(trial + ".json");
    Files.deleteIfExists(note);
    List<Integer> nearest =
        donors.keySet().stream()
            .filter(id -> id != trial)
            .sorted(Comparator.comparingDouble(id -> distance(parameters, id)))
            .limit(TRIED)
            .toList();
    for (int donor : nearest) {
      Map<String, Tensor> old = Safetensors.read(weights(donor)).tensors();
      Map<String, Tensor> all = new LinkedHashMap<>(fresh);
      old.forEach(
          (name, tensor) ->
              all.computeIfPresent(
                  name, (n, own) -> Arrays.equals(own.shape(), tensor.shape()) ? tensor : own));
      List<String> shared =
          all.keySet().stream().filter(name -> all.get(name) != fresh.get(name)).sorted().toList();
      if (shared.stream().anyMatch(name -> matrix(all.get(name)))) {
        Json.write(note, new Start(donor, shared));
        return all;
      }
    }
    return fresh;
  }

  private double distance(Parameters parameters, int donor) {
    return space.distance(parameters, donors.getOrDefault(donor, parameters));
  }

  private static boolean matrix(@Nullable Tensor tensor) {
    return tensor != null && tensor.shape().length > 1 && tensor.shape()[1] > 1;
  }

  /// Keeps a trial's weights for others.
  public synchronized void keep(int trial, Parameters parameters, Map<String, Tensor> weights)
      throws IOException {
    Files.createDirectories(folder);
    new Safetensors(Map.of(), weights, Map.of()).write(weights(trial));
    donors.remove(trial);
    donors.put(trial, parameters);
    if (donors.size() > KEPT) {
      int oldest = donors.keySet().iterator().next();
      donors.remove(oldest);
      Files.delete(weights(oldest));
    }
  }

  /// Deletes all weights, when no trial will start any more; the notes stay.
  public synchronized void clear() throws IOException {
    for (int trial : donors.keySet()) {
      Files.deleteIfExists(weights(trial));
    }
    donors.clear();
  }
}
