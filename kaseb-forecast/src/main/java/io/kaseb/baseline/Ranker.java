package io.kaseb.baseline;

import io.kaseb.base.Workers;
import io.kaseb.config.KnnSettings;
import io.kaseb.intent.TreeEnsemble;
import io.kaseb.model.Catalogue;
import io.kaseb.model.ItemMask;
import io.kaseb.model.NextItemModel;
import io.kaseb.model.SessionState;
import io.kaseb.model.Tensor;
import io.kaseb.model.TopItems;
import io.kaseb.newitem.ItemValues;
import java.util.Arrays;
import java.util.Collections;
import java.util.HashMap;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/// Two stages (`ranker`): [RankSources] name candidates, and boosted trees put them in order.
/// Candidates stand above all other items, which keep the hybrid's scores. `RankerFit` in
/// kaseb-core trains the trees on sessions that the sources have not seen. Without a tree, as
/// training leaves it where the hybrid's order is no worse, all items keep the hybrid's scores.
///
/// Besides the trees of the next item it may have others for the items that get an action in the
/// rest of the session, as in `cart`: [#forAction].
public final class Ranker implements NextItemModel {
  /// The kind's name.
  public static final String KIND = "ranker";

  private static final String TREES = "ranker.trees";
  private static final String ACTION = "ranker.action.";
  private static final String ROOTS = ".roots";
  private static final String SECOND = "second.";
  private static final String SIMILAR = "similar.";
  private static final String LATE = "ranker.late";
  private static final String STARTS = "pairs.starts";

  /// Above every score of a hybrid: its shares sum to 1 and its repeats weigh 1.6 at most.
  private static final float ABOVE = 4;

  private final RankSources sources;
  private final TreeEnsemble trees;
  private final Map<String, TreeEnsemble> actions;

  private Ranker(RankSources sources, TreeEnsemble trees, Map<String, TreeEnsemble> actions) {
    this.sources = sources;
    this.trees = trees;
    this.actions = Collections.unmodifiableMap(new TreeMap<>(actions));
  }

  /// Puts trees behind their sources.
  ///
  /// @param trees of [RankSources#features()] features
  public static Ranker of(RankSources sources, TreeEnsemble trees) {
    return of(sources, trees, Map.of());
  }

  /// Puts trees behind their sources.
  ///
  /// @param trees of the next item, of [RankSources#features()] features; none for the hybrid's
  ///   order
  /// @param actions those of the items that get an action, by its word; of as many features
  public static Ranker of(
      RankSources sources, TreeEnsemble trees, Map<String, TreeEnsemble> actions) {
    return new Ranker(sources, trees, actions);
  }

  /// Returns the actions that have trees of their own, in order of their words.
  public Set<String> actions() {
    return actions.keySet();
  }

  /// Returns the model that puts the items first that get an action in the rest of the session. It
  /// shares the sources and the sessions' states with this one.
  ///
  /// @param action one of [#actions()]
  public Ranker forAction(String action) {
    TreeEnsemble own = actions.get(action);
    if (own == null) {
      throw new IllegalArgumentException("no trees for " + action);
    }
    return new Ranker(sources, own, Map.of());
  }

  /// Returns which session-kNN stands beside the hybrid's: the one that it has not.
  static String secondKind(KnnSettings first) {
    return first.equals(KnnSettings.VSTAN) ? SessionKnn.VMIS_KIND : SessionKnn.VSTAN_KIND;
  }

  /// Returns the numbers of the file beside the network's own tensors.
  StoredArrays numbers() {
    StoredArrays hybrid = sources.hybrid().numbers();
    StoredArrays rules = sources.rules().numbers();
    Map<String, Tensor> tensors = new HashMap<>(hybrid.tensors());
    tensors.putAll(rules.tensors());
    trees.write(TREES, tensors);
    actions.forEach((action, own) -> own.write(ACTION + action, tensors));
    tensors.put(LATE, Tensor.vector(sources.late()));
    Map<String, int[]> ints = new HashMap<>(hybrid.ints());
    ints.putAll(rules.ints());
    ItemValues values = sources.values();
    if (values != null) {
      ints.putAll(values.ints());
    }
    for (var part :
        Map.of(SECOND, sources.second().numbers(), SIMILAR, sources.similar().numbers())
            .entrySet()) {
      part.getValue().tensors().forEach((name, value) -> tensors.put(part.getKey() + name, value));
      part.getValue().ints().forEach((name, value) -> ints.put(part.getKey() + name, value));
    }
    return new StoredArrays(tensors, ints);
  }

  /// Puts a model together again.
  static Ranker read(Hybrid hybrid, StoredArrays numbers) {
    Catalogue catalogue = hybrid.catalogue();
    String kind = secondKind(hybrid.knn().settings());
    SessionKnn second =
        SessionKnn.read(kind, catalogue, ModelKinds.settings(kind), part(numbers, SECOND));
    PairModel rules = pairs(SequentialRules.KIND, catalogue, numbers);
    PairModel similar = pairs(ItemKnn.KIND, catalogue, part(numbers, SIMILAR));
    float[] late = late(numbers, catalogue.size());
    TreeEnsemble trees = TreeEnsemble.read(TREES, numbers.tensors());
    Map<String, TreeEnsemble> actions = new TreeMap<>();
    for (String name : numbers.tensors().keySet()) {
      if (name.startsWith(ACTION) && name.endsWith(ROOTS)) {
        String key = name.substring(0, name.length() - ROOTS.length());
        actions.put(key.substring(ACTION.length()), TreeEnsemble.read(key, numbers.tensors()));
      }
    }
    ItemValues values = ItemValues.read(numbers.ints());
    if (values != null && values.items() != catalogue.size()) {
      throw new IllegalArgumentException(
          "values of %d items for %d".formatted(values.items(), catalogue.size()));
    }
    return new Ranker(
        new RankSources(hybrid, second, rules, similar, late, values), trees, actions);
  }

