package io.kaseb.network;

import io.kaseb.kernel.Kernels;
import io.kaseb.model.Tensor;
import java.util.Arrays;
import java.util.List;
import java.util.function.BiConsumer;

/// The first layer of a network without embedding, in the form of the original GRU4Rec (Hidasi et
/// al. 2016): the item's row v of weights (blocks candidate, r, z) takes the place of the input
/// product, and the reset gate acts before the product.
///
/// r = sigmoid(v_r + (h Wrz)_r), z = sigmoid(v_z + (h Wrz)_z), n = tanh((r h) Wh + v_c), h' = (1 -
/// z) h + z n. The bias Bh0 is added to v.
final class OneHotGruLayer extends Layer {
  /// [2 units x units + 1]: the rows of r, then of z; each a column of Wrz0.
  private final DenseMatrix weightRz;

  private final DenseMatrix weightC;
  private final float[] r;
  private final float[] z;
  private final float[] candidate;
  private final Activations reset;
  private final float[][] resetGradients;
  private final float[] gateGradients;

  OneHotGruLayer(
      Kernels kernels, Team team, int units, int batch, int module, float dropout, int states) {
    super(kernels, team, units, 3 * units, batch, module, dropout, 1);
    weightRz = new DenseMatrix(2 * units, units, states);
    weightC = new DenseMatrix(units, units, states);
    r = new float[units * stride];
    z = new float[units * stride];
    candidate = new float[units * stride];
    reset = new Activations(units, batch);
    resetGradients = new float[team.size()][units * stride];
    gateGradients = new float[2 * units * stride];
  }

  @Override
  void gates(int t, int from, int to, Activations input, int lanes) {
    int n = (to - from) * stride;
    int start = from * stride;
    int block = units * stride;
    System.arraycopy(input.byFeature, block + start, r, start, n);
    System.arraycopy(input.byFeature, 2 * block + start, z, start, n);
    product(weightRz, 0, from, to, previous.byFeature, lanes, r, 0, true);
    product(weightRz, 1, from, to, previous.byFeature, lanes, z, 0, true);
    kernels.sigmoid(n, r, start);
    kernels.sigmoid(n, z, start);
    for (int i = start; i < start + n; i++) {
      reset.byFeature[i] = r[i] * previous.byFeature[i];
    }
    reset.toSamples(from, to, batch);
    team.barrier();
    System.arraycopy(input.byFeature, start, candidate, start, n);
    product(weightC, 0, from, to, reset.byFeature, lanes, candidate, 0, true);
    kernels.tanh(n, candidate, start);
    for (int i = start; i < start + n; i++) {
      out.byFeature[i] = (1 - z[i]) * previous.byFeature[i] + z[i] * candidate[i];
    }
  }

  @Override
  void gateGradients(int t, int from, int to, Activations input, int active) {
    int start = from * stride;
    int end = to * stride;
    int block = units * stride;
    float[] h = previous.byFeature;
    float[] inputGradient = inputGradients[0];
    for (int i = start; i < end; i++) {
      float d = outGradient[i];
      float dz = d * (candidate[i] - h[i]) * z[i] * (1 - z[i]);
      inputGradient[i] = d * z[i] * (1 - candidate[i] * candidate[i]);
      inputGradient[2 * block + i] = dz;
      gateGradients[block + i] = dz;
    }
    int w = weightC.width();
    kernels.multiplyTransposed(
        units,
        Kernels.pad(active),
        to - from,
        weightC.weights(),
        from * w,
        w,
        inputGradient,
        start,
        stride,
        resetGradients[t],
        0,
        stride,
        false);
    weightC.gradient(kernels, from, to, active, inputGradient, start, stride, reset.bySample);
    team.barrier();
    for (int i = start; i < end; i++) {
      float d = 0;
      for (float[] part : resetGradients) {
        d += part[i];
      }
      float dr = d * h[i] * r[i] * (1 - r[i]);
      inputGradient[block + i] = dr;
      gateGradients[i] = dr;
    }
    weightRz.gradient(kernels, from, to, active, gateGradients, start, stride, previous.bySample);
    weightRz.gradient(
        kernels,
        units + from,
        units + to,
        active,
        gateGradients,
        block + start,
        stride,
        previous.bySample);
  }

  @Override
  List<DenseMatrix> matrices() {
    return List.of(weightRz, weightC);
  }

  @Override
  void tensors(String prefix, int part, BiConsumer<String, Tensor> to) {
    to.accept(
        "GE.Wrz0",
        Tensor.matrix(
            units, 2 * units, transpose(weightRz.columns(part, 0, units), 2 * units, units)));
    to.accept(
        "GE.Wh0",
        Tensor.matrix(units, units, transpose(weightC.columns(part, 0, units), units, units)));
    float[] bias = new float[3 * units];
    System.arraycopy(weightC.columns(part, units, 1), 0, bias, 0, units);
    System.arraycopy(weightRz.columns(part, units, 1), 0, bias, units, 2 * units);
    to.accept("GE.Bh0", Tensor.vector(bias));
  }

  @Override
  void load(String prefix, int part, TensorSource from) {
    weightRz.setColumns(part, 0, units, transpose(from.get("GE.Wrz0"), units, 2 * units));
    weightC.setColumns(part, 0, units, transpose(from.get("GE.Wh0"), units, units));
    float[] bias = from.get("GE.Bh0");
    weightC.setColumns(part, units, 1, Arrays.copyOf(bias, units));
    weightRz.setColumns(part, units, 1, Arrays.copyOfRange(bias, units, 3 * units));
  }

  private static float[] transpose(float[] x, int rows, int columns) {
    float[] y = new float[x.length];
    for (int i = 0; i < rows; i++) {
      for (int j = 0; j < columns; j++) {
        y[j * rows + i] = x[i * columns + j];
      }
    }
    return y;
  }
}
