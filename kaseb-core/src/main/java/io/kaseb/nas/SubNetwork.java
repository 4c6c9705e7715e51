package io.kaseb.nas;

import io.kaseb.model.Architecture;
import io.kaseb.model.Embedding;
import io.kaseb.model.Tensor;
import io.kaseb.network.Network;
import java.util.LinkedHashMap;
import java.util.Map;

/// Takes a network out of one that holds it: its layers, and of each the first units.
final class SubNetwork {
  private SubNetwork() {}

  /// Returns the weights of a part, by the names of a network of its own.
  ///
  /// @param weights of the network that holds it
  /// @param widest that network's shape
  /// @param part the shape to take out
  static Map<String, Tensor> weights(
      Map<String, Tensor> weights, Architecture widest, Architecture part) {
    Map<String, Tensor> own = new LinkedHashMap<>();
    String beside = part.cell() == widest.cell() ? "" : Network.BESIDE;
    int gates = part.cell().gates();
    if (part.embedding() == Embedding.SEPARATE) {
      put(own, "E.weight", weights, "E.weight", 1, Integer.MAX_VALUE, part.embeddingSize());
    }
    for (int l = 0; l < part.layers().size(); l++) {
      String name = part.prefix(l);
      String from = beside + name;
      int units = part.layers().get(l);
      put(own, name + "weight_ih", weights, from + "weight_ih", gates, units, part.inputSize(l));
      put(own, name + "bias_ih", weights, from + "bias_ih", gates, units, 1);
      put(own, name + "weight_hh", weights, from + "weight_hh", gates, units, units);
      put(own, name + "bias_hh", weights, from + "bias_hh", gates, units, 1);
    }
    put(own, "Wy.weight", weights, "Wy.weight", 1, Integer.MAX_VALUE, part.outputSize());
    put(own, "By.weight", weights, "By.weight", 1, Integer.MAX_VALUE, 1);
    return own;
  }

  /// Puts the first rows of each block and the first columns of a tensor among others.
  private static void put(
      Map<String, Tensor> to,
      String name,
      Map<String, Tensor> from,
      String source,
      int blocks,
      int rows,
      int columns) {
    Tensor whole = from.get(source);
    if (whole == null) {
      throw new IllegalArgumentException("tensor " + source + " is missing");
    }
    int[] shape = whole.shape();
    int wide = shape.length > 1 ? shape[1] : 1;
    int block = shape[0] / blocks;
    int kept = Math.min(rows, block);
    float[] data = new float[blocks * kept * columns];
    for (int b = 0; b < blocks; b++) {
      for (int r = 0; r < kept; r++) {
        System.arraycopy(
            whole.data(), (b * block + r) * wide, data, (b * kept + r) * columns, columns);
      }
    }
    to.put(
        name, shape.length > 1 ? Tensor.matrix(blocks * kept, columns, data) : Tensor.vector(data));
  }
}
