package io.kaseb.bench;

import io.kaseb.base.Progress;
import io.kaseb.baseline.ModelKinds;
import io.kaseb.baseline.SessionKnn;
import io.kaseb.config.KnnSettings;
import io.kaseb.eval.EvalConfig;
import io.kaseb.eval.Evaluator;
import io.kaseb.forecast.Forecaster;
import io.kaseb.model.Catalogue;
import io.kaseb.model.NextItemModel;
import io.kaseb.model.Sessions;
import io.kaseb.model.TopItems;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.SplittableRandom;
import java.util.stream.IntStream;

/// Measures the baselines on made-up sessions: session-kNN's index and predictions, and an exact
/// evaluation of all baselines.
///
/// A session is drawn about a topic, an item of Zipf-distributed popularity (exponent 0.8), each
/// click a near neighbour of the topic; its length is 2 plus a geometric number of mean 2.5, at
/// most 30: a shop's, but for the meaning.
public final class BenchBaseline {
  private static final int K = 20;
  private static final int WARM_UP = 20_000;

  private final int items;
  private final SplittableRandom random = new SplittableRandom(7);
  private final double[] cumulative;

  /// Session-kNN on one thread.
  ///
  /// @param kind one of [SessionKnn#KINDS]
  /// @param indexSeconds building the index
  /// @param medianMilliseconds one prediction: the 20 best items after a click
  /// @param p90Milliseconds nine of ten are quicker
  public record KnnRow(
      String kind,
      int sessions,
      int items,
      double indexSeconds,
      double medianMilliseconds,
      double p90Milliseconds,
      double p99Milliseconds) {}

  /// An evaluation of one baseline, its counting included.
  public record EvaluationRow(String kind, int events, int items, int threads, double seconds) {}

  private BenchBaseline(int items) {
    this.items = items;
    cumulative = new double[items];
    double sum = 0;
    for (int i = 0; i < items; i++) {
      sum += Math.pow(i + 1, -.8);
      cumulative[i] = sum;
    }
  }

  /// Builds an index and makes predictions along new sessions.
  ///
  /// @param changed settings of the kind's own that are changed
  /// @param predictions how many are timed, after a warm-up
  public static KnnRow knn(
      String kind, Map<String, String> changed, int sessions, int items, int predictions) {
    BenchBaseline bench = new BenchBaseline(items);
    Sessions train = bench.sessions(sessions);
    KnnSettings settings = ModelKinds.settings(kind).with(changed);
    long started = System.nanoTime();
    SessionKnn model = SessionKnn.of(kind, bench.catalogue(), train, settings);
    double seconds = (System.nanoTime() - started) / 1e9;
    bench.times(model, WARM_UP);
    double[] times = bench.times(model, predictions);
    return new KnnRow(
        kind,
        sessions,
        items,
        seconds,
        times[times.length / 2],
        times[times.length * 9 / 10],
        times[times.length * 99 / 100]);
  }

  /// Counts and evaluates every baseline.
  ///
  /// @param changed settings of session-kNN's kinds that are changed
  /// @param events predictions, about
  public static List<EvaluationRow> evaluation(
      Map<String, String> changed, int sessions, int items, int events, int threads) {
    BenchBaseline bench = new BenchBaseline(items);
    Sessions train = bench.sessions(sessions);
    Sessions test = bench.sessions(Math.max(1, events * 2 / 7));
    long[] counts = train.itemCounts(items);
    List<EvaluationRow> rows = new ArrayList<>();
    for (String kind : ModelKinds.SIMPLE) {
      long started = System.nanoTime();
      NextItemModel model =
          ModelKinds.count(kind, bench.catalogue(), train, ModelKinds.settings(kind).with(changed));
      long found =
          Evaluator.evaluate(
                  Forecaster.of(model),
                  test,
                  counts,
                  EvalConfig.defaults().withThreads(threads),
                  Progress.NONE)
              .events();
      double seconds = (System.nanoTime() - started) / 1e9;
      rows.add(new EvaluationRow(kind, (int) found, items, threads, seconds));
    }
    return rows;
  }

  private double[] times(SessionKnn model, int predictions) {
    Sessions sessions = sessions(predictions / 2 + 1);
    Forecaster forecaster = Forecaster.of(model);
    TopItems top = TopItems.of(K);
    double[] times = new double[predictions];
    int n = 0;
    for (int s = 0; s < sessions.count() && n < predictions; s++) {
      Forecaster.State session = forecaster.newState();
      for (int e = sessions.start(s); e < sessions.end(s) && n < predictions; e++) {
        long before = System.nanoTime();
        session.click(sessions.items()[e]);
        forecaster.top(session, top);
        times[n++] = (System.nanoTime() - before) / 1e6;
      }
    }
    Arrays.sort(times);
    return times;
  }

  private Catalogue catalogue() {
    return Catalogue.of(IntStream.range(0, items).mapToObj(Integer::toString).toList());
  }

  private Sessions sessions(int count) {
    int[] offsets = new int[count + 1];
    int[] clicks = new int[count * 30];
    int n = 0;
    for (int s = 0; s < count; s++) {
      int length = 2;
      while (length < 30 && random.nextDouble() < 2.5 / 3.5) {
        length++;
      }
      int topic = draw();
      for (int e = 0; e < length; e++) {
        double far = random.nextGaussian() * 15;
        clicks[n++] = Math.floorMod(topic + (int) Math.rint(far), items);
      }
      offsets[s + 1] = n;
    }
    return new Sessions(offsets, Arrays.copyOf(clicks, n), null);
  }

  private int draw() {
    int at = Arrays.binarySearch(cumulative, random.nextDouble() * cumulative[items - 1]);
    return Math.min(items - 1, at < 0 ? -at - 1 : at);
  }
}
