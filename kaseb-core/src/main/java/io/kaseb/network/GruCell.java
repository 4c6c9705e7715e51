package io.kaseb.network;

import io.kaseb.kernel.Kernels;

/// The gates of a GRU in training, forward and back (Cho et al. 2014, in PyTorch's and cuDNN's
/// form: the reset after the product). With i = W_ih x + b_ih and g = W_hh h + b_hh,
///
/// r = sigmoid(i_r + g_r), z = sigmoid(i_z + g_z), n = tanh(i_n + r g_n), h' = (1 - z) n + z h.
///
/// Both training passes, that of the next items and that of purchases, are made of these two
/// functions and of matrix products; a session that is being forecast takes
/// [io.kaseb.model.GruStep]. Arrays are feature-major, lanes over sessions: `n` floats are whole
/// rows of units.
public final class GruCell {
  private GruCell() {}

  /// Computes gates and new states.
  ///
  /// @param n floats of a gate to compute, a multiple of [Kernels#LANES]
  /// @param block floats from one gate's block to the next, in the order r, z, n
  /// @param x on entry i, on return the gates' values
  /// @param g the hidden state's part of the pre-activations
  /// @param h the previous states
  /// @param out the new states
  public static void forward(
      Kernels kernels,
      int n,
      int block,
      float[] x,
      int x0,
      float[] g,
      int g0,
      float[] h,
      int h0,
      float[] out,
      int out0) {
    int z = x0 + block;
    int c = z + block;
    kernels.add(n, x, x0, g, g0);
    kernels.add(n, x, z, g, g0 + block);
    kernels.sigmoid(n, x, x0);
    kernels.sigmoid(n, x, z);
    kernels.addProduct(n, x, c, x, x0, g, g0 + 2 * block);
    kernels.tanh(n, x, c);
    kernels.interpolate(n, out, out0, x, c, h, h0, x, z);
  }

  /// Turns the gates that [#forward] left into their gradients: of i in `x`, of g in `g`. The
  /// gradient of the previous states is what this leaves in `d` plus W_hh^T times `g`.
  ///
  /// @param d on entry the gradient of the new states
  public static void backward(
      Kernels kernels,
      int n,
      int block,
      float[] x,
      int x0,
      float[] g,
      int g0,
      float[] h,
      int h0,
      float[] d,
      int d0) {
    kernels.gruGradient(n, block, x, x0, g, g0, h, h0, d, d0);
  }
}
