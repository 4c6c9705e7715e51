package io.kaseb.baseline;

import io.kaseb.config.KnnSettings;
import io.kaseb.model.Catalogue;
import io.kaseb.model.SessionState;
import io.kaseb.model.Sessions;
import io.kaseb.model.Tensor;
import io.kaseb.model.TopItems;
import java.util.Arrays;
import java.util.Map;
import java.util.concurrent.ConcurrentLinkedQueue;

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
/// the sample itself. Published defaults: [KnnSettings].
public final class SessionKnn extends CountedModel {
  /// The kind with V-SkNN's settings.
  public static final String VS_KIND = "vs-knn";

  /// The kind with VMIS-kNN's settings.
  public static final String VMIS_KIND = "vmis-knn";

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
  /// @param kind [#VS_KIND] or [#VMIS_KIND], the model's name
  /// @param train sessions in order of time, whose items all lie in the catalogue
  public static SessionKnn of(
      String kind, Catalogue catalogue, Sessions train, KnnSettings settings) {
    Sessions sets = ItemKnn.distinct(train);
    long[] counts = sets.itemCounts(catalogue.size());
    float[] lift = new float[counts.length];
    for (int i = 0; i < lift.length; i++) {
      double idf = counts[i] == 0 ? 0 : Math.log((double) sets.count() / counts[i]);
      lift[i] = (float) (1 + settings.idf() * idf);
    }
    SessionIndex index = SessionIndex.of(catalogue.size(), sets, settings.sample());
    return new SessionKnn(kind, catalogue, settings, index, lift);
  }

  @Override
  StoredArrays numbers() {
    return new StoredArrays(
        Map.of("knn.lift", Tensor.vector(lift)),
        Map.of("knn.offsets", index.sets().offsets(), "knn.items", index.sets().items()));
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
        SessionIndex.of(catalogue.size(), sets, settings.sample()),
        numbers.floats("knn.lift", catalogue.size()));
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
      Arrays.fill(out[i], 0);
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
    search.addShare(state, share, out);
    searches.add(search);
  }

  /// Searches keep scratch memory as large as the catalogue, so they are used again.
  private KnnSearch borrow() {
    KnnSearch search = searches.poll();
    return search == null ? new KnnSearch(settings, index, lift) : search;
  }
}