  /// Items that came after the training were not clicked before.
  private static float[] late(StoredArrays numbers, int items) {
    Tensor stored = numbers.tensors().get(LATE);
    return stored != null && stored.data().length <= items
        ? Arrays.copyOf(stored.data(), items)
        : numbers.floats(LATE, items);
  }

  private static PairModel pairs(String kind, Catalogue catalogue, StoredArrays numbers) {
    Map<String, int[]> ints = new HashMap<>(numbers.ints());
    ints.computeIfPresent(STARTS, (name, starts) -> longer(starts, catalogue.size()));
    return PairModel.read(kind, catalogue, new StoredArrays(numbers.tensors(), ints));
  }

  /// Gives items that came after the training rows without rules.
  private static int[] longer(int[] starts, int items) {
    if (starts.length == 0 || starts.length > items) {
      return starts;
    }
    int[] longer = Arrays.copyOf(starts, items + 1);
    Arrays.fill(longer, starts.length, longer.length, starts[starts.length - 1]);
    return longer;
  }

  /// Returns what stands under a prefix, without it.
  private static StoredArrays part(StoredArrays numbers, String prefix) {
    return new StoredArrays(own(numbers.tensors(), prefix), own(numbers.ints(), prefix));
  }

  private static <T> Map<String, T> own(Map<String, T> numbers, String prefix) {
    Map<String, T> own = new HashMap<>();
    numbers.forEach(
        (name, value) -> {
          if (name.startsWith(prefix)) {
            own.put(name.substring(prefix.length()), value);
          }
        });
    return own;
  }

  /// Returns what the trees say of an item whose score this is: the logarithm of the odds, NaN for
  /// an item that was no candidate. Without trees, the logarithm of the hybrid's score.
  public double logit(float score) {
    if (trees.isEmpty()) {
      return Math.log(score);
    }
    double chance = (double) score - ABOVE;
    return chance > 0 ? Math.log(chance / Math.max(1 - chance, 1e-7)) : Double.NaN;
  }

  @Override
  public String name() {
    return KIND;
  }

  @Override
  public Catalogue catalogue() {
    return sources.hybrid().catalogue();
  }

  @Override
  public SessionState newSession() {
    return sources.newSession();
  }

  @Override
  public void click(SessionState state, int item) {
    sources.click(state, item);
  }

  @Override
  public float[] popularity() {
    return sources.hybrid().popularity();
  }

  @Override
  public void prepare(Workers workers) {
    sources.hybrid().prepare(workers);
  }

  @Override
  public void scores(SessionState[] states, int n, float[][] out) {
    sources.hybrid().scores(states, n, out);
    for (int i = 0; i < n && !trees.isEmpty(); i++) {
      RankSources.Found found = sources.find(states[i]);
      float[] scores = scores(found);
      for (int c = 0; c < scores.length; c++) {
        out[i][found.items()[c]] = scores[c];
      }
    }
  }

  @Override
  public double top(SessionState state, TopItems top, @Nullable ItemMask allowed, float sharpness) {
    if (trees.isEmpty()) {
      return sources.hybrid().top(state, top, allowed, sharpness);
    }
    if (sharpness > 0) {
      return NextItemModel.super.top(state, top, allowed, sharpness);
    }
    RankSources.Found found = sources.find(state);
    int[] items = found.items();
    float[] scores = scores(found);
    long[] order = new long[items.length];
    int n = 0;
    for (int c = 0; c < items.length; c++) {
      if (allowed == null || allowed.allows(items[c])) {
        order[n++] = (long) items[c] << 32 | c;
      }
    }
    Arrays.sort(order, 0, n);
    top.clear();
    for (int i = 0; i < n; i++) {
      int c = (int) order[i];
      top.offer(items[c], scores[c]);
    }
    if (n < top.capacity()) {
      offerRest(state, top, allowed, items);
    }
    return Double.NaN;
  }

  /// Offers what follows the candidates: the hybrid's best items that are none.
  private void offerRest(
      SessionState state, TopItems top, @Nullable ItemMask allowed, int[] candidates) {
    int[] sorted = candidates.clone();
    Arrays.sort(sorted);
    TopItems rest = TopItems.of(top.capacity() + candidates.length);
    sources.hybrid().top(state, rest, allowed, 0);
    // Best first, so that of equal scores the lower index leads.
    for (int place = 0; place < rest.size(); place++) {
      if (Arrays.binarySearch(sorted, rest.item(place)) < 0) {
        top.offer(rest.item(place), rest.score(place));
      }
    }
  }

  private float[] scores(RankSources.Found found) {
    float[] scores = trees.scores(found.rows());
    for (int c = 0; c < scores.length; c++) {
      scores[c] = ABOVE + (float) (1 / (1 + Math.exp(-scores[c])));
    }
    return scores;
  }
}
