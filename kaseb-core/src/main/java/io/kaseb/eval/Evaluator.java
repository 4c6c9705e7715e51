package io.kaseb.eval;

import io.kaseb.base.KasebException;
import io.kaseb.base.Progress;
import io.kaseb.forecast.Forecaster;
import io.kaseb.model.Sessions;
import io.kaseb.model.TopItems;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.atomic.AtomicInteger;

/// Measures a forecaster: one event is one prediction of the next item from all clicks of the
/// session so far, ranked among all items that train knows.
///
/// Clicks on items unknown to train are dropped before a session is walked, and counted; a session
/// left with one click yields no prediction. Recall@k is the hit rate of the single next item,
/// mrr@k its reciprocal rank where that is at most k, ndcg@k `1 / log2(1 + rank)` there (Järvelin
/// and Kekäläinen 2002, with one relevant item). Coverage@k is the share of the catalogue that any
/// list of k holds (Ge et al. 2010). Popularity@k is the average recommendation popularity
/// (Abdollahpouri et al. 2019: mean clicks in train of the listed items) divided by the mean clicks
/// in train of the targets: 1 is unbiased, above 1 favours popular items.
public final class Evaluator {
  private static final int BATCH = 16;
  private static final int CHUNK = 64;

  /// Clicks seen that [Evaluation#positions] tells apart; the last takes all later ones.
  public static final int POSITIONS = 20;

  /// Which predictions count, by the item that was clicked.
  public enum Targets {
    /// All of them.
    ALL,
    /// Those of items without a click in train.
    NEW,
    /// Those of items with one.
    KNOWN;

    private boolean hold(long trainClicks) {
      return this == ALL || (this == NEW) == (trainClicks == 0);
    }
  }

  private final Forecaster forecaster;
  private final Sessions test;
  private final long[] trainCounts;
  private final Targets targetsMeasured;
  private final EvalConfig config;
  private final Progress progress;
  private final SessionSums sums;
  private final Fifths fifths;
  private final AtomicInteger sessionsDone = new AtomicInteger();

  private Evaluator(
      Forecaster forecaster,
      Sessions test,
      long[] trainCounts,
      Targets targets,
      EvalConfig config,
      Progress progress) {
    this.forecaster = forecaster;
    this.test = test;
    this.trainCounts = trainCounts;
    this.targetsMeasured = targets;
    this.config = config;
    this.progress = progress;
    this.sums = new SessionSums(config.cutoffs(), test.count());
    this.fifths = new Fifths(trainCounts);
  }

  /// Evaluates on test sessions.
  ///
  /// @param test sessions in the forecaster's item indices; larger indices are unknown items
  /// @param trainCounts clicks in train of each item of the forecaster's catalogue
  public static Evaluation evaluate(
      Forecaster forecaster,
      Sessions test,
      long[] trainCounts,
      EvalConfig config,
      Progress progress) {
    return evaluate(forecaster, test, trainCounts, Targets.ALL, config, progress);
  }

  /// Does the same of some of the predictions; all items are ranked.
  ///
  /// @param targets which of them count
  public static Evaluation evaluate(
      Forecaster forecaster,
      Sessions test,
      long[] trainCounts,
      Targets targets,
      EvalConfig config,
      Progress progress) {
    if (trainCounts.length != forecaster.catalogue().size()) {
      throw new IllegalArgumentException(
          trainCounts.length + " counts for " + forecaster.catalogue().size() + " items");
    }
    return new Evaluator(forecaster, test, trainCounts, targets, config, progress).run();
  }

  private Evaluation run() {
    int chunks = (test.count() + CHUNK - 1) / CHUNK;
    List<Part> parts = config.workers().share(chunks, Part::new, Part::chunk);
    Part total = parts.getFirst();
    parts.stream().skip(1).forEach(total::merge);
    return total.evaluation();
  }

  /// One thread's share, and, merged, the whole.
  private final class Part {
    private final int items = trainCounts.length;
    private final Ranking ranking = new Ranking();
    private final TopItems leaders = TopItems.of(config.deepest());
    private final Forecaster.State[] pending = new Forecaster.State[BATCH];
    private final int[] targets = new int[BATCH];
    private final int[] sessions = new int[BATCH];
    private final int[] clicks = new int[BATCH];
    private final float[][] scores = new float[BATCH][items];
    private int waiting;

    private final long[] positionEvents = new long[POSITIONS];
    private final long[] positionHits = new long[POSITIONS];
    private final long[] fifthEvents = new long[Fifths.COUNT];
    private final long[] fifthHits = new long[Fifths.COUNT];
    private final boolean[][] listed = new boolean[config.cutoffs().size()][items];
    private final long[] listedClicks = new long[config.cutoffs().size()];
    private final long[] listedItems = new long[config.cutoffs().size()];
    private long targetClicks;
    private long unknown;

    /// Takes a chunk of sessions.
    void chunk(int c) {
      int to = Math.min(test.count(), (c + 1) * CHUNK);
      for (int s = c * CHUNK; s < to; s++) {
        walk(s);
      }
      // A chunk ends its own batch, so that batches do not depend on the threads.
      flush();
      int done = sessionsDone.addAndGet(to - c * CHUNK);
      progress.at("evaluating " + forecaster.name(), done, test.count(), "sessions");
    }

