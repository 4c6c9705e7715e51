package io.kaseb.baseline;

import io.kaseb.kernel.Kernels;
import io.kaseb.model.Catalogue;
import io.kaseb.model.NextItemModel;
import io.kaseb.model.SessionState;
import java.util.Arrays;
import java.util.TreeMap;

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
  public void scores(SessionState[] states, int n, float[][] out) {
    network.scores(states, n, out);
    for (int i = 0; i < n; i++) {
      int group = HybridWeights.group(states[i].clicks());
      softmax(out[i], catalogue().size(), weights.sharpness(), weights.network()[group]);
      knn.addShare(states[i], 1 - weights.network()[group], out[i]);
      addRepeats(states[i], weights, weights.repeat()[group], out[i]);
    }
  }

  /// Replaces the first `n` scores s by `share x exp(t s) / sum(exp(t s))`.
  public static void softmax(float[] scores, int n, float t, float share) {
    float max = Float.NEGATIVE_INFINITY;
    for (int i = 0; i < n; i++) {
      max = Math.max(max, scores[i]);
    }
    for (int i = 0; i < n; i++) {
      scores[i] = t * (scores[i] - max);
    }
    Kernels.BEST.sigmoid(n, scores, 0);
    float sum = 0;
    for (int i = 0; i < n; i++) {
      // e^x = s / (1 - s) of the logistic s; x is 0 or less, so nothing cancels.
      scores[i] /= 1 - scores[i];
      sum += scores[i];
    }
    float scale = share / sum;
    for (int i = 0; i < n; i++) {
      scores[i] *= scale;
    }
  }

  /// Adds the repeat part of the session's last distinct items.
  public static void addRepeats(
      SessionState state, HybridWeights weights, float weight, float[] out) {
    int[] places = new int[HybridWeights.PLACES];
    int distinct = distinct(state, places);
    for (int place = 1; place <= distinct; place++) {
      out[places[place - 1]] += weight * weights.repeats(state.clicks(), place);
    }
  }

  /// Writes the session's distinct items, the last one first, and returns how many there are.
  public static int distinct(SessionState state, int[] items) {
    int n = 0;
    for (int back = 0; back < state.remembered() && n < items.length; back++) {
      int item = state.recent(back);
      if (Arrays.stream(items, 0, n).noneMatch(seen -> seen == item)) {
        items[n++] = item;
      }
    }
    return n;
  }
}
