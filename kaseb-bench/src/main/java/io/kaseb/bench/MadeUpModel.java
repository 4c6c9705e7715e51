package io.kaseb.bench;

import io.kaseb.base.Build;
import io.kaseb.base.Json;
import io.kaseb.model.Architecture;
import io.kaseb.model.Catalogue;
import io.kaseb.model.ModelFile;
import io.kaseb.model.Tensor;
import io.kaseb.train.ConfigKeys;
import io.kaseb.train.TrainConfig;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.SplittableRandom;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ObjectNode;

/// Networks of random weights, for measurements: as costly as trained ones of their size, and of no
/// other use.
public final class MadeUpModel {
  private static final String TABLE = "Wy.weight";
  private static final long FIRST_ID = 900_000_000L;

  private MadeUpModel() {}

  /// Writes a model file.
  ///
  /// @param items size of its catalogue
  /// @param units of its one layer
  /// @param purchases a trained model whose purchase forecast and first items it takes over; null
  ///   for none
  public static void write(int items, int units, @Nullable Path purchases, Path out)
      throws IOException {
    TrainConfig config =
        ConfigKeys.read(TrainConfig.DEFAULT, Map.of("layers", Integer.toString(units))).config();
    ObjectNode keys = Json.MAPPER.createObjectNode();
    ConfigKeys.values(config).forEach(keys::set);
    Map<String, Tensor> tensors =
        tensors(
            config.architecture(), items, BenchForecast.Weights.NORMAL, new SplittableRandom(3));
    List<String> ids = new ArrayList<>();
    JsonNode intent = null;
    if (purchases != null) {
      ModelFile trained = ModelFile.read(purchases);
      intent = intent(trained, tensors, keys);
      ids.addAll(trained.catalogue().ids().subList(0, Math.min(items, trained.catalogue().size())));
    }
    while (ids.size() < items) {
      ids.add(Long.toString(FIRST_ID + ids.size()));
    }
    ObjectNode provenance = Json.MAPPER.createObjectNode();
    provenance.put("version", Build.version());
    provenance.put("made_up", true);
    new ModelFile(
            "gru4rec",
            config.architecture(),
            Catalogue.of(ids),
            tensors,
            keys,
            provenance,
            Json.MAPPER.createObjectNode(),
            intent)
        .write(out);
  }

  /// Copies a purchase forecast; its networks keep the item table that they shared.
  private static @Nullable JsonNode intent(
      ModelFile trained, Map<String, Tensor> tensors, ObjectNode keys) {
    if (trained.intent() == null) {
      return null;
    }
    trained
        .tensors()
        .forEach(
            (name, t) -> {
              if (name.startsWith("intent.")) {
                tensors.put(name, t);
              }
            });
    trained
        .config()
        .properties()
        .forEach(
            e -> {
              if (e.getKey().startsWith("intent")) {
                keys.set(e.getKey(), e.getValue());
              }
            });
    JsonNode intent = trained.intent().deepCopy();
    int n = 0;
    for (JsonNode net : intent.path("nets")) {
      Tensor table = trained.tensors().get(TABLE);
      if (net.path("shared").asBoolean() && table != null) {
        ((ObjectNode) net).put("shared", false);
        tensors.put("intent.net." + n + ".embeddings", table);
      }
      n++;
    }
    return intent;
  }

  /// Draws a network's tensors.
  static Map<String, Tensor> tensors(
      Architecture architecture,
      int items,
      BenchForecast.Weights weights,
      SplittableRandom random) {
    Map<String, Tensor> tensors = new LinkedHashMap<>();
    architecture
        .shapes(items)
        .forEach((name, shape) -> tensors.put(name, tensor(name, shape, weights, random.split())));
    return tensors;
  }

  /// Gate weights large enough that hidden values spread over -1..1, as training makes them.
  private static Tensor tensor(
      String name, int[] shape, BenchForecast.Weights weights, SplittableRandom source) {
    float[] data = new float[shape[0] * (shape.length > 1 ? shape[1] : 1)];
    int columns = data.length / shape[0];
    boolean table = name.startsWith("Wy");
    for (int row = 0; row < shape[0]; row++) {
      boolean heavy = table && weights == BenchForecast.Weights.HEAVY_TAILED;
      double scale = table ? .3 : name.startsWith("By") ? 1 : .2;
      scale *= heavy ? Math.exp(source.nextGaussian()) : 1;
      for (int j = 0; j < columns; j++) {
        double value = source.nextGaussian();
        if (heavy) {
          double chi = 0;
          for (int f = 0; f < 3; f++) {
            chi += Math.pow(source.nextGaussian(), 2) / 3;
          }
          value /= Math.sqrt(chi);
        }
        data[row * columns + j] = (float) (scale * value);
      }
    }
    return new Tensor(shape, data);
  }
}
