package io.kaseb.baseline;

import io.kaseb.model.SessionState;
import io.kaseb.model.Sessions;
import io.kaseb.model.TopItems;
import java.util.Arrays;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.stream.Stream;

/// What a [Ranker] chooses from: a hybrid, a second session-kNN with other settings, sequential
/// rules, items that share sessions (item-kNN), and what was clicked lately. The hybrid's 60 best
/// items, the second session-kNN's 40 best, what rules and item-kNN name for the last item and the
/// rules for the one before, and the session's own last items are the candidates, each described by
/// [#FEATURES] numbers.
public final class RankSources {
  /// Numbers that describe a candidate.
  public static final int FEATURES = 31;

  /// Where the hybrid's score stands among them.
  public static final int HYBRID = 0;

  private static final int HYBRID_BEST = 60;
  private static final int SECOND_BEST = 40;
  private static final int SIMILAR_BEST = 20;

  /// The last items whose rules and neighbours are summed.
  private static final int LOOKED_BACK = 5;

  /// The share of the latest training sessions whose clicks are those of late.
  private static final double LATE = .1;

  private final Hybrid hybrid;
  private final SessionKnn second;
  private final PairModel rules;
  private final PairModel similar;
  private final float[] late;
  private final float[] popularity;
  private final int size;
  private final ConcurrentLinkedQueue<Scratch> scratches = new ConcurrentLinkedQueue<>();

  RankSources(Hybrid hybrid, SessionKnn second, PairModel rules, PairModel similar, float[] late) {
    this.hybrid = hybrid;
    this.second = second;
    this.rules = rules;
    this.similar = similar;
    this.late = late;
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
        SequentialRules.of(hybrid.catalogue(), train),
        ItemKnn.pairs(hybrid.catalogue(), train),
        late(train, hybrid.catalogue().size()));
  }

  /// Counts the clicks of the latest sessions.
  private static float[] late(Sessions train, int items) {
    int from = (int) (train.count() * (1 - LATE));
    long[] counts = train.slice(from, train.count()).itemCounts(items);
    float[] late = new float[items];
    for (int i = 0; i < items; i++) {
      late[i] = counts[i];
    }
    return late;
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

  PairModel similar() {
    return similar;
  }

  float[] late() {
    return late;
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
    int before = again[Math.min(1, n - 1)];
    return Stream.of(
            best.items(),
            near,
            rules.others(again[0]),
            rules.others(before),
            first(similar.others(again[0]), SIMILAR_BEST),
            Arrays.copyOf(again, n))
        .flatMapToInt(Arrays::stream)
        .distinct()
        .toArray();
  }

  private static int[] first(int[] items, int most) {
    return Arrays.copyOf(items, Math.min(items.length, most));
  }

  private float[][] describe(SessionState state, Scratch s, float[] out, int[] items) {
    int[] seen = new int[HybridWeights.PLACES];
    int distinct = Hybrid.distinct(state, seen);
    int last = seen[0];
    int before = distinct > 1 ? seen[1] : -1;
    int looked = Math.min(distinct, LOOKED_BACK);
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
    int lastTimes = times(state, last);
    float[][] rows = new float[items.length][];
    for (int c = 0; c < items.length; c++) {
      int item = items[c];
      int ago = -1;
      for (int back = state.remembered() - 1; back >= 0; back--) {
        ago = state.recent(back) == item ? back : ago;
      }
      float followed = 0;
      float alike = 0;
      float mostAlike = 0;
      for (int place = 0; place < looked; place++) {
        float near = similar.value(seen[place], item);
        followed += rules.share(seen[place], item) / (place + 1);
        alike += near / (place + 1);
        mostAlike = Math.max(mostAlike, near);
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
            times(state, item),
            (float) Math.log1p(popularity[item]),
            state.clicks(),
            distinct,
            followed,
            rules.share(item, last),
            rules.share(item, item),
            similar.value(last, item),
            alike,
            mostAlike,
            (float) Math.log1p(late[item]),
            (float) Math.log((late[item] + 1) / (LATE * popularity[item] + 1)),
            best,
            lastTimes,
            (float) distinct / Math.max(1, state.remembered()),
            (float) Math.log1p(popularity[last]),
            rules.share(last, last)
          };
    }
    return rows;
  }

  private static int times(SessionState state, int item) {
    int times = 0;
    for (int back = 0; back < state.remembered(); back++) {
      times += state.recent(back) == item ? 1 : 0;
    }
    return times;
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
      int low = Arrays.binarySearch(sorted, values[i]);
      while (low + 1 < sorted.length && sorted[low + 1] == values[i]) {
        low++;
      }
      ranks[i] = sorted.length - 1 - low;
    }
    return ranks;
  }
}
