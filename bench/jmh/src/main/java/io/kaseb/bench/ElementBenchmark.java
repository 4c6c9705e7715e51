package io.kaseb.bench;

import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.Setup;

/// Elementary functions over one layer's states, 100 units x 32 sessions, and the count of scores
/// above a limit over 37,483 items.
public class ElementBenchmark extends KernelBenchmark {
  private static final int STATES = UNITS * 32;

  private float[] states = {};
  private float[] scores = {};

  /// Makes the values.
  @Setup
  public void arrays() {
    states = values(STATES);
    scores = values(37_483);
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
}
