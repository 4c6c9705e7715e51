package io.kaseb.bench;

import io.kaseb.base.Progress;
import io.kaseb.base.Workers;
import io.kaseb.config.Cell;
import io.kaseb.eval.EvalConfig;
import io.kaseb.eval.Evaluator;
import io.kaseb.forecast.Forecaster;
import io.kaseb.model.Architecture;
import io.kaseb.model.Catalogue;
import io.kaseb.model.Embedding;
import io.kaseb.model.Gru4Rec;
import io.kaseb.model.Sessions;
import io.kaseb.model.Tensor;
import io.kaseb.model.TopItems;
import java.lang.management.ManagementFactory;
import java.lang.management.ThreadMXBean;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.SplittableRandom;
import java.util.stream.IntStream;

/// Measures forecasting on networks of random weights: one click with the 20 best items on one
/// thread, whether they are the very ones that all scores give, and an evaluation's rate.
public final class BenchForecast {
  private static final int K = 20;
  private static final int SESSION_LENGTH = 4;
  private static final int MOST_CLICKS = 5_000;
  private static final double WARM_UP_SECONDS = 4;
  private static final double MEASURED_SECONDS = 5;

  private final Gru4Rec model;
  private final Forecaster forecaster;
  private final SplittableRandom random = new SplittableRandom(3);
  private final TopItems top = TopItems.of(K);

  /// How the rows of the item table are drawn.
  public enum Weights {
    /// Normal, all of one scale, as after the start of training.
    NORMAL,
    /// Student's t of 3 degrees of freedom, rows of scales that differ by orders of magnitude.
    HEAVY_TAILED
  }

  /// A measurement of clicks.
  ///
  /// @param firstMilliseconds the first search, which makes the table of bytes
  /// @param medianMilliseconds a click and its 20 best items
  /// @param p99Milliseconds 99 of 100 are quicker
  /// @param cpuMilliseconds mean of a core's time for the same, whoever else uses the machine; NaN
  ///   where the system does not tell
  /// @param fullMilliseconds median of a click, all scores and the 20 best of them
  /// @param survivors mean number of items scored in full, searches without fallback
  /// @param fallbacks share of searches that scored all items
  /// @param checked clicks whose items, scores and order were compared with those of all scores
  /// @param equal how many of them were the same
  public record Row(
      int items,
      int units,
      Weights weights,
      double firstMilliseconds,
      double medianMilliseconds,
      double p99Milliseconds,
      double cpuMilliseconds,
      double fullMilliseconds,
      double survivors,
      double fallbacks,
      int checked,
      int equal) {}

  /// A measurement of an evaluation.
  ///
  /// @param events predictions
  public record EvaluationRow(
      int items, int units, int threads, int events, double seconds, double eventsPerSecond) {}

  private BenchForecast(int items, int units, int rank, Weights weights) {
    Architecture architecture =
        new Architecture(Cell.GRU, Embedding.CONSTRAINED, units, List.of(units)).withRank(rank);
    Map<String, Tensor> tensors = MadeUpModel.tensors(architecture, items, weights, random);
    List<String> ids = IntStream.range(0, items).mapToObj(Integer::toString).toList();
    model = Gru4Rec.of(architecture, Catalogue.of(ids), tensors);
    forecaster = Forecaster.of(model);
  }

  /// Measures clicks for some seconds after warm-up, and checks `checked` more.
  ///
  /// @param rank floats of an item's row in a table that is stored as a product, 0 for one that is
  ///   stored as it is
  /// @param workers threads that make the table of bytes for the first click
  public static Row clicks(
      int items, int units, int rank, Weights weights, int checked, Workers workers) {
    return new BenchForecast(items, units, rank, weights).clicks(weights, checked, workers);
  }

  /// Evaluates some events on made-up sessions, after a warm-up of a tenth of them.
  public static EvaluationRow evaluation(int items, int units, int threads, int events) {
    BenchForecast bench = new BenchForecast(items, units, 0, Weights.NORMAL);
    bench.evaluate(threads, events / 10);
    double seconds = bench.evaluate(threads, events);
    return new EvaluationRow(items, units, threads, events, seconds, events / seconds);
  }

