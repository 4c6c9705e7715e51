package io.kaseb.bench;

import io.kaseb.config.LossKind;
import io.kaseb.kernel.Kernels;
import io.kaseb.kernel.LossBlock;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.SplittableRandom;

/// Measures the kernels that a training step is made of, each alone on one thread at the shapes of
/// RSC15's best settings, and what the machine gives: its arithmetic peak and memory's rate.
public final class BenchKernels {
  private static final int ITEMS = 37_483;
  private static final int COLUMNS = 1_984;
  private static final int UNITS = 100;
  private static final int BLOCK = 48;
  private static final int ROUNDS = 7;

  private final Kernels kernels = Kernels.BEST;
  private final SplittableRandom random = new SplittableRandom(1);
  private final List<Row> rows = new ArrayList<>();

  /// A kernel's measurement.
  ///
  /// @param kernel which, with its shape
  /// @param microseconds median of a pass over a step's worth of work
  /// @param gflops billions of multiplications and additions a second, 0 where that is not the
  ///   point
  /// @param gigabytesPerSecond memory read and written, 0 where that is not the point
  public record Row(String kernel, double microseconds, double gflops, double gigabytesPerSecond) {}

  private final double warmUpSeconds;

  private BenchKernels(double warmUpSeconds) {
    this.warmUpSeconds = warmUpSeconds;
  }

  /// Measures everything; takes about half a minute.
  public static List<Row> run() {
    return run(1);
  }

  /// Measures everything after so many seconds of warm-up each.
  static List<Row> run(double warmUpSeconds) {
    BenchKernels bench = new BenchKernels(warmUpSeconds);
    for (int batch : new int[] {32, 128, 512}) {
      bench.products(batch);
      bench.losses(batch);
    }
    bench.rows();
    return bench.rows;
  }

  private void products(int batch) {
    int width = Kernels.pad(UNITS + 1);
    int stride = Kernels.stride(batch);
    float[] panel = values(COLUMNS * width);
    float[] hidden = values((UNITS + 1) * stride);
    float[] scores = values(COLUMNS * stride);
    float[] samples = values(batch * width);
    float[] out = values(COLUMNS * width);
    double flops = 2.0 * COLUMNS * batch;
    compute(
        "scores " + COLUMNS + "x" + batch + "x" + (UNITS + 1),
        flops * (UNITS + 1),
        () ->
            blocks(
                c ->
                    kernels.multiply(
                        BLOCK,
                        batch,
                        UNITS + 1,
                        panel,
                        c * width,
                        width,
                        hidden,
                        0,
                        stride,
                        scores,
                        c * stride,
                        stride,
                        false)));
    float[] gradient = values(UNITS * stride);
    compute(
        "hidden gradient " + UNITS + "x" + batch + "x" + COLUMNS,
        flops * UNITS,
        () ->
            blocks(
                c ->
                    kernels.multiplyTransposed(
                        UNITS,
                        batch,
                        BLOCK,
                        panel,
                        c * width,
                        width,
                        scores,
                        c * stride,
                        stride,
                        gradient,
                        0,
                        stride,
                        c > 0)));
    compute(
        "row gradients " + COLUMNS + "x" + width + "x" + batch,
        flops * width,
        () ->
            blocks(
                c ->
                    kernels.multiply(
                        BLOCK,
                        width,
                        batch,
                        scores,
                        c * stride,
                        stride,
                        samples,
                        0,
                        width,
                        out,
                        c * width,
                        width,
                        false)));
    float[] weights = values(3 * UNITS * width);
    float[] gates = values(3 * UNITS * stride);
    compute(
        "gates " + 3 * UNITS + "x" + batch + "x" + (UNITS + 1),
        2.0 * 3 * UNITS * batch * (UNITS + 1),
        () ->
            kernels.multiply(
                3 * UNITS, batch, UNITS + 1, weights, 0, width, hidden, 0, stride, gates, 0, stride,
                false));
  }

