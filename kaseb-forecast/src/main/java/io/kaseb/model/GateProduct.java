package io.kaseb.model;

import io.kaseb.kernel.Kernels;

/// The product of a recurrent layer's weights with one input, plus biases: the gates'
/// pre-activations. Weights lie by input, so that lanes run over the gates.
///
/// @param inputs length of an input
/// @param gates number of outputs
/// @param weights [inputs x gates], each row padded to [Kernels#LANES]
/// @param biases [gates]
record GateProduct(int inputs, int gates, float[] weights, float[] biases) {
  /// Turns weights as files hold them, [gates x inputs] from `at`, into a product.
  static GateProduct of(float[] rows, int at, int gates, int inputs, float[] biases) {
    int width = Kernels.pad(gates);
    float[] weights = new float[inputs * width];
    for (int i = 0; i < gates; i++) {
      for (int j = 0; j < inputs; j++) {
        weights[j * width + i] = rows[at + i * inputs + j];
      }
    }
    return new GateProduct(inputs, gates, weights, biases);
  }

  /// Returns the length of an output with its padding.
  int width() {
    return Kernels.pad(gates);
  }

  /// Computes the pre-activations of one input.
  ///
  /// @param out [width]
  void apply(float[] x, int x0, float[] out) {
    int width = out.length;
    Kernels.BEST.multiply(1, width, inputs, x, x0, inputs, weights, 0, width, out, 0, width, false);
    for (int i = 0; i < gates; i++) {
      out[i] += biases[i];
    }
  }
}
