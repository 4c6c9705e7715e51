package io.kaseb.baseline;

import io.kaseb.config.KnnSettings;
import io.kaseb.model.Catalogue;
import io.kaseb.model.SessionState;
import io.kaseb.model.Sessions;
import io.kaseb.model.Tensor;
import io.kaseb.model.TopItems;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;

/// Session-kNN: looks for past sessions like the one so far and scores the items that they hold.
///
/// V-SkNN (`vs-knn`; Ludewig and Jannach, "Evaluation of session-based recommendation algorithms",
/// 2018, section 3.3.3): of the sessions that share an item with the present one take the `sample`
/// most recent, of these the `k` most similar, and let each give its similarity to its items. A
/// shared item's weight grows with its place in the present session; a neighbour's weight falls
/// with how long ago the newest shared item was clicked; rare items are lifted.
///
/// VMIS-kNN (`vmis-knn`; Kersbergen et al., "Serenade", SIGMOD 2022, algorithm 2) is the same on an
/// index that holds, for each item, the most recent sessions only, with an end to the search as
/// soon as the sample is full. Here both run on that index, because it changes no score: the
/// postings of the session's items are merged newest first, so that the first `sample` sessions are
/// the sample itself.
///
/// STAN (`stan`; Garg et al., "Sequence and Time Aware Neighborhood for Session-based
/// Recommendations", SIGIR 2019, section 3) weighs by three exponential falls: a click by its
/// distance from the session's end (equation 1), a neighbour by its age (2), a neighbour's item by
/// its distance there from the newest shared one (3). The age is counted from the latest training
/// session: counted from the present one, all neighbours would weigh the same factor less. Items
/// that a session holds twice stand where they were clicked last. VSTAN (`vstan`; Ludewig et al.,
/// "Empirical analysis of session-based recommendation algorithms", 2021) adds V-SkNN's weight of a
/// neighbour by its newest shared item and its lift of rare items.
///
/// Published defaults: [KnnSettings].
public final class SessionKnn extends CountedModel {
  /// The kind with V-SkNN's settings.
  public static final String VS_KIND = "vs-knn";

  /// The kind with VMIS-kNN's settings.
  public static final String VMIS_KIND = "vmis-knn";

  /// The kind with STAN's settings.
  public static final String STAN_KIND = "stan";

  /// The kind with VSTAN's settings.
  public static final String VSTAN_KIND = "vstan";

  /// All kinds.
  public static final List<String> KINDS = List.of(VSTAN_KIND, STAN_KIND, VMIS_KIND, VS_KIND);

  private static final double DAY_MILLIS = 86_400_000;

  private static final String LIFT = "knn.lift";
  private static final String RECENCY = "knn.recency";
  private static final String ACTED = "knn.acted";
  private static final String ACTED_WEIGHT = "knn.acted_weight";

  private final KnnSettings settings;
  private final SessionIndex index;

  /// What an item's score is multiplied by: 1 + idf x ln(sessions / sessions with the item).
  private final float[] lift;

  private final ConcurrentLinkedQueue<KnnSearch> searches = new ConcurrentLinkedQueue<>();

  private SessionKnn(
      String name, Catalogue catalogue, KnnSettings settings, SessionIndex index, float[] lift) {
    super(name, catalogue, settings.clicks());
    this.settings = settings;
    this.index = index;
    this.lift = lift;
  }

  /// Indexes the sessions.
  ///
  /// @param kind one of [#KINDS], the model's name
  /// @param train sessions in order of time, whose items all lie in the catalogue
  public static SessionKnn of(
      String kind, Catalogue catalogue, Sessions train, KnnSettings settings) {
    return of(kind, catalogue, train, settings, null);
  }

  /// Indexes sessions of which it is known what was acted on.
  ///
  /// @param kind one of [#KINDS], the model's name
  /// @param train sessions in order of time, whose items all lie in the catalogue
  /// @param acted of these sessions; null for nothing
  public static SessionKnn of(
      String kind,
      Catalogue catalogue,
      Sessions train,
      KnnSettings settings,
      @Nullable ActedOn acted) {
    Sessions sets = ItemKnn.distinct(train);
    long[] counts = sets.itemCounts(catalogue.size());
    float[] lift = new float[counts.length];
    for (int i = 0; i < lift.length; i++) {
      double idf = counts[i] == 0 ? 0 : Math.log((double) sets.count() / counts[i]);
      lift[i] = (float) (1 + settings.idf() * idf);
    }
    float[] weights = acted == null || acted.weight() == 1 ? new float[0] : acted.weights(sets);
    SessionIndex index =
        SessionIndex.of(
            catalogue.size(), sets, weights, recency(train, settings), settings.sample());
    return new SessionKnn(kind, catalogue, settings, index, lift);
  }

