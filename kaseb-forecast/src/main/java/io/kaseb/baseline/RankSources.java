package io.kaseb.baseline;

import io.kaseb.model.SessionState;
import io.kaseb.model.Sessions;
import io.kaseb.model.TopItems;
import io.kaseb.newitem.ItemValues;
import java.util.Arrays;
import java.util.concurrent.ConcurrentLinkedQueue;
import org.jspecify.annotations.Nullable;

/// What a [Ranker] chooses from: a hybrid, a second session-kNN with other settings, sequential
/// rules, items that share sessions (item-kNN), what was clicked lately, and, where the log has
/// attributes of items, items like another. The hybrid's 60 best items, the second session-kNN's 40
/// best, what rules and item-kNN name for the last item and the rules for the one before, the 20
/// that are most like the last item, and the session's own last items are the candidates, each
/// described by [#features()] numbers.
public final class RankSources {
  private static final int FEATURES = 31;
  private static final int LIKE_FEATURES = 3;

  /// Where the hybrid's score stands among them.
  public static final int HYBRID = 0;

  private static final int HYBRID_BEST = 60;
  private static final int SECOND_BEST = 40;
  private static final int SIMILAR_BEST = 20;
  private static final int LIKE_BEST = 20;

  /// What an item that was acted on counts for in item-kNN; it was compared with 1 alone.
  private static final float ACTED_WEIGHT = 6;

  /// The last items whose rules and neighbours are summed.
  private static final int LOOKED_BACK = 5;

  /// The share of the latest training sessions whose clicks are those of late.
  private static final double LATE = .1;

  private final Hybrid hybrid;
  private final SessionKnn second;
  private final PairModel rules;
  private final PairModel similar;
  private final float[] late;
  private final @Nullable LikeItems like;

  /// Logarithms of each item's sessions, of its late clicks, and of how many more those are than
  /// its share.
  private final float[] logSessions;

  private final float[] logLate;
  private final float[] logTrend;
  private final int size;
  private final ConcurrentLinkedQueue<Scratch> scratches = new ConcurrentLinkedQueue<>();

  RankSources(
      Hybrid hybrid,
      SessionKnn second,
      PairModel rules,
      PairModel similar,
      float[] late,
      @Nullable ItemValues values) {
    this.hybrid = hybrid;
    this.second = second;
    this.rules = rules;
    this.similar = similar;
    this.late = late;
    size = hybrid.catalogue().size();
    float[] sessions = second.popularity();
    like = values == null ? null : new LikeItems(values, sessions);
    logSessions = new float[size];
    logLate = new float[size];
    logTrend = new float[size];
    for (int i = 0; i < size; i++) {
      logSessions[i] = (float) Math.log1p(sessions[i]);
      logLate[i] = (float) Math.log1p(late[i]);
      logTrend[i] = (float) Math.log((late[i] + 1) / (LATE * sessions[i] + 1));
    }
  }

  /// Counts what stands beside a hybrid.
  ///
  /// @param train the sessions that the hybrid's session-kNN knows, in its catalogue's numbers
  /// @param acted items of those sessions that were acted on; null of a log of clicks alone
  /// @param values of the attributes of the hybrid's items; null for none
  public static RankSources of(
      Hybrid hybrid, Sessions train, @Nullable Sessions acted, @Nullable ItemValues values) {
    String kind = Ranker.secondKind(hybrid.knn().settings());
    return new RankSources(
        hybrid,
        SessionKnn.of(kind, hybrid.catalogue(), train, ModelKinds.settings(kind)),
        SequentialRules.of(hybrid.catalogue(), train),
        ItemKnn.pairs(
            hybrid.catalogue(), train, acted == null ? null : new ActedOn(acted, ACTED_WEIGHT)),
        late(train, hybrid.catalogue().size()),
        values);
  }

