package io.kaseb.model;

import io.kaseb.config.Cell;
import java.util.Map;

/// One recurrent layer at inference: takes a single session one click further. Immutable; what
/// changes is the state that it is given.
sealed interface LayerStep permits GruStep, LstmStep, OneHotGruStep {
  /// Creates a network's layer from its tensors, named as in [Architecture].
  static LayerStep of(Architecture architecture, int layer, Map<String, Tensor> tensors) {
    boolean oneHot = layer == 0 && architecture.oneHot();
    boolean gru = architecture.cell() == Cell.GRU;
    int units = architecture.layers().get(layer);
    if (oneHot && gru) {
      return new OneHotGruStep(
          units, data(tensors, "GE.Wrz0"), data(tensors, "GE.Wh0"), data(tensors, "GE.Bh0"));
    }
    int gates = architecture.cell().gates() * units;
    String prefix = architecture.prefix(layer);
    GateProduct recurrent = product(tensors, prefix, "hh", gates, units);
    if (oneHot) {
      return new LstmStep(units, null, recurrent);
    }
    GateProduct input = product(tensors, prefix, "ih", gates, architecture.inputSize(layer));
    return gru ? new GruStep(units, input, recurrent) : new LstmStep(units, input, recurrent);
  }

  private static GateProduct product(
      Map<String, Tensor> tensors, String prefix, String name, int gates, int inputs) {
    float[] rows = data(tensors, prefix + "weight_" + name);
    return GateProduct.of(rows, 0, gates, inputs, data(tensors, prefix + "bias_" + name));
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
