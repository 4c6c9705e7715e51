package io.kaseb.eval;

import io.kaseb.base.Workers;
import io.kaseb.tune.math.SeededRandom;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.SplittableRandom;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;

/// Measures purchase forecasts against what happened, with intervals by the percentile bootstrap
/// over sessions (Efron 1979).
public final class PurchaseMetrics {
  /// Between a metric's name and the number of events that it has not seen.
  public static final String WITHOUT_LAST = "_without_last_";

  private static final int BINS = 20;

  /// Draws in all resamples together: many sessions get fewer resamples, which suffice for them.
  private static final long MOST_DRAWS = 200_000_000;

  private static final int FEWEST_SAMPLES = 100;

  private final Outcomes outcomes;
  private final PurchaseForecasts forecasts;
  private final RankedScores sessions;
  private final RankedScores items;
  private final List<RankedScores> after = new ArrayList<>();
  private final Map<Integer, RankedScores> cuts = new LinkedHashMap<>();
  private final Map<String, Integer> counts = new LinkedHashMap<>();
  private final @Nullable FlaggedSessions flagged;
  private final double[] logLoss;
  private final double[] brier;
  private final double[] jaccard;

  private PurchaseMetrics(Outcomes outcomes, PurchaseForecasts forecasts) {
    this.outcomes = outcomes;
    this.forecasts = forecasts;
    int n = outcomes.sessions();
    sessions =
        new RankedScores(forecasts.ranks(), outcomes.buys(), IntStream.range(0, n).toArray());
    items = buyersItems();
    for (PurchaseForecasts.After a : forecasts.after()) {
      after.add(new RankedScores(a.ranks(), labels(a.sessions()), a.sessions()));
    }
    for (PurchaseForecasts.Cut cut : forecasts.cuts()) {
      boolean[] labels = labels(cut.sessions());
      int buyers = (int) IntStream.range(0, labels.length).filter(i -> labels[i]).count();
      counts.put("sessions" + WITHOUT_LAST + cut.events(), labels.length);
      counts.put("buyers" + WITHOUT_LAST + cut.events(), buyers);
      if (SampleSize.suffices(labels.length, buyers)) {
        cuts.put(cut.events(), new RankedScores(cut.ranks(), labels, cut.sessions()));
      }
    }
    PurchaseForecasts.Running running = forecasts.running();
    flagged =
        running != null && SampleSize.suffices(n, outcomes.buyers())
            ? new FlaggedSessions(running, outcomes.buys())
            : null;
    logLoss = new double[n];
    brier = new double[n];
    jaccard = new double[n];
    for (int s = 0; s < n; s++) {
      double p = forecasts.probability()[s];
      double right = outcomes.buys()[s] ? p : 1 - p;
      logLoss[s] = -Math.log(Math.max(right, 1e-15));
      brier[s] = (1 - right) * (1 - right);
      jaccard[s] = outcomes.buys()[s] ? outcomes.jaccard(s, forecasts.chosen()) : 0;
    }
  }

  private boolean[] labels(int[] sessions) {
    boolean[] labels = new boolean[sessions.length];
    for (int i = 0; i < labels.length; i++) {
      labels[i] = outcomes.buys()[sessions[i]];
    }
    return labels;
  }

  /// Ranks the clicked items of buying sessions only: which of them were bought.
  private RankedScores buyersItems() {
    int n = 0;
    int[] rows = new int[outcomes.bought().length];
    int[] session = new int[rows.length];
    for (int s = 0; s < outcomes.sessions(); s++) {
      if (outcomes.buys()[s]) {
        for (int i = outcomes.offsets()[s]; i < outcomes.offsets()[s + 1]; i++) {
          session[n] = s;
          rows[n++] = i;
        }
      }
    }
    double[] scores = new double[n];
    boolean[] labels = new boolean[n];
    for (int i = 0; i < n; i++) {
      scores[i] = forecasts.itemRanks()[rows[i]];
      labels[i] = outcomes.bought()[rows[i]];
    }
    return new RankedScores(scores, labels, Arrays.copyOf(session, n));
  }

