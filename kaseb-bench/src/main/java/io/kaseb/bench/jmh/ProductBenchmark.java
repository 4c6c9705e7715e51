package io.kaseb.bench.jmh;

import java.util.concurrent.TimeUnit;
import org.openjdk.jmh.annotations.AuxCounters;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Param;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;

/// The matrix products of a step, each whole. The counter `gflops` is billions of multiplications
/// and additions a second.
@BenchmarkMode(Mode.Throughput)
@OutputTimeUnit(TimeUnit.SECONDS)
public class ProductBenchmark extends KernelBenchmark {
  /// Sessions side by side.
  @Param({"32", "128", "512"})
  public int batch;

  private float[] panel = {};
  private float[] panelByUnit = {};
  private float[] hidden = {};
  private float[] samples = {};
  private float[] scores = {};
  private float[] rows = {};
  private float[] weights = {};
  private float[] gates = {};
  private float[] hiddenGradient = {};

  /// Counts arithmetic.
  @State(Scope.Thread)
  @AuxCounters(AuxCounters.Type.OPERATIONS)
  public static class Work {
    /// Billions of multiplications and additions done.
    public double gflops;

    void product(int m, int n, int k) {
      gflops += 2e-9 * m * n * k;
    }
  }

  /// Makes the matrices.
  @Setup
  public void matrices() {
    panel = values(COLUMNS * WIDTH);
    panelByUnit = values((UNITS + 1) * COLUMNS);
    hidden = values((UNITS + 1) * batch);
    samples = values(batch * WIDTH);
    scores = values(COLUMNS * batch);
    rows = new float[COLUMNS * WIDTH];
    weights = values(3 * UNITS * WIDTH);
    gates = new float[3 * UNITS * batch];
    hiddenGradient = new float[UNITS * batch];
  }

  /// Scores as training holds them: columns x batch.
  @Benchmark
  public float[] scores(Work work) {
    kernels.multiply(
        COLUMNS, batch, UNITS + 1, panel, 0, WIDTH, hidden, 0, batch, scores, 0, batch, false);
    work.product(COLUMNS, batch, UNITS + 1);
    return scores;
  }

  /// Scores the other way round, batch x columns.
  @Benchmark
  public float[] scoresTransposed(Work work) {
    kernels.multiply(
        batch,
        COLUMNS,
        UNITS + 1,
        samples,
        0,
        WIDTH,
        panelByUnit,
        0,
        COLUMNS,
        scores,
        0,
        COLUMNS,
        false);
    work.product(COLUMNS, batch, UNITS + 1);
    return scores;
  }

  /// dH: the hidden states' gradient, summed over all columns.
  @Benchmark
  public float[] hiddenGradient(Work work) {
    kernels.multiplyTransposed(
        UNITS, batch, COLUMNS, panel, 0, WIDTH, scores, 0, batch, hiddenGradient, 0, batch, false);
    work.product(UNITS, batch, COLUMNS);
    return hiddenGradient;
  }

  /// dE: the item rows' gradients.
  @Benchmark
  public float[] rowGradients(Work work) {
    kernels.multiply(
        COLUMNS, WIDTH, batch, scores, 0, batch, samples, 0, WIDTH, rows, 0, WIDTH, false);
    work.product(COLUMNS, WIDTH, batch);
    return rows;
  }

  /// The three gates of a GRU.
  @Benchmark
  public float[] gates(Work work) {
    kernels.multiply(
        3 * UNITS, batch, UNITS + 1, weights, 0, WIDTH, hidden, 0, batch, gates, 0, batch, false);
    work.product(3 * UNITS, batch, UNITS + 1);
    return gates;
  }
}