    private void walk(int s) {
      int[] known = new int[test.length(s)];
      int n = 0;
      for (int e = test.start(s); e < test.end(s); e++) {
        if (test.items()[e] < items) {
          known[n++] = test.items()[e];
        }
      }
      unknown += known.length - n;
      if (n < 2) {
        return;
      }
      Forecaster.State session = forecaster.newState();
      for (int t = 0; t + 1 < n; t++) {
        session.click(known[t]);
        if (!targetsMeasured.hold(trainCounts[known[t + 1]])) {
          continue;
        }
        pending[waiting] = session.copy();
        targets[waiting] = known[t + 1];
        sessions[waiting] = s;
        clicks[waiting++] = t + 1;
        if (waiting == BATCH) {
          flush();
        }
      }
    }

    private void flush() {
      if (waiting > 0) {
        forecaster.scores(pending, waiting, scores);
      }
      for (int i = 0; i < waiting; i++) {
        if (!ranking.place(scores[i], items, targets[i])) {
          throw new KasebException(
              forecaster.name()
                  + " scores NaN in test session "
                  + sessions[i]
                  + " after "
                  + clicks[i]
                  + " clicks; its weights are broken, train it again (a lower learning_rate helps)");
        }
        count(i);
        leaders.offerAll(scores[i], items);
        list();
      }
      waiting = 0;
    }

    private void count(int i) {
      double rank = config.ties().rank(ranking.higher(), ranking.atLeast());
      sums.add(sessions[i], rank, config.cutoffs());
      int position = Math.min(clicks[i], POSITIONS) - 1;
      positionEvents[position]++;
      positionHits[position] += rank <= config.deepest() ? 1 : 0;
      int fifth = fifths.of(targets[i]);
      fifthEvents[fifth]++;
      fifthHits[fifth] += rank <= config.deepest() ? 1 : 0;
      targetClicks += trainCounts[targets[i]];
    }

    private void list() {
      for (int c = 0; c < listed.length; c++) {
        int depth = Math.min(config.cutoffs().get(c), leaders.size());
        for (int place = 0; place < depth; place++) {
          int item = leaders.item(place);
          listed[c][item] = true;
          listedClicks[c] += trainCounts[item];
        }
        listedItems[c] += depth;
      }
    }

    void merge(Part other) {
      for (int p = 0; p < POSITIONS; p++) {
        positionEvents[p] += other.positionEvents[p];
        positionHits[p] += other.positionHits[p];
      }
      for (int f = 0; f < Fifths.COUNT; f++) {
        fifthEvents[f] += other.fifthEvents[f];
        fifthHits[f] += other.fifthHits[f];
      }
      for (int c = 0; c < listed.length; c++) {
        for (int i = 0; i < items; i++) {
          listed[c][i] |= other.listed[c][i];
        }
        listedClicks[c] += other.listedClicks[c];
        listedItems[c] += other.listedItems[c];
      }
      targetClicks += other.targetClicks;
      unknown += other.unknown;
    }

    Evaluation evaluation() {
      long events = Arrays.stream(positionEvents).sum();
      int used = 0;
      for (int s = 0; s < sums.sessions(); s++) {
        used += sums.events(s) > 0 ? 1 : 0;
      }
      return new Evaluation(
          events,
          used,
          unknown,
          config.ties(),
          events == 0 ? Map.of() : metrics(events),
          new Bootstrap(sums).intervals(config.bootstrapSamples(), config.seed(), config.workers()),
          positions(),
          sums,
          fifths.recalls(fifthEvents, fifthHits));
    }

    private Map<String, Double> metrics(long events) {
      Map<String, Double> metrics = new LinkedHashMap<>();
      for (int m = 0; m < sums.names().size(); m++) {
        double sum = 0;
        for (int s = 0; s < sums.sessions(); s++) {
          sum += sums.sum(s, m);
        }
        metrics.put(sums.names().get(m), sum / events);
      }
      for (int c = 0; c < listed.length; c++) {
        int covered = 0;
        for (boolean isListed : listed[c]) {
          covered += isListed ? 1 : 0;
        }
        metrics.put("coverage@" + config.cutoffs().get(c), (double) covered / items);
      }
      for (int c = 0; c < listed.length; c++) {
        double mean = (double) listedClicks[c] / listedItems[c];
        double wanted = (double) targetClicks / events;
        metrics.put("popularity@" + config.cutoffs().get(c), mean / Math.max(wanted, 1e-9));
      }
      return metrics;
    }

    private List<Evaluation.Position> positions() {
      List<Evaluation.Position> positions = new ArrayList<>();
      for (int p = 0; p < POSITIONS; p++) {
        if (positionEvents[p] > 0) {
          double recall = (double) positionHits[p] / positionEvents[p];
          positions.add(new Evaluation.Position(p + 1, positionEvents[p], recall));
        }
      }
      return positions;
    }
  }
}
