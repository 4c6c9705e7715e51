package io.kaseb.network;

import io.kaseb.config.Cell;
import io.kaseb.kernel.Kernels;

/// A GRU layer with PyTorch's gates (Cho et al. 2014, the reset after the product): with i = W_ih x
/// + b_ih and g = W_hh h + b_hh,
///
/// r = sigmoid(i_r + g_r), z = sigmoid(i_z + g_z), n = tanh(i_n + r g_n), h' = (1 - z) n + z h.
final class GruLayer extends GatedLayer {
  GruLayer(
      Kernels kernels,
      Team team,
      int units,
      int inputs,
      int batch,
      int module,
      float dropout,
      int states) {
    super(kernels, team, Cell.GRU.gates(), units, inputs, false, batch, module, dropout, states);
  }

  @Override
  void gates(int t, int from, int to, Activations input, int lanes) {
    products(from, to, input, lanes);
    int n = (to - from) * stride;
    int r = from * stride;
    int z = (units + from) * stride;
    int c = (2 * units + from) * stride;
    kernels.add(n, inputGates, r, hiddenGates, r);
    kernels.add(n, inputGates, z, hiddenGates, z);
    kernels.sigmoid(n, inputGates, r);
    kernels.sigmoid(n, inputGates, z);
    kernels.addProduct(n, inputGates, c, inputGates, r, hiddenGates, c);
    kernels.tanh(n, inputGates, c);
    kernels.interpolate(n, out.byFeature, r, inputGates, c, previous.byFeature, r, inputGates, z);
  }

  @Override
  void gateGradients(int t, int from, int to, Activations input, int active) {
    int start = from * stride;
    int block = units * stride;
    kernels.gruGradient(
        (to - from) * stride,
        start,
        block + start,
        2 * block + start,
        inputGates,
        hiddenGates,
        previous.byFeature,
        outGradient);
    productGradients(t, from, to, input, active);
  }
}
