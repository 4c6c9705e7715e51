package io.kaseb.network;

import io.kaseb.kernel.Kernels;
import java.util.Arrays;

/// Brings the clicked items' rows into the network and their gradients back.
final class InputLayer {
  private final Kernels kernels;
  private final Team team;
  private final ItemTable table;
  private final float dropout;
  private final float[] mask;
  private final float[] touched;
  private boolean masked;

  /// Features at work, the first ones; the others are 0 and learn nothing.
  private int width;

  final Activations out;

  InputLayer(Kernels kernels, Team team, ItemTable table, int size, int batch, float dropout) {
    this.kernels = kernels;
    this.team = team;
    this.table = table;
    this.dropout = dropout;
    this.width = size;
    this.out = new Activations(size, batch);
    this.touched = new float[team.size()];
    this.mask = new float[size * out.stride];
  }

  /// Sets how many features are at work, the first ones; called by one thread between steps.
  void width(int featuresAtWork) {
    width = featuresAtWork;
  }

  /// Gathers this thread's share of the features.
  void forward(int t, int[] items, int active, Dropout masks) {
    int from = team.from(t, out.size, Kernels.LANES);
    int to = team.from(t + 1, out.size, Kernels.LANES);
    touched[t] = table.touch(items, 0, active, out.size);
    for (int b = 0; b < active; b++) {
      System.arraycopy(
          table.data(), table.row(items[b]) + from, out.bySample, b * out.width + from, to - from);
    }
    for (int b = 0; width < to && b < active; b++) {
      Arrays.fill(out.bySample, b * out.width + Math.max(from, width), b * out.width + to, 0);
    }
    out.toFeatures(from, to, active);
    for (int f = from; f < to; f++) {
      Arrays.fill(out.byFeature, f * out.stride + active, (f + 1) * out.stride, 0);
    }
    masked = dropout > 0 && masks != Dropout.NONE;
    if (masked) {
      masks.fill(0, dropout, mask, from, to, out.stride, active);
      kernels.times(
          (to - from) * out.stride, out.byFeature, from * out.stride, mask, from * out.stride);
      out.toSamples(from, to, active);
    }
  }

  /// Writes this thread's share of the features' gradients to the inputs' slots.
  ///
  /// @param parts arrays [features x stride] that add up to the gradient; overwritten
  /// @param slots slot `b` is sample b's; `slotWidth` floats each
  void backward(int t, float[][] parts, int active, float[] slots, int slotWidth) {
    int from = team.from(t, out.size, Kernels.LANES);
    int to = team.from(t + 1, out.size, Kernels.LANES);
    if (to == out.size) {
      for (int b = 0; b < active; b++) {
        Arrays.fill(slots, b * slotWidth + to, (b + 1) * slotWidth, 0);
      }
    }
    float[] gradient = parts[0];
    int start = from * out.stride;
    int n = (to - from) * out.stride;
    for (int p = 1; p < parts.length; p++) {
      kernels.add(n, gradient, start, parts[p], start);
    }
    if (masked) {
      kernels.times(n, gradient, start, mask, start);
    }
    if (width < to) {
      Arrays.fill(gradient, Math.max(from, width) * out.stride, to * out.stride, 0);
    }
    for (int b = 0; b < active; b++) {
      for (int f = from; f < to; f++) {
        slots[b * slotWidth + f] = gradient[f * out.stride + b];
      }
    }
  }
}