  /// Measures forecasts.
  ///
  /// @param goal the action that was forecast
  /// @param view the name of the view that both were made on
  /// @param samples bootstrap resamples, 0 for none; fewer are drawn of very many sessions
  /// @param seed fixes the resamples; they depend on it and the number of sessions only, so that
  ///   models measured with the same seed can be compared resample by resample
  /// @param workers threads; the figures do not depend on their number
  public static PurchaseEvaluation of(
      String goal,
      String view,
      Outcomes outcomes,
      PurchaseForecasts forecasts,
      int samples,
      long seed,
      Workers workers) {
    PurchaseMetrics metrics = new PurchaseMetrics(outcomes, forecasts);
    int n = outcomes.sessions();
    int[] once = new int[n];
    Arrays.fill(once, 1);
    Map<String, Double> values = metrics.values(once);
    List<PurchaseEvaluation.Bin> curve = metrics.curve();
    double error = 0;
    for (PurchaseEvaluation.Bin bin : curve) {
      error += Math.abs(bin.forecast() - bin.observed()) * bin.sessions() / n;
    }
    Map<String, Double> all = new LinkedHashMap<>();
    values.forEach(
        (key, value) -> {
          all.put(key, value);
          if (key.equals("item_auc")) {
            all.put("score_reachable", metrics.reachable());
          }
        });
    all.put("calibration_error", curve.isEmpty() ? Double.NaN : error);
    int drawn =
        SampleSize.suffices(n, outcomes.buyers())
            ? (int) Math.min(samples, Math.max(FEWEST_SAMPLES, MOST_DRAWS / n))
            : 0;
    Map<String, double[]> intervals = new LinkedHashMap<>();
    Map<String, double[]> resampled = metrics.resample(drawn, seed, workers, values, intervals);
    return new PurchaseEvaluation(
        forecasts.name(),
        goal,
        view,
        n,
        outcomes.buyers(),
        all,
        metrics.counts,
        intervals,
        curve,
        resampled.getOrDefault("auc", new double[0]),
        resampled.getOrDefault("average_precision", new double[0]),
        metrics.constant(),
        forecasts.withoutSlope());
  }

  private Set<String> constant() {
    Set<String> constant = new LinkedHashSet<>();
    if (sessions.isConstant()) {
      constant.addAll(List.of("auc", "average_precision"));
    }
    if (items.isConstant()) {
      constant.add("item_auc");
    }
    for (int i = 0; i < after.size(); i++) {
      if (after.get(i).isConstant()) {
        constant.add("auc_after_" + forecasts.after().get(i).clicks());
      }
    }
    cuts.forEach(
        (events, ranked) -> {
          if (ranked.isConstant()) {
            constant.add("auc" + WITHOUT_LAST + events);
            constant.add("average_precision" + WITHOUT_LAST + events);
          }
        });
    return constant;
  }

  /// Returns each metric in each resample.
  private Map<String, double[]> resample(
      int samples,
      long seed,
      Workers workers,
      Map<String, Double> values,
      Map<String, double[]> intervals) {
    Map<String, double[]> resampled = new LinkedHashMap<>();
    List<String> names = List.copyOf(values.keySet());
    double[][] drawn = new double[names.size()][samples];
    workers.forEach(
        samples,
        b -> {
          Map<String, Double> sample = values(weights(seed, b));
          for (int m = 0; m < drawn.length; m++) {
            drawn[m][b] = sample.getOrDefault(names.get(m), Double.NaN);
          }
        });
    for (int m = 0; m < drawn.length; m++) {
      resampled.put(names.get(m), drawn[m]);
      double[] known = Arrays.stream(drawn[m]).filter(x -> !Double.isNaN(x)).toArray();
      boolean isShown = !Double.isNaN(values.getOrDefault(names.get(m), Double.NaN));
      if (known.length > 0 && isShown && !names.get(m).equals("score_max")) {
        intervals.put(names.get(m), Bootstrap.ends(known));
      }
    }
    return resampled;
  }

