package io.kaseb.network;

import io.kaseb.kernel.Kernels;
import java.util.Arrays;

/// The outputs of one layer for a mini-batch, in two layouts: by feature [size + 1 x stride], lanes
/// over the batch, for products with weights; and by sample [batch x width], for the products that
/// give weight gradients. The feature after the last is constantly 1: the bias's input.
final class Activations {
  final int size;
  final int stride;
  final int width;
  final float[] byFeature;
  final float[] bySample;

  Activations(int size, int batch) {
    this.size = size;
    this.stride = Kernels.stride(batch);
    this.width = Kernels.pad(size + 1);
    this.byFeature = new float[(size + 1) * stride];
    this.bySample = new float[batch * width];
    for (int b = 0; b < batch; b++) {
      bySample[b * width + size] = 1;
      byFeature[size * stride + b] = 1;
    }
  }

  /// Copies features `from..to` of the first `active` samples from the first layout to the second.
  void toSamples(int from, int to, int active) {
    for (int b = 0; b < active; b++) {
      for (int f = from; f < to; f++) {
        bySample[b * width + f] = byFeature[f * stride + b];
      }
    }
  }

  /// Copies features `from..to` of the first `active` samples from the second layout to the first.
  void toFeatures(int from, int to, int active) {
    for (int f = from; f < to; f++) {
      for (int b = 0; b < active; b++) {
        byFeature[f * stride + b] = bySample[b * width + f];
      }
    }
  }

  /// Moves features `first..last` of sample `from` to the place of sample `to <= from`.
  void move(int from, int to, int first, int last) {
    for (int f = first; f < last; f++) {
      byFeature[f * stride + to] = byFeature[f * stride + from];
    }
    System.arraycopy(bySample, from * width + first, bySample, to * width + first, last - first);
  }

  /// Sets features `first..last` of a sample to 0.
  void clear(int sample, int first, int last) {
    for (int f = first; f < last; f++) {
      byFeature[f * stride + sample] = 0;
    }
    Arrays.fill(bySample, sample * width + first, sample * width + last, 0);
  }
}
