package io.kaseb.train;

import io.kaseb.kernel.Kernels;
import io.kaseb.model.Cell;

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
    for (int i = 0; i < n; i++) {
      inputGates[r + i] += hiddenGates[r + i];
    }
    for (int i = 0; i < n; i++) {
      inputGates[z + i] += hiddenGates[z + i];
    }
    kernels.sigmoid(n, inputGates, r);
    kernels.sigmoid(n, inputGates, z);
    for (int i = 0; i < n; i++) {
      inputGates[c + i] += inputGates[r + i] * hiddenGates[c + i];
    }
    kernels.tanh(n, inputGates, c);
    float[] h = previous.byFeature;
    for (int i = 0; i < n; i++) {
      float gate = inputGates[z + i];
      out.byFeature[r + i] = (1 - gate) * inputGates[c + i] + gate * h[r + i];
    }
  }

  @Override
  void gateGradients(int t, int from, int to, Activations input, int active) {
    int n = (to - from) * stride;
    int r0 = from * stride;
    int z0 = (units + from) * stride;
    int c0 = (2 * units + from) * stride;
    float[] h = previous.byFeature;
    for (int i = 0; i < n; i++) {
      float r = inputGates[r0 + i];
      float z = inputGates[z0 + i];
      float c = inputGates[c0 + i];
      float d = outGradient[r0 + i];
      float dc = d * (1 - z) * (1 - c * c);
      float dr = dc * hiddenGates[c0 + i] * r * (1 - r);
      float dz = d * (h[r0 + i] - c) * z * (1 - z);
      inputGates[r0 + i] = dr;
      inputGates[z0 + i] = dz;
      inputGates[c0 + i] = dc;
      hiddenGates[r0 + i] = dr;
      hiddenGates[z0 + i] = dz;
      hiddenGates[c0 + i] = dc * r;
    }
    productGradients(t, from, to, input, active);
  }
}
