package io.kaseb.train;

import io.kaseb.base.Workers;
import io.kaseb.baseline.ActedOn;
import io.kaseb.baseline.Hybrid;
import io.kaseb.baseline.HybridWeights;
import io.kaseb.baseline.SessionKnn;
import io.kaseb.config.KnnSettings;
import io.kaseb.kernel.Kernels;
import io.kaseb.model.NextItemModel;
import io.kaseb.model.SessionState;
import io.kaseb.model.Sessions;
import io.kaseb.model.TopItems;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.function.Supplier;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;

/// Finds a [Hybrid]'s weights: those of the highest mrr@20 on sessions that neither part was
/// trained on, on a grid, for each group of session lengths apart. Of equal ones the first.
///
/// Of each prediction only the items that can matter are kept: the network's 200 best, those that a
/// neighbour holds, those of the session, and the target. The other items have no score but the
/// network's, below that of 200 others, so that no target loses a place among 20 to them.
public final class HybridFit {
  /// What session-kNN is called inside: its settings say what it is.
  private static final String KIND = SessionKnn.VMIS_KIND;

  private static final int BEST = 200;
  private static final int CUTOFF = 20;
  private static final int MOST_SESSIONS = 5_000;
  private static final float[] NETWORK = {0, .1f, .2f, .3f, .4f, .5f, .6f, .7f, .8f, .9f, 1};
  private static final float[] REPEAT = {0, .1f, .2f, .4f, .8f, 1.6f};
  private static final float[] SHARPNESS = {1, .5f, 2, 4};

  private final NextItemModel network;
  private final SessionKnn knn;
  private final float[] repeats;
  private final Workers workers;

  private HybridFit(NextItemModel network, SessionKnn knn, float[] repeats, Workers workers) {
    this.network = network;
    this.knn = knn;
    this.repeats = repeats;
    this.workers = workers;
  }

  /// One prediction: the target first, then the other items that matter.
  ///
  /// @param network raw scores less the largest of all items
  /// @param shares the largest item's share in the softmax of each [#SHARPNESS]
  private record Event(int group, float[] network, float[] shares, float[] knn, float[] repeat) {
    /// Returns the network's softmax for the sharpness at a place of [#SHARPNESS].
    float[] softmax(int place) {
      float[] out = new float[network.length];
      for (int i = 0; i < out.length; i++) {
        out[i] = shares[place] * (float) Math.exp(SHARPNESS[place] * network[i]);
      }
      return out;
    }
  }

  /// What was found.
  ///
  /// @param hybrid network, session-kNN and weights
  /// @param settings session-kNN's
  /// @param earlier makes the same hybrid of the network and the sessions that the weights were not
  ///   found on
  public record Found(Hybrid hybrid, KnnSettings settings, Supplier<Hybrid> earlier) {}

  /// Combines a network with session-kNN by weights found on sessions that the network has not
  /// seen.
  ///
  /// @param trial network trained on `earlier` alone
  /// @param earlier sessions in the order of time, in the trial network's numbers
  /// @param later the sessions after them
  /// @param network the network to combine, of the same kind, which may have seen all
  /// @param all sessions that session-kNN looks through, in that network's numbers
  /// @param acted items that were acted on, null for a log of clicks alone
  /// @param settings session-kNN's, to choose from on the later sessions; of equal ones the first
  /// @param workers threads; the weights do not depend on their number
  public static Found fit(
      NextItemModel trial,
      Sessions earlier,
      Sessions later,
      NextItemModel network,
      Sessions all,
      @Nullable Acted acted,
      List<KnnSettings> settings,
      Workers workers) {
    Choice best = null;
    for (KnnSettings one : settings) {
      Choice choice = choice(trial, earlier, later, acted, one, workers);
      best = best == null || choice.fitted.reached > best.fitted.reached ? choice : best;
    }
    if (best == null) {
      throw new IllegalArgumentException("no settings to choose from");
    }
    ActedOn whole = acted == null ? null : new ActedOn(acted.all, best.acted);
    SessionKnn knn = SessionKnn.of(KIND, network.catalogue(), all, best.settings, whole);
    Choice chosen = best;
    return new Found(
        Hybrid.of(network, knn, chosen.fitted.weights),
        chosen.settings,
        () -> earlier(trial, earlier, acted, chosen));
  }

