package io.kaseb.train;

import io.kaseb.config.TrainConfig;
import io.kaseb.model.Architecture;
import io.kaseb.model.Tensor;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.SplittableRandom;

/// Random weights for a new network: uniform in -s..s with s = sqrt(6 / (rows + columns)) for each
/// gate's block (Glorot and Bengio 2010), as GRU4Rec has it, or as `init_sigma` says. Biases are 0,
/// an LSTM's forget gate 1 (Jozefowicz et al. 2015).
final class InitialWeights {
  private InitialWeights() {}

  static Map<String, Tensor> of(TrainConfig config, int items) {
    Architecture architecture = Architecture.of(config);
    Map<String, Tensor> tensors = new LinkedHashMap<>();
    SplittableRandom random = new SplittableRandom(config.seed());
    architecture
        .shapes(items)
        .forEach(
            (name, shape) ->
                tensors.put(name, tensor(config, architecture, name, shape, random.split())));
    return tensors;
  }

  private static Tensor tensor(
      TrainConfig config,
      Architecture architecture,
      String name,
      int[] shape,
      SplittableRandom random) {
    if (name.startsWith("R.")) {
      // The gate begins at a half: each click takes half of the mean, which counts in full.
      float[] own = new float[Arrays.stream(shape).reduce(1, (a, b) -> a * b)];
      Arrays.fill(own, name.equals("R.scale") ? 1 : 0);
      return new Tensor(shape, own);
    }
    boolean bias = shape.length == 1 || name.equals("By.weight");
    float[] data = new float[shape[0] * (shape.length > 1 ? shape[1] : 1)];
    int gates = architecture.cell().gates();
    if (bias) {
      if (gates == 4 && name.endsWith("bias_hh")) {
        int units = shape[0] / gates;
        Arrays.fill(data, units, 2 * units, 1f);
      }
      return new Tensor(shape, data);
    }
    // A matrix of several gates is initialised gate by gate: its blocks lie along rows or columns.
    int rows = name.contains("weight_") ? shape[0] / gates : shape[0];
    int columns = shape[1];
    if (name.equals("GE.Wx0.weight")) {
      columns /= gates;
    } else if (name.equals("GE.Wrz0")) {
      columns /= 2;
    }
    double s = config.initSigma() > 0 ? config.initSigma() : Math.sqrt(6.0 / (rows + columns));
    double low = config.initSigma() == -2 ? 0 : -s;
    for (int i = 0; i < data.length; i++) {
      data[i] = (float) (low + (s - low) * random.nextDouble());
    }
    return new Tensor(shape, data);
  }
}
