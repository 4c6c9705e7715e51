package io.kaseb.network;

import io.kaseb.config.Cell;
import io.kaseb.kernel.Kernels;

/// A GRU layer of [GruCell]s.
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
    int start = from * stride;
    GruCell.forward(
        kernels,
        (to - from) * stride,
        units * stride,
        inputGates,
        start,
        hiddenGates,
        start,
        previous.byFeature,
        start,
        out.byFeature,
        start);
  }

  @Override
  void gateGradients(int t, int from, int to, Activations input, int active) {
    int start = from * stride;
    GruCell.backward(
        kernels,
        (to - from) * stride,
        units * stride,
        inputGates,
        start,
        hiddenGates,
        start,
        previous.byFeature,
        start,
        outGradient,
        start);
    productGradients(t, from, to, input, active);
  }
}