  private static Hybrid earlier(
      NextItemModel trial, Sessions earlier, @Nullable Acted acted, Choice chosen) {
    ActedOn before = acted == null ? null : new ActedOn(acted.earlier, chosen.acted);
    SessionKnn knn = SessionKnn.of(KIND, trial.catalogue(), earlier, chosen.settings, before);
    return Hybrid.of(trial, knn, chosen.fitted.weights);
  }

  /// Settings with the weights and the weight of what was acted on that suit them best.
  private record Choice(KnnSettings settings, float acted, Fitted fitted) {}

  private static Choice choice(
      NextItemModel trial,
      Sessions earlier,
      Sessions later,
      @Nullable Acted acted,
      KnnSettings settings,
      Workers workers) {
    float weight = 1;
    ActedOn before = null;
    if (acted != null) {
      weight = ActedItems.weight(KIND, trial.catalogue(), earlier, acted.earlier, later, settings);
      before = new ActedOn(acted.earlier, weight);
    }
    return new Choice(settings, weight, fitted(trial, settings, earlier, before, later, workers));
  }

  /// Items that were acted on.
  ///
  /// @param earlier of each earlier session, in the trial network's numbers
  /// @param all of all sessions, in the other network's
  public record Acted(Sessions earlier, Sessions all) {}

  /// Finds weights.
  ///
  /// @param network trained on `train`
  /// @param train sessions that the parts may learn from
  /// @param acted items of theirs that were acted on, or null
  /// @param valid later sessions; the last 5,000 are used
  static HybridWeights weights(
      NextItemModel network,
      KnnSettings settings,
      Sessions train,
      @Nullable ActedOn acted,
      Sessions valid,
      Workers workers) {
    return fitted(network, settings, train, acted, valid, workers).weights;
  }

  private static Fitted fitted(
      NextItemModel network,
      KnnSettings settings,
      Sessions train,
      @Nullable ActedOn acted,
      Sessions valid,
      Workers workers) {
    SessionKnn knn = SessionKnn.of(KIND, network.catalogue(), train, settings, acted);
    HybridFit fit = new HybridFit(network, knn, repeats(train), workers);
    int from = Math.max(0, valid.count() - MOST_SESSIONS);
    List<Event> events = fit.events(valid, from);
    Fitted best = fit.weights(0, events);
    for (int place = 1; place < SHARPNESS.length; place++) {
      Fitted other = fit.weights(place, events);
      best = other.reached > best.reached ? other : best;
    }
    return best;
  }

  /// Weights with the sum of reciprocal ranks that they reach.
  private record Fitted(HybridWeights weights, double reached) {}

  /// Counts how often sessions go back; see [HybridWeights#repeats].
  static float[] repeats(Sessions train) {
    int places = HybridWeights.PLACES;
    long[] counts = new long[places * places];
    long[] events = new long[places];
    int[] distinct = new int[places];
    SessionState state = new SessionState(0, KnnSettings.MOST_CLICKS);
    for (int s = 0; s < train.count(); s++) {
      state.reset();
      for (int e = train.start(s); e + 1 < train.end(s); e++) {
        state.add(train.items()[e]);
        int row = Math.min(state.clicks(), places) - 1;
        events[row]++;
        int n = Hybrid.distinct(state, distinct);
        for (int place = 0; place < n; place++) {
          counts[row * places + place] += distinct[place] == train.items()[e + 1] ? 1 : 0;
        }
      }
    }
    float[] shares = new float[counts.length];
    for (int i = 0; i < shares.length; i++) {
      shares[i] = (float) counts[i] / Math.max(1, events[i / places]);
    }
    return shares;
  }

  private List<Event> events(Sessions valid, int from) {
    return workers.<List<Event>>map(valid.count() - from, s -> session(valid, from + s)).stream()
        .flatMap(List::stream)
        .toList();
  }

