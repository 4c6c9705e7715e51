package io.kaseb.network;

import io.kaseb.config.Cell;
import io.kaseb.kernel.Kernels;
import java.util.Arrays;

/// A layer of minimal gated units (Zhou, Wu, Zhang and Zhou, "Minimal Gated Unit for Recurrent
/// Neural Networks", 2016, eq. 7): one gate f, which resets and updates. With i = W_ih x + b_ih,
///
/// f = sigmoid(i_f + W_f h + b_f), c = tanh(i_c + W_c (f h) + b_c), h' = (1 - f) h + f c.
final class MguLayer extends GatedLayer {
  private final Activations reset;

  /// Each thread's part of the gradient by f h, [threads][units x stride].
  private final float[][] resetGradients;

  MguLayer(
      Kernels kernels,
      Team team,
      int units,
      int inputs,
      boolean direct,
      int batch,
      int module,
      float dropout,
      int states) {
    super(kernels, team, Cell.MGU.gates(), units, inputs, direct, batch, module, dropout, states);
    reset = new Activations(units, batch);
    resetGradients = new float[team.size()][units * stride];
  }

  @Override
  void gates(int t, int from, int to, Activations input, int lanes) {
    int n = (to - from) * stride;
    int f = from * stride;
    int c = units * stride + f;
    inputProduct(0, from, to, input, lanes);
    hiddenProduct(0, from, to, previous, lanes);
    kernels.add(n, inputGates, f, hiddenGates, f);
    kernels.sigmoid(n, inputGates, f);
    for (int i = f; i < f + n; i++) {
      reset.byFeature[i] = inputGates[i] * previous.byFeature[i];
    }
    // Units that are idle in this step were at work in another.
    int end = from(t + 1);
    Arrays.fill(reset.byFeature, to * stride, Math.max(to, end) * stride, 0);
    reset.toSamples(from, end, Math.min(lanes, batch));
    team.barrier();
    inputProduct(1, from, to, input, lanes);
    hiddenProduct(1, from, to, reset, lanes);
    kernels.add(n, inputGates, c, hiddenGates, c);
    kernels.tanh(n, inputGates, c);
    kernels.interpolate(n, out.byFeature, f, previous.byFeature, f, inputGates, c, inputGates, f);
  }

  @Override
  void gateGradients(int t, int from, int to, Activations input, int active) {
    int start = from * stride;
    int end = to * stride;
    int block = units * stride;
    float[] h = previous.byFeature;
    for (int i = start; i < end; i++) {
      float c = inputGates[block + i];
      hiddenGates[block + i] = outGradient[i] * inputGates[i] * (1 - c * c);
    }
    DenseMatrix m = weightHh;
    kernels.multiplyTransposed(
        units,
        Kernels.pad(active),
        to - from,
        m.weights(),
        (units + from) * m.width(),
        m.width(),
        hiddenGates,
        block + start,
        stride,
        resetGradients[t],
        0,
        stride,
        false);
    team.barrier();
    for (int p = 1; p < resetGradients.length; p++) {
      kernels.add(end - start, resetGradients[0], start, resetGradients[p], start);
    }
    float[] byReset = resetGradients[0];
    for (int i = start; i < end; i++) {
      float f = inputGates[i];
      float byGate = outGradient[i] * (inputGates[block + i] - h[i]) + byReset[i] * h[i];
      hiddenGates[i] = byGate * f * (1 - f);
    }
    for (int g = 0; g < gates; g++) {
      System.arraycopy(hiddenGates, g * block + start, inputGates, g * block + start, end - start);
    }
    productGradients(t, from, to, input, active);
  }

  @Override
  Activations hidden(int g) {
    return g == 0 ? previous : reset;
  }
}
