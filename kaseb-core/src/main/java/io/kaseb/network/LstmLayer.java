package io.kaseb.network;

import io.kaseb.config.Cell;
import io.kaseb.kernel.Kernels;
import java.util.Arrays;

/// An LSTM layer with PyTorch's gates (Hochreiter and Schmidhuber 1997, with forget gate): with a =
/// W_ih x + b_ih + W_hh h + b_hh,
///
/// i = sigmoid(a_i), f = sigmoid(a_f), g = tanh(a_g), o = sigmoid(a_o), c' = f c + i g, h' = o
/// tanh(c').
final class LstmLayer extends GatedLayer {
  private float[] previousCells;
  private float[] cells;
  private final float[] tanhCells;

  LstmLayer(
      Kernels kernels,
      Team team,
      int units,
      int inputs,
      boolean direct,
      int batch,
      int module,
      float dropout,
      int states) {
    super(kernels, team, Cell.LSTM.gates(), units, inputs, direct, batch, module, dropout, states);
    previousCells = new float[units * stride];
    cells = new float[units * stride];
    tanhCells = new float[units * stride];
  }

  @Override
  void gates(int t, int from, int to, Activations input, int lanes) {
    products(from, to, input, lanes);
    int n = (to - from) * stride;
    int i0 = from * stride;
    int block = units * stride;
    for (int g = 0; g < gates; g++) {
      int start = g * block + i0;
      kernels.add(n, inputGates, start, hiddenGates, start);
    }
    kernels.sigmoid(n, inputGates, i0);
    kernels.sigmoid(n, inputGates, block + i0);
    kernels.tanh(n, inputGates, 2 * block + i0);
    kernels.sigmoid(n, inputGates, 3 * block + i0);
    for (int i = i0; i < i0 + n; i++) {
      cells[i] =
          inputGates[block + i] * previousCells[i] + inputGates[i] * inputGates[2 * block + i];
    }
    System.arraycopy(cells, i0, tanhCells, i0, n);
    kernels.tanh(n, tanhCells, i0);
    for (int i = i0; i < i0 + n; i++) {
      out.byFeature[i] = inputGates[3 * block + i] * tanhCells[i];
    }
  }

  @Override
  void gateGradients(int t, int from, int to, Activations input, int active) {
    int i0 = from * stride;
    int end = to * stride;
    int block = units * stride;
    for (int k = i0; k < end; k++) {
      float i = inputGates[k];
      float f = inputGates[block + k];
      float g = inputGates[2 * block + k];
      float o = inputGates[3 * block + k];
      float c = tanhCells[k];
      float d = outGradient[k];
      float dc = d * o * (1 - c * c);
      inputGates[k] = dc * g * i * (1 - i);
      inputGates[block + k] = dc * previousCells[k] * f * (1 - f);
      inputGates[2 * block + k] = dc * i * (1 - g * g);
      inputGates[3 * block + k] = d * c * o * (1 - o);
    }
    for (int g = 0; g < gates; g++) {
      int start = g * block + i0;
      System.arraycopy(inputGates, start, hiddenGates, start, end - i0);
    }
    productGradients(t, from, to, input, active);
  }

  @Override
  void swap() {
    super.swap();
    float[] old = previousCells;
    previousCells = cells;
    cells = old;
  }

  @Override
  void blank(int from, int to) {
    super.blank(from, to);
    Arrays.fill(cells, from * stride, to * stride, 0);
  }

  @Override
  void move(int t, int from, int to) {
    super.move(t, from, to);
    for (int u = from(t); u < from(t + 1); u++) {
      cells[u * stride + to] = cells[u * stride + from];
    }
  }

  @Override
  void clear(int t, int slot) {
    super.clear(t, slot);
    for (int u = from(t); u < from(t + 1); u++) {
      cells[u * stride + slot] = 0;
    }
  }
}
