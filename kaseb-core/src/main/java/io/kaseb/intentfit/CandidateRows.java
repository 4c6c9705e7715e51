package io.kaseb.intentfit;

import io.kaseb.base.Workers;
import io.kaseb.config.Feature;
import io.kaseb.config.IntentConfig;
import io.kaseb.data.LabelledSessions;
import io.kaseb.feature.GeneratedFeatures;
import io.kaseb.intent.SessionFeatures;
import io.kaseb.intent.TreeEnsemble;
import io.kaseb.signal.Schema;
import io.kaseb.tune.math.SeededRandom;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.SplittableRandom;
import java.util.function.Function;
import java.util.stream.IntStream;

/// The values of generated features for a training period's sessions, two rows each: after one of
/// its events by chance, and with all events before the goal. Each session knows the counts of
/// earlier sessions alone.
///
/// The first columns are always there: whether the session is over, and the logarithm of its
/// events.
final class CandidateRows {
  /// Columns before those of the candidates.
  public static final int BASE = 2;

  /// Rows of a session.
  static final int ROWS = 2;

  private static final IntentConfig TREES =
      IntentConfig.DEFAULT.with(
          Map.of("intent_trees", "60", "intent_depth", "4", "intent_tree_rate", "0.1"));
  private static final int TIMED = 20_000;

  private final List<String> names;
  private final int sessions;
  private final float[] values;
  private final boolean[] labels;
  private final double[] costs;

  private CandidateRows(List<String> names, float[] values, boolean[] labels, double[] costs) {
    this.names = names;
    this.sessions = labels.length;
    this.values = values;
    this.labels = labels;
    this.costs = costs;
  }

  /// Computes the candidates of a training period.
  ///
  /// @param labelled sessions in order of their start, labelled by the goal
  /// @param items items that a model would know
  /// @param candidates names, given what the log has
  /// @param most sessions at most: of more, a random part
  public static CandidateRows of(
      LabelledSessions labelled,
      int items,
      Function<Schema, List<String>> candidates,
      int most,
      long seed,
      Workers workers) {
    Set<Feature> all = Set.of(Feature.values());
    Examples examples = TrainingExamples.of(labelled, all, candidates, items).examples();
    int[] used =
        IntStream.range(0, examples.count())
            .filter(s -> examples.labelled().sessions().length(s) > 0)
            .toArray();
    double keep = (double) most / Math.max(1, used.length);
    int[] kept =
        Arrays.stream(used)
            .filter(s -> new SplittableRandom(SeededRandom.join(s, seed)).nextDouble() < keep)
            .toArray();
    Schema schema = examples.schema();
    List<String> names = schema.generated().names();
    int width = BASE + names.size();
    float[] values = new float[kept.length * ROWS * width];
    boolean[] labels = new boolean[kept.length];
    GeneratedFeatures generated = new GeneratedFeatures(schema);
    workers.forRanges(
        kept.length,
        SessionRanges.SIZE,
        (from, to) -> {
          SessionFeatures state = new SessionFeatures(schema);
          for (int i = from; i < to; i++) {
            int s = kept[i];
            int at = i * ROWS * width;
            labels[i] = examples.labelled().purchases().any(s);
            int events = examples.labelled().sessions().length(s);
            int prefix = SessionRanges.prefix(seed, s, events);
            examples.walk(
                s,
                state,
                (seen, e) -> {
                  if (seen.events == prefix) {
                    write(generated, seen, false, values, at);
                  }
                });
            write(generated, state, true, values, at + width);
          }
        });
    return new CandidateRows(names, values, labels, costs(examples, kept));
  }

  private static void write(
      GeneratedFeatures generated, SessionFeatures state, boolean over, float[] out, int at) {
    out[at] = over ? 1 : 0;
    out[at + 1] = (float) Math.log(state.events);
    int[] next = {at + BASE};
    generated.session(state, value -> out[next[0]++] = (float) value);
  }

  /// Measures what each candidate costs a forecast, in milliseconds.
  private static double[] costs(Examples examples, int[] kept) {
    Schema schema = examples.schema();
    List<String> names = schema.generated().names();
    double[] costs = new double[names.size()];
    if (kept.length == 0) {
      return costs;
    }
    SessionFeatures state = new SessionFeatures(schema);
    examples.walk(kept[kept.length / 2], state, (seen, e) -> {});
    double[] sum = new double[1];
    for (int n = 0; n < costs.length; n++) {
      // All crosses stay in the schema: a cross reads its rate among them.
      GeneratedFeatures one = new GeneratedFeatures(schema, List.of(names.get(n)));
      costs[n] = Double.POSITIVE_INFINITY;
      for (int round = 0; round < 3; round++) {
        long started = System.nanoTime();
        for (int i = 0; i < TIMED; i++) {
          one.session(state, value -> sum[0] += value);
        }
        costs[n] = Math.min(costs[n], (System.nanoTime() - started) / 1e6 / TIMED);
      }
    }
    return costs;
  }

  /// Returns the names of the candidates.
  public List<String> names() {
    return names;
  }

  /// Returns the number of sessions.
  public int sessions() {
    return sessions;
  }

  /// Returns whether a session reaches the goal.
  public boolean label(int session) {
    return labels[session];
  }

  /// Returns what a candidate costs a forecast, in milliseconds, as measured on this machine.
  public double cost(int candidate) {
    return costs[candidate];
  }

  /// Returns a value.
  ///
  /// @param over of the session with all its events, else after one of them
  /// @param column of the base, or [#BASE] + candidate
  public float value(int session, boolean over, int column) {
    return values[(session * ROWS + (over ? 1 : 0)) * (BASE + names.size()) + column];
  }

  /// Returns rows of some columns of sessions `from` (inclusive) to `to` (exclusive), two for each.
  FeatureRows rows(int from, int to, int[] columns) {
    FeatureRows rows = new FeatureRows(columns.length, (to - from) * ROWS);
    float[] row = new float[columns.length];
    for (int s = from; s < to; s++) {
      for (int r = 0; r < ROWS; r++) {
        for (int c = 0; c < row.length; c++) {
          row[c] = value(s, r == 1, columns[c]);
        }
        rows.add(row, labels[s], r == 1 ? 1 : .5f);
      }
    }
    return rows;
  }

  /// Trains boosted trees on all columns of sessions `from` (inclusive) to `to` (exclusive).
  TreeEnsemble trees(int from, int to, int threads, long seed) {
    FeatureRows rows = rows(from, to, all());
    FeatureRows none = new FeatureRows(rows.width, 0);
    return TreeTraining.train(rows, none, TREES, 1, threads, seed);
  }

  /// Returns each column's gain in boosted trees on all columns of sessions `from` to `to`.
  double[] gains(int from, int to, int threads, long seed) {
    return TreeTraining.gains(rows(from, to, all()), TREES, threads, seed);
  }

  private int[] all() {
    return IntStream.range(0, BASE + names.size()).toArray();
  }
}
