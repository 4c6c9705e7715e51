package io.kaseb.network;

import io.kaseb.kernel.Kernels;
import io.kaseb.model.Tensor;
import java.util.ArrayList;
import java.util.List;
import java.util.function.BiConsumer;
import org.jspecify.annotations.Nullable;

/// What layers of gates share: gates from W_ih x + b_ih and W_hh h + b_hh, in blocks of `units`
/// rows, and the gradients of both. A direct layer has no W_ih: its input already is the sum of
/// weights that a one-hot item picks.
abstract class GatedLayer extends Layer {
  final int gates;
  final @Nullable DenseMatrix weightIh;
  final DenseMatrix weightHh;

  /// Gate pre-activations from the input, then gate values, then gradients [gates * units x
  /// stride].
  final float[] inputGates;

  /// The same from the hidden state.
  final float[] hiddenGates;

  GatedLayer(
      Kernels kernels,
      Team team,
      int gates,
      int units,
      int inputs,
      boolean direct,
      int batch,
      int module,
      float dropout,
      int states) {
    super(kernels, team, units, inputs, batch, module, dropout, direct ? 1 : team.size());
    this.gates = gates;
    this.weightIh = direct ? null : new DenseMatrix(gates * units, inputs, states);
    this.weightHh = new DenseMatrix(gates * units, units, states);
    this.inputGates = new float[gates * units * stride];
    this.hiddenGates = new float[gates * units * stride];
  }

  /// Computes both products for the given units.
  final void products(int from, int to, Activations input, int lanes) {
    for (int g = 0; g < gates; g++) {
      inputProduct(g, from, to, input, lanes);
      hiddenProduct(g, from, to, previous, lanes);
    }
  }

  /// Computes a gate's part that comes from the input.
  final void inputProduct(int g, int from, int to, Activations input, int lanes) {
    if (weightIh == null) {
      int start = (g * units + from) * stride;
      System.arraycopy(input.byFeature, start, inputGates, start, (to - from) * stride);
    } else {
      product(weightIh, g, from, to, input.byFeature, lanes, inputGates, g, false);
    }
  }

  /// Computes a gate's part that comes from the hidden state, or from what a gate has left of it.
  final void hiddenProduct(int g, int from, int to, Activations hidden, int lanes) {
    product(weightHh, g, from, to, hidden.byFeature, lanes, hiddenGates, g, false);
  }

  /// Returns what a gate's hidden product was made of.
  Activations hidden(int g) {
    return previous;
  }

  /// Computes the gradients of weights and input from those of the gates, which the caller has left
  /// in `inputGates` and `hiddenGates`.
  final void productGradients(int t, int from, int to, Activations input, int active) {
    int n = to - from;
    if (weightIh == null) {
      for (int g = 0; g < gates; g++) {
        int start = (g * units + from) * stride;
        System.arraycopy(inputGates, start, inputGradients[0], start, n * stride);
      }
    }
    for (int g = 0; g < gates; g++) {
      int row = g * units + from;
      if (weightIh != null) {
        kernels.multiplyTransposed(
            inputs,
            Kernels.pad(active),
            n,
            weightIh.weights(),
            row * weightIh.width(),
            weightIh.width(),
            inputGates,
            row * stride,
            stride,
            inputGradients[t],
            0,
            stride,
            g > 0);
        weightIh.gradient(
            kernels, row, row + n, active, inputGates, row * stride, stride, input.bySample);
      }
      weightHh.gradient(
          kernels, row, row + n, active, hiddenGates, row * stride, stride, hidden(g).bySample);
    }
  }

  @Override
  final List<DenseMatrix> matrices() {
    List<DenseMatrix> all = new ArrayList<>();
    if (weightIh != null) {
      all.add(weightIh);
    }
    all.add(weightHh);
    return all;
  }

  @Override
  final void tensors(String prefix, int part, BiConsumer<String, Tensor> to) {
    if (weightIh != null) {
      put(prefix + "weight_ih", prefix + "bias_ih", weightIh, part, to);
    }
    put(prefix + "weight_hh", prefix + "bias_hh", weightHh, part, to);
  }

  private static void put(
      String weight, String bias, DenseMatrix m, int part, BiConsumer<String, Tensor> to) {
    to.accept(weight, Tensor.matrix(m.rows(), m.inputs(), m.columns(part, 0, m.inputs())));
    to.accept(bias, Tensor.vector(m.columns(part, m.inputs(), 1)));
  }

  @Override
  final void load(String prefix, int part, TensorSource from) {
    if (weightIh != null) {
      weightIh.setColumns(part, 0, inputs, from.get(prefix + "weight_ih"));
      weightIh.setColumns(part, inputs, 1, from.get(prefix + "bias_ih"));
    }
    weightHh.setColumns(part, 0, units, from.get(prefix + "weight_hh"));
    weightHh.setColumns(part, units, 1, from.get(prefix + "bias_hh"));
  }
}
