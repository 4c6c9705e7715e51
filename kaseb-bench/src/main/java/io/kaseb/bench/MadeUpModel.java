package io.kaseb.bench;

import io.kaseb.config.TrainConfig;
import io.kaseb.forecast.PurchaseForecaster;
import io.kaseb.intent.IntentFile;
import io.kaseb.model.Architecture;
import io.kaseb.model.Catalogue;
import io.kaseb.model.ModelConfig;
import io.kaseb.model.ModelFile;
import io.kaseb.model.Provenance;
import io.kaseb.model.Tensor;
import io.kaseb.model.TrainingMetrics;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.SplittableRandom;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;

/// Networks of random weights, for measurements: as costly as trained ones of their size, and of no
/// other use.
public final class MadeUpModel {
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
    TrainConfig config = TrainConfig.DEFAULT.with(Map.of("layers", Integer.toString(units)));
    Architecture architecture = Architecture.of(config);
    Map<String, Tensor> tensors =
        tensors(architecture, items, BenchForecast.Weights.NORMAL, new SplittableRandom(3));
    List<String> ids = new ArrayList<>();
    ModelConfig keys = ModelConfig.of(config, null);
    JsonNode intent = null;
    if (purchases != null) {
      ModelFile trained = ModelFile.read(purchases);
      intent = intent(trained, tensors);
      keys = keys.withIntent(trained.config().intent());
      ids.addAll(trained.catalogue().ids().subList(0, Math.min(items, trained.catalogue().size())));
    }
    while (ids.size() < items) {
      ids.add(Long.toString(FIRST_ID + ids.size()));
    }
    new ModelFile(
            ModelFile.GRU4REC,
            architecture,
            Catalogue.of(ids),
            tensors,
            keys,
            Provenance.untrained("made up"),
            TrainingMetrics.NONE,
            intent)
        .write(out);
  }

  /// Copies a purchase forecast; its networks keep the item table that they shared.
  private static @Nullable JsonNode intent(ModelFile trained, Map<String, Tensor> tensors) {
    PurchaseForecaster forecaster = PurchaseForecaster.of(trained);
    if (forecaster == null) {
      return null;
    }
    IntentFile own = IntentFile.of(forecaster.model(), new float[0]);
    tensors.putAll(own.tensors());
    return own.json();
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
