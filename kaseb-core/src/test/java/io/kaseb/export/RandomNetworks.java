package io.kaseb.export;

import io.kaseb.config.Cell;
import io.kaseb.config.Readout;
import io.kaseb.config.TrainConfig;
import io.kaseb.model.Architecture;
import io.kaseb.model.Catalogue;
import io.kaseb.model.Embedding;
import io.kaseb.model.ModelConfig;
import io.kaseb.model.ModelFile;
import io.kaseb.model.Provenance;
import io.kaseb.model.Tensor;
import io.kaseb.model.TrainingMetrics;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.SplittableRandom;
import java.util.stream.IntStream;

/// Networks of every shape, with random weights.
final class RandomNetworks {
  static final int ITEMS = 57;

  private RandomNetworks() {}

  /// Returns each cell with each embedding, of one layer and of three.
  static List<Architecture> shapes() {
    List<Architecture> shapes = new ArrayList<>();
    for (Cell cell : Cell.values()) {
      for (List<Integer> layers : List.of(List.of(12), List.of(9, 17, 12))) {
        shapes.add(new Architecture(cell, Embedding.CONSTRAINED, 12, layers));
        shapes.add(new Architecture(cell, Embedding.CONSTRAINED, 12, layers, Readout.CORE));
        shapes.add(new Architecture(cell, Embedding.SEPARATE, 7, layers));
        shapes.add(new Architecture(cell, Embedding.NONE, 0, layers));
      }
    }
    return shapes;
  }

  static ModelFile of(Architecture architecture) {
    SplittableRandom random = new SplittableRandom(5);
    Map<String, Tensor> tensors = new LinkedHashMap<>();
    architecture
        .shapes(ITEMS)
        .forEach(
            (name, shape) -> {
              float[] data = new float[IntStream.of(shape).reduce(1, (a, b) -> a * b)];
              for (int i = 0; i < data.length; i++) {
                data[i] = (float) random.nextDouble(-.7, .7);
              }
              tensors.put(name, new Tensor(shape, data));
            });
    return new ModelFile(
        ModelFile.GRU4REC,
        architecture,
        Catalogue.of(IntStream.range(0, ITEMS).mapToObj(i -> "sku-" + i).toList()),
        tensors,
        ModelConfig.of(TrainConfig.DEFAULT, null),
        Provenance.untrained("test"),
        TrainingMetrics.NONE);
  }
}
