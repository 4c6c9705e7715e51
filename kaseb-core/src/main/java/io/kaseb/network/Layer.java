package io.kaseb.network;

import io.kaseb.config.Cell;
import io.kaseb.kernel.Kernels;
import io.kaseb.model.Architecture;
import io.kaseb.model.Tensor;
import java.util.Arrays;
import java.util.List;
import java.util.function.BiConsumer;

/// A recurrent layer in training: one time step forward and back, no further (GRU4Rec's hidden
/// state is detached between steps). All threads of the team call each method; each works on its
/// own units, and the caller puts a barrier between the calls.
abstract class Layer {
  /// Units are dealt out in multiples of this, the rows of a register block.
  private static final int UNIT = 4;

  final Kernels kernels;
  final Team team;
  final int units;
  final int inputs;
  final int batch;
  final int stride;
  private final int module;
  private final float dropout;
  private final float[] mask;
  private boolean masked;

  /// Units at work, the first ones; the others give 0 and learn nothing.
  private int width;

  Activations previous;
  Activations out;
  final float[] outGradient;
  final float[][] inputGradients;

  /// Makes a network's layer number `l`.
  static Layer of(
      Kernels kernels,
      Team team,
      Architecture architecture,
      Cell cell,
      int l,
      Network.StepConfig config) {
    int units = architecture.layers().get(l);
    int inputs = architecture.inputSize(l);
    boolean direct = l == 0 && architecture.oneHot();
    int batch = config.batchSize();
    int states = config.optimizer().states();
    // Without embedding, dropout_p_embed acts on the first layer's output.
    float p = direct ? config.dropoutEmbed() : config.dropoutHidden();
    return switch (cell) {
      case LSTM -> new LstmLayer(kernels, team, units, inputs, direct, batch, l + 1, p, states);
      case MGU -> new MguLayer(kernels, team, units, inputs, direct, batch, l + 1, p, states);
      case GRU ->
          direct
              ? new OneHotGruLayer(kernels, team, units, batch, l + 1, p, states)
              : new GruLayer(kernels, team, units, inputs, batch, l + 1, p, states);
    };
  }

  /// @param module number of this layer's dropout
  /// @param inputGradientParts how many arrays [inputs x stride] add up to the input's gradient
  Layer(
      Kernels kernels,
      Team team,
      int units,
      int inputs,
      int batch,
      int module,
      float dropout,
      int inputGradientParts) {
    this.kernels = kernels;
    this.team = team;
    this.units = units;
    this.width = units;
    this.inputs = inputs;
    this.batch = batch;
    this.stride = Kernels.stride(batch);
    this.module = module;
    this.dropout = dropout;
    this.mask = new float[units * stride];
    this.previous = new Activations(units, batch);
    this.out = new Activations(units, batch);
    this.outGradient = new float[units * stride];
    this.inputGradients = new float[inputGradientParts][inputs * stride];
  }

  /// Computes the units' new state from the input and the previous state into `out`.
  ///
  /// @param active open slots
  final void forward(int t, Activations input, int active, Dropout masks) {
    int from = from(t);
    int to = atWork(t);
    // A thread without units at work has barriers to meet too.
    gates(t, from, to, input, Kernels.pad(active));
    masked = dropout > 0 && masks != Dropout.NONE;
    if (masked) {
      masks.fill(module, dropout, mask, from, to, stride, active);
      kernels.times((to - from) * stride, out.byFeature, from * stride, mask, from * stride);
    }
    int end = from(t + 1);
    if (to < end) {
      blank(to, end);
    }
    out.toSamples(from, end, active);
  }

  /// Sets how many units are at work, the first ones; called by one thread between steps.
  final void width(int unitsAtWork) {
    width = unitsAtWork;
  }

  /// Returns where thread `t`'s units at work end.
  private int atWork(int t) {
    return Math.max(from(t), Math.min(from(t + 1), width));
  }

  /// Sets the new state of units `from..to` to 0.
  void blank(int from, int to) {
    Arrays.fill(out.byFeature, from * stride, to * stride, 0);
  }

  /// Computes the gradients of weights and input from that of the output, which the caller has left
  /// in `outGradient`.
  final void backward(int t, Activations input, int active) {
    int from = from(t);
    int to = atWork(t);
    if (masked) {
      kernels.times((to - from) * stride, outGradient, from * stride, mask, from * stride);
    }
    gateGradients(t, from, to, input, active);
  }

  /// Makes the state of the last step the previous one; called by one thread.
  void swap() {
    Activations old = previous;
    previous = out;
    out = old;
  }

  /// Moves thread `t`'s part of a slot's new state.
  void move(int t, int from, int to) {
    out.move(from, to, from(t), from(t + 1));
  }

  /// Sets thread `t`'s part of a slot's new state to 0.
  void clear(int t, int slot) {
    out.clear(slot, from(t), from(t + 1));
  }

  abstract void gates(int t, int from, int to, Activations input, int lanes);

  abstract void gateGradients(int t, int from, int to, Activations input, int active);

  /// Returns the layer's matrices, each with `blocks` blocks of `units` rows.
  abstract List<DenseMatrix> matrices();

  /// Hands out every tensor of the layer by its name, of the weights (part 0) or an optimiser
  /// state.
  abstract void tensors(String prefix, int part, BiConsumer<String, Tensor> to);

  /// Takes tensors back by name.
  abstract void load(String prefix, int part, TensorSource from);

  /// Where tensors come from, by name.
  @FunctionalInterface
  interface TensorSource {
    float[] get(String name);
  }

  /// Updates the weights of thread `t`'s units.
  final void update(int t, Optimizer optimizer, float scale, long step) {
    for (DenseMatrix m : matrices()) {
      for (int block = 0; block < m.rows(); block += units) {
        m.update(kernels, optimizer, block + from(t), block + atWork(t), scale, step);
      }
    }
  }

  /// Returns the sum of squares of the gradient of thread `t`'s units.
  final double squaredGradient(int t) {
    double sum = 0;
    for (DenseMatrix m : matrices()) {
      for (int block = 0; block < m.rows(); block += units) {
        sum += m.squaredGradient(block + from(t), block + atWork(t));
      }
    }
    return sum;
  }

  final int from(int t) {
    return team.from(t, units, UNIT);
  }

  /// Sets rows `from..to` of every block of `target` [blocks x units x stride] to the product of
  /// the matrix's rows with activations, or adds it.
  final void product(
      DenseMatrix m,
      int block,
      int from,
      int to,
      float[] x,
      int lanes,
      float[] target,
      int toBlock,
      boolean add) {
    int w = m.width();
    kernels.multiply(
        to - from,
        lanes,
        m.inputs() + 1,
        m.weights(),
        (block * units + from) * w,
        w,
        x,
        0,
        stride,
        target,
        (toBlock * units + from) * stride,
        stride,
        add);
  }

  /// Sets thread `t`'s part of the output's gradient to a sum of arrays [units x stride].
  final void sumGradient(int t, float[][] parts) {
    int start = from(t) * stride;
    int end = from(t + 1) * stride;
    System.arraycopy(parts[0], start, outGradient, start, end - start);
    for (int p = 1; p < parts.length; p++) {
      kernels.add(end - start, outGradient, start, parts[p], start);
    }
  }
}
