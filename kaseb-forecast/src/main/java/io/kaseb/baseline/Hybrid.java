package io.kaseb.baseline;

import io.kaseb.base.Workers;
import io.kaseb.kernel.Kernels;
import io.kaseb.model.Catalogue;
import io.kaseb.model.ItemMask;
import io.kaseb.model.NextItemModel;
import io.kaseb.model.SessionState;
import io.kaseb.model.TopItems;
import java.util.TreeMap;
import java.util.concurrent.ConcurrentLinkedQueue;
import org.jspecify.annotations.Nullable;

/// A hybrid of a network and session-kNN (`hybrid`), weighted and switching by session length. An
/// item's score is
///
/// `w softmax(t x network)_i + (1 - w) knn_i / sum(knn) + g repeat_i`
///
/// where `w` and `g` depend on the number of clicks so far and `repeat_i` is the share of sessions
/// in train that go back to the item clicked that many distinct items ago, 0 for items not clicked.
/// Weighted hybrids of GRU4Rec and kNN: Jannach and Ludewig, "When Recurrent Neural Networks meet
/// the Neighborhood" (RecSys 2017), section 3.4; the repeat part is Kaseb's: neither of the two
/// sees well how often shoppers go back. `HybridFit` in kaseb-core finds the weights.
public final class Hybrid implements NextItemModel {
  /// The kind's name.
  public static final String KIND = "hybrid";

  private final NextItemModel network;
  private final SessionKnn knn;
  private final HybridWeights weights;
  private final int hidden;
  private final ConcurrentLinkedQueue<HybridParts> scratch = new ConcurrentLinkedQueue<>();

  private Hybrid(NextItemModel network, SessionKnn knn, HybridWeights weights) {
    this.network = network;
    this.knn = knn;
    this.weights = weights;
    this.hidden = network.newSession().hidden().length;
  }

  /// Combines a network and a session-kNN of the same catalogue.
  public static Hybrid of(NextItemModel network, SessionKnn knn, HybridWeights weights) {
    return new Hybrid(network, knn, weights);
  }

  /// Returns the network inside.
  NextItemModel network() {
    return network;
  }

  /// Returns what the parts weigh.
  HybridWeights weights() {
    return weights;
  }

  /// Returns the session-kNN inside.
  SessionKnn knn() {
    return knn;
  }

  /// Returns the weights in one line.
  public String describe() {
    return weights.describe();
  }

  /// Returns the numbers of the file beside the network's own tensors.
  StoredArrays numbers() {
    StoredArrays own = knn.numbers();
    var tensors = new TreeMap<>(own.tensors());
    tensors.putAll(weights.tensors());
    return new StoredArrays(tensors, own.ints());
  }

  @Override
  public String name() {
    return KIND;
  }

  @Override
  public Catalogue catalogue() {
    return network.catalogue();
  }

  @Override
  public SessionState newSession() {
    int memory = Math.max(knn.settings().clicks(), HybridWeights.PLACES);
    return new SessionState(hidden, memory);
  }

  @Override
  public void click(SessionState state, int item) {
    network.click(state, item);
  }

  @Override
  public float[] popularity() {
    return knn.popularity();
  }

  @Override
  public void prepare(Workers workers) {
    network.prepare(workers);
    SessionState any = newSession();
    network.click(any, 0);
    network.scores(any, new int[1], new float[1]);
  }

  @Override
  public void scores(SessionState[] states, int n, float[][] out) {
    network.scores(states, n, out);
    TopItems one = TopItems.of(1);
    HybridParts parts = borrow();
    for (int i = 0; i < n; i++) {
      double logSum = network.top(states[i], one, null, weights.sharpness());
      shares(out[i], catalogue().size(), logSum, share(states[i]));
      parts.look(this, states[i]);
      for (int item : parts.others()) {
        out[i][item] += parts.other(item);
      }
    }
    giveBack(parts);
  }

  @Override
  public double top(SessionState state, TopItems top, @Nullable ItemMask allowed, float sharpness) {
    // Where the network counts nothing, items without neighbours are told apart by nothing.
    if (sharpness > 0 || share(state) == 0) {
      return NextItemModel.super.top(state, top, allowed, sharpness);
    }
    HybridParts parts = borrow();
    parts.find(this, state, top, allowed);
    giveBack(parts);
    return Double.NaN;
  }

  /// Scratch memory as large as the catalogue is used again.
  HybridParts borrow() {
    HybridParts parts = scratch.poll();
    return parts == null ? new HybridParts(catalogue().size(), knn.newSearch()) : parts;
  }

  void giveBack(HybridParts parts) {
    scratch.add(parts);
  }

  /// Returns the network's share at a state.
  float share(SessionState state) {
    return weights.network()[HybridWeights.group(state.clicks())];
  }

  /// Replaces the first `n` of the network's scores s by `share x exp(t s - logSum)`, each the same
  /// whatever stands beside it.
  ///
  /// @param logSum ln of the sum of exp(t s) over all items
  void shares(float[] scores, int n, double logSum, float share) {
    float t = weights.sharpness();
    float shift = (float) logSum;
    for (int i = 0; i < n; i++) {
      scores[i] = t * scores[i] - shift;
    }
    int whole = n - n % Kernels.LANES;
    Kernels.BEST.sigmoid(whole, scores, 0);
    float[] rest = new float[Kernels.LANES];
    System.arraycopy(scores, whole, rest, 0, n - whole);
    Kernels.BEST.sigmoid(Kernels.LANES, rest, 0);
    System.arraycopy(rest, 0, scores, whole, n - whole);
    for (int i = 0; i < n; i++) {
      // e^x = s / (1 - s) of the logistic s; x is hardly above 0, so nothing cancels.
      scores[i] = scores[i] / (1 - scores[i]) * share;
    }
  }

  /// Adds the repeat part of the session's last distinct items.
  public static void addRepeats(
      SessionState state, HybridWeights weights, float weight, float[] out) {
    repeats(state, weights, (item, share) -> out[item] += weight * share);
  }

  /// Takes what is added to an item's score.
  @FunctionalInterface
  interface Sum {
    /// Adds to an item.
    void add(int item, float value);
  }

  /// Tells, for each of the session's last distinct items, the share of sessions that go back so
  /// far.
  static void repeats(SessionState state, HybridWeights weights, Sum out) {
    int[] places = new int[HybridWeights.PLACES];
    int distinct = distinct(state, places);
    for (int place = 1; place <= distinct; place++) {
      out.add(places[place - 1], weights.repeats(state.clicks(), place));
    }
  }

  /// Writes the session's distinct items, the last one first, and returns how many there are.
  public static int distinct(SessionState state, int[] items) {
    int n = 0;
    for (int back = 0; back < state.remembered() && n < items.length; back++) {
      int item = state.recent(back);
      int seen = 0;
      while (seen < n && items[seen] != item) {
        seen++;
      }
      if (seen == n) {
        items[n++] = item;
      }
    }
    return n;
  }
}