  private int[] weights(long seed, int sample) {
    SplittableRandom random = new SplittableRandom(SeededRandom.resample(seed, sample));
    int n = outcomes.sessions();
    int[] weights = new int[n];
    for (int i = 0; i < n; i++) {
      weights[random.nextInt(n)]++;
    }
    return weights;
  }

  private Map<String, Double> values(int[] weights) {
    double total = 0;
    double buyers = 0;
    double loss = 0;
    double squares = 0;
    double overlap = 0;
    double submitted = 0;
    double hit = 0;
    double hitOverlap = 0;
    for (int s = 0; s < weights.length; s++) {
      double w = weights[s];
      total += w;
      loss += w * logLoss[s];
      squares += w * brier[s];
      if (forecasts.submitted()[s]) {
        submitted += w;
      }
      if (outcomes.buys()[s]) {
        buyers += w;
        overlap += w * jaccard[s];
        if (forecasts.submitted()[s]) {
          hit += w;
          hitOverlap += w * jaccard[s];
        }
      }
    }
    ChallengeScore score = new ChallengeScore(total, buyers, submitted, hit, hitOverlap);
    Map<String, Double> values = new LinkedHashMap<>();
    values.put("auc", sessions.auc(weights));
    values.put("average_precision", sessions.averagePrecision(weights));
    values.put("log_loss", loss / total);
    values.put("brier", squares / total);
    values.put("item_auc", items.auc(weights));
    values.put("jaccard", overlap / buyers);
    values.put("score", score.score());
    values.put("score_max", score.max());
    for (int i = 0; i < after.size(); i++) {
      values.put("auc_after_" + forecasts.after().get(i).clicks(), after.get(i).auc(weights));
    }
    cuts.forEach(
        (events, ranked) -> {
          values.put("auc" + WITHOUT_LAST + events, ranked.auc(weights));
          values.put("average_precision" + WITHOUT_LAST + events, ranked.averagePrecision(weights));
        });
    if (flagged != null) {
      FlaggedSessions.Found found = flagged.at(weights);
      values.put("early_warning_threshold", found.threshold());
      values.put("early_warning_share", found.share());
      values.put("early_warning_events", found.lead());
    }
    return values;
  }

  /// Returns the highest score of answers that name clicked items only: items bought without a
  /// click cannot be read off the session.
  private double reachable() {
    double share = (double) outcomes.buyers() / Math.max(1, outcomes.sessions());
    double sum = 0;
    for (int s = 0; s < outcomes.sessions(); s++) {
      if (outcomes.buys()[s]) {
        sum += share + (double) outcomes.clickedAndBought(s) / outcomes.purchased()[s];
      }
    }
    return sum;
  }

  /// Splits the sessions into shares of equal size by their probability.
  private List<PurchaseEvaluation.Bin> curve() {
    int n = outcomes.sessions();
    double[] p = forecasts.probability();
    int[] order =
        IntStream.range(0, n)
            .boxed()
            .sorted((a, b) -> Double.compare(p[a], p[b]))
            .mapToInt(Integer::intValue)
            .toArray();
    List<PurchaseEvaluation.Bin> bins = new ArrayList<>();
    for (int b = 0; b < BINS; b++) {
      int from = (int) ((long) n * b / BINS);
      int to = (int) ((long) n * (b + 1) / BINS);
      if (from < to) {
        double forecast = 0;
        double observed = 0;
        for (int i = from; i < to; i++) {
          forecast += p[order[i]];
          observed += outcomes.buys()[order[i]] ? 1 : 0;
        }
        int size = to - from;
        bins.add(new PurchaseEvaluation.Bin(forecast / size, observed / size, size));
      }
    }
    return bins;
  }
}
