package io.kaseb.model;

import io.kaseb.config.Cell;
import java.util.Arrays;
import java.util.Map;

/// One recurrent layer at inference: takes a single session one click further. Immutable; what
/// changes is the state that it is given.
sealed interface LayerStep permits GruStep, LstmStep, MguStep, OneHotGruStep {
  /// Creates a network's layer from its tensors, named as in [Architecture].
  static LayerStep of(Architecture architecture, int layer, Map<String, Tensor> tensors) {
    boolean oneHot = layer == 0 && architecture.oneHot();
    Cell cell = architecture.cell();
    int units = architecture.layers().get(layer);
    if (oneHot && cell == Cell.GRU) {
      return new OneHotGruStep(
          units, data(tensors, "GE.Wrz0"), data(tensors, "GE.Wh0"), data(tensors, "GE.Bh0"));
    }
    int gates = cell.gates() * units;
    String prefix = architecture.prefix(layer);
    int inputs = architecture.inputSize(layer);
    GateProduct input = oneHot ? null : product(tensors, prefix, "ih", 0, gates, inputs);
    if (cell == Cell.MGU) {
      return new MguStep(
          units,
          input,
          product(tensors, prefix, "hh", 0, units, units),
          product(tensors, prefix, "hh", units, units, units));
    }
    GateProduct recurrent = product(tensors, prefix, "hh", 0, gates, units);
    return input == null || cell == Cell.LSTM
        ? new LstmStep(units, input, recurrent)
        : new GruStep(units, input, recurrent);
  }

  /// Returns the product with rows `from..from + gates` of a layer's matrix.
  private static GateProduct product(
      Map<String, Tensor> tensors, String prefix, String name, int from, int gates, int inputs) {
    float[] rows = data(tensors, prefix + "weight_" + name);
    float[] biases = data(tensors, prefix + "bias_" + name);
    return GateProduct.of(
        rows, from * inputs, gates, inputs, Arrays.copyOfRange(biases, from, from + gates));
  }

  private static float[] data(Map<String, Tensor> tensors, String name) {
    Tensor tensor = tensors.get(name);
    if (tensor == null) {
      throw new IllegalArgumentException("tensor " + name + " is missing");
    }
    return tensor.data();
  }

  /// Returns the number of hidden values.
  int units();

  /// Returns how many floats of state the layer has.
  int stateSize();

  /// Takes one input into the state at `h0`: hidden values, then an LSTM's cell values.
  void step(float[] input, float[] state, int h0);
}
