package io.kaseb.baseline;

import io.kaseb.model.SessionState;
import io.kaseb.model.Sessions;
import io.kaseb.model.TopItems;
import java.util.Arrays;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.stream.Stream;

/// What a [Ranker] chooses from: a hybrid, a second session-kNN with other settings, and sequential
/// rules. The hybrid's 60 best items, the second session-kNN's 40 best, what the rules of the last
/// item name and the session's own last items are the candidates, each described by [#FEATURES]
/// numbers.
public final class RankSources {
  /// Numbers that describe a candidate.
  public static final int FEATURES = 18;

  /// Where the hybrid's score stands among them.
  public static final int HYBRID = 0;

  private static final int HYBRID_BEST = 60;
  private static final int SECOND_BEST = 40;

  private final Hybrid hybrid;
  private final SessionKnn second;
  private final PairModel rules;
  private final float[] popularity;
  private final int size;
  private final ConcurrentLinkedQueue<Scratch> scratches = new ConcurrentLinkedQueue<>();

  RankSources(Hybrid hybrid, SessionKnn second, PairModel rules) {
    this.hybrid = hybrid;
    this.second = second;
    this.rules = rules;
    popularity = second.popularity();
    size = hybrid.catalogue().size();
  }

  /// Counts what stands beside a hybrid.
  ///
  /// @param train the sessions that the hybrid's session-kNN knows, in its catalogue's numbers
  public static RankSources of(Hybrid hybrid, Sessions train) {
    String kind = Ranker.secondKind(hybrid.knn().settings());
    return new RankSources(
        hybrid,
        SessionKnn.of(kind, hybrid.catalogue(), train, ModelKinds.settings(kind)),
        SequentialRules.of(hybrid.catalogue(), train));
  }

  /// Items that may come next.
  ///
  /// @param items each once
  /// @param rows [items x FEATURES]
  public record Found(int[] items, float[][] rows) {}

  /// Rows as long as the catalogue, used again by one thread at a time.
  private static final class Scratch {
    private final float[] network;
    private final float[] soft;
    private final float[] knn;
    private final float[] second;
    private final float[] repeats;

    private Scratch(int size) {
      network = new float[size];
      soft = new float[size];
      knn = new float[size];
      second = new float[size];
      repeats = new float[size];
    }
  }

  Hybrid hybrid() {
    return hybrid;
  }

  SessionKnn second() {
    return second;
  }

  PairModel rules() {
    return rules;
  }

  /// Returns how many items there are.
  public int items() {
    return size;
  }

  /// Returns the state of a session without clicks, as [io.kaseb.model.NextItemModel#newSession()]
  /// does.
  public SessionState newSession() {
    int memory = Math.max(hybrid.knn().settings().clicks(), second.settings().clicks());
    return new SessionState(
        hybrid.newSession().hidden().length, Math.max(memory, HybridWeights.PLACES));
  }

  /// Takes a click into the state.
  public void click(SessionState state, int item) {
    hybrid.click(state, item);
  }

  /// Finds and describes candidates.
  ///
  /// @param state with one click or more
  /// @param out overwritten with the hybrid's scores of all items, all below 4
  public Found find(SessionState state, float[] out) {
    Scratch own = scratches.poll();
    Scratch s = own == null ? new Scratch(size) : own;
    HybridWeights weights = hybrid.weights();
    int group = HybridWeights.group(state.clicks());
    hybrid.network().scores(new SessionState[] {state}, 1, new float[][] {s.network});
    System.arraycopy(s.network, 0, s.soft, 0, size);
    Hybrid.softmax(s.soft, size, weights.sharpness(), 1);
    for (float[] row : new float[][] {s.knn, s.second, s.repeats}) {
      Arrays.fill(row, 0);
    }
    hybrid.knn().addShare(state, 1, s.knn);
    second.addShare(state, 1, s.second);
    Hybrid.addRepeats(state, weights, 1, s.repeats);
    float w = weights.network()[group];
    float g = weights.repeat()[group];
    for (int i = 0; i < size; i++) {
      out[i] = w * s.soft[i] + (1 - w) * s.knn[i] + g * s.repeats[i];
    }
    int[] items = candidates(state, s, out);
    float[][] rows = describe(state, s, out, items);
    scratches.add(s);
    return new Found(items, rows);
  }

  private int[] candidates(SessionState state, Scratch s, float[] out) {
    TopItems best = TopItems.of(Math.min(size, HYBRID_BEST));
    best.offerAll(out, size);
    TopItems neighbours = TopItems.of(Math.min(size, SECOND_BEST));
    neighbours.offerAll(s.second, size);
    int[] near = Arrays.stream(neighbours.items()).filter(i -> s.second[i] > 0).toArray();
    int[] again = new int[HybridWeights.PLACES];
    int n = Hybrid.distinct(state, again);
    return Stream.of(best.items(), near, rules.others(state.recent(0)), Arrays.copyOf(again, n))
        .flatMapToInt(Arrays::stream)
        .distinct()
        .toArray();
  }

  private float[][] describe(SessionState state, Scratch s, float[] out, int[] items) {
    int last = state.recent(0);
    int before = state.remembered() > 1 ? state.recent(1) : -1;
    int distinct = Hybrid.distinct(state, new int[HybridWeights.PLACES]);
    float[] hybrids = at(items, out);
    float[] networks = at(items, s.network);
    float[] neighbours = at(items, s.knn);
    float[] others = at(items, s.second);
    int[] hybridRanks = ranks(hybrids);
    int[] networkRanks = ranks(networks);
    int[] neighbourRanks = ranks(neighbours);
    int[] otherRanks = ranks(others);
    float most = max(networks);
    float best = max(hybrids);
    float[][] rows = new float[items.length][];
    for (int c = 0; c < items.length; c++) {
      int item = items[c];
      int ago = -1;
      int times = 0;
      for (int back = state.remembered() - 1; back >= 0; back--) {
        if (state.recent(back) == item) {
          ago = back;
          times++;
        }
      }
      rows[c] =
          new float[] {
            hybrids[c],
            hybridRanks[c],
            hybrids[c] / best,
            s.soft[item],
            networks[c] - most,
            networkRanks[c],
            neighbours[c],
            neighbourRanks[c],
            others[c],
            otherRanks[c],
            rules.share(last, item),
            before < 0 ? 0 : rules.share(before, item),
            s.repeats[item],
            ago,
            times,
            (float) Math.log1p(popularity[item]),
            state.clicks(),
            distinct
          };
    }
    return rows;
  }

  private static float[] at(int[] items, float[] values) {
    float[] out = new float[items.length];
    for (int c = 0; c < out.length; c++) {
      out[c] = values[items[c]];
    }
    return out;
  }

  private static float max(float[] values) {
    float max = values[0];
    for (float value : values) {
      max = Math.max(max, value);
    }
    return max;
  }

  /// Counts, for each value, those above it.
  private static int[] ranks(float[] values) {
    float[] sorted = values.clone();
    Arrays.sort(sorted);
    int[] ranks = new int[values.length];
    for (int i = 0; i < ranks.length; i++) {
      int last = Arrays.binarySearch(sorted, values[i]);
      while (last + 1 < sorted.length && sorted[last + 1] == values[i]) {
        last++;
      }
      ranks[i] = sorted.length - 1 - last;
    }
    return ranks;
  }
}