  private List<Event> session(Sessions valid, int s) {
    int items = network.catalogue().size();
    List<Event> events = new ArrayList<>();
    HybridWeights one = new HybridWeights(1, new float[0], new float[0], repeats);
    SessionState state = Hybrid.of(network, knn, one).newSession();
    TopItems top = TopItems.of(Math.min(items, BEST));
    float[][] scores = new float[1][items];
    float[] neighbours = new float[items];
    float[] again = new float[items];
    float[] soft = new float[items];
    for (int e = valid.start(s); e + 1 < valid.end(s); e++) {
      network.click(state, valid.items()[e]);
      network.scores(new SessionState[] {state}, 1, scores);
      top.offerAll(scores[0], items);
      float most = top.score(0);
      float[] shares = new float[SHARPNESS.length];
      for (int place = 0; place < shares.length; place++) {
        System.arraycopy(scores[0], 0, soft, 0, items);
        softmax(soft, items, SHARPNESS[place]);
        shares[place] = soft[top.item(0)];
      }
      Arrays.fill(neighbours, 0);
      knn.addShare(state, 1, neighbours);
      Arrays.fill(again, 0);
      Hybrid.addRepeats(state, one, 1, again);
      int[] kept = kept(valid.items()[e + 1], scores[0], neighbours, again, top.threshold());
      float[] raw = at(kept, scores[0]);
      for (int i = 0; i < raw.length; i++) {
        raw[i] -= most;
      }
      int group = HybridWeights.group(state.clicks());
      events.add(new Event(group, raw, shares, at(kept, neighbours), at(kept, again)));
    }
    return events;
  }

  /// Replaces the first `n` scores s by `exp(t s) / sum(exp(t s))`.
  private static void softmax(float[] scores, int n, float t) {
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
    float scale = 1 / sum;
    for (int i = 0; i < n; i++) {
      scores[i] *= scale;
    }
  }

  /// Returns the items that matter, the target first.
  private static int[] kept(
      int target, float[] scores, float[] neighbours, float[] again, float least) {
    IntStream others =
        IntStream.range(0, scores.length)
            .filter(i -> i != target && (scores[i] >= least || neighbours[i] > 0 || again[i] > 0));
    return IntStream.concat(IntStream.of(target), others).toArray();
  }

  private static float[] at(int[] items, float[] values) {
    float[] out = new float[items.length];
    for (int i = 0; i < out.length; i++) {
      out[i] = values[items[i]];
    }
    return out;
  }

  private Fitted weights(int place, List<Event> events) {
    int groups = HybridWeights.LENGTHS.length;
    float[] network = new float[groups];
    float[] repeat = new float[groups];
    double total = 0;
    for (int g = 0; g < groups; g++) {
      int group = g;
      List<Event> own = events.stream().filter(e -> e.group == group).toList();
      List<float[]> soft = workers.map(own.size(), n -> own.get(n).softmax(place));
      int combinations = NETWORK.length * REPEAT.length;
      double[] sums =
          workers.mapToDouble(
              combinations,
              c ->
                  reciprocalRanks(
                      own, soft, NETWORK[c / REPEAT.length], REPEAT[c % REPEAT.length]));
      // Where no session is this long, the shorter ones' weights hold.
      int best = 0;
      for (int c = 1; c < combinations; c++) {
        best = sums[c] > sums[best] ? c : best;
      }
      boolean none = own.isEmpty();
      network[g] = none ? (g == 0 ? .5f : network[g - 1]) : NETWORK[best / REPEAT.length];
      repeat[g] = none ? (g == 0 ? 0 : repeat[g - 1]) : REPEAT[best % REPEAT.length];
      total += sums[best];
    }
    return new Fitted(new HybridWeights(SHARPNESS[place], network, repeat, repeats), total);
  }

  private static double reciprocalRanks(List<Event> events, List<float[]> soft, float w, float g) {
    double sum = 0;
    for (int n = 0; n < events.size(); n++) {
      Event e = events.get(n);
      float[] network = soft.get(n);
      float own = w * network[0] + (1 - w) * e.knn[0] + g * e.repeat[0];
      int rank = 1;
      for (int i = 1; i < network.length && rank <= CUTOFF; i++) {
        rank += w * network[i] + (1 - w) * e.knn[i] + g * e.repeat[i] >= own ? 1 : 0;
      }
      sum += rank <= CUTOFF ? 1.0 / rank : 0;
    }
    return sum;
  }
}
