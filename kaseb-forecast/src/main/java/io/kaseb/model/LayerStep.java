package io.kaseb.model;

import io.kaseb.config.Cell;
import io.kaseb.kernel.Kernels;
import java.util.Map;

/// One recurrent layer at inference: a single session's single step. Weights are transposed, so
/// that lanes run over the gates.
final class LayerStep {
  private final Cell cell;
  private final boolean oneHot;
  private final int units;
  private final int inputs;
  private final int gates;
  private final int width;
  private final float[] weightIh;
  private final float[] biasIh;
  private final float[] weightHh;
  private final float[] biasHh;

  LayerStep(Architecture architecture, int layer, Map<String, Tensor> tensors) {
    cell = architecture.cell();
    oneHot = layer == 0 && architecture.oneHot();
    units = architecture.layers().get(layer);
    inputs = architecture.inputSize(layer);
    gates = cell.gates() * units;
    width = Kernels.pad(gates);
    String prefix = architecture.prefix(layer);
    if (oneHot && cell == Cell.GRU) {
      // Wrz0 and Wh0 are stored by input already; here they stand side by side, [units x r z c].
      weightHh = new float[units * width];
      float[] rz = data(tensors, "GE.Wrz0");
      float[] c = data(tensors, "GE.Wh0");
      for (int i = 0; i < units; i++) {
        System.arraycopy(rz, i * 2 * units, weightHh, i * width, 2 * units);
        System.arraycopy(c, i * units, weightHh, i * width + 2 * units, units);
      }
      biasHh = data(tensors, "GE.Bh0");
    } else {
      weightHh = transpose(data(tensors, prefix + "weight_hh"), gates, units, width);
      biasHh = data(tensors, prefix + "bias_hh");
    }
    weightIh =
        oneHot
            ? new float[0]
            : transpose(data(tensors, prefix + "weight_ih"), gates, inputs, width);
    biasIh = oneHot ? new float[gates] : data(tensors, prefix + "bias_ih");
  }

  private static float[] data(Map<String, Tensor> tensors, String name) {
    Tensor tensor = tensors.get(name);
    if (tensor == null) {
      throw new IllegalArgumentException("tensor " + name + " is missing");
    }
    return tensor.data();
  }

  private static float[] transpose(float[] x, int rows, int columns, int width) {
    float[] y = new float[columns * width];
    for (int i = 0; i < rows; i++) {
      for (int j = 0; j < columns; j++) {
        y[j * width + i] = x[i * columns + j];
      }
    }
    return y;
  }

  /// Returns how many floats of state the layer has.
  int stateSize() {
    return cell == Cell.LSTM ? 2 * units : units;
  }

  int units() {
    return units;
  }

  /// Takes one input into the state at `h0`: hidden values, then an LSTM's cell values.
  void step(float[] input, float[] state, int h0) {
    float[] gi = new float[width];
    float[] gh = new float[width];
    if (oneHot) {
      System.arraycopy(input, 0, gi, 0, gates);
    } else {
      Kernels.BEST.multiply(
          1, width, inputs, input, 0, inputs, weightIh, 0, width, gi, 0, width, false);
    }
    if (oneHot && cell == Cell.GRU) {
      stepOneHotGru(gi, gh, state, h0);
      return;
    }
    Kernels.BEST.multiply(
        1, width, units, state, h0, units, weightHh, 0, width, gh, 0, width, false);
    for (int i = 0; i < gates; i++) {
      gi[i] += biasIh[i];
      gh[i] += biasHh[i];
    }
    if (cell == Cell.GRU) {
      stepGru(gi, gh, state, h0);
    } else {
      stepLstm(gi, gh, state, h0);
    }
  }

  private void stepGru(float[] gi, float[] gh, float[] state, int h0) {
    int n = units;
    for (int i = 0; i < 2 * n; i++) {
      gi[i] += gh[i];
    }
    Kernels.BEST.sigmoid(2 * n, gi, 0);
    for (int i = 0; i < n; i++) {
      gi[2 * n + i] += gi[i] * gh[2 * n + i];
    }
    Kernels.BEST.tanh(n, gi, 2 * n);
    for (int i = 0; i < n; i++) {
      float z = gi[n + i];
      state[h0 + i] = (1 - z) * gi[2 * n + i] + z * state[h0 + i];
    }
  }

  private void stepLstm(float[] gi, float[] gh, float[] state, int h0) {
    int n = units;
    for (int i = 0; i < gates; i++) {
      gi[i] += gh[i];
    }
    Kernels.BEST.sigmoid(2 * n, gi, 0);
    Kernels.BEST.tanh(n, gi, 2 * n);
    Kernels.BEST.sigmoid(n, gi, 3 * n);
    int c0 = h0 + n;
    for (int i = 0; i < n; i++) {
      state[c0 + i] = gi[n + i] * state[c0 + i] + gi[i] * gi[2 * n + i];
    }
    System.arraycopy(state, c0, gh, 0, n);
    Kernels.BEST.tanh(n, gh, 0);
    for (int i = 0; i < n; i++) {
      state[h0 + i] = gi[3 * n + i] * gh[i];
    }
  }

  /// The original form: the item's row is blocks candidate, r, z, and r acts before the product.
  private void stepOneHotGru(float[] row, float[] gh, float[] state, int h0) {
    int n = units;
    Kernels.BEST.multiply(1, 2 * n, n, state, h0, n, weightHh, 0, width, gh, 0, width, false);
    for (int i = 0; i < 2 * n; i++) {
      gh[i] += row[n + i] + biasHh[n + i];
    }
    Kernels.BEST.sigmoid(2 * n, gh, 0);
    float[] reset = new float[n];
    for (int i = 0; i < n; i++) {
      reset[i] = gh[i] * state[h0 + i];
    }
    Kernels.BEST.multiply(1, n, n, reset, 0, n, weightHh, 2 * n, width, gh, 2 * n, width, false);
    for (int i = 0; i < n; i++) {
      gh[2 * n + i] += row[i] + biasHh[i];
    }
    Kernels.BEST.tanh(n, gh, 2 * n);
    for (int i = 0; i < n; i++) {
      float z = gh[n + i];
      state[h0 + i] = (1 - z) * state[h0 + i] + z * gh[2 * n + i];
    }
  }
}
