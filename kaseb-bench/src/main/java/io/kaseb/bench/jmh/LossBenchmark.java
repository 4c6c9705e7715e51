package io.kaseb.bench.jmh;

import io.kaseb.config.LossKind;
import io.kaseb.kernel.LossBlock;
import java.util.Arrays;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.Param;
import org.openjdk.jmh.annotations.Setup;

/// Both passes of every loss over one block of 48 columns.
public class LossBenchmark extends KernelBenchmark {
  private static final int ROWS = 48;
  private static final int OWN_ROWS = 2;

  /// The loss.
  @Param public LossKind kind = LossKind.CROSS_ENTROPY;

  /// Sessions side by side.
  @Param({"32", "128", "512"})
  public int batch;

  private final LossBlock block = new LossBlock();

  /// Makes the block, with two rows that are some session's own target.
  @Setup
  public void block() {
    block.kind = kind;
    block.rows = ROWS;
    block.lanes = batch;
    block.stride = batch;
    block.scores = values(ROWS * batch);
    block.weight = values(ROWS);
    block.correction = values(ROWS);
    block.ownRows = kind == LossKind.CROSS_ENTROPY ? 0 : OWN_ROWS;
    block.own = new float[(OWN_ROWS + 1) * batch];
    block.own0 = batch;
    block.target = values(batch);
    block.max = new float[batch];
    block.newMax = new float[batch];
    block.sums = new float[4 * batch];
    block.coefficients = values(4 * batch);
    block.bpreg = 1;
    block.gradient = new float[ROWS * batch];
  }

  /// The first pass.
  @Benchmark
  public float[] sums() {
    Arrays.fill(block.max, LossBlock.NO_MAX);
    Arrays.fill(block.sums, 0);
    kernels.lossSums(block);
    return block.sums;
  }

  /// The second pass; cross-entropy, whose sums leave the gradient, does its first again.
  @Benchmark
  public float[] gradient() {
    if (kind == LossKind.CROSS_ENTROPY) {
      return sums();
    }
    kernels.lossGradient(block);
    return block.gradient;
  }
}
