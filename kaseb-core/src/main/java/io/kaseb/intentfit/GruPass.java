package io.kaseb.intentfit;

import io.kaseb.intent.IntentNet;
import io.kaseb.intent.IntentShape;
import io.kaseb.kernel.Kernels;
import io.kaseb.network.GruCell;
import java.util.Arrays;

/// The GRU's way through whole sessions and back (back-propagation through time). Sessions stand
/// longest first, so that those still running at a step are its first columns.
///
/// A step's activations are a block [features x stride], lanes over sessions. Element-wise work
/// goes over whole blocks: what a column without a session holds is finite, and its gradient 0.
final class GruPass {
  private static final Kernels KERNELS = Kernels.BEST;

  private final IntentNet net;
  private final IntentShape shape;
  private final SessionStates states;
  private final float[] gradient;
  private final InputGradients inputGradients;

  /// Each step's gates [steps x 3 units x stride]: the input's part of the pre-activations, then
  /// the values, then the gradients.
  private float[] inputGates = new float[0];

  /// The same of the hidden state's part.
  private float[] hiddenGates = new float[0];

  private float[] x = new float[0];
  private float[] back = new float[0];
  private float[] before = new float[0];

  /// Creates a pass.
  ///
  /// @param gradient where gradients of the weights are added, laid out as they are
  /// @param inputGradients takes the gradients of the input rows
  GruPass(IntentNet net, SessionStates states, float[] gradient, InputGradients inputGradients) {
    this.net = net;
    this.shape = net.shape;
    this.states = states;
    this.gradient = gradient;
    this.inputGradients = inputGradients;
  }

  /// Computes the states after each click.
  void forward(IntentBatch batch) {
    int gates = 3 * states.block;
    if (inputGates.length < batch.steps * gates) {
      inputGates = new float[batch.steps * gates];
      hiddenGates = new float[batch.steps * gates];
    }
    if (back.length < states.block) {
      x = new float[shape.inputs() * batch.stride];
      back = new float[states.block];
      before = new float[states.block];
    }
    for (int t = 0; t < batch.steps; t++) {
      products(batch, t);
      GruCell.forward(
          KERNELS,
          states.block,
          states.block,
          inputGates,
          t * gates,
          hiddenGates,
          t * gates,
          states.hidden,
          states.at(t - 1),
          states.hidden,
          states.at(t));
    }
  }

  private void products(IntentBatch batch, int t) {
    int h = shape.units();
    int inputs = shape.inputs();
    int stride = batch.stride;
    int lanes = Kernels.pad(batch.active(t));
    int gates = t * 3 * states.block;
    float[] w = net.weights;
    batch.transpose(t, inputs, x);
    KERNELS.multiply(
        3 * h,
        lanes,
        inputs,
        w,
        shape.wx(),
        inputs,
        x,
        0,
        stride,
        inputGates,
        gates,
        stride,
        false);
    if (t == 0) {
      Arrays.fill(hiddenGates, 0, 3 * states.block, 0);
    } else {
      KERNELS.multiply(
          3 * h,
          lanes,
          h,
          w,
          shape.wh(),
          h,
          states.hidden,
          states.at(t - 1),
          stride,
          hiddenGates,
          gates,
          stride,
          false);
    }
    for (int u = 0; u < h; u++) {
      float bias = w[shape.bh() + u];
      int row = gates + (2 * h + u) * stride;
      for (int i = row; i < row + lanes; i++) {
        hiddenGates[i] += bias;
      }
    }
  }

  /// Adds up the gradients of the weights and of the input rows, from those of the states.
  void backward(IntentBatch batch) {
    Arrays.fill(back, 0, states.block, 0);
    for (int t = batch.steps - 1; t >= 0; t--) {
      int gates = t * 3 * states.block;
      KERNELS.add(states.block, back, 0, states.gradient, states.at(t));
      GruCell.backward(
          KERNELS,
          states.block,
          states.block,
          inputGates,
          gates,
          hiddenGates,
          gates,
          states.hidden,
          states.at(t - 1),
          back,
          0);
      toInputs(batch, t, gates);
      toBias(batch, t, gates);
      if (t > 0) {
        throughTime(batch, t, gates);
      }
    }
  }

  private void toInputs(IntentBatch batch, int t, int gates) {
    int h = shape.units();
    int inputs = shape.inputs();
    int stride = batch.stride;
    KERNELS.multiply(
        3 * h,
        inputs,
        batch.active(t),
        inputGates,
        gates,
        stride,
        batch.rows,
        batch.row(t, 0),
        inputs,
        gradient,
        shape.wx(),
        inputs,
        true);
    int rows = inputGradients.rows();
    if (rows > 0) {
      KERNELS.multiplyTransposed(
          rows,
          Kernels.pad(batch.active(t)),
          3 * h,
          net.weights,
          shape.wx(),
          inputs,
          inputGates,
          gates,
          stride,
          x,
          0,
          stride,
          false);
      inputGradients.add(batch, t, x);
    }
  }

  private void toBias(IntentBatch batch, int t, int gates) {
    int h = shape.units();
    for (int u = 0; u < h; u++) {
      int row = gates + (2 * h + u) * batch.stride;
      float sum = 0;
      for (int i = row; i < row + batch.active(t); i++) {
        sum += hiddenGates[i];
      }
      gradient[shape.bh() + u] += sum;
    }
  }

  /// Adds up the recurrent weights' gradients and carries on to the states of the step before.
  private void throughTime(IntentBatch batch, int t, int gates) {
    int h = shape.units();
    int stride = batch.stride;
    int active = batch.active(t);
    int old = states.at(t - 1);
    for (int j = 0; j < active; j++) {
      for (int u = 0; u < h; u++) {
        before[j * h + u] = states.hidden[old + u * stride + j];
      }
    }
    int wh = shape.wh();
    KERNELS.multiply(
        3 * h, h, active, hiddenGates, gates, stride, before, 0, h, gradient, wh, h, true);
    int lanes = Kernels.pad(active);
    KERNELS.multiplyTransposed(
        h, lanes, 3 * h, net.weights, wh, h, hiddenGates, gates, stride, back, 0, stride, true);
  }
}