  /// Weighs sessions by their age, counted from the latest; sessions without times all the same.
  private static float[] recency(Sessions train, KnnSettings settings) {
    long[] times = train.times();
    if (settings.lambdaSnh() == 0 || times == null) {
      return new float[0];
    }
    long latest = Arrays.stream(times).max().orElse(0);
    float[] recency = new float[train.count()];
    for (int s = 0; s < recency.length; s++) {
      long last = train.length(s) == 0 ? latest : times[train.end(s) - 1];
      recency[s] = (float) Math.exp((last - latest) / DAY_MILLIS / settings.lambdaSnh());
    }
    return recency;
  }

  @Override
  StoredArrays numbers() {
    Map<String, Tensor> tensors = new HashMap<>(Map.of(LIFT, Tensor.vector(lift)));
    Map<String, int[]> ints =
        new HashMap<>(
            Map.of("knn.offsets", index.sets().offsets(), "knn.items", index.sets().items()));
    if (index.weights().length > 0) {
      int[] acted =
          IntStream.range(0, index.weights().length).filter(e -> index.weights()[e] > 1).toArray();
      float weight = acted.length == 0 ? 1 : index.weights()[acted[0]];
      ints.put(ACTED, acted);
      tensors.put(ACTED_WEIGHT, Tensor.vector(new float[] {weight}));
    }
    if (index.recency().length > 0) {
      tensors.put(RECENCY, Tensor.vector(index.recency()));
    }
    return new StoredArrays(tensors, ints);
  }

  /// Returns the stored weights of a model's sessions, none where all count 1.
  private static float[] recency(StoredArrays numbers, int sessions) {
    if (!numbers.tensors().containsKey(RECENCY)) {
      return new float[0];
    }
    float[] recency = numbers.floats(RECENCY, sessions);
    for (float weight : recency) {
      if (!(weight >= 0 && weight <= 1)) {
        throw new IllegalArgumentException(RECENCY + " holds " + weight);
      }
    }
    return recency;
  }

  /// Returns the stored weights of a model's entries, none where all count 1.
  private static float[] weights(StoredArrays numbers, int entries) {
    if (!numbers.ints().containsKey(ACTED)) {
      return new float[0];
    }
    float weight = numbers.floats(ACTED_WEIGHT, 1)[0];
    if (!(weight >= 1) || !Float.isFinite(weight)) {
      throw new IllegalArgumentException(ACTED_WEIGHT + " is " + weight);
    }
    float[] weights = new float[entries];
    Arrays.fill(weights, 1);
    for (int e : numbers.ints(ACTED)) {
      if (e < 0 || e >= entries) {
        throw new IllegalArgumentException(ACTED + " names entry " + e + " of " + entries);
      }
      weights[e] = weight;
    }
    return weights;
  }

  /// Puts a model together again.
  static SessionKnn read(
      String kind, Catalogue catalogue, KnnSettings settings, StoredArrays numbers) {
    int[] offsets = numbers.ints("knn.offsets");
    int[] items = numbers.ints("knn.items");
    StoredArrays.checkRows("knn.offsets", offsets, items.length);
    StoredArrays.checkItems("knn.items", items, catalogue);
    Sessions sets = new Sessions(offsets, items, null);
    return new SessionKnn(
        kind,
        catalogue,
        settings,
        SessionIndex.of(
            catalogue.size(),
            sets,
            weights(numbers, items.length),
            recency(numbers, sets.count()),
            settings.sample()),
        numbers.floats(LIFT, catalogue.size()));
  }

  /// Returns how neighbours are found and weighed.
  public KnnSettings settings() {
    return settings;
  }

  /// Counts the sessions that the index has of each item: the most recent ones, and so no more of
  /// each than the sample.
  @Override
  public float[] popularity() {
    float[] counts = new float[catalogue().size()];
    for (int i = 0; i < counts.length; i++) {
      counts[i] = index.starts()[i + 1] - index.starts()[i];
      // What is lifted less is in more sessions, also beyond the sample.
      counts[i] += counts[i] == 0 ? 0 : 1 / lift[i];
    }
    return counts;
  }

  @Override
  public void scores(SessionState[] states, int n, float[][] out) {
    KnnSearch search = borrow();
    for (int i = 0; i < n; i++) {
      search.score(states[i], out[i]);
    }
    searches.add(search);
  }

  @Override
  public void top(SessionState state, TopItems top) {
    KnnSearch search = borrow();
    search.top(state, top);
    searches.add(search);
  }

  /// Adds `share x score / sum of all scores` to a row, nothing where no neighbour is found.
  public void addShare(SessionState state, float share, float[] out) {
    KnnSearch search = borrow();
    search.shares(state, share);
    for (int place = 0; place < search.size(); place++) {
      out[search.item(place)] += search.share(search.item(place));
    }
    searches.add(search);
  }

  /// Returns a search with scratch memory as large as the catalogue, to be used again and again.
  KnnSearch newSearch() {
    return new KnnSearch(settings, index, lift);
  }

  private KnnSearch borrow() {
    KnnSearch search = searches.poll();
    return search == null ? newSearch() : search;
  }
}
