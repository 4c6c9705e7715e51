package io.kaseb.bench.jmh;

import io.kaseb.kernel.Kernels;
import java.util.Random;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.Setup;

/// Elementary functions over one layer's states, 100 units x 32 sessions, and the count of scores
/// above a limit over 37,483 items.
public class ElementBenchmark extends KernelBenchmark {
  private static final int STATES = UNITS * 32;

  private float[] states = {};
  private float[] scores = {};
  private float[] gradients = {};
  private float[] out = {};
  private byte[] bytes = {};

  /// Makes the values.
  @Setup
  public void arrays() {
    states = values(STATES);
    scores = values(37_483);
    gradients = values(STATES);
    out = new float[Kernels.SCAN];
    bytes = new byte[100 * Kernels.SCAN];
    new Random(1).nextBytes(bytes);
  }

  /// The logistic function, in place.
  @Benchmark
  public float[] sigmoid() {
    kernels.sigmoid(STATES, states, 0);
    return states;
  }

  /// The hyperbolic tangent, in place.
  @Benchmark
  public float[] tanh() {
    kernels.tanh(STATES, states, 0);
    return states;
  }

  /// ELU, in place.
  @Benchmark
  public float[] elu() {
    kernels.elu(STATES, states, 0, .5f);
    return states;
  }

  /// Ranks one target among all items.
  @Benchmark
  public long countAbove() {
    return kernels.countAbove(scores.length, scores, 0, .6f);
  }

  /// x += y.
  @Benchmark
  public float[] add() {
    kernels.add(STATES, states, 0, scores, 0);
    return states;
  }

  /// x *= y.
  @Benchmark
  public float[] times() {
    kernels.times(STATES, states, 0, scores, 0);
    return states;
  }

  /// x += y z.
  @Benchmark
  public float[] addProduct() {
    kernels.addProduct(STATES, states, 0, scores, 0, scores, STATES);
    return states;
  }

  /// x += y scale, 32 columns.
  @Benchmark
  public float[] addScaled() {
    kernels.addScaled(STATES / 32, 32, states, 0, scores, 0, 32, scores);
    return states;
  }

  /// A GRU's new state.
  @Benchmark
  public float[] interpolate() {
    kernels.interpolate(STATES, states, 0, scores, 0, scores, STATES, scores, 2 * STATES);
    return states;
  }

  /// A GRU's gates' gradients, in place, for a third of the states.
  @Benchmark
  public float[] gruGradient() {
    int n = STATES / 48 * 16;
    kernels.gruGradient(n, n, states, 0, gradients, 0, scores, 0, scores, n);
    return states;
  }

  /// A dropout mask.
  @Benchmark
  public float[] dropout() {
    kernels.dropout(STATES, states, 0, 17, 1 << 22, 1.3f);
    return states;
  }

  /// A block of items kept as bytes, 100 units.
  @Benchmark
  public long scan() {
    return kernels.scan(100, scores, 0, bytes, 0, scores, 0, .1f, 1e9f, out);
  }
}
