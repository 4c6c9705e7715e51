package io.kaseb.bench.jmh;

import io.kaseb.kernel.Kernels;
import java.util.SplittableRandom;
import java.util.concurrent.TimeUnit;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Fork;
import org.openjdk.jmh.annotations.Measurement;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.Warmup;

/// What all kernel benchmarks share: one thread, a process for each, time for the compiler.
@State(Scope.Thread)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.MICROSECONDS)
@Fork(
    value = 1,
    jvmArgsAppend = {"--add-modules=jdk.incubator.vector", "-XX:+UseTransparentHugePages"})
@Warmup(iterations = 2, time = 1)
@Measurement(iterations = 3, time = 1)
public abstract class KernelBenchmark {
  /// Rows of an item table that a step touches.
  static final int COLUMNS = 2_080;

  /// Hidden units.
  static final int UNITS = 100;

  /// Floats of an item's row: units, bias, padding.
  static final int WIDTH = Kernels.pad(UNITS + 1);

  /// The kernels measured: those that the process would use.
  final Kernels kernels = Kernels.BEST;

  /// Returns `n` values of 0.1 to 1.1, the same every time.
  static float[] values(int n) {
    SplittableRandom random = new SplittableRandom(1);
    float[] x = new float[n];
    for (int i = 0; i < n; i++) {
      x[i] = (float) random.nextDouble() + .1f;
    }
    return x;
  }
}
