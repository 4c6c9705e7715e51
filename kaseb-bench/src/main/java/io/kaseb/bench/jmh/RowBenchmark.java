package io.kaseb.bench.jmh;

import java.util.SplittableRandom;
import java.util.concurrent.TimeUnit;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.Level;
import org.openjdk.jmh.annotations.OperationsPerInvocation;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Param;
import org.openjdk.jmh.annotations.Setup;

/// Random rows of an item table of 37,483 items, as a step meets them; the time is that of one row.
@OutputTimeUnit(TimeUnit.NANOSECONDS)
public class RowBenchmark extends KernelBenchmark {
  private static final int ITEMS = 37_483;

  /// Adagrad's momentum; with it a row is half as long again.
  @Param({"0", "0.2"})
  public float momentum;

  private final SplittableRandom random = new SplittableRandom(2);
  private final int[] items = new int[COLUMNS];
  private int parts;
  private float[] table = {};
  private float[] panel = {};
  private float[] gradient = {};

  /// Makes the table: weights, accumulator and, with momentum, velocity of each item together.
  @Setup
  public void table() {
    parts = momentum == 0 ? 2 : 3;
    table = values(ITEMS * parts * WIDTH);
    panel = new float[COLUMNS * WIDTH];
    gradient = values(WIDTH);
  }

  /// Draws the rows, new ones for each call: only so are they as cold as a step finds them.
  @Setup(Level.Invocation)
  public void draw() {
    for (int c = 0; c < COLUMNS; c++) {
      items[c] = random.nextInt(ITEMS) * parts * WIDTH;
    }
  }

  /// Gathers the rows' weights.
  @Benchmark
  @OperationsPerInvocation(COLUMNS)
  public float[] gather() {
    for (int c = 0; c < COLUMNS; c++) {
      kernels.copy(WIDTH, table, items[c], panel, c * WIDTH);
    }
    return panel;
  }

  /// Updates the rows by Adagrad.
  @Benchmark
  @OperationsPerInvocation(COLUMNS)
  public float[] adagrad() {
    for (int row : items) {
      int velocity = row + (parts - 1) * WIDTH;
      kernels.adagrad(
          WIDTH, table, row, table, row + WIDTH, velocity, gradient, 0, .05f, momentum, 1e-6f);
    }
    return table;
  }
}