  private double evaluate(int threads, int events) {
    int items = model.catalogue().size();
    int count = (events + SESSION_LENGTH - 2) / (SESSION_LENGTH - 1);
    int[] clicked = random.ints((long) count * SESSION_LENGTH, 0, items).toArray();
    int[] offsets = IntStream.rangeClosed(0, count).map(s -> s * SESSION_LENGTH).toArray();
    Sessions sessions = new Sessions(offsets, clicked, null);
    EvalConfig config = EvalConfig.defaults().withThreads(threads);
    long started = System.nanoTime();
    Evaluator.evaluate(forecaster, sessions, sessions.itemCounts(items), config, Progress.NONE);
    return (System.nanoTime() - started) / 1e9;
  }

  private Row clicks(Weights weights, int checked, Workers workers) {
    int items = model.catalogue().size();
    Forecaster.State session = forecaster.newState();
    float[] full = new float[items];
    long opened = System.nanoTime();
    model.prepare(workers);
    double prepared = (System.nanoTime() - opened) / 1e6;
    double first = prepared + milliseconds(session, full, false);
    run(session, full, false, WARM_UP_SECONDS);
    long survivors = 0;
    int fallbacks = 0;
    double[] times = new double[MOST_CLICKS];
    int clicks = 0;
    long cpu = cpuNanoseconds();
    long started = System.nanoTime();
    while (clicks < times.length && System.nanoTime() - started < MEASURED_SECONDS * 1e9) {
      times[clicks++] = milliseconds(session, full, false);
      fallbacks += top.offered() == items ? 1 : 0;
      survivors += top.offered() == items ? 0 : top.offered();
    }
    double busy = cpu < 0 ? Double.NaN : (cpuNanoseconds() - cpu) / 1e6 / clicks;
    times = Arrays.copyOf(times, clicks);
    Arrays.sort(times);
    run(session, full, true, WARM_UP_SECONDS);
    double[] fullTimes = run(session, full, true, MEASURED_SECONDS);
    return new Row(
        items,
        model.architecture().outputSize(),
        weights,
        first,
        times[clicks / 2],
        times[clicks * 99 / 100],
        busy,
        fullTimes[fullTimes.length / 2],
        (double) survivors / Math.max(1, clicks - fallbacks),
        (double) fallbacks / clicks,
        checked,
        equal(session, full, checked));
  }

  private static long cpuNanoseconds() {
    ThreadMXBean threads = ManagementFactory.getThreadMXBean();
    return threads.isCurrentThreadCpuTimeSupported() ? threads.getCurrentThreadCpuTime() : -1;
  }

  private double[] run(Forecaster.State session, float[] full, boolean all, double seconds) {
    double[] times = new double[MOST_CLICKS];
    int n = 0;
    long started = System.nanoTime();
    while (n < times.length && System.nanoTime() - started < seconds * 1e9) {
      times[n++] = milliseconds(session, full, all);
    }
    times = Arrays.copyOf(times, n);
    Arrays.sort(times);
    return times;
  }

  private double milliseconds(Forecaster.State session, float[] full, boolean all) {
    int item = random.nextInt(full.length);
    long before = System.nanoTime();
    session.click(item);
    if (all) {
      allScores(session, full, top);
    } else {
      forecaster.top(session, top);
    }
    return (System.nanoTime() - before) / 1e6;
  }

  private void allScores(Forecaster.State session, float[] full, TopItems out) {
    forecaster.scores(new Forecaster.State[] {session}, 1, new float[][] {full});
    out.offerAll(full, full.length);
  }

  private int equal(Forecaster.State session, float[] full, int checked) {
    TopItems expected = TopItems.of(K);
    int equal = 0;
    for (int i = 0; i < checked; i++) {
      session.click(random.nextInt(full.length));
      forecaster.top(session, top);
      allScores(session, full, expected);
      boolean same = top.size() == expected.size();
      for (int place = 0; same && place < top.size(); place++) {
        same = top.item(place) == expected.item(place) && top.score(place) == expected.score(place);
      }
      equal += same ? 1 : 0;
    }
    return equal;
  }
}