  /// Returns how many numbers describe a candidate.
  public int features() {
    return FEATURES + (like == null ? 0 : LIKE_FEATURES);
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
  /// @param rows [items x features]
  public record Found(int[] items, float[][] rows) {}

  /// Memory as long as the catalogue, used again by one thread at a time.
  private static final class Scratch {
    private final TopItems best;
    private final TopItems neighbours;
    private final KnnSearch second;

    /// Each candidate's place among them, -1 for all other items.
    private final int[] places;

    private Scratch(int size, KnnSearch second) {
      best = TopItems.of(Math.min(size, HYBRID_BEST));
      neighbours = TopItems.of(Math.min(size, SECOND_BEST));
      this.second = second;
      places = new int[size];
      Arrays.fill(places, -1);
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

  @Nullable ItemValues values() {
    return like == null ? null : like.own();
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
  public Found find(SessionState state) {
    Scratch own = scratches.poll();
    Scratch s = own == null ? new Scratch(size, second.newSearch()) : own;
    HybridParts parts = hybrid.borrow();
    parts.find(hybrid, state, s.best, null);
    s.second.shares(state, 1);
    int[] items = candidates(state, s);
    float[][] rows = describe(state, s, parts, items);
    for (int item : items) {
      s.places[item] = -1;
    }
    scratches.add(s);
    hybrid.giveBack(parts);
    return new Found(items, rows);
  }

  /// Returns the candidates, each once, and writes their places.
  private int[] candidates(SessionState state, Scratch s) {
    int[] again = new int[HybridWeights.PLACES];
    int distinct = Hybrid.distinct(state, again);
    int before = again[Math.min(1, distinct - 1)];
    best(s.second, s.neighbours);
    int[][] lists = {
      s.best.items(),
      s.neighbours.items(),
      rules.others(again[0]),
      rules.others(before),
      first(similar.others(again[0]), SIMILAR_BEST),
      like == null ? new int[0] : like.others(again[0], LIKE_BEST),
      Arrays.copyOf(again, distinct)
    };
    int most = 0;
    for (int[] list : lists) {
      most += list.length;
    }
    int[] items = new int[most];
    int n = 0;
    for (int[] list : lists) {
      for (int item : list) {
        if (s.places[item] < 0) {
          s.places[item] = n;
          items[n++] = item;
        }
      }
    }
    return Arrays.copyOf(items, n);
  }

  /// Finds a search's best items, of equal shares the lower index: those that reach the least of
  /// the best are few, and only they are put in order.
  private static void best(KnnSearch found, TopItems best) {
    best.clear();
    for (int place = 0; place < found.size(); place++) {
      best.offer(found.item(place), found.share(found.item(place)));
    }
    float threshold = best.threshold();
    int[] reaching = new int[found.size()];
    int n = 0;
    for (int place = 0; place < found.size(); place++) {
      if (found.share(found.item(place)) >= threshold) {
        reaching[n++] = found.item(place);
      }
    }
    Arrays.sort(reaching, 0, n);
    best.clear();
    for (int i = 0; i < n; i++) {
      best.offer(reaching[i], found.share(reaching[i]));
    }
  }

  private static int[] first(int[] items, int most) {
    return Arrays.copyOf(items, Math.min(items.length, most));
  }

  private float[][] describe(SessionState state, Scratch s, HybridParts parts, int[] items) {
    int[] seen = new int[HybridWeights.PLACES];
    int distinct = Hybrid.distinct(state, seen);
    int last = seen[0];
    int looked = Math.min(distinct, LOOKED_BACK);
    int n = items.length;
    float[] networks = networkScores(state, s, parts.networkBest(), items);
    float[] soft = networks.clone();
    hybrid.shares(soft, n, parts.logSum(), 1);
    float w = hybrid.share(state);
    float[] hybrids = new float[n];
    float[] neighbours = new float[n];
    float[] others = new float[n];
    for (int c = 0; c < n; c++) {
      hybrids[c] = w * soft[c] + parts.other(items[c]);
      neighbours[c] = parts.neighbour(items[c]);
      others[c] = s.second.share(items[c]);
    }
    float[][] led = new float[Math.max(2, looked)][n];
    float[][] alike = new float[looked][n];
    for (int place = 0; place < looked; place++) {
      rules.shares(seen[place], s.places, led[place]);
      similar.values(seen[place], s.places, alike[place]);
    }
    int[] hybridRanks = ranks(hybrids);
    int[] networkRanks = ranks(networks);
    int[] neighbourRanks = ranks(neighbours);
    int[] otherRanks = ranks(others);
    float most = max(networks);
    float best = max(hybrids);
    int[] ago = new int[n];
    Arrays.fill(ago, -1);
    int[] times = new int[n];
    for (int back = state.remembered() - 1; back >= 0; back--) {
      int c = s.places[state.recent(back)];
      if (c >= 0) {
        ago[c] = back;
        times[c]++;
      }
    }
    int lastTimes = times[s.places[last]];
    float[][] rows = new float[n][];
    for (int c = 0; c < n; c++) {
      int item = items[c];
      float followed = 0;
      float near = 0;
      float nearest = 0;
      for (int place = 0; place < looked; place++) {
        followed += led[place][c] / (place + 1);
        near += alike[place][c] / (place + 1);
        nearest = Math.max(nearest, alike[place][c]);
      }
      rows[c] =
          new float[] {
            hybrids[c],
            hybridRanks[c],
            hybrids[c] / best,
            soft[c],
            networks[c] - most,
            networkRanks[c],
            neighbours[c],
            neighbourRanks[c],
            others[c],
            otherRanks[c],
            led[0][c],
            led[1][c],
            parts.repeat(item),
            ago[c],
            times[c],
            logSessions[item],
            state.clicks(),
            distinct,
            followed,
            rules.share(item, last),
            rules.share(item, item),
            alike[0][c],
            near,
            nearest,
            logLate[item],
            logTrend[item],
            best,
            lastTimes,
            (float) distinct / Math.max(1, state.remembered()),
            logSessions[last],
            rules.share(last, last)
          };
      if (like != null) {
        rows[c] = withLikeness(like, rows[c], item, seen, looked);
      }
    }
    return rows;
  }

  /// Adds how like an item is to the session's.
  private static float[] withLikeness(
      LikeItems like, float[] row, int item, int[] seen, int looked) {
    float[] longer = Arrays.copyOf(row, row.length + LIKE_FEATURES);
    float last = like.likeness(seen[0], item);
    longer[row.length] = last;
    longer[row.length + 1] = like.share(seen[0], item);
    longer[row.length + 2] = last;
    for (int place = 1; place < looked; place++) {
      longer[row.length + 2] += like.likeness(seen[place], item) / (place + 1);
    }
    return longer;
  }

  /// Returns the network's scores of the candidates; of its best ones they are known.
  private float[] networkScores(SessionState state, Scratch s, TopItems best, int[] items) {
    boolean[] isKnown = new boolean[items.length];
    float[] scores = new float[items.length];
    for (int i = 0; i < best.size(); i++) {
      int c = s.places[best.item(i)];
      if (c >= 0) {
        isKnown[c] = true;
        scores[c] = best.score(i);
      }
    }
    int[] rest = new int[items.length];
    int n = 0;
    for (int c = 0; c < items.length; c++) {
      if (!isKnown[c]) {
        rest[n++] = items[c];
      }
    }
    float[] found = new float[n];
    hybrid.network().scores(state, Arrays.copyOf(rest, n), found);
    for (int i = 0; i < n; i++) {
      scores[s.places[rest[i]]] = found[i];
    }
    return scores;
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