  private void losses(int batch) {
    for (LossKind kind : List.of(LossKind.CROSS_ENTROPY, LossKind.BPR_MAX)) {
      LossBlock b = new LossBlock();
      b.kind = kind;
      b.lanes = batch;
      int stride = Kernels.stride(batch);
      b.stride = stride;
      b.rows = BLOCK;
      b.scores = values(COLUMNS * stride);
      b.weight = values(COLUMNS);
      b.correction = values(COLUMNS);
      b.own = new float[stride];
      b.target = values(stride);
      b.max = new float[stride];
      b.newMax = new float[stride];
      b.sums = new float[4 * stride];
      b.coefficients = values(4 * stride);
      b.gradient = new float[BLOCK * stride];
      String name = kind.name().toLowerCase(Locale.ROOT) + " " + COLUMNS + "x" + batch;
      measure(
          name + " sums",
          0,
          0,
          () -> {
            Arrays.fill(b.max, LossBlock.NO_MAX);
            Arrays.fill(b.sums, 0);
            blocks(
                c -> {
                  b.scores0 = c * stride;
                  b.row0 = c;
                  kernels.lossSums(b);
                });
          });
      if (kind == LossKind.CROSS_ENTROPY) {
        // Its sums leave the gradient.
        continue;
      }
      measure(
          name + " gradient",
          0,
          0,
          () ->
              blocks(
                  c -> {
                    b.scores0 = c * stride;
                    b.row0 = c;
                    kernels.lossGradient(b);
                  }));
    }
  }

  /// Random rows of an item table with Adagrad's state, as a step meets them: new ones each time.
  private void rows() {
    int width = Kernels.pad(UNITS + 1);
    for (int parts : new int[] {2, 3}) {
      float[] table = values(ITEMS * parts * width);
      float[] panel = new float[COLUMNS * width];
      float[] gradient = values(BLOCK * width);
      int[] items = new int[COLUMNS];
      String state = parts == 2 ? "adagrad" : "adagrad with momentum";
      double row = 4.0 * width;
      measure(
          "gather random rows, " + state,
          0,
          row * COLUMNS,
          () -> {
            draw(items);
            for (int c = 0; c < COLUMNS; c++) {
              kernels.copy(width, table, items[c] * parts * width, panel, c * width);
            }
          });
      measure(
          "update random rows, " + state,
          0,
          2 * parts * row * COLUMNS,
          () -> {
            draw(items);
            for (int c = 0; c < COLUMNS; c++) {
              int at = items[c] * parts * width;
              kernels.adagrad(
                  width,
                  table,
                  at,
                  table,
                  at + width,
                  at + (parts - 1) * width,
                  gradient,
                  c % BLOCK * width,
                  .05f,
                  parts == 2 ? 0 : .2f,
                  1e-6f);
            }
          });
    }
  }

  private void draw(int[] items) {
    for (int c = 0; c < items.length; c++) {
      items[c] = random.nextInt(ITEMS);
    }
  }

  private interface Block {
    void at(int column);
  }

  private static void blocks(Block block) {
    for (int c = 0; c + BLOCK <= COLUMNS; c += BLOCK) {
      block.at(c);
    }
  }

  private void compute(String name, double flops, Runnable work) {
    measure(name, flops, 0, work);
  }

  private void measure(String name, double flops, double bytes, Runnable work) {
    long once;
    long started = System.nanoTime();
    do {
      long before = System.nanoTime();
      work.run();
      once = System.nanoTime() - before;
    } while (System.nanoTime() - started < warmUpSeconds * 1e9);
    int repeats = (int) Math.max(1, 30_000_000 / Math.max(once, 1));
    double[] seconds = new double[ROUNDS];
    for (int r = 0; r < ROUNDS; r++) {
      long before = System.nanoTime();
      for (int i = 0; i < repeats; i++) {
        work.run();
      }
      seconds[r] = (System.nanoTime() - before) / 1e9 / repeats;
    }
    Arrays.sort(seconds);
    double median = seconds[ROUNDS / 2];
    rows.add(new Row(name, median * 1e6, flops / median / 1e9, bytes / median / 1e9));
  }

  private float[] values(int n) {
    float[] x = new float[n];
    for (int i = 0; i < n; i++) {
      x[i] = (float) random.nextDouble() + .1f;
    }
    return x;
  }
}
