package io.kaseb.bench;

import io.kaseb.config.Cell;
import io.kaseb.config.TrainConfig;
import io.kaseb.kernel.Kernels;
import io.kaseb.model.Architecture;
import io.kaseb.train.NegativeSampler;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.SplittableRandom;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.stream.IntStream;

/// What a training step cannot be faster than on this machine: its matrix products at the best rate
/// that the kernels reach on data in the first-level cache, plus the reading and updating of its
/// item rows at the best rate that memory gives, both measured with the same number of threads. All
/// else (the recurrent layer's functions, softmax, sampling, merging, barriers) is taken as free.
final class BenchBound {
  private static final double ROUND_SECONDS = .15;
  private static final int ROUNDS = 12;
  private static final int ROWS = 96;
  private static final int LANES = 32;
  private static final int TERMS = 101;

  private final Kernels kernels = Kernels.BEST;
  private final TrainConfig config;
  private final int items;
  private final int threads;

  private BenchBound(TrainConfig config, int items, int threads) {
    this.config = config;
    this.items = items;
    this.threads = threads;
  }

  /// The bound and what it is made of.
  ///
  /// @param eventsPerSecond the most events a second
  /// @param gflops billions of multiplications and additions a second, all threads together
  /// @param rowNanoseconds time for one row, all threads together
  record Bound(double eventsPerSecond, double gflops, double rowNanoseconds) {}

  /// Measures the bound.
  ///
  /// @param counts training events of each item
  static Bound of(TrainConfig config, long[] counts, int threads) {
    BenchBound bench = new BenchBound(config, counts.length, threads);
    double columns = bench.columns(counts);
    double rate = bench.flopsPerSecond();
    double perRow = bench.secondsPerRow();
    double seconds = bench.flops(columns) / rate + columns * perRow;
    return new Bound(config.batchSize() / seconds, rate / 1e9, perRow * 1e9);
  }

  /// Returns the mean number of different items among a step's targets and negatives.
  private double columns(long[] counts) {
    NegativeSampler targets = NegativeSampler.of(counts, 1);
    NegativeSampler negatives = NegativeSampler.of(counts, config.sampleAlpha());
    int batch = config.batchSize();
    int[] drawn = new int[batch + config.nSample()];
    int steps = 50;
    long sum = 0;
    for (int s = 0; s < steps; s++) {
      targets.sample(2L * s, drawn, 0, batch);
      negatives.sample(2L * s + 1, drawn, batch, drawn.length);
      sum += Arrays.stream(drawn).distinct().count();
    }
    return (double) sum / steps;
  }

  /// Returns the multiplications and additions of a step's products: scores, hidden and row
  /// gradients, and the layers' forward, input and weight gradients.
  private double flops(double columns) {
    Architecture network = Architecture.of(config);
    double weights = 0;
    int gates = network.cell().gates();
    for (int l = 0; l < network.layers().size(); l++) {
      double units = network.layers().get(l);
      boolean direct = l == 0 && network.oneHot();
      double inputs = direct ? 0 : network.inputSize(l);
      // Forward and weight gradients of both matrices, and the input's gradient; the hidden state's
      // is not needed, but for what a minimal gated unit's gate has left of it.
      weights += gates * units * (2 * units + 3 * inputs);
      weights += network.cell() == Cell.MGU ? units * units : 0;
    }
    return 2.0 * config.batchSize() * (3 * columns * network.outputSize() + weights);
  }

  private double flopsPerSecond() {
    double work = 2.0 * ROWS * LANES * TERMS;
    return best(
        t -> {
          SplittableRandom random = new SplittableRandom(t);
          float[] a = values(random, ROWS * Kernels.pad(TERMS));
          float[] b = values(random, TERMS * LANES);
          float[] c = new float[ROWS * LANES];
          int lda = Kernels.pad(TERMS);
          return () -> {
            kernels.multiply(ROWS, LANES, TERMS, a, 0, lda, b, 0, LANES, c, 0, LANES, false);
            return work;
          };
        });
  }

  /// Returns the time that all threads together take for a row: its weights read, later all of it
  /// read again and updated.
  private double secondsPerRow() {
    int width = Kernels.pad(Architecture.of(config).outputSize() + 1);
    int parts = 2 + (config.momentum() > 0 ? 1 : 0);
    int stride = parts * width;
    float[] table = new float[items * stride];
    int own = items / threads;
    int visited = Math.min(own, 48);
    double rate =
        best(
            t -> {
              SplittableRandom random = new SplittableRandom(t);
              float[] gradient = values(random, width);
              int[] rows = new int[visited];
              return () -> {
                for (int r = 0; r < visited; r++) {
                  rows[r] = (t * own + random.nextInt(own)) * stride;
                }
                touched[t] += touch(table, rows, width) + touch(table, rows, stride);
                for (int row : rows) {
                  kernels.adagrad(
                      width,
                      table,
                      row,
                      table,
                      row + width,
                      row + (parts - 1) * width,
                      gradient,
                      0,
                      .05f,
                      config.momentum(),
                      1e-6f);
                }
                return (double) visited;
              };
            });
    return 1 / rate;
  }

  private final float[] touched = new float[1024];

  private static float touch(float[] table, int[] rows, int floats) {
    float sum = 0;
    for (int row : rows) {
      for (int i = row; i < row + floats; i += Kernels.LANES) {
        sum += table[i];
      }
    }
    return sum;
  }

  private static float[] values(SplittableRandom random, int n) {
    float[] x = new float[n];
    for (int i = 0; i < n; i++) {
      x[i] = (float) random.nextDouble() - .5f;
    }
    return x;
  }

  private interface Work {
    /// Does a little and returns how much.
    double run();
  }

  private interface Worker {
    Work of(int thread);
  }

  /// Returns the best of some rounds' work a second by all threads at once.
  private double best(Worker worker) {
    Work[] works = IntStream.range(0, threads).mapToObj(worker::of).toArray(Work[]::new);
    double best = 0;
    try (ExecutorService pool = Executors.newFixedThreadPool(threads)) {
      for (int r = 0; r < ROUNDS; r++) {
        CountDownLatch start = new CountDownLatch(threads);
        List<Future<Double>> done = new ArrayList<>();
        for (Work work : works) {
          done.add(pool.submit(() -> round(work, start)));
        }
        double sum = 0;
        for (Future<Double> rate : done) {
          sum += rate.get();
        }
        best = Math.max(best, sum);
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    } catch (ExecutionException e) {
      throw new IllegalStateException(e);
    }
    return best;
  }

  private static double round(Work work, CountDownLatch start) throws InterruptedException {
    start.countDown();
    start.await();
    double amount = 0;
    long started = System.nanoTime();
    while (System.nanoTime() - started < ROUND_SECONDS * 1e9) {
      for (int i = 0; i < 20; i++) {
        amount += work.run();
      }
    }
    return amount / ((System.nanoTime() - started) / 1e9);
  }
}
